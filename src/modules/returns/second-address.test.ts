import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import PostalMime from 'postal-mime'
import { sql } from '#platform/db.ts'
import { sendBack, type Original } from '#platform/mail/reports.ts'
import { keepForTheRecord } from '#modules/messages/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { takeIn, workOffReturns } from './index.ts'

const it = await stage()
const play = await acting(it)
play.readsReturns = true
const { sink, post } = await mailFor(play)
const db = it.as('worker')

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, bounces, returned_mails, sending_days, sending_rests, contact_refusals, office_alternates, digests, digest_texts, office_tallies, office_changes`.execute(it.db)
  sink.received.length = 0
})

/** The newest mail to an address, as its server has it. */
async function newest(to: string): Promise<Original> {
  const { raw } = sink.received.filter((each) => each.to === to).at(-1)!
  const mail = await PostalMime.parse(raw)
  return { returnPath: sink.returnPaths.get(raw)!, replyTo: mail.replyTo![0]!.address!, to: mail.to![0]!.address!, subject: mail.subject!, raw: Buffer.from(raw) }
}

/** There is no such mailbox. */
async function comesBack(original: Original, times = 1): Promise<void> {
  const { to, raw } = sendBack('no-such-mailbox', original, play.now)
  for (let time = 0; time < times; time++) await takeIn(it.as('site'), it.keys.contact, { to: [to], raw, cut: false, nullSender: true }, 'smtp', play.now)
  await workOffReturns({ db, keys: it.keys, log: it.log }, play.now)
}

const first = 'minister@justice.marovia.example'

/** Somebody writes to the minister, and it has left. */
async function writes(email = 'amara@example.org'): Promise<Original> {
  const [letter] = await play.takes(play.letter({ email }))
  await play.confirms(letter!)
  for (let turn = 0; turn < 2; turn++) await play.messages(post)
  return newest(first)
}

const minister = 'marovia-government:justice'
const second = 'second@ministry.example'
const hasSecond = () => sql`insert into office_alternates (office_id, address, source, checked_on) values (${minister}, ${second}, 'by phone', '2027-01-01')`.execute(it.db)
const recorded = () => keepForTheRecord({ db, opener: it.keys.opener, record: it.keys.record }, play.now)
const toMinister = async () => (await sql<{ state: string, alternate: boolean }>`select state, alternate from messages where office_id = ${minister}`.execute(it.db)).rows

test('what comes back after all of a writer’s messages have left still goes to the other address, within a day; from there it can come back too, and then has failed', async () => {
  await hasSecond()
  const original = await writes()
  await play.mails(post)
  assert.equal(await recorded(), 0, 'the words stay within reach where there is another address')
  play.later({ minutes: 20 * 60 })
  await comesBack(original, 2)
  play.later({ minutes: 1 })
  for (let turn = 0; turn < 2; turn++) await play.messages(post)
  assert.equal(sink.received.filter((mail) => mail.to === second).length, 1, 'once, however often it is said')
  assert.deepEqual(await toMinister(), [{ state: 'accepted', alternate: true }])
  assert.equal(await recorded(), 1, 'and are put away once it has left for that one')
  play.later({ minutes: 5 })
  await comesBack(await newest(second))
  await play.messages(post)
  assert.deepEqual(await toMinister(), [{ state: 'failed', alternate: true }])
  assert.equal(sink.received.filter((mail) => mail.to === second).length, 1)
})

test('without another address, or once its words are put away, what comes back has failed, and nothing is sent again', async () => {
  const original = await writes()
  await play.mails(post)
  assert.equal(await recorded(), 1)
  await hasSecond()
  await comesBack(original)
  await play.messages(post)
  assert.deepEqual(await toMinister(), [{ state: 'failed', alternate: false }])
  assert.equal(sink.received.filter((mail) => mail.to === second).length, 0)

  const late = await writes('b@example.org')
  await play.mails(post)
  play.later({ minutes: 25 * 60 })
  assert.equal(await recorded(), 1)
  await comesBack(late)
  assert.deepEqual((await toMinister()).map(({ state }) => state), ['failed', 'failed'])
})

test('a mail with many messages that comes back goes to the other address with those whose words are there, once', async () => {
  await hasSecond()
  for (const email of ['a@example.org', 'b@example.org', 'c@example.org']) {
    const [letter] = await play.takes(play.letter({ email }, { offices: [minister], told: { digest: [minister], asked: false } }))
    await play.confirms(letter!)
  }
  play.later({ days: 1 })
  assert.equal(await play.digests(post), 1)
  const original = await newest(first)
  await sql`update message_texts set contact = null where participation_id = (select participation_id from messages where office_id = ${minister} limit 1)`.execute(it.db)
  await comesBack(original, 2)
  play.later({ minutes: 1 })
  for (let turn = 0; turn < 2; turn++) await play.digests(post)
  const mails = (await sink.mails()).filter(({ envelopeTo }) => envelopeTo === second)
  assert.equal(mails.length, 1)
  assert.match(mails[0]!.subject!, /^2 messages to you/)
  assert.deepEqual((await toMinister()).map(({ state }) => state).toSorted(), ['accepted', 'accepted', 'failed'])
  assert.deepEqual(await it.db.selectFrom('digests').select(['state', 'alternate', 'messages']).execute(), [{ state: 'accepted', alternate: true, messages: 2 }])
  play.later({ minutes: 5 })
  await comesBack(await newest(second))
  assert.equal(await play.digests(post), 0)
  assert.deepEqual((await toMinister()).map(({ state }) => state), ['failed', 'failed', 'failed'])
})
