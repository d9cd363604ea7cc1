import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { remind } from '#modules/mailings/index.ts'
import { switchedOff, switchNames, type SwitchName } from '#modules/switches/index.ts'
import { acting } from '#test/support/acting.ts'
import { until } from '#test/support/clarion.ts'
import { formOn, submitForm } from '#test/support/http.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { linkTokens, openDeskPages, openPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const desk = await openDeskPages(it, () => act.now)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const get = async (path: string) => rawRequest(origin, path)
let staffId = ''

before(async () => {
  staffId = await inTransaction(it.as('desk'), (tx) => addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, act.now))
})

const session = async () => ({ cookie: `clarion-desk=${await inTransaction(it.as('desk'), (tx) => openSession(tx, staffId, act.now))}` })

/** Turns something at the desk and waits until the site's page about it shows that: a second at most. */
async function turn(name: SwitchName, to: 'off' | 'on', path: string, shows: (text: string) => boolean): Promise<void> {
  const since = Date.now()
  const answer = await postRaw(desk.origin, `/switches/${name}/${to}`, new URLSearchParams({ [`reason-${name}`]: 'Somebody floods the form' }).toString(), await session())
  assert.equal(answer.headers.location, `/switches?said=switched-${to}`)
  await until(async () => shows((await get(path)).text), `${path} to show that ${name} is ${to}`, 15_000)
  assert.ok(Date.now() - since < 1000, `it took ${Date.now() - since} ms`)
}

