import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import { inTransaction, sql } from '#platform/db.ts'
import { Opener, sealOne } from '#platform/sealing/index.ts'
import { workOnExports, type ExportTools } from '#modules/exports/index.ts'
import { recordPlace } from '#modules/actions/index.ts'
import { messageHooks } from '#modules/messages/index.ts'
import { carryOutRequest, writeCapsules, type OwnParticipation } from '#modules/own-data/index.ts'
import { addController, addStatement, answerSearch } from '#modules/people/index.ts'
import { carryOutErasures } from '#modules/privacy/index.ts'
import { addStaff, changeStaff, openSession, type Role } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn } from '#test/support/http.ts'
import { openDeskPages, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const play = await acting(it)
const { origin } = await openDeskPages(it, () => play.now)
const identity = await generateX25519Identity()
const opener = new Opener([...it.secrets.desk.contact, ...it.secrets.desk.record])
const tools: ExportTools = { db: it.as('desk'), opener, record: it.secrets.desk.record.at(-1)!, log: it.log, auditLines: new Map() }

async function staff(role: Role, email: string): Promise<{ cookie: string }> {
  const recipient = await identityToRecipient(identity)
  return inTransaction(it.as('desk'), async (tx) => {
    const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email, role, language: 'en' }, play.now)
    await changeStaff(tx, id, { ageRecipient: recipient })
    return { cookie: `clarion-desk=${await openSession(tx, id, play.now)}` }
  })
}

const steward = await staff('data-steward', 'steward@lamplight.example')
const colleague = await staff('data-steward', 'colleague@lamplight.example')
const campaigner = await staff('campaigner', 'campaigner@lamplight.example')
const get = (path: string, who = steward) => rawRequest(origin, path, { headers: who })
const post = (path: string, fields: Record<string, string> = {}, who = steward) => postRaw(origin, path, new URLSearchParams(fields).toString(), who)
const to = (answer: Answer) => {
  assert.equal(answer.status, 303, answer.text.slice(0, 2000))
  return answer.headers.location!
}

type OwnFile = { email: string, name: string, shared: boolean, participations: OwnParticipation[] }

async function opened({ status, bytes }: Answer): Promise<string> {
  assert.equal(status, 200)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return Buffer.from(await decrypter.decrypt(bytes)).toString()
}

