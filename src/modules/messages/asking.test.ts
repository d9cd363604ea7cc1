import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { leavingToken, linkToken, moveAction, type Taking } from '#modules/actions/index.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { askForReplies, countOffices, markAllOffices } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

const minister = 'marovia-government:justice'
const own = 'marovia-assembly:AR'

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, suppressions, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, sending_rests, sending_days, digests, digest_texts, office_tallies, office_changes`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
})

let number = 0
/** Somebody writes to both offices and confirms; their messages are accepted and their receipt is there. */
async function written(told: { digest: string[], asked: boolean } | 'nothing' = { digest: [], asked: true }): Promise<Taking> {
  const [letter] = await play.takes(play.letter({ email: `p${number++}@example.org` }, { told: told === 'nothing' ? undefined : told }))
  await play.confirms(letter!)
  while (await play.messages(post)) { /* until all have left */ }
  while (await play.mails(post)) { /* and the receipt */ }
  sink.received.length = 0
  return letter!
}
const ask = () => askForReplies(it.as('worker'), play.now)
const asked = async () => {
  await ask()
  while (await play.mails(post)) { /* until all are written */ }
  return sink.mails()
}

test('two weeks after a message was accepted its writer is asked once whether an answer came, with every way out', async () => {
  const letter = await written()
  play.later({ days: 13 })
  assert.equal(await ask(), 0)
  play.later({ days: 1, minutes: 1 })
  const [mail, ...others] = await asked()
  assert.equal(others.length, 0, 'one mail for all offices')
  assert.equal(mail!.subject, 'Did they answer you? Ask your representative to vote for the register')
  const token = linkToken(it.keys.linkKey, letter.id)
  for (const path of [`/replied/${token}`, `/withdraw/${token}`, `/unsubscribe/${leavingToken(it.keys.linkKey, letter.id)}`, '/forget-me']) assert.ok(mail!.text!.includes(`http://localhost:3000${path}`), path)
  assert.match(mail!.text!, /– Member for Ardenhal\n– Minister of Justice/)
  assert.ok(mail!.headers.some(({ key, value }) => key === 'list-unsubscribe-post' && value === 'List-Unsubscribe=One-Click'))
  sink.received.length = 0
  for (let days = 0; days < 60; days += 10) {
    play.later({ days: 10 })
    assert.equal((await asked()).length, 0, 'never again')
  }
})

test('nobody is asked who took it back, wants no more mail, was erased, or was not told before', async () => {
  const back = await written()
  const stopped = await written()
  await written('nothing')
  await written({ digest: [], asked: false })
  const erased = await written()
  await play.uses(back, 'withdrawal')
  await play.uses(stopped, 'unsubscribing')
  const forgotten = await it.db.selectFrom('participations').select('person_id').where('id', '=', erased.id).executeTakeFirstOrThrow()
  await erasePerson(it.as('worker'), it.keys, forgotten.person_id, play.now)
  play.later({ days: 15 })
  assert.equal((await asked()).length, 0)
})

test('unsubscribing between the promise and the mail still holds, and a stopped action asks nobody until it is opened again', async () => {
  const letter = await written()
  play.later({ days: 15 })
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'suspended', staffId: null, reason: 'her lawyer asked' }, play.now))
  assert.equal(await ask(), 0)
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'open', staffId: null }, play.now))
  assert.equal(await ask(), 1)
  await play.uses(letter, 'unsubscribing')
  while (await play.mails(post)) { /* nothing is left of it */ }
  assert.equal(sink.received.length, 0)
  assert.equal((await it.db.selectFrom('mails').select('state').where('kind', '=', 'did-they-reply').executeTakeFirstOrThrow()).state, 'cancelled')
})

test('what came back is counted for each office, may be changed, and says nothing about offices that were not asked about', async () => {
  const letter = await written()
  const answers = async (...given: { office: string, answer: 'none' | 'standard' | 'real' | 'unsaid' }[]) => {
    await play.answers(letter, given)
    await countOffices(it.as('worker'))
    return it.db.selectFrom('office_tallies').select(['office_id', 'no_reply', 'standard_reply', 'real_reply', 'people']).where('action_id', 'is', null).orderBy('office_id').execute()
  }
  assert.deepEqual((await answers({ office: minister, answer: 'real' })).map((row) => row.real_reply), [0, 0], 'not before the question')
  play.later({ days: 15 })
  await asked()
  assert.deepEqual(await answers({ office: minister, answer: 'none' }, { office: own, answer: 'real' }, { office: 'marovia-assembly:BE', answer: 'real' }), [
    { office_id: own, no_reply: 0, standard_reply: 0, real_reply: 1, people: 1 }, { office_id: minister, no_reply: 1, standard_reply: 0, real_reply: 0, people: 1 },
  ])
  assert.deepEqual((await answers({ office: minister, answer: 'standard' }, { office: own, answer: 'unsaid' })).map((row) => [row.no_reply, row.standard_reply, row.real_reply]), [[0, 0, 0], [0, 1, 0]])
  await sql`truncate office_tallies`.execute(it.db)
  await markAllOffices(it.as('worker'))
  await countOffices(it.as('worker'))
  assert.equal((await it.db.selectFrom('office_tallies').selectAll().execute()).length, 4, 'the nightly count finds the same')
})
