import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { recordPlace, type RecordDetails } from '#modules/actions/index.ts'
import { changeWordings } from '#modules/people/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post } from '#test/support/http.ts'
import { linkTokens, openDeskPages, openPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const page = async (path: string, site = origin) => (await rawRequest(site, path)).text
const statementOf = async (channel: string) => (await it.db.selectFrom('consent_statements').select('id').where('channel', '=', channel).executeTakeFirstOrThrow()).id
const emailAbout = async (about: 'action' | 'controller') => (await it.db.selectFrom('consent_statements').select('id').where('channel', '=', 'email').where('about', '=', about).where('purpose', '<>', 'bulletin').executeTakeFirstOrThrow()).id
const updates = await emailAbout('controller')
const ofAction = await emailAbout('action')
const calls = await statementOf('phone')
const seen = await statementOf('public-name')

type Fields = [string, string][]

/** Signs with these answers, confirms, and returns what the ledger has of it: of the question about the action alone only what was answered. */
async function signing(email: string, answers: Fields, change: (fields: Fields) => Fields = (fields) => fields): Promise<Record<string, string>> {
  const { fields } = formOn(await page(petition), '/sign')
  const answer = await post(origin, `${petition}/sign`, [...change(fields.filter(([name]) => name !== 'name' && name !== 'email')), ['name', 'Amara'], ['email', email], ...answers])
  assert.equal(answer.status, 303)
  return confirmed()
}

async function confirmed(): Promise<Record<string, string>> {
  await act.settle()
  const [token] = await linkTokens(act)
  const before = await sql<{ id: string }>`select id from consents`.execute(it.db)
  assert.equal((await postRaw(origin, `/confirm/${token}`, '')).status, 303)
  await act.settle()
  act.later({ minutes: 1 })
  const known = new Set(before.rows.map(({ id }) => id))
  const { rows } = await sql<{ id: string, statement_id: string, answer: string, wording_id: string | null }>`select id, statement_id, answer, wording_id from consents`.execute(it.db)
  const fresh = rows.filter(({ id }) => !known.has(id))
  assert.ok(fresh.every((row) => (row.wording_id === null) === (row.answer === 'not-shown')))
  return Object.fromEntries(fresh.filter((row) => row.statement_id !== ofAction || ['yes', 'no'].includes(row.answer)).map((row) => [row.statement_id, row.answer]))
}

test('nothing is ticked, and every question has a yes and a no', async () => {
  for (const path of [petition, message, `/ar${petition}`, `/ar${message}`]) {
    const text = await page(path)
    const radios = [...text.matchAll(/<input type="radio" name="(consent-[^"]+)" value="(yes|no)"([^>]*)>/g)]
    assert.equal(radios.length, 6)
    for (const [, , , rest] of radios) assert.equal(rest, '')
    // The one box on a page says where somebody lives.
    for (const [box] of text.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)) assert.equal(box, '<input type="checkbox" name="elsewhere" value="yes">')
  }
})

test('yes, no, not answered and not shown are recorded as what they are', async () => {
  assert.deepEqual(await signing('one@example.org', [[`consent-${updates}`, 'yes'], [`consent-${seen}`, 'no']]), { [updates]: 'yes', [seen]: 'no' })
  assert.deepEqual(await signing('two@example.org', []), { [updates]: 'not-answered', [seen]: 'not-answered' })
  assert.deepEqual(await signing('three@example.org', [[`consent-${updates}`, 'YES'], [`consent-${seen}`, 'on']]), { [updates]: 'not-answered', [seen]: 'not-answered' }, 'only the page’s own answers are answers')
  assert.deepEqual(await signing('four@example.org', [[`consent-${updates}`, 'yes'], [`consent-${seen}`, 'yes']], (fields) => fields.filter(([name]) => name !== 'shown')), { [updates]: 'not-shown', [seen]: 'not-shown' }, 'what was not shown cannot be answered')
  assert.deepEqual(await signing('five@example.org', [[`consent-${calls}`, 'yes'], ['shown', calls]]), { [updates]: 'not-answered', [seen]: 'not-answered' }, 'nor can what this action does not ask')
})

test('news of this action and the newsletter are two questions: a yes to one is none to the other', async () => {
  const legends = [...(await page(petition)).matchAll(/<legend[^>]*>([^<]*by e-mail[^<]*)/g)].map(([, words]) => words!)
  assert.match(legends[0]!, /what comes of this action\?$/)
  assert.match(legends[1]!, /newsletter/)
  assert.deepEqual(await signing('six@example.org', [[`consent-${ofAction}`, 'yes'], [`consent-${updates}`, 'no']]), { [ofAction]: 'yes', [updates]: 'no', [seen]: 'not-answered' })
})

