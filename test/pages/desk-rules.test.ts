import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countryCodes } from '#platform/countries.ts'
import { inTransaction, sql } from '#platform/db.ts'
import { countryNameIn } from '#platform/formats.ts'
import { groupsOf, reportContact, rulesOf, setRules, setTargets, targetRules } from '#modules/actions/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn } from '#test/support/http.ts'
import { openDeskPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openDeskPages(it, () => act.now)
const cookie = await inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'campaigner', language: 'en' }, act.now)
  return `clarion-desk=${await openSession(tx, id, act.now)}`
})
const at = (path: string) => `/actions/${act.message}${path}`
const get = async (path: string) => (await rawRequest(origin, at(path), { headers: { cookie } })).text
const post = (path: string, fields: [string, string][]) => postRaw(origin, at(path), new URLSearchParams(fields).toString(), { cookie })
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')

function uploads(path: string, name: string, csv: string): Promise<Answer> {
  const body = `--b\r\ncontent-disposition: form-data; name="${name}"; filename="facts.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--b--\r\n`
  return postRaw(origin, at(path), body, { cookie, 'content-type': 'multipart/form-data; boundary=b' })
}

test('before it opens, it is said how many have no e-mail address, by what else each can be reached, and that nothing is written for the phone', async () => {
  const page = async () => words(await get('/rules?only=no-email'))
  const { rows } = await sql<{ id: string, count: number }>`
    select min(offices.id) as id, count(*)::int as count from offices join terms on terms.office_id = offices.id and terms.until is null
    where offices.body_id = 'marovia-assembly' and not exists (select from contact_details where kind = 'email' and ended_on is null and (official_id = terms.official_id or office_id = offices.id))`.execute(it.db)
  const [silent] = rows
  assert.ok(silent!.count > 0)
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), ${silent!.id}, 'phone', '+999 1', 'test', '2027-01-01')`.execute(it.db)
  assert.match(await page(), /target(s have| has) no e-mail address\. Supporters are shown how to reach .* What to say on the phone is not written yet: .*no e-mail address, but: .*Phone/)
  await sql`delete from contact_details where office_id = ${silent!.id} and source = 'test'`.execute(it.db)
})

test('a table of facts is loaded as it is, what it does not place is named, and what is typed by hand stands beside it', async () => {
  const answer = await uploads('/facts/file', 'facts_file', 'District,Cases so far,2024\nAR,12,x\nnowhere,1,y\nBelmora,3\n')
  const said = words(answer.text)
  assert.match(said, /2 places were filled in\..*Row 3: “nowhere” is not known/)
  assert.match(said, /\{fact_cases_so_far\}.*\{fact_2024\}/)
  const page = (await get('/facts')).replace(/<form method="get"[\s\S]*?<\/form>/g, '')
  const { action, fields } = formOn(page, '/facts')
  assert.ok(action.startsWith(at('/facts')))
  assert.equal(fields.find(([name]) => name === 'cases_so_far marovia:AR')![1], '12')
  await post('/facts', fields.map(([name, value]) => [name, name === 'cases_so_far marovia:CO' ? '7' : value]))
  const { rows } = await sql<{ area_id: string, facts: object }>`select area_id, facts from area_facts where facts <> '{}' order by area_id`.execute(it.db)
  assert.deepEqual(rows, [{ area_id: 'marovia:AR', facts: { 2024: 'x', cases_so_far: '12' } }, { area_id: 'marovia:BE', facts: { cases_so_far: '3' } }, { area_id: 'marovia:CO', facts: { cases_so_far: '7' } }])
  for (const bad of ['', 'one column\nAR\n', 'a,b,b\nAR,1,2\n', '\u0000\u0000']) assert.equal((await uploads('/facts/file', 'facts_file', bad)).status, 422, JSON.stringify(bad))
})

test('a field that no column fills is named before it can be saved', async () => {
  const { fields } = formOn(await get('/words/en'), '/words/en')
  const save = (body: string) => post('/words/en', fields.map(([name, value]) => [name, name === 'body' ? body : value]))
  const wrong = await save('There are {fact_nothing|some} cases.')
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /There is no column for .?\{fact_nothing\}.*Facts about places/)
  assert.match(words(await get('/facts')), /\{fact_cases_so_far\} .{0,3}a value for 3 of \d+ places/)
  assert.equal((await save('There are {fact_cases_so_far} cases.')).status, 303)
  assert.match(words(await get('')), /Still missing: .{0,3}a fall-back for .?\{fact_cases_so_far\}.*because for some there is no value/, 'no letter goes out with a hole in it')
  assert.equal((await save('There are {fact_cases_so_far|some} cases.{fact_2024|}')).status, 303)
  assert.doesNotMatch(words(await get('')), /a fall-back for/, 'a bar alone says that nothing should stand there')
})

test('a rule with a name that no target has is not kept; a group keeps how it is chosen', async () => {
  const wrong = await post('/rules/new', [['rule_party', 'Progres Bench'], ['rule_outcome', 'skip']])
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /No target is called like this: .?Progres Bench/)
  assert.equal((await post('/rules/new', [['rule_party', 'Progress Bench'], ['rule_party', 'Harbour List'], ['is_party', 'not'], ['rule_outcome', 'new'], ['rule_variant', 'Asking']])).status, 303)
  assert.match(words(await get('/rules')), /The list is whole/, 'in an action that is open, all others go on getting its own words')
  assert.equal((await post('/rules/new', [['rule_language', 'ar'], ['rule_outcome', 'skip']])).status, 303)
  const rules = (await rulesOf(it.db, [act.message])).get(act.message)!
  assert.deepEqual(rules.map((rule) => [rule.outcome, rule.conditions.map(({ attribute, is, values }) => `${attribute} ${is} ${values.join()}`)]), [['variant', ['party false Progress Bench,Harbour List']], ['skip', ['language true ar']], ['main', []]])
  await post('/rules/2/up', [])
  assert.equal((await rulesOf(it.db, [act.message])).get(act.message)![0]!.outcome, 'skip')

  assert.equal((await post('/groups/2', [['offices', 'marovia-government:justice'], ['group_role', 'copy'], ['group_mode', 'random'], ['group_most', '3']])).status, 303)
  assert.deepEqual((await groupsOf(it.db, [act.message])).get(act.message)!.map(({ number, role, mode }) => [number, role, mode]), [[2, 'copy', 'random']])
  assert.match(words(await get('/targets')), /Group 2 Get a copy: one drawn by lot/)
  await post('/groups/2/up', [])
  assert.match(words(await get('/targets')), /Group 1 Get a copy: one drawn by lot .*Group 2 Written to: all of them/)
  await post('/groups/1/up', [])
  await post('/groups/2/up', [])
  assert.match(words(await get('/targets')), /Group 2 Get a copy: one drawn by lot/)
  assert.match(words(await get('/targets')), /Group 2 Get a copy: one drawn by lot Minister of Justice/, 'who stands in it')
  await post('/groups/2/remove', [])
  assert.equal((await groupsOf(it.db, [act.message])).has(act.message), false)

  const embassy: [string, string][] = [['embassy_of', 'XX'], ['group_role', 'target'], ['group_mode', 'all'], ['group_most', '1']]
  assert.match(words((await post('/groups/2', embassy)).text), /And the embassy of – [^.]*depends on the supporter’s country, and the form of this action does not ask for it/)
  await sql`update actions set options = options || '{"country": "required"}' where id = ${act.message}`.execute(it.db)
  assert.equal((await post('/groups/2', embassy)).status, 303)
  await post('/groups/2/up', [])
  assert.equal((await post('/targets', [['offices', 'marovia-government:justice']])).status, 303)
  assert.deepEqual((await targetRules(it.db, act.message)).filter((rule) => (rule.group ?? 1) === 1), [{ office: 'marovia-government:justice' }, { embassyOf: 'XX' }], 'an embassy that was moved there stays')
})

test('what readers see never loses the answer for a target, or everybody to write to; whoever came with newer data stands in no one’s way', async () => {
  const last = async () => (await rulesOf(it.db, [act.message])).get(act.message)!.length
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ office: 'marovia-government:justice' }]))
  await inTransaction(it.db, (tx) => setRules(tx, act.message, () => [{ conditions: [{ attribute: 'language', is: true, values: ['ar'] }], outcome: 'skip', variant: null }, { conditions: [], outcome: 'main', variant: null }]))
  const refused = await post('/rules/2/remove', [])
  assert.equal(refused.status, 422)
  assert.match(words(refused.text), /Not saved: for one target no rule would answer any more/)
  const edited = await post('/rules/2', [['rule_language', 'en'], ['rule_outcome', 'new'], ['rule_variant', 'Never kept']])
  assert.match(words(edited.text), /Not saved: for one target/)
  assert.doesNotMatch(words(await get('/rules')), /Never kept/, 'nothing of it stays behind')
  assert.match(words((await post('/rules/others', [['outcome', 'skip']])).text), /would write to nobody any more/)
  assert.match(words((await post('/groups/1/remove', [])).text), /nobody left to write to/)
  assert.equal(await last(), 2)

  await inTransaction(it.db, (tx) => setRules(tx, act.message, (rules) => rules.slice(0, 1)))
  assert.equal((await post('/rules/new', [['rule_language', 'en'], ['rule_outcome', 'main']])).status, 303, 'a list that already lacked something can be mended step by step')
  assert.match(words(await get('/rules')), /no rule answers.*The action is open: whoever writes to one of them reads that nobody can be written to/, 'and what readers see of it is said')
  assert.equal((await post('/rules/others', [['outcome', 'main']])).status, 303)
})

test('settings that the words or targets of a public action do not allow are refused at their field', async () => {
  const { fields } = formOn(await get('/settings'), '/settings')
  const save = (changes: Record<string, string>) => post('/settings', fields.map(([name, value]) => [name, changes[name] ?? value]))
  assert.match(words((await save({ body_limit: '50' })).text), /Longest message – The words of this action have up to \d+ characters\. Shorten them first\./)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ office: 'marovia-government:justice' }, { embassyOf: 'XA' }]))
  assert.match(words((await save({ country: 'no' })).text), /Country – Not saved: this depends on the supporter’s country/)
  assert.equal((await save({ body_limit: '3000' })).status, 303)
})

test('where no party of any target is known, its name is typed; where there are some, they are ticked', async () => {
  const without = await get('/rules/new')
  assert.match(without, /<input type="text" id="rule_party"/)
  assert.doesNotMatch(without, /type="checkbox" name="rule_party"/)
  assert.match(words((await post('/rules/new', [['rule_party', 'Harbour List'], ['rule_outcome', 'main']])).text), /No target is called like this: Harbour List/)
  const leads = await targetRules(it.db, act.message)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [...leads, { body: 'marovia-assembly' }]))
  assert.match(await get('/rules/new'), /type="checkbox" name="rule_party" value="Harbour List"/)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, leads))
})

test('where there are codes of several kinds somebody says which, and those that lead to none of the offices are refused', async () => {
  await sql`insert into lookup_schemes (id, names, formats) values ('elsewhere', '{"en": "Codes of elsewhere"}', '{}')`.execute(it.db)
  const leads = await targetRules(it.db, act.message)
  const { scheme_id: before } = await it.db.selectFrom('actions').select('scheme_id').where('id', '=', act.message).executeTakeFirstOrThrow()
  await sql`update actions set scheme_id = null where id = ${act.message}`.execute(it.db)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ office: 'marovia-government:justice' }]))
  assert.match(await get('/targets'), /<option value="\?" selected>Please choose/)
  const choosing = async (scheme: string) => post('/targets', [['bodies', 'marovia-assembly'], ['scheme', scheme]])
  assert.equal((await choosing('?')).status, 422)
  const wrong = await choosing('elsewhere')
  assert.match(words(wrong.text), /No code of this kind leads to an office in: Assembly of Marovia/)
  assert.match(wrong.text, /value="marovia-assembly" checked/, 'what was ticked stays')
  assert.equal((await choosing('')).status, 303, 'a list is enough')
  assert.match(await get('/targets'), /<option value="">Choose from a list only<\/option><option value="elsewhere">/, 'and nothing else is chosen the next time')
  assert.equal((await choosing('marovia-postcode')).status, 303)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, leads))
  await sql`update actions set scheme_id = ${before} where id = ${act.message}`.execute(it.db)
  await sql`delete from lookup_schemes where id = 'elsewhere'`.execute(it.db)
})

test('countries are typed by their names in any language, and read by them', async () => {
  const [sender, host] = countryCodes()
  const called = (code: string | undefined, language = 'en') => countryNameIn(language, code!)
  const wrong = await post('/rules/new', [['rule_country', called(sender, 'ar')], ['rule_country', 'Nowhere at all'], ['rule_outcome', 'main']])
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /no country of this name: Nowhere at all/)
  const filled = [...wrong.text.matchAll(/name="rule_country" value="([^"]+)"/g)].map(([, value]) => value)
  assert.deepEqual(filled, [called(sender, 'ar'), 'Nowhere at all'], 'what was typed stays')
  assert.equal((await post('/rules/new', [['rule_country', called(sender, 'ar')], ['rule_country', called(host)], ['rule_outcome', 'skip']])).status, 303)
  assert.match(words(await get('/rules')), new RegExp(`${called(sender)} / ${called(host)}`))
  const place = (await rulesOf(it.db, [act.message])).get(act.message)!.findIndex(({ conditions }) => conditions.some(({ attribute }) => attribute === 'country')) + 1
  assert.match(await get(`/rules/${place}`), new RegExp(`name="rule_country" value="${called(sender)}"`))
  await post(`/rules/${place}/remove`, [])

  assert.equal((await post('/groups/2', [['embassy_of', called(sender, 'he')], ['group_role', 'target'], ['group_mode', 'all'], ['group_most', '1']])).status, 303)
  assert.match(await get('/groups/2'), new RegExp(`name="embassy_of" value="${called(sender)}"`))
  const mission = await postRaw(origin, '/targets/offices/marovia-government%3Aforeign-affairs/mission', new URLSearchParams({ represents: called(sender, 'fr'), host: called(host, 'es') }).toString(), { cookie })
  assert.equal(mission.status, 303)
  assert.match(words(await get('/rules')), new RegExp(`Embassy of ${called(sender)} in ${called(host)}`))
  await post('/groups/2/remove', [])
})

test('what supporters report stands apart from what was sent, and says that it is reported', async () => {
  assert.doesNotMatch(words(await get('')), /Reported by supporters/)
  await reportContact(it.as('site'), { once: 'x', actionId: act.message, officeId: 'marovia-government:justice', channel: 'phone', practice: false }, act.now)
  assert.match(words(await get('')), /Reported by supporters People said so themselves\..*Calls 1 Web forms 0 Letters by post 0/)
})

test('a petition has no targets, no rules and no facts', async () => {
  for (const path of ['rules', 'rules/new', 'facts', 'groups/2']) assert.equal((await rawRequest(origin, `/actions/${act.petition}/${path}`, { headers: { cookie } })).status, 404, path)
})

test('a copy that is given other targets asks whether it still says rightly who can do it, until somebody has looked at the words', async () => {
  const headers = { cookie }
  const copy = (await postRaw(origin, at('/duplicate'), '', headers)).headers.location!.replace(/\?.*/, '')
  const page = async (path = '') => (await rawRequest(origin, `${copy}${path}`, { headers })).text
  const send = (path: string, fields: [string, string][]) => postRaw(origin, `${copy}${path}`, new URLSearchParams(fields).toString(), headers)
  const asks = /was chosen after .{0,3}Who can do it.{0,3} was written.*Your member of the Assembly, and the Minister of Justice/
  assert.doesNotMatch(words(await page()), asks, 'the targets of a copy are those that its words were written for')
  act.later({ minutes: 1 })
  const chosen = async () => (await it.db.selectFrom('audit_log').select('id').where('verb', '=', 'set-targets').execute()).length
  const before = await chosen()
  assert.equal((await send('/targets', formOn(await page('/targets'), '/targets').fields)).status, 303)
  assert.doesNotMatch(words(await page()), /was chosen after/, 'whoever saves the same targets again has changed nothing')
  assert.equal(await chosen(), before)
  assert.equal((await send('/targets', [['offices', 'marovia-government:foreign-affairs']])).status, 303)
  assert.match(words(await page()), asks)
  act.later({ minutes: 1 })
  assert.equal((await send('/words/en', formOn(await page('/words/en'), '/words/en').fields)).status, 303)
  const after = await page()
  assert.doesNotMatch(words(after), asks)
  assert.match(after, /<span lang="ar"[^>]*>عضو الجمعية/, 'nobody has looked at the other language yet')
})
