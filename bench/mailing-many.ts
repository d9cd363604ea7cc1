import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { inTransaction, sql } from '#platform/db.ts'
import { sealingContext } from '#platform/sealing/index.ts'
import { linkHash } from '#modules/actions/index.ts'
import { addMailing, askForCount, findMailing, mailingNumbers, saveAudience, saveText, sendMailing } from '#modules/mailings/index.ts'
import { sealContact, statements } from '#modules/people/index.ts'
import { until } from '#test/support/clarion.ts'
import { processOf } from '#test/support/processes.ts'
import { fastSink } from './mail-sink.ts'
import { liveClarion } from './mailing.ts'
import type { MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const people = 100_000
/** So many begin with mails that have been sent: by then the worker has loaded all that it needs. */
const warm = 4000

/** A newsletter to 100,000 people: how fast it leaves, what it costs in memory, and that a worker killed half way mails nobody twice. */
export async function mailing(): Promise<Measure[]> {
  using sink = await fastSink()
  await using it = await liveClarion(sink)
  await fill(it)
  const id = await write(it)
  const countedFrom = performance.now()
  await inTransaction(it.db, (tx) => askForCount(tx, id, new Date()))
  await until(async () => (await findMailing(it.db, id))!.counted !== null, 'the count', 60_000)
  const counting = (performance.now() - countedFrom) / 1000
  const { rows: [staff] } = await sql<{ id: string }>`select id from staff limit 1`.execute(it.db)
  const sent = await inTransaction(it.db, (tx) => sendMailing(tx, id, { sendAt: new Date(), zone: 'UTC', quiet: null, practice: false, reason: 'measured', by: { staffId: staff!.id } }, new Date()))
  if (sent.outcome !== 'scheduled') throw new Error(sent.outcome)
  await until(async () => (await findMailing(it.db, id))!.state === 'sending', 'the list of recipients', 120_000)

  const startedAt = performance.now()
  let before = 0
  let most = 0
  let killed = false
  let number = 0
  do {
    await wait(500)
    number = await sink.count()
    const size = residentOf(it)
    if (!killed && number > warm) before ||= size
    if (before) most = Math.max(most, size)
    if (!killed && number > people * 0.6) {
      process.kill(processOf(it.clarion, 'worker')!, 'SIGKILL')
      killed = true
    }
  } while ((await findMailing(it.db, id))!.state === 'sending')
  const seconds = (performance.now() - startedAt) / 1000
  const numbers = await mailingNumbers(it.db, id, null)
  const mailed = (await sink.times()).map(([recipient]) => recipient)
  if (new Set(mailed).size !== mailed.length) throw new Error('Somebody was mailed twice')
  if (numbers.accepted + numbers.unknown !== people) throw new Error(JSON.stringify(numbers))
  return [
    measure('mailing', mailed.length / seconds, 'mails/s', 400, `${people} recipients, DKIM, to a local sink, with a worker that was killed half way (${numbers.unknown} unknown, nobody twice); counted in ${counting.toFixed(1)} s; at least 400`),
    measure('mailing-memory', most - before, 'MB', 50, `what the worker grew by from its first ${warm} mails on: from ${before.toFixed(0)} MB; at most 50`),
  ]
}

function residentOf(it: MeasuredClarion): number {
  const worker = processOf(it.clarion, 'worker')
  try {
    return worker ? Number(/^Rss: +(\d+) kB/m.exec(readFileSync(`/proc/${worker}/smaps_rollup`, 'utf8'))![1]) / 1000 : 0
  } catch {
    return 0
  }
}

async function write(it: MeasuredClarion): Promise<string> {
  const news = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'controller')!
  const { rows: [staff] } = await sql<{ id: string }>`select id from staff limit 1`.execute(it.db)
  await sql`update approval_limits set above = ${people} where kind = 'mailing'`.execute(it.db)
  return inTransaction(it.db, async (tx) => {
    const id = await addMailing(tx, { kind: 'newsletter', actionId: null, statements: [news.id], zone: 'UTC', staffId: staff!.id }, new Date())
    const body = `Dear {name|friend},\n\n${'The assembly has debated what so many of you asked for, and decided. '.repeat(12)}\n\n[Read more](https://lamplight.example/decided)\n\n- one\n- two`
    for (const language of ['en', 'fr']) await saveText(tx, id, language, { subject: 'What came of it, {name|friend}', fromName: '', body }, new Date())
    await saveAudience(tx, id, { statements: [news.id], filter: {}, fallbackLanguage: 'en' }, new Date())
    return id
  })
}

/** People who signed, confirmed and said yes, and a twentieth more who did not say yes. */
async function fill(it: MeasuredClarion): Promise<void> {
  const news = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'controller')!
  const { rows: [action] } = await sql<{ id: string }>`select id from actions where slug = 'no-one-should-vanish'`.execute(it.db)
  const context = await sealingContext(it.keys.contact)
  const at = new Date()
  for (let first = 0; first < people * 1.05; first += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, people * 1.05 - first) }, (_, place) => {
      const [person, participation] = [randomUUID(), randomUUID()]
      return { person, participation, number: first + place, contact: sealContact(context, person, { email: `bench-${first + place}@example.org`, name: `Writer ${first + place}` }), link: linkHash(it.keys.linkKey, participation) }
    })
    await sql`
      with row as (select * from unnest(${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.participation)}::uuid[], ${rows.map((row) => row.number)}::int[], ${rows.map((row) => row.contact)}::bytea[], ${rows.map((row) => row.link)}::bytea[])
        as row (person, participation, number, contact, link)),
      known as (insert into people (id, contact, language, created_at, confirmed_at) select person, contact, case number % 3 when 0 then 'fr' else 'en' end, ${at}, ${at} from row),
      indexed as (insert into email_indexes (email_index, key_id, person_id) select sha256(person::text::bytea), ${it.keys.indexKeys[0]!.id}, person from row),
      linked as (insert into links (token_hash, person_id, participation_id, created_at) select link, person, participation, ${at} from row),
      said as (insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at)
        select person, gen_random_uuid(), ${news.id}, ${Object.values(news.wordings)[0]!.id}, 'yes', 'form', participation, ${at}, ${at} from row where number < ${people})
      insert into participations (person_id, id, action_id, language, state, taken_at, confirmed_at, practice, counted, form_hash)
      select person, participation, ${action!.id}, 'en', 'confirmed', ${at}, ${at}, false, true, decode(replace(participation::text, '-', ''), 'hex') from row`.execute(it.db)
  }
  await sql`analyze`.execute(it.db)
}
