import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { Email } from 'postal-mime'
import { sql } from '#platform/db.ts'
import { leavingToken, linkToken, moveAction, shortCode } from '#modules/actions/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { remind } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
})

const header = (mail: Email, name: string) => mail.headers.find((each) => each.key === name.toLowerCase())?.value

test('the mail that asks has the link and the code, nothing that was typed, and every way out', async () => {
  const [signed] = await play.takes(play.signature({ name: 'Amara Wrote-This', comment: 'MY COMMENT', postcode: 'AR110' }))
  await play.mails(post)
  const [mail] = await sink.mails()
  const token = linkToken(it.keys.linkKey, signed!.id)
  const code = shortCode(it.keys.linkKey, signed!.id)
  assert.equal(mail!.envelopeTo, 'amara@example.org')
  assert.doesNotMatch(mail!.raw, /Wrote-This|MY COMMENT|AR ?110/)
  for (const path of [`/confirm/${token}`, `/not-me/${token}`, `/withdraw/${token}`, `/unsubscribe/${leavingToken(it.keys.linkKey, signed!.id)}`, '/forget-me']) {
    assert.ok(mail!.text!.includes(`http://localhost:3000${path}`), `${path} is in the text`)
    assert.ok(mail!.html!.includes(`http://localhost:3000${path}`), `${path} is in the HTML`)
  }
  assert.doesNotMatch(mail!.html!, />[^<]*http:/, 'where the text has addresses, the HTML has words that lead there')
  assert.ok(mail!.text!.includes(`${code.slice(0, 3)} ${code.slice(3)}`))
  assert.equal(header(mail!, 'List-Unsubscribe'), `<http://localhost:3000/unsubscribe/${leavingToken(it.keys.linkKey, signed!.id)}>`)
  assert.equal(header(mail!, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
  assert.match(header(mail!, 'DKIM-Signature')!.replace(/\s/g, ''), /h=[^;]*List-Unsubscribe:List-Unsubscribe-Post/i, 'both are inside the signature (RFC 8058)')
  assert.equal(header(mail!, 'Auto-Submitted'), 'auto-generated')
})

test('a mail in Arabic is Arabic, right to left, with links to the Arabic pages', async () => {
  await play.takes(play.signature({ language: 'ar' }))
  await play.mails(post)
  const [mail] = await sink.mails()
  assert.match(mail!.subject!, /لا ينبغي أن يختفي أحد/)
  assert.equal(mail!.from!.name, 'لاملايت')
  assert.match(mail!.html!, /<html lang="ar" dir="rtl">/)
  assert.match(mail!.text!, /http:\/\/localhost:3000\/ar\/confirm\//)
})

test('a confirmation whose server hangs or drops is sent again until it is taken: at least once', async () => {
  await play.takes(play.signature())
  sink.mood = 'hangs'
  await play.mails(post)
  sink.mood = 'drops-after-data'
  play.later({ minutes: 2 })
  await play.mails(post)
  sink.mood = 'refuses-for-now'
  play.later({ minutes: 6 })
  await play.mails(post)
  sink.mood = 'accepts'
  play.later({ minutes: 16 })
  await play.mails(post)
  const mails = await sink.mails()
  assert.equal(new Set(mails.map((mail) => mail.messageId)).size, 1, 'the same mail, with the same id, so that mail programs show it once')
  assert.equal((await it.db.selectFrom('mails').select('state').executeTakeFirstOrThrow()).state, 'accepted')
})

test('what a server refuses for good ends there, in words without the address', async () => {
  await play.takes(play.signature())
  sink.mood = 'refuses-recipients'
  await play.mails(post)
  const row = await it.db.selectFrom('mails').select(['state', 'problem']).executeTakeFirstOrThrow()
  assert.deepEqual(row, { state: 'failed', problem: 'refused 550' })
})

test('a worker that dies with mails in its hands leaves them to be sent by the next', async () => {
  await play.takes(play.signature())
  const { claimMails } = await import('#modules/mails/index.ts')
  assert.equal((await claimMails(it.as('worker'), '00000000-0000-0000-0000-000000000001', true, 10, play.now)).length, 1)
  assert.equal(await play.mails(post), 0, 'somebody else has it')
  play.later({ minutes: 3 })
  assert.equal(await play.mails(post), 1)
})

test('there is one reminder, after two days, and not once it is confirmed or the action has stopped', async () => {
  const reminded = () => remind(it.as('worker'), it.keys, play.now)
  const [first, second] = await play.takes(play.signature(), play.signature({ email: 'other@example.org' }))
  await play.mails(post)
  play.later({ days: 1 })
  assert.equal(await reminded(), 0)
  await play.confirms(second!)
  play.later({ days: 1, minutes: 1 })
  assert.equal(await reminded(), 1)
  assert.equal(await reminded(), 0)
  await play.mails(post)
  const mail = (await sink.mails()).find((each) => /the only one/.test(each.subject!))!
  assert.equal(mail.envelopeTo, 'amara@example.org')
  assert.match(mail.text!, new RegExp(`/not-me/${linkToken(it.keys.linkKey, first!.id)}`))

  await play.takes(play.signature({ email: 'third@example.org' }))
  await play.mails(post)
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.petition, to: 'suspended', staffId: null, reason: 'wait' }, play.now))
  play.later({ days: 3 })
  assert.equal(await reminded(), 0)
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.petition, to: 'open', staffId: null }, play.now))
})

test('a receipt greets by name, lists the offices and carries the copy that was asked for', async () => {
  const [letter] = await play.takes(play.letter({}, { copy: true, body: 'My own words.' }))
  await play.mails(post)
  await play.confirms(letter!)
  await play.mails(post)
  const receipt = (await sink.mails()).find((mail) => /on its way/.test(mail.subject!))!
  assert.equal(receipt.to![0]!.name, 'Amara')
  assert.match(receipt.text!, /Member for Ardenhal[\s\S]*Minister of Justice[\s\S]*> My own words\./)
})

test('a receipt says of which offices the message waits until their body sits, and of the others that it leaves', async () => {
  await sql`insert into body_states (id, body_id, state, since) values (gen_random_uuid(), 'marovia-assembly', 'dissolved', '2027-01-01')`.execute(it.db)
  const [letter] = await play.takes(play.letter())
  await play.mails(post)
  await play.confirms(letter!)
  await play.mails(post)
  const receipt = (await sink.mails()).find((mail) => /on its way/.test(mail.subject!))!
  assert.match(receipt.text!, /leave one after another[^]*What is for Member for Ardenhal is kept here until that body sits again/)
  await sql`update body_states set until = '2027-05-10'`.execute(it.db)
  const [other] = await play.takes(play.letter({ email: 'beno@example.org' }))
  await play.mails(post)
  await play.confirms(other!)
  await play.mails(post)
  assert.match((await sink.mails()).findLast((mail) => /on its way/.test(mail.subject!))!.text!, /What is for Member for Ardenhal is kept here until 10 May 2027, when that body sits again/)
  await sql`delete from body_states`.execute(it.db)
})

test('a mail that has lost its point is not sent', async () => {
  const [signed] = await play.takes(play.signature())
  await play.uses(signed!, 'refusal')
  await play.mails(post)
  assert.equal(sink.received.length, 0)
})
