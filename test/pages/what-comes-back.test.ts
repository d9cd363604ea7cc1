import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { readMailbox } from '#platform/mail/mailbox.ts'
import { sendBack } from '#platform/mail/reports.ts'
import { SmtpClient } from '#platform/mail/smtp.ts'
import { receiveReturns } from '#processes/returns.ts'
import { returnAddress } from '../../src/modules/mails/return-address.ts'
import { answerSuppressionRequest } from '#modules/people/index.ts'
import { addressedTo, keptBytes, takeIn, workOffReturns } from '#modules/returns/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { formOn, post } from '#test/support/http.ts'
import { imapServer } from '#test/support/imap-server.ts'
import { openDeskPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
act.readsReturns = true
const { sink, post: way } = await mailFor(act)
const { origin } = await openDeskPages(it, () => act.now)
const cookies = await inTransaction(it.as('desk'), async (tx) => {
  const session = async (role: 'administrator' | 'campaigner' | 'translator') => `clarion-desk=${await openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: `${role}@lamplight.example`, role, language: 'en' }, act.now), act.now)}`
  return { administrator: await session('administrator'), campaigner: await session('campaigner'), translator: await session('translator') }
})
const get = (path: string, cookie = cookies.administrator) => rawRequest(origin, path, { headers: { cookie } })
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')

async function fill(page: string, action: string, typed: Record<string, string>, cookie = cookies.administrator) {
  const form = formOn((await get(page, cookie)).text, action)
  return post(origin, form.action, [...form.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)], { cookie })
}

/** What the desk says after the worker has answered. */
async function answered(answer: Awaited<ReturnType<typeof post>>): Promise<string> {
  const path = answer.headers.get('location')!
  assert.match(words((await get(path)).text), /This takes a second/)
  await answerSuppressionRequest(it.as('worker'), it.keys.opener, it.keys.indexKeys, path.split('/').at(-1)!, act.now)
  assert.equal((await get(path, cookies.campaigner)).status, 404, 'another one’s question')
  return words((await get(path)).text)
}

test('staff look one address up, write to it no more, and again with a reason; each has its line, and none says whose address it was', async () => {
  assert.match(await answered(await fill('/suppressions', '/look', { email: 'kofi@example.org' })), /Nothing keeps us from writing/)
  assert.equal((await fill('/suppressions', '/add', { 'add-email': 'kofi@example.org', suppression_scope: 'everything', suppression_way: 'phone', 'add-reason': ' ' })).status, 422)
  assert.equal((await fill('/suppressions', '/add', { 'add-email': 'kofi@example.org', 'add-reason': 'He rang.' })).status, 422, 'nothing is chosen for anybody')
  assert.match(await answered(await fill('/suppressions', '/add', { 'add-email': 'kofi@example.org', suppression_scope: 'everything', suppression_way: 'phone', 'add-reason': 'He rang on 1 March.' })), /no mail at all asked by phone · since 1 March 2027/)
  assert.match(words((await get('/suppressions')).text), /asked by phone no mail at all: 1/)
  const again = await fill('/suppressions', '/look', { email: 'kofi@example.org' })
  await answered(again)
  const shown = again.headers.get('location')!
  assert.equal((await fill(shown, '/lift', { 'lift-email': 'kofi@example.org', 'lift-reason': '' })).status, 422)
  assert.match(await answered(await fill(shown, '/lift', { 'lift-email': 'kofi@example.org', 'lift-reason': 'He rang again.', own_wish: 'yes' })), /Nothing keeps us/)
  const { rows: lines } = await sql<{ verb: string, text: string }>`select verb, audit_log::text as text from audit_log where verb like '%suppression' order by happened_at`.execute(it.db)
  assert.deepEqual(lines.map(({ verb }) => verb), ['look-suppression', 'add-suppression', 'look-suppression', 'lift-suppression'])
  assert.ok(lines.every(({ text }) => !text.includes('kofi@')))
  assert.equal((await get('/suppressions', cookies.translator)).status, 404)
  assert.equal((await post(origin, '/suppressions/lift', [['lift-email', 'kofi@example.org'], ['lift-reason', 'x']], { cookie: cookies.campaigner })).status, 404, 'a campaigner takes nobody off')
})

