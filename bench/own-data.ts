import { randomUUID } from 'node:crypto'
import { sql } from '#platform/db.ts'
import { sealable, sealingContext } from '#platform/sealing/index.ts'
import { detailsPlace, linkToken } from '#modules/actions/index.ts'
import { statements } from '#modules/people/index.ts'
import { until } from '#test/support/clarion.ts'
import { post } from '#test/support/http.ts'
import { handIn, settleAll } from './crowd.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, median, type Measure } from './report.ts'

const participations = 500
const reads = 300

/** The page of somebody's own data with 500 participations: until the capsule is there, and then each time that it is opened. */
export async function dataPage(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const [taking] = await handIn(it, 1)
  await settleAll(it)
  const token = linkToken(it.secrets.worker.linkKey, taking!.id)
  // Clarion's own worker may have been faster.
  await until(async () => (await sql`select from participations where id = ${taking!.id}`.execute(it.db)).rows.length > 0, 'the first participation')
  await oftenActive(it, taking!.id)
  const path = `/my-data/${token}`
  const askedAt = performance.now()
  let answer = await post(it.clarion.site, path, {})
  while (answer.status === 202) answer = await post(it.clarion.site, path, {})
  const written = performance.now() - askedAt
  const body = await answer.text()
  if (answer.status !== 200 || body.split('id="did-').length !== participations + 1) throw new Error(`${answer.status}: ${body.split('id="did-').length - 1} participations`)
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  const times: number[] = []
  for (let n = -20; n < reads; n++) {
    const startedAt = performance.now()
    const page = await fetch(`${it.clarion.site}${path}`, { headers: { cookie } })
    await page.arrayBuffer()
    if (n >= 0) times.push(performance.now() - startedAt)
    if (page.status !== 200) throw new Error(`${page.status}`)
  }
  times.sort((one, other) => one - other)
  const p99 = times[Math.floor(reads * 0.99)]!
  return [
    measure('data-page', p99, 'ms', 100, `${participations} participations, ${Math.round(body.length / 1000)} kB of page, ${reads} readings one after the other: p99; median ${median(times).toFixed(1)} ms; at most 100 ms`),
    measure('data-capsule', written, 'ms', 2000, `from pressing the button until the page is there: asking, gathering, locking, opening; at most 2 s`),
  ]
}

async function oftenActive(it: MeasuredClarion, first: string): Promise<void> {
  const context = await sealingContext(it.keys.contact)
  const ids = Array.from({ length: participations - 1 }, () => randomUUID())
  const statement = (await statements(it.db)).find(({ channel }) => channel === 'email')!
  await sql`
    insert into participations (person_id, id, action_id, ask_id, language, state, taken_at, confirmed_at, practice, form_hash, name_index, details)
    select p.person_id, more.id, p.action_id, p.ask_id, p.language, 'repeated', now(), now(), p.practice, decode(replace(more.id::text, '-', ''), 'hex'), p.name_index, more.details
    from participations p cross join unnest(${ids}::uuid[], ${ids.map((id) => context.seal(detailsPlace(id), sealable({ name: 'Amara Lind', comment: 'My cousin was taken in spring.', postcode: 'AR 110' })))}::bytea[]) as more (id, details)
    where p.id = ${first}`.execute(it.db)
  await sql`
    insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at)
    select person_id, gen_random_uuid(), ${statement.id}, ${statement.wordings.en!.id}, 'yes', 'form', id, now(), now() from participations cross join generate_series(1, 2)`.execute(it.db)
}

const pairs = 600

/** Whether the time of an answer tells if an address is known: how often the known one of a pair took longer. By chance it is half. */
export async function dataAnswers(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const takings = await handIn(it, pairs)
  await settleAll(it)
  const times = { known: [] as number[], unknown: [] as number[] }
  const answers = new Set<string>()
  const ask = async (kind: keyof typeof times, email: string) => {
    const startedAt = performance.now()
    const answer = await post(it.clarion.site, '/my-data', { email })
    const body = await answer.text()
    times[kind].push(performance.now() - startedAt)
    answers.add(`${answer.status} ${answer.headers.get('location')} ${body}`)
  }
  for (const [number, taking] of takings.entries()) {
    const both: ['known' | 'unknown', string][] = [['known', taking.email], ['unknown', taking.email.replace('bench-', 'other-')]]
    for (const [kind, email] of number % 2 ? both : both.toReversed()) await ask(kind, email)
  }
  if (answers.size !== 1) throw new Error(`${answers.size} different answers`)
  const sorted = times.unknown.toSorted((one, other) => one - other)
  const share = times.known.reduce((sum, time) => sum + below(sorted, time), 0) / (pairs * pairs)
  return [measure('data-answers', share, 'share', 0.5, `how often the answer for a known address took longer than for one that is not (Mann–Whitney, ${pairs} each, the order turned each time; 0.5 says nothing, and by chance it lies within ${(1.96 * Math.sqrt(1 / (6 * pairs))).toFixed(3)}); medians ${median(times.known).toFixed(2)} and ${median(times.unknown).toFixed(2)} ms; answers equal to the byte`)]
}

/** How many of some sorted times lie below one. */
function below(sorted: number[], time: number): number {
  const place = sorted.findIndex((each) => each >= time)
  return place < 0 ? sorted.length : place
}
