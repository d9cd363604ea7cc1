import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { readSecrets } from '#platform/secrets.ts'
import { goLive } from '#modules/publisher/index.ts'
import { acting } from '#test/support/acting.ts'
import { freePorts, linkIn, startClarion, until } from '#test/support/clarion.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { post, sign, submitForm, write } from '#test/support/http.ts'
import { noPostfix, testPostfix, type Delivered, type TestPostfix } from '#test/support/postfix.ts'
import { stage } from '#test/support/stage.ts'

const skip = noPostfix() ?? false
const header = (mail: Delivered, name: string): string[] => mail.headers.filter(({ key }) => key === name.toLowerCase()).map(({ value }) => value)

/** What is true of every mail of ours once it has gone through a real server. */
function wellMade(mail: Delivered, domain: string): void {
  const [result] = header(mail, 'authentication-results')
  assert.match(result!, /^mx\.tests\.example;\s+dkim=pass \(2048-bit key(;[^)]*)?\) header\.d=/, String(mail.subject))
  assert.ok(result!.includes(`header.d=${domain}`), String(result))
  const signed = /\bh=([^;]+);/.exec(header(mail, 'dkim-signature')[0]!)![1]!.replace(/\s/g, '').toLowerCase().split(':')
  for (const name of ['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'content-language']) assert.ok(signed.includes(name), `${name} is signed`)
  for (const name of ['list-unsubscribe', 'list-unsubscribe-post']) assert.equal(signed.includes(name), header(mail, name).length === 1, name)
  assert.match(mail.messageId!, new RegExp(`^<[0-9a-f-]{36}@${domain.replaceAll('.', '\\.')}>$`))
  assert.match(header(mail, 'return-path')[0]!, new RegExp(`^<bounce\\+[modn][a-z2-7]{42}@${domain.replaceAll('.', '\\.')}>$`), 'what comes back names this mail and nobody')
  // oxlint-disable-next-line no-control-regex
  assert.match(mail.raw, /^[\x00-\x7f]*$/, 'seven bits only')
  const lines = mail.raw.split('\n')
  assert.ok(lines.every((line) => line.length <= 998 && !line.includes('\r')), 'no line is too long, none has an end of its own')
}

test('a whole Clarion goes live against a real Postfix: confirmation, receipt and messages arrive, signed and as they should be', { skip, timeout: 120_000 }, async () => {
  const ports = await freePorts(3)
  const origin = `http://localhost:${ports[0]}`
  const [smtpPort] = await freePorts(1)
  await using clarion = await startClarion({ ports, environment: { CLARION_ORIGIN: origin, SMTP_URL: `smtp://127.0.0.1:${smtpPort}` } })
  const secrets = readSecrets(clarion.folder)
  const domain = 'lamplight.example'
  await using postfix = await testPostfix({ domain, selector: secrets.worker.dkim.selector, publicKey: secrets.desk.dkim.publicKey }, smtpPort)
  await submitForm(clarion.desk, await (await fetch(clarion.signinLink)).text(), new URL(clarion.signinLink).pathname, { name: 'Salma', email: 'salma@lamplight.example', language: 'en' })
  {
    await using looking = ownerDb(clarion)
    await inTransaction(looking.db, async (tx) => {
      const { id } = await tx.selectFrom('staff').select('id').executeTakeFirstOrThrow()
      await goLive(tx, { origin, installId: secrets.worker.installId }, id, new Date())
    })
  }
  const arrived = (subject: string, count = 1) => until(async () => {
    const found = (await postfix.mails()).filter((mail) => mail.subject?.includes(subject))
    return found.length >= count ? found : undefined
  }, `${count} mails about “${subject}”:\n${postfix.log()}`, 30_000)

  await sign(clarion.site, '/actions/no-one-should-vanish', { name: 'Amara Väisänen', email: 'amara@example.org' })
  const [asked] = await arrived('One more step')
  assert.doesNotMatch(asked!.text!, /trial|practice/i)
  assert.equal((await post(clarion.site, new URL(linkIn(asked!, '/confirm/')).pathname, {})).status, 303)
  const [receipt] = await arrived('Your signature counts')
  assert.equal(receipt!.to![0]!.name, 'Amara Väisänen')
  assert.equal(header(receipt!, 'list-unsubscribe-post')[0], 'List-Unsubscribe=One-Click')
  assert.equal((await fetch(/<(http[^>]*)>/.exec(header(receipt!, 'list-unsubscribe')[0]!)![1]!, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 200)

  await write(clarion.site, '/ar/actions/write-to-your-representative', { name: 'أمينة فيل', email: 'amina@example.org', postcode: 'AR 110' }, { subject: 'رجاءً صوّتوا للسجلّ', body: `نحن ننتظر منذ سنين. ${'كلمة طويلة جدًّا '.repeat(120)}` })
  const [waiting] = (await until(async () => {
    const found = (await postfix.mails()).filter((mail) => mail.to?.[0]?.address === 'amina@example.org')
    return found.length ? found : undefined
  }, 'the Arabic mail'))
  assert.match(waiting!.html!, /dir="rtl"/)
  assert.equal((await post(clarion.site, new URL(linkIn(waiting!, '/confirm/')).pathname, {})).status, 303)
  const messages = await arrived('رجاءً صوّتوا للسجلّ', 2)
  assert.ok(messages.some((mail) => mail.replyTo?.[0]?.address === 'amina@example.org'), 'their own representative answers to them')
  assert.ok(messages.every((mail) => mail.text!.includes('كلمة طويلة جدًّا كلمة طويلة جدًّا')))
  for (const mail of await postfix.mails()) wellMade(mail, domain)
})

if (!skip) {
  const it = await stage()
  const act = await acting(it)
  act.practice = false
  const { dkim } = it.secrets.worker
  const postfix: TestPostfix = await testPostfix({ domain: 'lamplight.example', selector: dkim.selector, publicKey: it.secrets.desk.dkim.publicKey })
  const way = act.post(postfix)
  after(async () => {
    way.close()
    await postfix[Symbol.asyncDispose]()
  })

  test('a server that greylists is tried again later, and then takes it; one that says no for good is not', async () => {
    const seen = new Set<string>()
    postfix.decide = (recipient) => {
      if (recipient === 'gone@example.org') return '550 5.1.1 No such mailbox'
      if (seen.has(recipient)) return undefined
      seen.add(recipient)
      return '451 4.7.1 Greylisted, come back later'
    }
    await act.takes(act.signature({ email: 'patient@example.org' }), act.signature({ email: 'gone@example.org' }))
    await act.mails(way)
    const states = async () => (await it.db.selectFrom('mails').select(['state', 'problem', 'attempts']).orderBy('state').execute()).map(({ state, problem, attempts }) => `${state} ${problem} ${attempts}`)
    assert.deepEqual(await states(), ['failed refused 550 1', 'queued refused 451 1'])
    await act.mails(way)
    assert.deepEqual(await states(), ['failed refused 550 1', 'queued refused 451 1'], 'not at once')
    act.later({ minutes: 10 })
    await act.mails(way)
    assert.deepEqual(await states(), ['accepted null 2', 'failed refused 550 1'])
    const [mail] = await until(async () => ((await postfix.mails()).length ? postfix.mails() : undefined), 'the mail')
    wellMade(mail!, 'lamplight.example')
    postfix.decide = () => undefined
  })

  test('an office that greylists gets its message once', async () => {
    let tries = 0
    postfix.decide = (recipient) => (recipient === 'minister@justice.marovia.example' && tries++ === 0 ? '451 4.7.1 Later' : undefined)
    const [letter] = await act.takes(act.letter())
    await act.confirms(letter!)
    await act.messages(way)
    assert.deepEqual((await act.messageStates()).toSorted(), ['accepted', 'queued'])
    act.later({ minutes: 10 })
    await act.messages(way)
    assert.deepEqual(await act.messageStates(), ['accepted', 'accepted'])
    const arrived = await until(async () => {
      const found = (await postfix.mails()).filter((mail) => mail.subject === 'Please vote')
      return found.length >= 2 ? found : undefined
    }, 'both messages')
    assert.deepEqual(arrived.map((mail) => String(mail.to![0]!.address)).toSorted(), ['minister@justice.marovia.example', 'oriel.tavan@assembly.marovia.example'])
    for (const mail of arrived) wellMade(mail, 'lamplight.example')
  })

  test('what is larger than the server takes is refused before a word of it has left', async () => {
    const letter = (text: string) => way.deliver({ from: { address: way.from }, to: { address: 'clerk@example.org' }, returnPath: `bounce+large@${way.domain}`, messageId: `large@${way.domain}`, subject: 'Large', text, language: 'en', date: act.now })
    const refused = await letter('word '.repeat(postfix.sizeLimit / 4))
    assert.deepEqual(refused, { outcome: 'refused', permanent: true, code: 552 })
    assert.deepEqual(await letter('word '.repeat(1000)), { outcome: 'accepted' })
  })

  test('a mail that somebody changed on its way is told from ours', async () => {
    const { connect } = await import('node:net')
    const [genuine] = await postfix.mails()
    const forged = genuine!.raw.replace(/^(Return-Path|X-Original-To|Delivered-To|Received|Authentication-Results|X-DKIM):.*\n([ \t].*\n)*/gm, '').replace(/^Subject: /m, 'Subject: Forged ').replaceAll('\n', '\r\n')
    const socket = connect(Number(new URL(postfix.url).port), '127.0.0.1')
    const lines = ['EHLO elsewhere.example', 'MAIL FROM:<x@lamplight.example>', 'RCPT TO:<forged@example.org>', 'DATA', `${forged}\r\n.`, 'QUIT']
    let told = ''
    socket.on('data', (chunk) => {
      told = chunk.toString()
      if (/^\d{3} /m.test(told) && lines.length) socket.write(`${lines.shift()}\r\n`)
    })
    await new Promise((resolve) => socket.on('close', resolve))
    const found = await until(async () => (await postfix.mails()).find((mail) => mail.raw.includes('Forged')), 'the forged one')
    assert.match(header(found, 'authentication-results')[0]!, /dkim=fail/)
  })
}
