import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import PostalMime from 'postal-mime'
import { sql } from '#platform/db.ts'
import { sendBack, type Original, type SentBack } from '#platform/mail/reports.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { healthOf } from '#modules/messages/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { addressedTo, passLettersOn, takeIn, workOffReturns } from './index.ts'
import { openLetter } from './letters.ts'
import { readReturned } from './reading.ts'

const it = await stage()
const play = await acting(it)
play.readsReturns = true
const { sink, post } = await mailFor(play)
const db = it.as('worker')

beforeEach(async () => {
  await sql`truncate suppressions, participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, bounces, returned_mails, returned_letters, sending_days, sending_rests, contact_refusals, office_alternates`.execute(it.db)
  sink.received.length = 0
})

/** The newest mail that arrived, as somebody who has it can answer it. */
async function newest(to?: string): Promise<Original> {
  const { raw } = sink.received.filter((each) => !to || each.to === to).at(-1)!
  const mail = await PostalMime.parse(raw)
  const returnPath = sink.returnPaths.get(raw)!
  return { returnPath, replyTo: mail.replyTo![0]!.address!, to: mail.to![0]!.address!, subject: mail.subject!, raw: Buffer.from(raw) }
}

async function comesBack(what: SentBack, original: Original, times = 1): Promise<string[]> {
  const { from, to, raw } = sendBack(what, original, play.now)
  for (let time = 0; time < times; time++) await takeIn(it.as('site'), it.keys.contact, { to: [to], raw, cut: false, nullSender: from === '' }, 'smtp', play.now)
  return kinds()
}

async function kinds(): Promise<string[]> {
  const before = new Set((await sql<{ f: string }>`select encode(fingerprint, 'hex') as f from returned_mails where kind is not null`.execute(it.db)).rows.map((row) => row.f))
  await workOffReturns({ db, keys: it.keys, log: it.log }, play.now)
  return (await sql<{ f: string, kind: string, contact: Buffer | null }>`select encode(fingerprint, 'hex') as f, kind, contact from returned_mails`.execute(it.db)).rows.filter((row) => !before.has(row.f)).map((row) => {
    assert.equal(row.contact, null, 'nothing of it is kept')
    return row.kind
  })
}

const reasons = async () => (await it.db.selectFrom('suppressions').select(['scope', 'reason']).orderBy('reason').execute()).map(({ scope, reason }) => `${scope} ${reason}`)

async function signs(email = 'amara@example.org') {
  const [signed] = await play.takes(play.signature({ email }))
  await play.mails(post)
  return signed!
}

