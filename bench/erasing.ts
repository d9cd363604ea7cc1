import { openDb, sql } from '#platform/db.ts'
import { recount } from '#modules/actions/index.ts'
import { erasePeople } from '#modules/privacy/index.ts'
import { manyPeople } from './many-people.ts'
import { measuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const people = Number(process.env.BENCH_ERASE_PEOPLE ?? 20_000)
const atOnce = 500

/** How many people one worker erases a second, as on the day after a petition was handed over; with what they answered and what waits for them. */
export async function erase(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  const db = openDb(it.poolOf('worker'))
  await manyPeople(it, people, new Date('2027-03-01T12:00:00Z'))
  await sql`insert into consents (person_id, id, statement_id, answer, way, presented_at, recorded_at)
    select people.id, gen_random_uuid(), statement.id, 'yes', 'form', people.created_at, people.created_at from people, consent_statements statement where statement.channel = 'email'`.execute(it.db)
  await sql`insert into mails (person_id, id, participation_id, kind, state, due_at, promised_at, practice) select person_id, gen_random_uuid(), id, 'receipt', 'queued', taken_at, taken_at, true from participations`.execute(it.db)
  const { rows } = await sql<{ id: string }>`select id from people order by id`.execute(it.db)
  const now = new Date()
  const startedAt = performance.now()
  for (let from = 0; from < rows.length; from += atOnce) await erasePeople(db, it.keys, rows.slice(from, from + atOnce).map((row) => row.id), now)
  const seconds = (performance.now() - startedAt) / 1000
  const { rows: [left] } = await sql<{ people: number, counted: number }>`select (select count(*)::int from people) as people, (select count(*)::int from participations where counted) as counted`.execute(it.db)
  const drifts = await recount(db, now)
  it.release('worker')
  if (left!.people !== 0 || left!.counted !== people || drifts.length > 0) throw new Error(`${left!.people} people left, ${left!.counted} counted, ${drifts.length} drifts`)
  return [measure('erase', people / seconds, 'people/s', 2000, `${people} people with a signature, answers and a mail each, ${atOnce} in a transaction, one worker; the recount agrees; at least 2,000`)]
}