test('an answer waits in the outbox, says nothing until it is opened, and who opened it stands in the log', async () => {
  const [letter] = await act.takes(act.letter({ email: 'amara@example.org' }))
  await act.confirms(letter!)
  await act.messages(way)
  await act.messages(way)
  await act.mails(way)
  const mails = await sink.mails()
  const message = mails.find((mail) => mail.replyTo![0]!.address!.startsWith('reply+'))!
  const receipt = mails.find((mail) => mail.envelopeTo === 'amara@example.org')!
  const original = (mail: typeof message) => ({ returnPath: sink.returnPaths.get(mail.raw)!, replyTo: mail.replyTo![0]!.address!, to: mail.envelopeTo, subject: mail.subject!, raw: Buffer.from(mail.raw) })
  for (const [what, mail] of [['answer', message], ['away', message], ['no-such-mailbox', receipt]] as const) {
    const { from, to, raw } = sendBack(what, original(mail), act.now, '<script>alert(1)</script> We will vote for it.')
    await takeIn(it.as('site'), it.keys.contact, { to: [to], raw, cut: false, nullSender: from === '' }, 'smtp', act.now)
  }
  await workOffReturns({ db: it.as('worker'), keys: it.keys, log: it.log }, act.now)
  assert.match(words((await get('/')).text), /One answer came to us and nobody has read it/)
  const list = (await get('/outbox/letters')).text
  assert.match(words(list), /Minister of Justice.*unread/)
  assert.doesNotMatch(list, /We will vote/)
  const opened = await fill('/outbox/letters', '/open', {})
  const text = await opened.text()
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt; We will vote for it\./)
  assert.match(words((await get('/outbox/letters')).text), /Minister of Justice.* read /)
  assert.equal((await sql`select from audit_log where verb = 'open-returned-letter'`.execute(it.db)).rows.length, 1)
  assert.match(words((await get('/outbox/messages')).text), /a machine answered that they are away/)
  assert.match(words((await get('/outbox/mails?state=failed')).text), /came back: there is no such mailbox sent back \(5\.1\.1\)/)

  const { from, to, raw } = sendBack('no-such-mailbox', original(message), act.now)
  await takeIn(it.as('site'), it.keys.contact, { to: [to], raw, cut: false, nullSender: from === '' }, 'smtp', act.now)
  await workOffReturns({ db: it.as('worker'), keys: it.keys, log: it.log }, act.now)
  const today = words((await get('/')).text)
  assert.match(today, /One message came back after it had left, and is not sent again: its office may need another address/)
  assert.doesNotMatch(today, /One message was refused/, 'it is said once')
  const failed = (await get('/outbox/messages?state=failed')).text
  assert.match(words(failed), /It came back after it had left, and is not sent again\. Another address for this office/)
  assert.match(failed, /href="\/targets\/offices\/marovia-government%3Ajustice\/writing"/)
})

test('by SMTP: only for addresses of ours, no more than it says, never more than a little of it', async () => {
  const door = await receiveReturns({ host: '127.0.0.1', port: 0 }, { db: it.as('site'), key: () => it.keys.contact, way: 'smtp' })
  const client = new SmtpClient({ url: `smtp://127.0.0.1:${door.port}` }, { connections: 1, patience: 20_000 })
  after(async () => {
    client.close()
    await door.stop()
  })
  const count = async () => (await it.db.selectFrom('returned_mails').select('way').execute()).length
  const before = await count()
  const ours = returnAddress(it.keys.linkKey, { use: 'bounce', about: 'mail', id: '00000000-0000-4000-8000-000000000000' }, 'lamplight.example')
  assert.deepEqual(await client.deliver({ from: '', to: 'office@lamplight.example' }, Buffer.from('Subject: x\r\n\r\nx')), { outcome: 'refused', permanent: true, code: 550 })
  assert.equal((await client.deliver({ from: '', to: ours }, Buffer.alloc(50_000_000, 'x\r\n'))).outcome, 'refused', 'it says how large it is, and is not even sent')
  assert.equal((await client.deliver({ from: '', to: ours }, Buffer.concat([Buffer.from('Message-ID: <large@x>\r\n\r\n'), Buffer.alloc(20_000_000, 'x\r\n')]))).outcome, 'accepted')
  for (const time of [1, 2]) assert.equal((await client.deliver({ from: '', to: ours }, Buffer.from('Message-ID: <same@x>\r\n\r\nx'))).outcome, 'accepted', String(time))
  assert.equal(await count(), before + 2)
  const { rows: [largest] } = await sql<{ bytes: number }>`select max(octet_length(contact)) as bytes from returned_mails`.execute(it.db)
  assert.ok(largest!.bytes < keptBytes * 1.5)
})

test('from a mailbox: what is ours is taken and deleted there, everything else is left as it was', async () => {
  const ours = returnAddress(it.keys.linkKey, { use: 'bounce', about: 'mail', id: '00000000-0000-4000-8000-000000000001' }, 'lamplight.example')
  const box = await imapServer([
    Buffer.from(`Delivered-To: ${ours}\r\nMessage-ID: <1@x>\r\nSubject: x\r\n\r\nx`), Buffer.from('To: office@lamplight.example\r\nSubject: private\r\n\r\nx'),
    Buffer.concat([Buffer.from(`X-Original-To: ${ours}\r\nMessage-ID: <2@x>\r\n\r\n`), Buffer.alloc(3_000_000, 'x\r\n')]),
  ])
  after(() => box.stop())
  const read = () => readMailbox({
    url: box.url, kept: keptBytes, patience: 5000,
    async onMail({ raw, cut }) {
      const to = addressedTo(raw)
      if (to.length === 0) return 'left'
      await takeIn(it.as('worker'), it.keys.contact, { to, raw, cut }, 'imap', act.now)
      return 'taken'
    },
  })
  assert.equal(await read(), 2)
  assert.deepEqual([...box.mails].map(([uid, { flags }]) => [uid, [...flags]]), [[2, ['$ClarionLeft']]])
  assert.equal(box.fetched, keptBytes)
  assert.equal(await read(), 0)
  assert.equal((await it.db.selectFrom('returned_mails').select('way').where('way', '=', 'imap').execute()).length, 2)
  await assert.rejects(readMailbox({ url: box.url.replace('secret', 'wrong'), kept: 1, onMail: async () => 'left' }))
})
