import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { actionWords, moveAction, saveWords } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, submitForm } from '#test/support/http.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { each, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
// However busy this machine is with other tests: nothing here is about how long anybody waits.
const { origin } = await openPages(act, { limits: { patience: 120_000 } })
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const page = async (path: string, site = origin) => (await rawRequest(site, path)).text

/** A form of a page with what somebody typed in it, as it would be sent. */
function filledIn(html: string, typed: Record<string, string>): string {
  return new URLSearchParams([...formOn(html, '/sign').fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)]).toString()
}

async function ids(): Promise<number> {
  await act.settle()
  return (await it.db.selectFrom('participations').select('id').execute()).length
}

test('a form that was open for a day is taken like a fresh one', async () => {
  const open = await page(petition)
  act.later({ days: 1 })
  assert.equal((await postRaw(origin, `${petition}/sign`, filledIn(open, { name: 'Amara', email: 'amara@example.org' }))).status, 303)
  const details = { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }
  const second = await (await submitForm(origin, await page(message), '/write', details)).text()
  act.later({ days: 1 })
  assert.equal((await submitForm(origin, second, '/send', { body: 'Still my words.' })).status, 303)
  assert.equal(await ids(), 2)
})

test('the same form sent a thousand times is one signature, also by a double click', async () => {
  const before = await ids()
  const body = filledIn(await page(petition), { name: 'Noor', email: 'noor@example.org', comment: 'Once is enough' })
  const answers = await each(Array.from({ length: 1000 }), () => postRaw(origin, `${petition}/sign`, body), 8)
  assert.ok(answers.every(({ status, headers }) => status === 303 && headers.location === `${petition}/one-more-step`))
  assert.equal(await ids(), before + 1)
})

test('a second browser is a second form: two requests to one mailbox, and one signature', async () => {
  const sink = await mailSink()
  const post = act.post(sink)
  await act.mails(post)
  sink.received.length = 0
  const before = await act.total()
  for (let browser = 0; browser < 2; browser++) assert.equal((await postRaw(origin, `${petition}/sign`, filledIn((await page(petition)), { name: 'Ilse', email: 'ilse@example.org', key: `${'b'.repeat(21)}${browser}` }))).status, 303)
  await act.settle()
  await act.mails(post)
  const links = (await sink.mails()).map((mail) => /\/confirm\/[\w-]+/.exec(mail.text!)![0])
  await sink.stop()
  assert.equal(links.length, 2)
  for (const link of links) assert.equal((await postRaw(origin, link, '')).headers.location, `${petition}/thanks`)
  await act.settle()
  assert.equal(await act.total(), before + 1)
})

/** An answer without what is drawn anew for each: its date and the cookie's value. */
function shape({ status, headers, text }: Answer): string {
  const { date: _, 'set-cookie': cookie, ...others } = headers
  return JSON.stringify([status, others, cookie?.map((each) => each.replace(/=[\w-]{22};/, '=TOKEN;')), text])
}

test('new, known, held, refused and repeated sign-ups get the same answer, byte for byte', async () => {
  const [confirmed] = await act.takes(act.signature({ email: 'known@example.org' }))
  await act.confirms(confirmed!)
  const [refused] = await act.takes(act.signature({ email: 'refused@example.org' }))
  await act.uses(refused!, 'refusal')
  for (let times = 0; times < 7; times++) await act.takes(act.signature({ email: 'flooded@example.org' }))
  const answers = await Promise.all([
    ['Amara', 'new@example.org'], ['Amara', 'known@example.org'], ['Amara', 'KNOWN@Example.ORG'], ['Amara', 'refused@example.org'], ['Amara', 'flooded@example.org'], ['www.win.example.com', 'held@example.org'], ['Amara', 'nobody@nowhere.example'],
  ].map(async ([name, email]) => postRaw(origin, `${petition}/sign`, filledIn(await page(petition), { name: name!, email: email! }))))
  assert.equal(new Set(answers.map(shape)).size, 1)
  const next = await Promise.all(answers.map(({ headers }) => rawRequest(origin, headers.location!, { headers: { cookie: headers['set-cookie']![0]!.split(';')[0]! } })))
  assert.equal(new Set(next.map(shape)).size, 1)
})