test('an action that is begun in the desk asks both, whatever it is begun from', async () => {
  const desk = await openDeskPages(it, () => act.now)
  const cookie = await inTransaction(it.as('desk'), async (tx) => {
    const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'campaigner', language: 'en' }, act.now)
    return `clarion-desk=${await openSession(tx, id, act.now)}`
  })
  for (const template of ['petition', 'representative', 'office']) {
    const { headers } = await postRaw(desk.origin, '/actions/new', new URLSearchParams({ title: `Begun from ${template}`, template }).toString(), { cookie })
    const [, id] = /^\/actions\/([0-9a-f-]{36})/.exec(headers.location!)!
    const asked = await it.db.selectFrom('action_statements').select('statement_id').where('action_id', '=', id!).orderBy('position').execute()
    assert.deepEqual(asked.map(({ statement_id }) => statement_id), [ofAction, updates])
  }
})

async function holds(email: string): Promise<string | undefined> {
  const { rows: [row] } = await sql<{ answer: string }>`
    select held.answer from participations p join consents c on c.person_id = p.person_id and c.participation_id = p.id cross join lateral current_consents(p.person_id) held
    where held.statement_id = ${updates} and p.id = ${participations.get(email)!} limit 1`.execute(it.db)
  return row?.answer
}

const participations = new Map<string, string>()
async function remembered(email: string): Promise<void> {
  participations.set(email, (await it.db.selectFrom('participations').select('id').orderBy('taken_at', 'desc').executeTakeFirstOrThrow()).id)
}

test('an unanswered question never turns an earlier yes into a no, and a later no does', async () => {
  await signing('salma@example.org', [[`consent-${updates}`, 'yes']])
  await remembered('salma@example.org')
  assert.equal(await holds('salma@example.org'), 'yes')
  await signing('salma@example.org', [], (fields) => fields.map(([name, value]) => (name === 'key' ? [name, 'k'.repeat(22)] : [name, value])))
  assert.equal(await holds('salma@example.org'), 'yes')
  await signing('salma@example.org', [[`consent-${updates}`, 'no']], (fields) => fields.map(([name, value]) => (name === 'key' ? [name, 'l'.repeat(22)] : [name, value])))
  assert.equal(await holds('salma@example.org'), 'no')
})

test('what was answered means nothing until the address is confirmed', async () => {
  const { fields } = formOn(await page(petition), '/sign')
  const before = (await it.db.selectFrom('consents').select('id').execute()).length
  await post(origin, `${petition}/sign`, [...fields.filter(([name]) => name !== 'name' && name !== 'email'), ['name', 'Jun'], ['email', 'jun@example.org'], [`consent-${updates}`, 'yes']])
  await act.settle()
  assert.equal((await it.db.selectFrom('consents').select('id').execute()).length, before)
  assert.deepEqual(await confirmed(), { [updates]: 'yes', [seen]: 'not-answered' })
})

test('who opened the page before a wording changed is recorded against the words they read', async () => {
  const { fields } = formOn(await page(petition), '/sign')
  const read = fields.filter(([name]) => name === 'shown').map(([, id]) => id)
  await inTransaction(it.db, (tx) => changeWordings(tx, updates, { en: 'Another wording' }, act.now))
  const { origin: fresh } = await openPages(act)
  const shown = await page(petition, fresh)
  assert.match(shown, /Another wording/)
  const answer = await post(fresh, `${petition}/sign`, [...fields.filter(([name]) => name !== 'name' && name !== 'email'), ['name', 'Ilse'], ['email', 'ilse@example.org'], [`consent-${updates}`, 'yes']])
  assert.equal(answer.status, 303)
  assert.equal((await confirmed())[updates], 'yes')
  const row = await it.db.selectFrom('consents').select('wording_id').where('statement_id', '=', updates).orderBy('recorded_at', 'desc').orderBy('presented_at', 'desc').executeTakeFirstOrThrow()
  assert.ok(read.includes(row.wording_id!))
})

test('a phone number is wanted only from those who say yes to calls, and kept from nobody else', async () => {
  const details = async (email: string, answers: Fields) => {
    const { fields } = formOn(await page(message), '/write')
    const typed: Fields = [['name', 'Noor'], ['email', email], ['postcode', 'AR 110'], ...answers]
    return post(origin, `${message}/write`, [...fields.filter(([name]) => !typed.some(([each]) => each === name)), ...typed])
  }
  const missing = await details('noor@example.org', [[`consent-${calls}`, 'yes']])
  assert.equal(missing.status, 422)
  assert.match(await missing.text(), /<a href="#phone">/)
  const opener = new Opener(it.secrets.desk.record)
  for (const [email, answer, phone] of [['noor@example.org', 'yes', '+00 555 0199'], ['amina@example.org', 'yes', '+٠٠ ٥٥٥ ٠١٩٩'], ['leila@example.org', 'no', undefined]] as const) {
    const composed = await details(email, [[`consent-${calls}`, answer], ['phone', phone ?? '+00 555 0101']])
    const second = formOn(await composed.text(), '/send')
    assert.equal((await post(origin, second.action, second.fields)).status, 303)
    await act.settle()
    const { id, record } = await it.db.selectFrom('participations').select(['id', 'record']).where('state', '=', 'waiting').executeTakeFirstOrThrow()
    assert.equal(record && (await opener.open<RecordDetails>(recordPlace(id), record)).phone, phone ? '+00 555 0199' : null)
    assert.equal((await confirmed())[calls], answer)
  }
})