test('a mailbox that is not there is written to no more; the same report twice counts once; a forged one not at all', async () => {
  await signs()
  const mail = await newest()
  assert.match(mail.returnPath, /^bounce\+m[a-z2-7]{42}@lamplight\.example$/)
  assert.deepEqual(await comesBack('no-such-mailbox', { ...mail, returnPath: mail.returnPath.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@')) }), ['forged'])
  assert.deepEqual(await reasons(), [])
  assert.deepEqual(await comesBack('no-such-mailbox', mail, 2), ['hard'])
  assert.deepEqual(await comesBack('no-such-mailbox', mail), ['hard'], 'another report of the same')
  assert.deepEqual(await reasons(), ['everything bounced'])
  assert.equal((await it.db.selectFrom('bounces').selectAll().execute()).length, 1)
  assert.deepEqual((await it.db.selectFrom('mails').select(['state', 'problem']).execute())[0], { state: 'failed', problem: 'bounced 5.1.1' })
})

test('a full mailbox is given up after four mails on three days, not before; who is away stays', async () => {
  for (const [place, expected] of [[], [], [], ['everything bounced']].entries()) {
    await sql`delete from unanswered_mails`.execute(it.db)
    await sql`delete from mails`.execute(it.db)
    await signs()
    assert.deepEqual(await comesBack('still-trying', await newest()), ['delayed'])
    assert.deepEqual(await comesBack('away', await newest()), ['absence'])
    assert.deepEqual(await comesBack('mailbox-full', await newest()), ['soft'])
    assert.deepEqual(await reasons(), expected, `after ${place + 1}`)
    play.later({ days: 1 })
  }
})

test('whoever complains is not even asked again, and a wish for no more by mail is one by click', async () => {
  await signs()
  assert.deepEqual(await comesBack('complaint', await newest()), ['complaint'])
  assert.deepEqual(await reasons(), ['everything complaint'])
  sink.received.length = 0
  await signs()
  assert.equal(sink.received.length, 0)
  const signed = await signs('noor@example.org')
  const mail = await newest()
  const header = (await PostalMime.parse(mail.raw)).headers.find(({ key }) => key === 'list-unsubscribe')!.value
  const to = /<mailto:([^?>]+)\?/.exec(header)![1]!
  const dkim = (await PostalMime.parse(mail.raw)).headers.find(({ key }) => key === 'dkim-signature')!.value
  assert.match(dkim, /h=[^;]*List-Unsubscribe:List-Unsubscribe-Post/)
  for (const place of [0, 1]) await takeIn(it.as('site'), it.keys.contact, { to: [to.toUpperCase()], raw: Buffer.from(`Message-ID: <${place}@x>\r\n\r\n`), cut: false }, 'smtp', play.now)
  assert.deepEqual(await kinds(), ['unsubscribed', 'unsubscribed'])
  assert.deepEqual(await reasons(), ['everything complaint', 'updates unsubscribed'])
  await erasePerson(db, it.keys, (await it.db.selectFrom('participations').select('person_id').where('id', '=', signed.id).executeTakeFirstOrThrow()).person_id, play.now)
  await takeIn(it.as('site'), it.keys.contact, { to: [to], raw: Buffer.from('Message-ID: <later@x>\r\n\r\n'), cut: false }, 'smtp', play.now)
  assert.deepEqual(await kinds(), ['unknown'], 'erased since: nothing is left to unsubscribe')
})

async function writes(email = 'amara@example.org') {
  const [letter] = await play.takes(play.letter({ email }))
  await play.confirms(letter!)
  await play.messages(post)
  await play.messages(post)
  const mails = await sink.mails()
  const to = (own: boolean) => newest(mails.findLast((mail) => /^(o|reply)/.test(mail.replyTo![0]!.address!) !== own && mail.replyTo![0]!.name !== undefined)!.envelopeTo)
  return { own: await to(true), other: await to(false) }
}

test('a message that comes back has failed, is in the history of the address, and rests a server that takes everything and sends it back', async () => {
  for (const email of ['a@example.org', 'b@example.org', 'c@example.org']) {
    const { other } = await writes(email)
    assert.deepEqual(await comesBack('no-such-mailbox', other), ['hard'])
    play.later({ minutes: 1 })
  }
  const { rows } = await sql<{ state: string, problem: string }>`select distinct state, problem from messages where office_id = 'marovia-government:justice'`.execute(it.db)
  assert.deepEqual(rows, [{ state: 'failed', problem: 'bounced 5.1.1' }])
  assert.equal((await it.db.selectFrom('contact_refusals').select('times').executeTakeFirstOrThrow()).times, 3)
  const worst = (await healthOf(it.db, 'all', play.now)).find((each) => each.scope === 'mailbox' && each.bounced > 0)!
  assert.deepEqual([worst.accepted, worst.bounced, worst.problem, worst.restedUntil !== null], [3, 3, 'bounced 5.1.1', true])
  const before = sink.received.length
  await play.takes(play.letter({ email: 'd@example.org' })).then(([letter]) => play.confirms(letter!))
  await play.messages(post)
  assert.ok(!sink.received.slice(before).some((mail) => mail.to === worst.subject), 'nothing more goes there for now')
  assert.equal((await reasons()).length, 0, 'its writers are not to blame')
})

test('an office’s answer is no bounce: it waits sealed for staff, or goes to the supporter whose representative wrote it', async () => {
  const { own, other } = await writes()
  assert.match(other.replyTo, /^reply\+o/)
  assert.equal(own.replyTo, 'amara@example.org')
  assert.deepEqual(await comesBack('answer', other, 2), ['letter'])
  assert.deepEqual(await comesBack('answer', { ...own, replyTo: own.returnPath }), ['letter'])
  assert.deepEqual(await comesBack('away', own), ['absence'])
  const letters = await it.db.selectFrom('returned_letters').select(['id', 'state', 'office_id', 'contact', 'record']).orderBy('state', 'desc').execute()
  assert.deepEqual(letters.map(({ state, office_id }) => [state, office_id]), [['unread', 'marovia-government:justice'], ['passing-on', 'marovia-assembly:AR']])
  sink.received.length = 0
  const tools = { db, opener: it.keys.opener, post, publisher: await readPublisher(it.db), log: it.log }
  for (let turn = 0; turn < 2; turn++) await passLettersOn(tools, play.now)
  const [passed, ...more] = await sink.mails()
  assert.equal(more.length, 0)
  assert.equal(passed!.envelopeTo, 'amara@example.org')
  assert.equal(passed!.replyTo![0]!.address, own.to)
  assert.match(passed!.text!, /> Thank you\. We have read it\./)
  await assert.rejects(sql`select record from returned_letters`.execute(it.as('desk')), { code: '42501' })
  await assert.rejects(openLetter(it.as('desk'), it.keys.opener, '00000000-0000-4000-8000-000000000000'))
  const line = await auditFirst(it.as('desk'), { staffId: null, verb: 'open-returned-letter', subjectKind: 'participation', subjectIds: [letters[0]!.id] })
  const { Opener } = await import('#platform/sealing/index.ts')
  assert.equal((await openLetter(it.as('desk'), new Opener(it.secrets.desk.record), line))!.text.trim(), 'Thank you. We have read it.')
})

test('statuses: what says that nobody is there is hard, what says "not now" or "not you" is soft, what is vague needs words', async () => {
  const verdict = async (status: string, action: string, said: string) => {
    const raw = Buffer.from(`Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; ${said}\r\n\r\n--b--\r\n`)
    const read = await readReturned(raw, true)
    return read.kind === 'report' ? read.verdict : read.kind
  }
  for (const [status, said] of [['5.1.1', '550 unknown'], ['5.1.2', 'no such domain'], ['5.1.10', 'null MX'], ['5.2.1', 'disabled'], ['5.4.4', 'host not found'], ['5.0.0', '550 User unknown'], ['5.5.0', '550 mailbox unavailable']] as const) assert.equal(await verdict(status, 'failed', said), 'hard', status)
  for (const [status, said] of [['5.2.2', 'mailbox full'], ['5.7.1', 'blocked by policy'], ['4.4.7', 'expired'], ['5.0.0', '554 rejected'], ['5.3.4', 'too large'], ['5.1.1', 'blocked as spam'], ['', '']] as const) assert.equal(await verdict(status, 'failed', said), 'soft', status)
  assert.equal(await verdict('4.4.1', 'delayed', ''), 'delayed')
  assert.equal(await verdict('2.1.5', 'relayed', ''), 'delivered')
})

test('what is broken, deep, huge or full of NULs is unclear, soon; addresses that carry more than an address are none of ours', async () => {
  const deep = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(1_000_000)
  const bad = [deep, 'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000), `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(100_000)}`, '\0'.repeat(10_000), '', `Subject: =?utf-8?b?////?= =?x-none?q?=00?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe`]
    .map((text) => Buffer.from(text, 'latin1'))
  for (const [place, raw] of bad.entries()) {
    const began = performance.now()
    const read = await readReturned(raw, true)
    assert.equal(read.kind, 'unclear', String(place))
    assert.ok(performance.now() - began < 3000)
  }
  await signs()
  const { returnPath } = await newest()
  for (const to of [`${returnPath}\r\nBcc: x@example.org`, `${returnPath}, x@example.org`, returnPath.replace('bounce+', 'bounce+\0'), `<${returnPath}>`]) await takeIn(it.as('site'), it.keys.contact, { to: [to], raw: Buffer.from('x'), cut: false }, 'smtp', play.now)
  assert.equal((await it.db.selectFrom('returned_mails').select('way').execute()).length, 0)
  assert.deepEqual(addressedTo(Buffer.from(`Delivered-To: ${returnPath}\r\nTo: someone@example.org\r\nSubject: ${returnPath.replace('bounce', 'reply')}\r\n\r\n${returnPath.replace('bounce', 'unsubscribe')}`)), [returnPath])
})