test('a request by letter: found, answered with everything, held, erased when the hold is lifted, and all of it in the log', async () => {
  const { rows: [question] } = await sql<{ statement: string, wording: string }>`select statement.id as statement, wording.id as wording from consent_statements statement join consent_wordings wording on wording.statement_id = statement.id and language = 'en' where channel = 'email' limit 1`.execute(it.db)
  const [signed] = await play.takes(play.signature({ name: 'Amara Lind', comment: 'My cousin was taken.', answers: [{ ...question!, answer: 'yes' }] }))
  await play.confirms(signed!)
  const [letter] = await play.takes(play.letter({ name: 'Amara Lind' }))
  await play.confirms(letter!)
  const [noor] = await play.takes(play.signature({ email: 'noor@example.org', name: 'Noor' }))
  await play.confirms(noor!)
  await play.count()

  // Found by the address in the letter; the worker alone can do that.
  const looking = to(await post('/supporters/search', { email: 'Amara@example.org' }))
  await answerSearch(it.as('worker'), it.keys.opener, it.keys.indexKeys, looking.split('/').at(-1)!, play.now)
  const page = to(await get(looking))

  // Everything, for a reason, to the steward's own key.
  assert.match((await post(`${page}/everything`, { 'everything-reason': 'Letter of 27 February.' })).text, /<a href="#everything-who">.*<a href="#everything-way">/s)
  const asks = async (as: 'html' | 'json') => {
    const asking = post(`${page}/everything`, { 'everything-reason': 'Letter of 27 February.', 'everything-who': 'themselves', 'everything-way': 'letter', as })
    while (await writeCapsules({ db: it.as('worker'), opener: it.keys.opener, indexKeys: it.keys.indexKeys, log: it.log }, play.now) === 0) { /* until it is asked for */ }
    return opened(await asking)
  }
  const everything = JSON.parse(await asks('json')) as OwnFile
  const toRead = await asks('html')
  assert.match(toRead, /^<!doctype html>\n<html lang="en" dir="ltr">.*amara@example\.org.*My cousin was taken\./s)
  assert.doesNotMatch(toRead, /<(?:form|button|a|script|img)\b/)
  assert.deepEqual([everything.email, everything.name, everything.shared], ['amara@example.org', 'Amara Lind', false])
  // Both were taken in the same second.
  const taken = everything.participations.toSorted((one, other) => one.action.slug.localeCompare(other.action.slug))
  assert.deepEqual(taken.map(({ action }) => action.slug), ['no-one-should-vanish', 'write-to-your-representative'])
  assert.equal(taken[0]!.comment, 'My cousin was taken.')
  assert.match(taken[1]!.text![0]!.body, /Please vote for the register/)
  assert.ok(taken[0]!.consents.some(({ answer, wording }) => answer === 'yes' && wording !== null && wording.length > 10))

  // A list for a hand-over, which has her in it.
  const planned = to(await post('/exports', { export_kind: 'participations', export_format: 'csv', export_action: play.petition, reason: 'To hand it over.' }))
  assert.match((await get(planned)).text, /<p class="big">2<\/p>/)
  assert.equal((await get(planned, colleague)).status, 404, 'an export is there for who asked for it')
  await sql`update approval_limits set above = 1 where kind = 'export'`.execute(it.db)
  to(await post(`${planned}/start`))
  const toAnswer = (await get('/approvals', colleague)).text
  assert.match(toAnswer, /Signatures and messages taken in.*No one should vanish.*Table \(CSV\)/s, 'the second person reads what it is of')
  assert.equal((await post(formOn(toAnswer, '/approve').action, {}, colleague)).status, 303)
  await sql`update approval_limits set above = 100 where kind = 'export'`.execute(it.db)
  while (await workOnExports(tools, play.now)) { /* until it is made */ }
  const table = parse<Record<string, string>>(await opened(await post(`${planned}/download`)), { columns: true })
  assert.deepEqual(table.map(({ email }) => email!).toSorted(), ['amara@example.org', 'noor@example.org'])

  // A court wants it kept; she asks to be erased and is told so.
  assert.equal(to(await post(`${page}/hold`)), `${page}?said=needs-reason`)
  to(await post(`${page}/hold`, { 'hold-reason': 'A court asked for it.' }))
  assert.match((await post(`${page}/erase`, { reason: 'Letter of 27 February.', 'erase-who': 'themselves' })).text, /<a href="#erase-way">/, 'who asked, and how')
  assert.equal(to(await post(`${page}/erase`, { reason: 'Letter of 27 February.', 'erase-who': 'themselves', 'erase-way': 'letter' })), `${page}?said=erasing-held`)
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 0)
  const waiting = (await get(page)).text
  assert.match(waiting, /A legal hold keeps this person’s data\..*A court asked for it\./s)
  assert.match(waiting, /asked on .* to be erased/)

  // It is lifted, with a reason; she is erased, and the list with her.
  const lift = formOn((await get('/holds')).text, '/lift').action
  assert.equal((await post(lift)).status, 422)
  to(await post(lift, { [`lift-${lift.split('/')[2]!}`]: 'The court is done.' }))
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
  assert.equal((await get(page)).status, 404)
  assert.match((await get(planned)).text, /Deleted: somebody in it was erased/)
  assert.equal((await post(`${planned}/download`)).status, 409)
  assert.equal(await play.total(), 2)

  const log = (await get('/audit')).text
  for (const line of ['opened a supporter', 'counted an export', 'exported', 'downloaded an export', 'placed a legal hold', 'erased a supporter', 'lifted a legal hold']) assert.ok(log.includes(`>${line}</a>`), line)
  assert.match(log, />erased a supporter<\/a><small>by letter · themselves<\/small>/)
  for (const reason of ['Letter of 27 February.', 'To hand it over.', 'A court asked for it.', 'The court is done.']) assert.ok(log.includes(reason), reason)
  assert.doesNotMatch(log, /amara|Lind/i)
})

