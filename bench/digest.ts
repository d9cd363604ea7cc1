import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openDb, sql, type Db } from '#platform/db.ts'
import { sealable, sealingContext } from '#platform/sealing/index.ts'
import { messagePlace, type MessageText } from '#modules/actions/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { deliverDigests, deliverMessages, planDigests, usualPace, type DigestTools } from '#modules/messages/index.ts'
import { sealContact } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, median, type Measure } from './report.ts'

const offices = 650
/** Digests that are written and handed over here: enough to see whether memory grows. */
const written = 200
const messages = 100_000

/** 100,000 messages wait for 650 offices: planning one mail a day for each, writing them, and finding what may go next in a queue of that length. */
export async function digest(): Promise<Measure[]> {
  await using it = await measuredClarion()
  // What is measured runs in this process, by a clock of its own.
  it.hold('worker')
  const db = openDb(it.poolOf('worker'))
  const post: Post = { practice: true, origin: 'http://localhost:1', from: 'actions@lamplight.example', replyTo: 'office@lamplight.example', domain: 'lamplight.example', readsReturns: false, back: (use, _about, id) => `${use}+${id}@lamplight.example`, deliver: () => Promise.resolve({ outcome: 'accepted' }), close: () => {} }
  const tools: DigestTools = { db, opener: it.keys.opener, post, publisher: await readPublisher(db), log: it.log, pace: { ...usualPace, seconds: 0, domainSeconds: 0 }, linkKey: it.keys.linkKey }
  await fill(it, new Date('2027-03-01T12:00:00Z'))
  const kept = await claimTimes(it.db, { ...tools, pace: usualPace }, new Date('2027-03-02T12:00:00Z'))
  // A day later, when no mailbox has to rest from that.
  let now = new Date('2027-03-03T12:00:00Z')

  await sql`update messages set in_digest = true, state = 'queued', ended_at = null, attempts = 0`.execute(it.db)
  const startedAt = performance.now()
  const planned = await planDigests(db, { practice: true, zone: tools.publisher.zone, linkKey: it.keys.linkKey }, now)
  const planning = (performance.now() - startedAt) / 1000
  if (planned !== offices) throw new Error(`${planned} planned`)

  const memory: number[] = []
  const sendingFrom = performance.now()
  let sent = 0
  while (sent < written) {
    sent += await deliverDigests(tools, now)
    now = new Date(now.getTime() + 1000)
    memory.push(held())
  }
  const seconds = (performance.now() - sendingFrom) / 1000
  const { rows: [gone] } = await sql<{ count: number, mails: number }>`select coalesce(sum(messages), 0)::int as count, count(*)::int as mails from digests where state = 'accepted'`.execute(it.db)
  if (gone!.mails !== sent) throw new Error(`${gone!.mails} of ${sent} have left`)
  const [early, late] = [median(memory.slice(1, 4)), median(memory.slice(-3))]
  return [
    measure('digest', planning, 's', 5, `${messages} messages planned for ${offices} offices, one mail each; at most 5 s`),
    measure('digest-memory', late, 'MB', early, `held after ${sent} mails beside that after the first 80; ${gone!.count} messages written and handed over in ${seconds.toFixed(1)} s, ${Math.round(gone!.count / seconds)} a second; flat`),
    measure('digest-claim', kept.long, 'ms', kept.short, `one turn of sending one by one with ${messages} in the queue beside 1,000; median of 30; no slower`),
  ]
}

/** How long one turn takes that finds, paces and marks what may go, in a long queue and in a short one, both for as many offices. */
async function claimTimes(owner: Db, tools: DigestTools, from: Date): Promise<{ long: number, short: number }> {
  let now = from
  const turns = async () => {
    const times: number[] = []
    for (let turn = 0; turn < 35; turn++) {
      now = new Date(now.getTime() + 30_000)
      const startedAt = performance.now()
      await deliverMessages(tools, now)
      times.push(performance.now() - startedAt)
    }
    return median(times.slice(5))
  }
  const long = await turns()
  await sql`update messages set state = 'cancelled' where state = 'queued' and id not in (select id from (select id, row_number() over (partition by office_id) as place from messages where state = 'queued') numbered where place <= 4)`.execute(owner)
  const short = await turns()
  return { long, short }
}

/** Offices with an address each, in 26 domains, and people who wrote to one of them. */
async function fill(it: MeasuredClarion, at: Date): Promise<void> {
  const { rows: [action] } = await sql<{ id: string, revision: string }>`
    select actions.id, revision_id as revision from actions join public_action_words words on words.action_id = actions.id where slug = 'write-to-your-representative' and language = 'en'`.execute(it.db)
  await sql`insert into bodies (id, name) values ('bench', 'Bench')`.execute(it.db)
  await sql`insert into offices (id, body_id, label) select 'bench:' || n, 'bench', 'Office ' || n from generate_series(1, ${offices}::int) n`.execute(it.db)
  await sql`insert into officials (id, name) select 'bench:holder-' || n, 'Holder ' || n from generate_series(1, ${offices}::int) n`.execute(it.db)
  await sql`insert into terms (id, office_id, official_id) select gen_random_uuid(), 'bench:' || n, 'bench:holder-' || n from generate_series(1, ${offices}::int) n`.execute(it.db)
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) select gen_random_uuid(), 'bench:' || n, 'email', 'office-' || n || '@d' || n % 26 || '.example', 'bench', '2027-01-01' from generate_series(1, ${offices}::int) n`.execute(it.db)
  const context = await sealingContext(it.keys.contact)
  for (let first = 0; first < messages; first += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, place) => {
      const id = randomUUID()
      const office = `bench:${1 + (first + place) % offices}`
      const text: MessageText = { revision: action!.revision, name: `Writer ${first + place}`, subject: 'Please vote', body: place % 3 ? 'The same words from many. '.repeat(20) : `Words of my own, ${place}. `.repeat(20), offices: [office], copy: false }
      const person = randomUUID()
      return { person, contact: sealContact(context, person, { email: `bench-${first + place}@example.org`, name: text.name }), id, text: context.seal(messagePlace('contact', id), sealable(text)), office }
    })
    await sql`
      insert into participations (person_id, id, action_id, language, state, taken_at, confirmed_at, practice, form_hash)
      select person, id, ${action!.id}, 'en', 'confirmed', ${at}, ${at}, true, decode(replace(id::text, '-', ''), 'hex') from unnest(${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.id)}::uuid[]) as row (person, id)`.execute(it.db)
    await sql`insert into people (id, contact, language, created_at) select id, contact, 'en', ${at} from unnest(${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.contact)}::bytea[]) as row (id, contact)`.execute(it.db)
    await sql`insert into message_texts (person_id, participation_id, contact) select * from unnest(${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.text)}::bytea[])`.execute(it.db)
    await sql`
      insert into messages (person_id, id, participation_id, action_id, office_id, own, state, due_at, promised_at, practice)
      select person, gen_random_uuid(), id, ${action!.id}, office, false, 'queued', ${at}, ${at}, true from unnest(${rows.map((row) => row.person)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.office)}::text[]) as row (person, id, office)`.execute(it.db)
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Megabytes that this process holds once it has tidied up. */
function held(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
