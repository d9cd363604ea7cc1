import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { setTargets, targetRules } from '#modules/actions/index.ts'
import { optOut, resumeWriting, setAlternate } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { endRest, healthOf, releaseWaiting, setSendingRule, whatKeeps, type Queued } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

const minister = 'marovia-government:justice'
const first = 'minister@justice.marovia.example'
const second = 'registry@ministries.marovia.example'
const staffId = randomUUID()
const change = <Result>(work: Parameters<typeof inTransaction<Result>>[1]) => inTransaction(it.as('desk'), work)

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, sending_rests, sending_days, sending_rules, office_alternates, office_opt_outs, digests, digest_texts, office_tallies, office_changes`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
  sink.refuses.clear()
})

let number = 0
/** So many people write to the minister of justice and to nobody else. */
async function written(count: number, offices = [minister]): Promise<void> {
  const letters = Array.from({ length: count }, () => play.letter({ email: `p${number++}@example.org` }, { offices }))
  for (const letter of await play.takes(...letters)) await play.confirms(letter)
}
const sendAll = async () => {
  let sent = 0
  for (let more = -1; more !== 0; sent += more) more = await play.messages(post)
  return sent
}

test('what the first address refuses for good goes to the second one, once, and what it may have taken goes nowhere else', async () => {
  await change((tx) => setAlternate(tx, minister, { address: second, source: 'the ministry’s web page', checkedOn: '2027-02-01' }))
  sink.refuses.add(first)
  await written(1)
  await sendAll()
  assert.deepEqual(sink.received.map(({ to }) => to), [second])
  assert.deepEqual(await play.messageStates(), ['accepted'])

  sink.refuses.clear()
  sink.mood = 'refuses-for-now'
  await written(1)
  await sendAll()
  play.later({ minutes: 2 })
  sink.mood = 'drops-after-data'
  await sendAll()
  play.later({ days: 1 })
  sink.mood = 'accepts'
  await sendAll()
  assert.deepEqual(sink.received.map(({ to }) => to), [second, first], 'a refusal for now is tried at the first again, and the line that broke is the end of it')
  assert.deepEqual((await play.messageStates()).toSorted(), ['accepted', 'unknown'])
})

test('both addresses refuse for good: the message is refused, after one try at each', async () => {
  await change((tx) => setAlternate(tx, minister, { address: second, source: 'x', checkedOn: '2027-02-01' }))
  sink.refuses.add(first).add(second)
  await written(1)
  await sendAll()
  const row = await it.db.selectFrom('messages').select(['state', 'attempts', 'problem']).executeTakeFirstOrThrow()
  assert.deepEqual(row, { state: 'failed', attempts: 2, problem: 'refused 550' })
})

test('a mailbox that refuses is left alone after the third time, the others stay in the queue, and once it takes one again all go', async () => {
  sink.refuses.add(first)
  await written(8)
  await sendAll()
  assert.deepEqual((await play.messageStates()).toSorted(), [...Array(3).fill('failed'), ...Array(5).fill('queued')])
  const [health] = await healthOf(it.as('desk'), { addresses: [first] }, play.now)
  assert.deepEqual([health!.subject, health!.refused, health!.inARow, health!.problem, health!.restedUntil !== null], [first, 3, 3, 'refused 550', true])
  play.later({ minutes: 16 })
  assert.equal(await sendAll(), 1, 'one alone tries')
  play.later({ minutes: 16 })
  assert.equal(await sendAll(), 0, 'the second pause is longer')
  play.later({ minutes: 45 })
  sink.refuses.clear()
  assert.equal(await sendAll(), 4)
  assert.deepEqual((await play.messageStates()).filter((state) => state === 'queued'), [])
})

test('a domain that refuses rests as a whole, others are written to, and staff may have it tried at once', async () => {
  const { rows: members } = await sql<{ id: string }>`select id from offices where body_id = 'marovia-assembly' and exists (select from terms where office_id = offices.id and until is null) order by 1 limit 6`.execute(it.db)
  const offices = members.map(({ id }) => id)
  const former = await targetRules(it.db, play.message)
  await change((tx) => setTargets(tx, play.message, [...offices, minister].map((office) => ({ office }))))
  const domain = async () => (await healthOf(it.as('desk'), 'all', play.now)).find(({ subject }) => subject === 'assembly.marovia.example')!
  sink.mood = 'refuses-recipients'
  await written(1, offices)
  await sendAll()
  assert.deepEqual([(await domain()).refused, (await domain()).restedUntil?.getTime()], [6, play.now.getTime() + 15 * 60_000])

  sink.mood = 'accepts'
  await written(1, [...offices, minister])
  assert.equal(await sendAll(), 1)
  assert.deepEqual(sink.received.map(({ to }) => to), [first])
  await change((tx) => endRest(tx, 'domain', 'assembly.marovia.example'))
  assert.equal(await play.messages(post), 1, 'one alone goes first')
  assert.equal(await sendAll(), 5, 'and then the others')
  assert.equal((await domain()).inARow, 0)
  await change((tx) => setTargets(tx, play.message, former))
})

test('an office that is opted out gets nothing from then on: what is queued waits, and goes when staff decide so or the day has come', async () => {
  await written(3)
  assert.equal(await play.messages(post), 1)
  await change((tx) => optOut(tx, minister, { reason: 'asked us on the phone', notes: {}, until: null, staffId }, play.now))
  assert.equal(await play.messages(post), 0)
  assert.deepEqual((await it.db.selectFrom('messages').select(['state', 'waiting_for']).orderBy('state').execute()).map((row) => `${row.state} ${row.waiting_for}`), ['accepted null', 'waiting opt-out', 'waiting opt-out'])
  await releaseWaiting(it.as('worker'), play.now)
  assert.equal(await sendAll(), 0)
  await change((tx) => resumeWriting(tx, minister, { reason: 'they changed their mind', staffId }, play.now))
  await releaseWaiting(it.as('worker'), play.now)
  assert.equal(await sendAll(), 2)

  await written(1)
  const tomorrow = new Date(play.now.getTime() + 86_400_000).toISOString().slice(0, 10)
  await change((tx) => optOut(tx, minister, { reason: 'moving house', notes: {}, until: tomorrow, staffId }, play.now))
  assert.equal(await sendAll(), 0)
  play.later({ days: 1 })
  await releaseWaiting(it.as('worker'), play.now)
  assert.equal(await sendAll(), 1)
  const kept = await it.db.selectFrom('office_opt_outs').select(['reason', 'decided_by', 'resumed_reason']).orderBy('decided_at').execute()
  assert.deepEqual(kept.map((row) => [row.reason, row.decided_by, row.resumed_reason]), [['asked us on the phone', staffId, 'they changed their mind'], ['moving house', staffId, '']])
})

/** What keeps a message to the minister here. */
async function kept(message: Partial<Queued> = {}) {
  return (await whatKeeps(it.as('desk'), [{ officeId: minister, inDigest: false, promisedAt: play.now, practice: false, dailyCap: undefined, ...message }], 'UTC', play.now))[0]
}

/** An hour of today or of a later day. */
const hourOf = (later: number, hour: string) => new Date(`${new Date(play.now.getTime() + later * 86_400_000).toISOString().slice(0, 10)}T${hour}:00:00Z`)

test('the desk says what keeps a message here: its turn, the hour of the day’s mail, or a server that is left alone', async () => {
  assert.deepEqual(await kept(), { reason: 'pace', from: null })
  assert.deepEqual(await kept({ dailyCap: 0 }), { reason: 'cap', from: hourOf(1, '00') })
  assert.deepEqual(await kept({ inDigest: true }), { reason: 'digest', from: hourOf(1, '08') }, 'today’s hour has passed')
  const yesterday = new Date(play.now.getTime() - 86_400_000)
  assert.deepEqual(await kept({ inDigest: true, promisedAt: yesterday, dailyCap: 0 }), { reason: 'cap', from: hourOf(1, '00') }, 'no hour that is over is named')
  assert.deepEqual(await kept({ inDigest: true, promisedAt: yesterday }), { reason: 'pace', from: null })
  await change((tx) => setSendingRule(tx, 'office', minister, { perMinute: null, dailyCap: null, digest: true, digestHour: 15 }))
  assert.deepEqual(await kept({ inDigest: true }), { reason: 'digest', from: hourOf(0, '15') })
  const until = new Date(play.now.getTime() + 900_000)
  await sql`insert into sending_rests (scope, subject, in_a_row, rests, rested_until, problem, changed_at) values ('mailbox', ${first}, 3, 1, ${until}, 'refused 450', ${play.now})`.execute(it.db)
  assert.deepEqual(await kept(), { reason: 'rest', from: until })
})

test('the desk’s own rules decide how fast and how much', async () => {
  await change((tx) => setSendingRule(tx, 'office', minister, { perMinute: 1, dailyCap: 2, digest: null, digestHour: null }))
  await written(4)
  assert.equal(await sendAll(), 1)
  play.later({ seconds: 40 })
  assert.equal(await sendAll(), 0)
  play.later({ seconds: 40 })
  assert.equal(await sendAll(), 1)
  play.later({ minutes: 5 })
  assert.equal(await sendAll(), 0, 'two a day')
  assert.deepEqual(await kept(), { reason: 'cap', from: hourOf(1, '00') })
  assert.deepEqual(await kept({ dailyCap: 3 }), { reason: 'cap', from: hourOf(1, '00') }, 'the office’s own limit is the lower one')
  play.later({ days: 1 })
  assert.equal(await sendAll(), 1)
})