test('an answer, how often, a phone number and a postal address are taken down one by one, with who asked and how', async () => {
  const { rows: [question] } = await sql<{ statement: string }>`select id as statement from consent_statements where channel = 'email' and about = 'controller' limit 1`.execute(it.db)
  const taking = play.signature({ email: 'caller@example.org', name: 'Noor' })
  const { table, column, row } = recordPlace(taking.id)
  const [signed] = await play.takes({ ...taking, record: (await sealOne(tools.record, { table, column, row }, { phone: '0555 0100', postalAddress: '3 Harbour Lane' })).toString('base64') })
  await play.confirms(signed!)
  const { person_id: person } = await it.db.selectFrom('participations').select('person_id').where('id', '=', signed!.id).executeTakeFirstOrThrow()
  const page = `/supporters/${person}`
  const asks = async (wish: Record<string, string>) => {
    const answer = await post(`${page}/request`, { request_way: 'phone', request_who: 'themselves', reason: 'She called on Monday.', ...wish })
    if (answer.status !== 303) return answer.text
    const { id } = await it.db.selectFrom('supporter_requests').select('id').where('person_id', '=', person).where('done_at', 'is', null).executeTakeFirstOrThrow()
    await carryOutRequest(it.as('worker'), { keys: it.keys, hooks: messageHooks(it.keys), practice: async () => false }, id, play.now)
    return 'done'
  }
  assert.match((await get(`${page}/request`)).text, /<a href="[^"]*\/request\?what=answer">/)
  assert.match((await get(`${page}/request?what=answer`)).text, new RegExp(`<option value="${question!.statement}"`))
  assert.doesNotMatch((await get(`${page}/request?what=answer`)).text, /request_phone|request_email|request_until/)
  assert.match(await asks({ request_what: 'answer', request_way: '', request_who: '' }), /<a href="#request_way"><strong>How did they ask\?<\/strong> – Please choose one/)
  assert.match(await asks({ request_what: 'answer', request_question: question!.statement }), /id="request_answer"[^>]*aria-invalid/)
  assert.equal(await asks({ request_what: 'answer', request_question: question!.statement, request_answer: 'yes' }), 'done')
  assert.equal(await asks({ request_what: 'often', request_question: question!.statement, request_often: 'monthly' }), 'done')
  const { rows: [held] } = await sql<{ answer: string, way: string, worded: boolean, frequency: string }>`
    select answer, way, wording_id is not null as worded, (select frequency from preferences where person_id = ${person}) as frequency from consents where person_id = ${person} and statement_id = ${question!.statement} order by recorded_at desc limit 1`.execute(it.db)
  assert.deepEqual(held, { answer: 'yes', way: 'staff', worded: true, frequency: 'monthly' })

  const record = async () => {
    const kept = await it.db.selectFrom('participations').select('record').where('id', '=', signed!.id).executeTakeFirstOrThrow()
    return kept.record && opener.open(recordPlace(signed!.id), kept.record)
  }
  assert.match(await asks({ request_what: 'phone', request_participation: randomUUID(), request_phone: '1' }), /request_participation-wrong/)
  assert.equal(await asks({ request_what: 'phone', request_participation: signed!.id, request_phone: '0555 0199' }), 'done')
  assert.deepEqual(await record(), { phone: '0555 0199', postalAddress: '3 Harbour Lane' }, 'what was not asked about stays')
  assert.equal(await asks({ request_what: 'postal', request_participation: signed!.id, request_postal: '' }), 'done')
  assert.deepEqual(await record(), { phone: '0555 0199' })
  assert.equal(await asks({ request_what: 'phone', request_participation: signed!.id, request_phone: '' }), 'done')
  assert.equal(await record(), null)
  assert.match((await get(page)).text, /Phone or postal address corrected <small>by phone · themselves/)
})

test('where more than one name uses a mailbox its page says so, and all of them are erased only if all of them asked', async () => {
  const [noor] = await play.takes(play.signature({ email: 'home@example.org', name: 'Noor' }))
  await play.confirms(noor!)
  const { person_id: person } = await it.db.selectFrom('participations').select('person_id').where('id', '=', noor!.id).executeTakeFirstOrThrow()
  const page = `/supporters/${person}`
  assert.doesNotMatch((await get(page)).text, /names use this mailbox/)
  const [tarek] = await play.takes(play.signature({ email: 'home@example.org', name: 'Tarek' }))
  await play.confirms(tarek!)
  assert.match((await get(page)).text, /2 names use this mailbox.*\/request\?what=link/s)
  assert.match((await post(`${page}/erase`, { reason: 'A letter.' })).text, /<a href="#erase_names">/)
  to(await post(`${page}/erase`, { reason: 'The mailbox belongs to a machine.', erase_names: 'yes', 'erase-who': 'nobody' }))
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
})