test('while signing is off the page reads and prints and says so; whoever had a form open keeps what they typed', async () => {
  const open = (await get(petition)).text
  const firstStep = (await get(message)).text
  const second = await (await submitForm(origin, firstStep, '/write', { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' })).text()
  await turn('signing', 'off', petition, (text) => text.includes('Taking part is paused'))
  const page = (await get(petition)).text
  assert.doesNotMatch(page, /name="email"/)
  assert.match(page, /No one should vanish/)
  assert.match(page, /href="\/actions\/no-one-should-vanish\/sheet"/)
  assert.equal((await get(`${petition}/sheet`)).status, 200)
  assert.match((await get(`/ar${petition}`)).text, /المشاركة متوقفة مؤقتًا/)
  assert.match((await get(message)).text, /by-yourself/)

  const sent = await submitForm(origin, open, '/sign', { name: 'Amara', email: 'amara@example.org', comment: 'My cousin was taken.' })
  const text = await sent.text()
  assert.equal(sent.status, 503)
  assert.match(text, /nothing is lost/)
  assert.match(text, /value="amara@example\.org"/)
  assert.match(text, /My cousin was taken\./)
  const written = await submitForm(origin, second, '/send', { body: 'My own words.' })
  assert.equal(written.status, 503)
  const kept = await written.text()
  assert.match(kept, /My own words\./)
  assert.match(kept, /mailto:/)
  // Back to the first page: what was typed is there too.
  assert.match((await postRaw(origin, `${message}/details`, new URLSearchParams(formOn(kept, '/send').fields).toString())).text, /value="amara@example\.org"/)
  await act.settle()
  assert.deepEqual(await act.states(), [], 'nothing was taken in')

  await turn('signing', 'on', petition, (html) => html.includes('name="email"'))
  assert.equal((await submitForm(origin, text, '/sign', {})).status, 303, 'the same page can be sent now')
})

test('whoever signed before can confirm and take back while signing is off', async () => {
  await act.settle()
  const [token] = await linkTokens(act)
  await turn('signing', 'off', petition, (text) => text.includes('Taking part is paused'))
  assert.equal((await postRaw(origin, `/confirm/${token!}`, '')).headers.location, `${petition}/thanks`)
  await act.settle()
  assert.equal(await act.total(), 1)
  await turn('signing', 'on', petition, (text) => text.includes('name="email"'))
})

test('while counts are off nobody is told a number, neither a reader nor a program', async () => {
  await sql`update actions set options = options || '{"showCountFrom": 1}' where slug = 'no-one-should-vanish'`.execute(it.db)
  await until(async () => (await get(petition)).text.includes('id="count"'), 'the count')
  await turn('counts', 'off', petition, (text) => text.includes('how many people took part'))
  assert.doesNotMatch((await get(petition)).text, /id="count"|<progress/)
  assert.deepEqual(JSON.parse((await get(`${petition}/count.json`)).text), { count: null, goal: null })
  const facts = JSON.parse((await get(`${petition}.json`)).text) as { count: null, areas: [], countries: [] }
  assert.deepEqual([facts.count, facts.areas, facts.countries], [null, [], []])
  for (const path of ['/offices/marovia-government:justice', `${petition}/count-history`]) assert.match((await get(path)).text, /how many people took part/, path)
  assert.doesNotMatch((await get('/offices/marovia-government:justice')).text, /has reached its mail server|written by way of this site/)
  await turn('counts', 'on', petition, (text) => text.includes('id="count"'))
})

test('while look-up is off areas are chosen from the list, and a code that was typed before is no dead end', async () => {
  const open = (await get(message)).text
  await turn('lookup', 'off', message, (text) => text.includes('cannot look up codes'))
  const page = (await get(message)).text
  assert.doesNotMatch(page, /name="postcode"/)
  assert.match(page, /<select[^>]*name="area"/)
  const typed = await (await submitForm(origin, open, '/write', { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' })).text()
  assert.match(typed, /choose from the list/)
  assert.match(typed, /value="amara@example\.org"/)
  assert.equal((await submitForm(origin, page, '/write', { name: 'Amara', email: 'amara@example.org', area: 'marovia:AR' })).status, 200)
  await turn('lookup', 'on', message, (text) => text.includes('name="postcode"'))
})

test('while pictures are off pages carry none, and their addresses lead nowhere', async () => {
  const page = (await get(petition)).text
  const picture = /src="(\/files\/[0-9a-f]+)"/.exec(page)![1]!
  assert.equal((await get(picture)).status, 200)
  await turn('images', 'off', petition, (text) => !text.includes('<img'))
  assert.match((await get(petition)).text, /Pictures are not shown/)
  assert.doesNotMatch((await get('/')).text, /<img/)
  assert.equal((await get(picture)).status, 404)
  assert.doesNotMatch((await get(petition)).text, /og:image/, 'nor do others show one that leads nowhere')
  await turn('images', 'on', petition, (text) => text.includes('<img'))
  assert.equal((await get(picture)).status, 200)
})

test('a language that is off leads to the others, loses no form, and lets links in mails work', async () => {
  const open = (await get(`/ar${petition}`)).text
  await act.takes(act.signature({ email: 'noor@example.org', language: 'ar' }))
  const token = (await linkTokens(act)).at(-1)!
  await turn('language:ar', 'off', `/ar${petition}`, (text) => text.includes('غير معروضة'))
  const page = await get(`/ar${petition}`)
  assert.equal(page.status, 503)
  assert.equal(page.headers['retry-after'], '600')
  assert.match(page.text, new RegExp(`<a href="${petition}" lang="en"`))
  assert.doesNotMatch((await get(petition)).text, /href="\/ar\//, 'and nothing leads there')
  const sent = await submitForm(origin, open, '/sign', { name: 'نور', email: 'noor@example.org' })
  const text = await sent.text()
  assert.equal(sent.status, 503)
  assert.match(text, /value="noor@example\.org"/)
  assert.match(text, /<html lang="en"/)
  assert.equal((await submitForm(origin, text, '/sign', {})).status, 303, 'it can be sent from there')
  assert.equal((await get(`/ar/withdraw/${token}`)).status, 200)
  assert.equal((await postRaw(origin, `/ar/withdraw/${token}`, '')).status, 303)
  await turn('language:ar', 'on', `/ar${petition}`, (html) => html.includes('name="email"'))
  const refused = await postRaw(desk.origin, '/switches/language:en/off', 'reason-language:en=x', await session())
  assert.equal(refused.status, 404, 'the default language stays on')
})

test('while reminders are off nobody is reminded; those who are due are reminded afterwards', async (context) => {
  const sink = await mailSink()
  context.after(() => sink.stop())
  const post = act.post(sink)
  await act.takes(act.signature({ email: 'late@example.org' }))
  await act.mails(post)
  act.later({ days: 3 })
  await turn('reminders', 'off', `${petition}/one-more-step`, (text) => text.includes('no reminders'))
  assert.equal(await switchedOff(it.as('worker'), 'reminders'), true)
  assert.equal(await remind(it.as('worker'), it.keys, act.now), 0)
  await turn('reminders', 'on', `${petition}/one-more-step`, (text) => !text.includes('no reminders'))
  assert.ok(await remind(it.as('worker'), it.keys, act.now) > 0)
  // Promised, and switched off before they went out.
  sink.received.length = 0
  await turn('reminders', 'off', `${petition}/one-more-step`, (text) => text.includes('no reminders'))
  await act.mails(post)
  assert.deepEqual(sink.received, [])
  await turn('reminders', 'on', `${petition}/one-more-step`, (text) => !text.includes('no reminders'))
  await act.mails(post)
  assert.ok(sink.received.some(({ to }) => to === 'late@example.org'))
  post.close()
})

test('while searching is off its page says so and leads on; everything that is offered can be turned off, and on again', async () => {
  await turn('search', 'off', '/search?q=register', (text) => text.includes('Searching is switched off'))
  assert.equal((await get('/search?q=register')).status, 503)
  await turn('search', 'on', '/search?q=register', (text) => !text.includes('Searching is switched off'))
  for (const name of [...switchNames, 'language:ar']) {
    for (const to of ['off', 'on']) assert.equal((await postRaw(desk.origin, `/switches/${name}/${to}`, `reason-${name}=trying`, await session())).status, 303, `${name} ${to}`)
  }
})

test('the desk shows who turned what off, when and why, wants a reason, and keeps it all in the log', async () => {
  const refused = await postRaw(desk.origin, '/switches/counts/off', 'reason-counts=', await session())
  assert.equal(refused.status, 422)
  assert.match(refused.text, /say why/)
  await postRaw(desk.origin, '/switches/counts/off', 'reason-counts=The numbers are being checked', await session())
  const page = (await rawRequest(desk.origin, '/switches', { headers: await session() })).text
  assert.match(page, /The numbers are being checked/)
  assert.match(page, /by Salma/)
  assert.match((await rawRequest(desk.origin, '/', { headers: await session() })).text, /One thing is switched off for everybody/)
  const log = (await rawRequest(desk.origin, '/audit?verb=switch-off', { headers: await session() })).text
  assert.match(log, /The numbers are being checked/)
  assert.match(log, />Public counts</)
  assert.match(log, /Somebody floods the form/)
})