test('an ask that has changed since the page was opened is signed as it was read; a message whose frame has changed is shown again with every word', async () => {
  const open = await page(petition)
  const details = { name: 'Jun', email: 'jun@example.org', postcode: 'AR 110' }
  const second = await (await submitForm(origin, await page(message), '/write', details)).text()
  const former = await it.db.selectFrom('public_action_words').selectAll().where('language', '=', 'en').execute()
  await inTransaction(it.db, async (tx) => {
    for (const each of former) {
      const words = actionWords.parse(each.words)
      const revision = await saveWords(tx, { actionId: each.action_id, language: 'en', words: { ...words, closing: words.closing && `With respect,\n{name}` }, ask: each.ask_id ? 'A new ask' : undefined, staffId: null }, act.now)
      await tx.insertInto('action_publications').values({ action_id: each.action_id, language: 'en', revision_id: revision, from_at: new Date(), staff_id: null }).execute()
    }
  })
  const { origin: fresh } = await openPages(act)
  assert.match(await page(petition, fresh), /A new ask/)
  const signed = await postRaw(fresh, `${petition}/sign`, filledIn(open, details), { origin: fresh })
  assert.equal(signed.status, 303)
  await act.settle()
  const asks = await it.db.selectFrom('participations').select('ask_id').where('action_id', '=', act.petition).orderBy('taken_at', 'desc').execute()
  assert.ok(asks.every(({ ask_id }) => ask_id === act.ask))

  const answer = await submitForm(fresh, second, '/send', { subject: 'My subject', body: 'My own words.' })
  assert.equal(answer.status, 409)
  const again = await answer.text()
  assert.match(again, /<div class="notice" role="alert">/)
  assert.match(again, /With respect,/)
  assert.deepEqual(['subject', 'body'].map((name) => new Map(formOn(again, '/send').fields).get(name)), ['My subject', 'My own words.'])
  assert.equal((await submitForm(fresh, again, '/send', {})).status, 303)
})

test('a form for an action that was stopped meanwhile says why, and keeps a message that was written', async () => {
  const open = await page(petition)
  const second = await (await submitForm(origin, await page(message), '/write', { name: 'Jun', email: 'jun@example.org', postcode: 'AR 110' })).text()
  await inTransaction(it.db, async (tx) => {
    for (const id of [act.petition, act.message]) await moveAction(tx, { id, to: 'suspended', staffId: null, reason: 'We are checking a fact.' }, act.now)
  })
  const { origin: fresh } = await openPages(act)
  const signed = await postRaw(fresh, `${petition}/sign`, filledIn(open, { name: 'Jun', email: 'jun@example.org', comment: 'My reason' }), { origin: fresh })
  assert.equal(signed.status, 409)
  assert.match(signed.text, /We are checking a fact\./)
  assert.match(signed.text, /My reason/)
  const sent = await submitForm(fresh, second, '/send', { body: 'An hour of my own words.' })
  assert.equal(sent.status, 409)
  assert.match(await sent.text(), /An hour of my own words\./)
})

test('when nothing more can be taken in, the page that says so still holds every word', async () => {
  const { origin: full } = await openPages(act, { limits: { queue: 0 } })
  await inTransaction(it.db, (tx) => moveAction(tx, { id: act.petition, to: 'open', staffId: null }, act.now))
  const { origin: fresh } = await openPages(act, { limits: { queue: 0 } })
  for (const site of [full, fresh]) {
    const answer = await postRaw(site, `${petition}/sign`, filledIn(await page(petition, site), { name: 'Salma', email: 'salma@example.org', comment: 'For my brother' }), { origin: site })
    assert.equal(answer.status, 503)
    assert.equal(answer.headers['set-cookie'], undefined)
    const kept = new Map(formOn(answer.text, '/sign').fields)
    assert.deepEqual([kept.get('name'), kept.get('email'), kept.get('comment')], ['Salma', 'salma@example.org', 'For my brother'])
  }
})