test('what a clock would take is seen before it is set; other roles know nothing of it', async () => {
  await play.takes(play.signature({ email: 'waiting@example.org' }))
  assert.match((await get('/retention')).text, /Due now: # people|Due now: 0 people/)
  const tried = await post('/retention/unconfirmed/try', { 'days-unconfirmed': '٣' })
  assert.match(tried.text, /one person on/)
  assert.equal((await post('/retention/unconfirmed/try', { 'days-unconfirmed': '2' })).status, 422)
  assert.equal((await post('/retention/unconfirmed/set', { 'days-unconfirmed': '5000' })).status, 422)
  to(await post('/retention/unconfirmed/set', { 'days-unconfirmed': '3' }))
  assert.match((await get('/retention')).text, /Kept for 3 days/)
  assert.match((await post('/retention/run')).text, /<a href="#sure">/, 'it cannot be taken back, so it is asked')
  to(await post('/retention/run', { sure: 'yes' }))
  for (const path of ['/retention', '/holds']) assert.equal((await get(path, campaigner)).status, 404)
  assert.equal((await post('/retention/unconfirmed/set', { 'days-unconfirmed': '14' }, campaigner)).status, 404)
  to(await post('/retention/unconfirmed/set', { 'days-unconfirmed': '14' }))
})

test('on a joint action each asks for itself, nothing ticked, and a partner’s key is checked', async () => {
  const ids = await inTransaction(it.as('desk'), async (tx) => {
    const partner = await addController(tx, { names: { en: 'Harbour Light' }, privacyUrl: 'https://partner.example/privacy' })
    const question = await addStatement(tx, { purpose: 'updates', channel: 'email', controllerId: partner, wordings: { en: 'Harbour Light may write to me.' } }, play.now)
    await sql`insert into action_statements (action_id, position, statement_id) select ${play.petition}, 9, ${question}`.execute(tx)
    return { partner, question }
  })
  const site = await openPages(play)
  const form = (await rawRequest(site.origin, '/actions/no-one-should-vanish')).text
  assert.match(form, new RegExp(`<fieldset id="consent-${ids.question}"[^>]*><legend[^>]*>Harbour Light may write to me\\..*?Harbour Light.*?https://partner\\.example/privacy`, 's'))
  for (const [, rest] of form.matchAll(/<input type="radio" name="consent-[^>]*?value="(?:yes|no)"([^>]*)>/g)) assert.equal(rest, '')
  assert.equal((await post(`/partners/${ids.partner}/key`, { [`age_key-${ids.partner}`]: 'age1nobody' })).status, 422)
  assert.match((await get('/exports/new')).text, /Harbour Light/)
  const planned = to(await post('/exports', { export_kind: 'partner', export_format: 'json', export_partner: ids.partner, reason: 'Agreed hand-over.' }))
  assert.equal((await post(`${planned}/start`)).status, 409, 'not without its key')
  to(await post(`/partners/${ids.partner}/key`, { [`age_key-${ids.partner}`]: await identityToRecipient(identity) }))
  to(await post(`${planned}/start`))
  while (await workOnExports(tools, play.now)) { /* until it is made */ }
  assert.deepEqual(JSON.parse(await opened(await post(`${planned}/download`))), [], 'a yes to us is none to it')
})

test('a partner who asks two things is one partner, with one key; an address of a policy is nobody’s without a partner', async () => {
  const ask = (partner: string) => post('/settings/statements', { 'wording-en': 'May Harbour Light call me?', channel: 'phone', partner, partner_url: 'partner.example/data' })
  to(await ask('harbour light '))
  const { rows } = await sql<{ url: string }>`select privacy_url as url from controllers where not publisher`.execute(it.db)
  assert.deepEqual(rows, [{ url: 'https://partner.example/data' }])
  assert.match((await ask('')).text, /<a href="#partner">/)
})

test('a partner that was a mistake goes once it is asked about nothing; one of whom a list was asked for stays', async () => {
  to(await post('/settings/statements', { 'wording-en': 'May Harbor Lite write to me?', channel: 'email', partner: 'Harbor Lite' }))
  const { rows: [its] } = await sql<{ partner: string, question: string }>`select controller.id as partner, statement.id as question from controllers controller join consent_statements statement on statement.controller_id = controller.id where names->>'en' = 'Harbor Lite'`.execute(it.db)
  const said = async (id: string) => /said=([a-z-]+)/.exec(to(await post(`/partners/${id}/remove`)))?.[1]
  assert.equal(await said(its!.partner), 'partner-stays', 'its question is asked')
  to(await post(`/settings/statements/${its!.question}/retire`))
  assert.match((await get('/partners')).text, new RegExp(`action="/partners/${its!.partner}/remove"`))
  assert.equal(await said(its!.partner), 'partner-removed')
  assert.equal(await said(its!.partner), 'partner-removed', 'pressed twice')
  const page = (await get('/partners')).text
  assert.ok(!page.includes('Harbor Lite') && page.includes('Harbour Light'))
  const { rows: [first] } = await sql<{ id: string }>`select id from controllers where names->>'en' = 'Harbour Light'`.execute(it.db)
  await sql`update consent_statements set retired_at = ${play.now} where controller_id = ${first!.id}`.execute(it.db)
  assert.equal(await said(first!.id), 'partner-stays')
})
