import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { moveAction } from '#modules/actions/index.ts'
import { addContact, endTerm } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { keepForTheRecord, markAbandoned, releaseWaiting } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, sending_rests, sending_days, digests, digest_texts, office_tallies, office_changes`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
})

/** Somebody writes and confirms; their messages are in the queue. */
async function written(...letters: ReturnType<typeof play.letter>[]): Promise<void> {
  for (const letter of await play.takes(...letters)) await play.confirms(letter)
}

test('each office gets one plain-text message: answers go to the supporter from their own representative, to us from everyone else', async () => {
  await written(play.letter({}, { body: 'I have a cousin\nin Ardenhal.' }))
  assert.equal(await play.messages(post), 2)
  const mails = await sink.mails()
  const own = mails.find((mail) => mail.envelopeTo === 'oriel.tavan@assembly.marovia.example')!
  const minister = mails.find((mail) => mail.envelopeTo === 'minister@justice.marovia.example')!
  assert.equal(own.replyTo![0]!.address, 'amara@example.org')
  assert.equal(minister.replyTo![0]!.address, 'office@lamplight.example')
  assert.doesNotMatch(minister.raw, /amara@example\.org/i, 'whom the page did not promise the address does not get it')
  for (const mail of mails) {
    assert.deepEqual([mail.from!.name, mail.from!.address], ['Amara via Lamplight', 'actions@lamplight.example'])
    assert.equal(mail.html, undefined)
    assert.match(mail.text!, /I have a cousin\nin Ardenhal\.\n\nYours sincerely,\nAmara/)
    assert.match(mail.raw, /^DKIM-Signature: .*d=lamplight\.example/m)
    assert.match(mail.raw, /^Message-ID: <[0-9a-f-]{36}@lamplight\.example>/m)
  }
  assert.match(own.text!, /^Dear Hon\. Oriel Tavan,/)
  assert.equal(await play.messages(post), 0)
})

test('a message is under way before its first word leaves: a line that breaks leaves it unknown, and nobody sends it again', async () => {
  await written(play.letter())
  sink.mood = 'drops-after-data'
  await play.messages(post)
  assert.deepEqual(await play.messageStates(), ['unknown', 'unknown'])
  sink.mood = 'accepts'
  play.later({ days: 3 })
  await play.messages(post)
  assert.equal(sink.received.length, 2, 'each of them once')

  await written(play.letter({ email: 'other@example.org' }))
  await sql`update messages set state = 'sending', sending_at = ${play.now} where state = 'queued'`.execute(it.db)
  assert.equal(await markAbandoned(it.as('worker'), play.now), 0)
  play.later({ minutes: 11 })
  assert.equal(await markAbandoned(it.as('worker'), play.now), 2)
  assert.equal(await play.messages(post), 0)
})

test('a refusal for now is tried again later, one for good is not', async () => {
  await written(play.letter())
  sink.mood = 'refuses-for-now'
  await play.messages(post)
  assert.deepEqual(await play.messageStates(), ['queued', 'queued'])
  assert.equal(await play.messages(post), 0, 'not at once')
  play.later({ minutes: 2 })
  sink.mood = 'refuses-for-good'
  await play.messages(post)
  assert.deepEqual(await play.messageStates(), ['failed', 'failed'])
})

test('stopping an action lets no more messages out; opening it again does', async () => {
  await written(play.letter())
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'suspended', staffId: null, reason: 'her lawyer asked' }, play.now))
  assert.equal(await play.messages(post), 0)
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'open', staffId: null }, play.now))
  assert.equal(await play.messages(post), 2)
})

test('two workers at once send each message once', async () => {
  await written(...Array.from({ length: 12 }, (_, place) => play.letter({ email: `p${place}@example.org` })))
  let sent = 0
  for (let turns = 0; turns < 20; turns++) {
    const counts = await Promise.all([play.messages(post), play.messages(post)])
    sent += counts[0] + counts[1]
  }
  assert.equal(sent, 24)
  assert.equal(new Set(sink.received.map(({ raw }) => /^Message-ID: (.*)/m.exec(raw)![1])).size, 24)
  assert.equal(sink.received.length, 24)
})

test('a mailbox gets its messages at its pace, and no more than the day’s cap', async () => {
  await sql`update actions set options = options || '{"dailyCap": 2}' where id = ${play.message}`.execute(it.db)
  await written(...[1, 2, 3].map((each) => play.letter({ email: `p${each}@example.org` })))
  const pace = { seconds: 20, perDomain: 4 }
  assert.equal(await play.messages(post, pace), 2, 'one to each of the two mailboxes')
  assert.equal(await play.messages(post, pace), 0)
  play.later({ seconds: 30 })
  assert.equal(await play.messages(post, pace), 2)
  play.later({ seconds: 30 })
  assert.equal(await play.messages(post, pace), 0, 'the third waits for tomorrow')
  play.later({ days: 1 })
  assert.equal(await play.messages(post, pace), 2)
  await sql`update actions set options = options - 'dailyCap' where id = ${play.message}`.execute(it.db)
})

test('a try that a server puts off uses up nothing of the day’s cap', async () => {
  await sql`update actions set options = options || '{"dailyCap": 1}' where id = ${play.message}`.execute(it.db)
  await written(play.letter())
  sink.mood = 'refuses-for-now'
  assert.equal(await play.messages(post), 2)
  sink.mood = 'accepts'
  play.later({ minutes: 90 })
  assert.equal(await play.messages(post), 2, 'it goes on the same day')
  assert.deepEqual(await play.messageStates(), ['accepted', 'accepted'])
  await written(play.letter({ email: 'later@example.org' }))
  play.later({ minutes: 5 })
  assert.equal(await play.messages(post), 0, 'what arrived does count')
  await sql`update actions set options = options - 'dailyCap' where id = ${play.message}`.execute(it.db)
})

test('who holds the office, and its address, are looked up again when the message leaves', async () => {
  await written(play.letter())
  const day = play.now.toISOString().slice(0, 10)
  const term = await it.db.selectFrom('terms').selectAll().where('office_id', '=', 'marovia-assembly:AR').executeTakeFirstOrThrow()
  await it.db.transaction().execute((tx) => endTerm(tx, term.id, day))
  await play.messages(post)
  assert.deepEqual((await play.messageStates()).toSorted(), ['accepted', 'waiting'])
  await releaseWaiting(it.as('worker'), play.now)
  assert.deepEqual((await play.messageStates()).toSorted(), ['accepted', 'waiting'])

  await sql`update terms set until = null where id = ${term.id}`.execute(it.db)
  await sql`update contact_details set ended_on = ${day} where official_id = ${term.official_id}`.execute(it.db)
  await it.db.transaction().execute((tx) => addContact(tx, { officeId: 'marovia-assembly:AR' }, { kind: 'email', value: 'new.address@assembly.marovia.example', source: 'its web page', checkedOn: day }))
  await releaseWaiting(it.as('worker'), play.now)
  await play.messages(post)
  assert.deepEqual(sink.received.map(({ to }) => to).toSorted(), ['minister@justice.marovia.example', 'new.address@assembly.marovia.example'])
})

test('writing twice to the same office in one action is one message, whatever came in twice', async () => {
  const [first] = await play.takes(play.letter())
  const [second] = await play.takes(play.letter({}, { body: 'Another text' }))
  await play.confirms(first!)
  await play.confirms(second!)
  while (await play.messages(post)) { /* until the queue is empty */ }
  assert.equal(sink.received.length, 2)
})

test('taking it back cancels what has not left; what has left stays as it was', async () => {
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!)
  await play.uses(letter!, 'withdrawal')
  assert.equal(await play.messages(post), 0)
  assert.deepEqual(await play.messageStates(), ['cancelled', 'cancelled'])
})

test('what was practised never reaches anybody after going live, and what was live never ends in the practice inbox', async () => {
  await written(play.letter())
  play.practice = false
  const live = play.post(sink)
  assert.equal(await play.messages(live), 0)
  await written(play.letter({ email: 'real@example.org' }))
  play.practice = true
  assert.equal(await play.messages(post), 2)
  assert.ok(sink.received.every(({ raw }) => !raw.includes('real@example.org')))
  play.practice = false
  assert.equal(await play.messages(live), 2)
  play.practice = true
  live.close()
})

test('once everything has been sent the text is sealed so that only the desk can open it', async () => {
  await written(play.letter())
  const keep = () => keepForTheRecord({ db: it.as('worker'), opener: it.keys.opener, record: it.keys.record }, play.now)
  assert.equal(await keep(), 0, 'not before')
  await play.messages(post)
  await play.mails(post)
  assert.equal(await keep(), 1)
  const text = await it.db.selectFrom('message_texts').selectAll().executeTakeFirstOrThrow()
  assert.equal(text.contact, null)
  await assert.rejects(it.keys.opener.open({ purpose: 'record', table: 'message_texts', column: 'record', row: text.participation_id }, text.record!), /No record key/)
})
