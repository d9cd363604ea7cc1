import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql, type Tx } from '#platform/db.ts'
import {
  actionOptions, addFactColumns, addVariant, changeAction, newestRevisions, publishWords, saveWords, setFacts, setGroup, setRules, setTargets, type ActionWords, type Rule, type TargetGroup,
} from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post, submitForm } from '#test/support/http.ts'
import { everyTable, openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const path = '/actions/write-to-your-representative'
const within = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(it.db, work)
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const amara = { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }

async function change(changes: Partial<ActionWords>): Promise<void> {
  const present = (await newestRevisions(it.db, act.message)).find((each) => each.language === 'en')!
  await within(async (tx) => {
    const revisionId = await saveWords(tx, { actionId: act.message, language: 'en', words: { ...present.words, ...changes }, staffId: null }, act.now)
    await publishWords(tx, { actionId: act.message, language: 'en', revisionId, staffId: null }, new Date(Date.now() - 1000))
  })
}
const group = (changes: Partial<TargetGroup>): TargetGroup => ({ number: 1, role: 'target', mode: 'all', most: 2, ...changes })
const page = (site: string, at = path) => rawRequest(site, at).then(({ text }) => text)
/** What a site answers that has just been opened, so that it remembers nothing. */
const fresh = async () => (await openPages(act)).origin
const pageTwo = async (site: string, details: Record<string, string> = amara) => (await submitForm(site, await page(site), '/write', details)).text()

const thanks = await within((tx) => addVariant(tx, act.message, 'Thanks'))
await change({ variants: [{ id: thanks, subject: 'Thank you', subjects: [], greeting: '{salutation}', body: 'Thank you for your vote.', closing: '{name}' }] })
const toParty: Rule = { conditions: [{ attribute: 'party', is: true, values: ['progress bench'] }], outcome: 'variant', variant: thanks }
const rest: Rule = { conditions: [], outcome: 'main', variant: null }

test('where targets get different texts each text stands under the names of those who get it; with one text for all the page is as simple as ever', async () => {
  const simple = await pageTwo(await fresh())
  assert.doesNotMatch(simple, /<fieldset/)
  await within((tx) => setRules(tx, act.message, () => [toParty, rest]))
  const site = await fresh()
  const both = await pageTwo(site)
  assert.match(words(both), /there are 2 texts below.*For Oriel Tavan.*Thank you for your vote\..*For Halden Morrow/)
  const suffix = thanks.slice(0, 8)
  const sent = await submitForm(site, both, '/send', { [`body-${suffix}`]: 'My own thanks.', body: 'My own request.' })
  assert.equal(sent.headers.get('location'), `${path}/one-more-step`)
  // Everybody written to gets the variant: one text, no boxes.
  await within((tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }]))
  const one = await pageTwo(await fresh())
  assert.doesNotMatch(one, /<fieldset/)
  assert.match(one, /Thank you for your vote\./)
  await within((tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }]))
})

test('what was typed into several texts survives a mistake and a way back to the details', async () => {
  const site = await fresh()
  const suffix = thanks.slice(0, 8)
  const typed = { [`body-${suffix}`]: 'My own thanks.', body: 'My own request.', [`subject-${suffix}`]: '' }
  const wrong = await submitForm(site, await pageTwo(site), '/send', { ...typed, subject: 'x'.repeat(201) })
  assert.equal(wrong.status, 422)
  const again = await wrong.text()
  for (const kept of ['My own thanks.', 'My own request.']) assert.ok(again.includes(kept), kept)
  const { fields } = formOn(again, '/send')
  const details = await (await post(site, `${path}/details`, fields)).text()
  const back = await (await submitForm(site, details, '/write', {})).text()
  for (const kept of ['My own thanks.', 'My own request.']) assert.ok(back.includes(kept), kept)
})

test('an office that left, or that gets other words, between page one and two is noticed: nothing is sent before the supporter has seen it', async () => {
  const site = await fresh()
  const open = await pageTwo(site)
  await within((tx) => setRules(tx, act.message, () => [{ ...toParty, outcome: 'skip', variant: null }, rest]))
  const later = await fresh()
  const before = await everyTable(it)
  const answer = await submitForm(later, open, '/send', { body: 'My own request.' })
  assert.equal(answer.status, 409)
  const text = await answer.text()
  assert.match(words(text), /Who this goes to has changed/)
  assert.match(words(text), /This action does not write to this office: .*Ardenhal/)
  assert.ok(text.includes('My own request.'))
  assert.deepEqual(await everyTable(it), before)
  assert.equal((await submitForm(later, text, '/send', {})).status, 303, 'seen, it goes')
  await within((tx) => setRules(tx, act.message, () => []))
})

test('rules that write to nobody here are said honestly, with something else to do', async () => {
  await within((tx) => setRules(tx, act.message, () => [{ ...rest, outcome: 'skip' }]))
  const text = await pageTwo(await fresh())
  assert.match(text, /<h1>Nobody can be written to right now/)
  assert.match(words(text), /The publisher has decided whom this action writes to/)
  assert.match(text, /<a href="\/actions">/)
  await within((tx) => setRules(tx, act.message, () => [toParty]))
  assert.match(words(await pageTwo(await fresh(), { ...amara, postcode: 'BE 110' })), /The publisher has decided/)
  await within((tx) => setRules(tx, act.message, () => []))
})

test('a supporter who may choose is asked on a page of its own, can choose again, and cannot choose too many or somebody who has gone', async () => {
  await within(async (tx) => {
    await setTargets(tx, act.message, [])
    await setGroup(tx, act.message, group({ mode: 'choose' }), [{ office: 'marovia-government:justice' }, { office: 'marovia-government:foreign-affairs' }, { office: 'marovia-government:head-of-government' }])
  })
  const site = await fresh()
  const asked = await submitForm(site, await page(site), '/write', amara)
  const choosing = await asked.text()
  assert.match(choosing, /<h1>Who do you want to write to\?/)
  assert.match(words(choosing), /Choose up to 2/)
  assert.doesNotMatch(choosing, / checked/)
  const { action, fields } = formOn(choosing, '/write')
  const pick = (...ids: string[]) => post(site, action, [...fields, ...ids.map((id): [string, string] => ['to', `marovia-government:${id}`])])
  assert.match(words(await (await pick()).text()), /Please choose whom you want to write to/)
  const tooMany = await pick('justice', 'foreign-affairs', 'head-of-government')
  assert.equal(tooMany.status, 422)
  assert.match(words(await tooMany.text()), /Please choose 2 at most/)
  const chosen = await (await pick('justice', 'head-of-government')).text()
  assert.match(words(chosen), /Halden Morrow.*Osman Thell/)
  assert.doesNotMatch(words(chosen), /Celeste Ibarran/)
  const again = await (await post(site, `${path}/choose`, formOn(chosen, '/send').fields)).text()
  assert.equal(again.match(/ checked/g)?.length, 2, 'their own choice is still there')

  await sql`update offices set valid_until = '2027-01-01' where id = 'marovia-government:head-of-government'`.execute(it.db)
  const later = await fresh()
  const gone = await submitForm(later, chosen, '/send', {})
  assert.equal(gone.status, 409)
  const listed = words(await gone.text())
  assert.match(listed, /Who this goes to has changed/)
  assert.doesNotMatch(listed, /Osman Thell/)
  await sql`update offices set valid_until = null where id = 'marovia-government:head-of-government'`.execute(it.db)
})

test('who is drawn by lot stays drawn when the page comes back, gets the message, and is another one for somebody else', async () => {
  await within((tx) => setGroup(tx, act.message, group({ mode: 'random' }), [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }, { office: 'marovia-government:foreign-affairs' }, { office: 'marovia-government:head-of-government' }]))
  const site = await fresh()
  await sql`truncate messages`.execute(it.db)
  await act.settle()
  const before = (await it.db.selectFrom('participations').select('id').execute()).map(({ id }) => id)
  const first = await page(site)
  const seen = (html: string) => formOn(html, '/send').fields.find(([name]) => name === 'seen')![1]
  const drawn = seen(await (await submitForm(site, first, '/write', amara)).text())
  const second = await (await submitForm(site, first, '/write', amara)).text()
  assert.equal(seen(second), drawn)
  assert.equal((await submitForm(site, second, '/send', {})).status, 303)
  const others = new Set<string>()
  for (let person = 0; person < 12; person++) others.add(seen(await (await submitForm(site, first, '/write', { ...amara, email: `p${person}@example.org` })).text()))
  assert.ok(others.size > 1, 'one page from memory serves many, and each of them draws')
  await act.settle()
  const { rows: [waiting] } = await sql<{ id: string }>`select id from participations where id <> all (${before}::uuid[])`.execute(it.db)
  await act.confirms({ ...act.signature({ id: waiting!.id }), email: 'amara@example.org' })
  const { rows: written } = await sql<{ label: string }>`select label from messages join offices on offices.id = messages.office_id`.execute(it.db)
  assert.deepEqual(written.map(({ label }) => words(second).includes(label)), [true])
  await within(async (tx) => {
    await setGroup(tx, act.message, group({}), [])
    await setTargets(tx, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }])
  })
})

test('several subjects take turns, and each supporter keeps theirs; facts of their area stand in the text, with a fall-back elsewhere', async () => {
  const subjects = ['First subject', 'Second subject', 'Third subject']
  await within((tx) => addFactColumns(tx, act.message, ['cases']))
  await within((tx) => setFacts(tx, act.message, [{ areaId: 'marovia:AR', facts: { cases: '12' } }]))
  const { words: former } = (await newestRevisions(it.db, act.message)).find((each) => each.language === 'en')!
  await change({ subject: subjects[0]!, subjects: subjects.slice(1), body: 'There are {fact_cases|some} cases in {area}.' })
  const site = await fresh()
  const first = await page(site)
  const subjectOf = (html: string) => formOn(html, '/send').fields.find(([name]) => name === 'subject')![1]
  const drawn = new Set<string>()
  for (let person = 0; person < 20; person++) {
    const details = { ...amara, email: `p${person}@example.org` }
    const text = await (await submitForm(site, first, '/write', details)).text()
    drawn.add(subjectOf(text))
    assert.equal(subjectOf(await (await submitForm(site, first, '/write', details)).text()), subjectOf(text))
    assert.match(text, /There are 12 cases in Ardenhal\./)
  }
  assert.deepEqual([...drawn].sort(), subjects.toSorted())
  assert.match(await pageTwo(site, { ...amara, postcode: 'BE 110' }), /There are some cases in Belmora\./)
  await change({ ...former })
})

test('a limit is said beside the text, counted by a script if there is one, and held by the server', async () => {
  const limited = async (options: object) => within((tx) => changeAction(tx, act.message, { options: actionOptions.parse({ country: 'no', ...options }) }))
  await limited({ bodyLimit: 60, subjectLimit: 20 })
  const site = await fresh()
  const text = await pageTwo(site)
  assert.match(text, /<p class="fine" id="body-count" data-counts="body" data-limit="60"[^>]* aria-live="polite">At most 60 characters/)
  const long = await submitForm(site, text, '/send', { subject: 'Short', body: 'x'.repeat(61) })
  assert.equal(long.status, 422)
  assert.match(words(await long.text()), /Please shorten it by one character: it may have 60/)
  assert.equal((await submitForm(site, text, '/send', { subject: 'Short', body: 'x'.repeat(60) })).status, 303)
  await limited({})
})

test('an office without an e-mail address is reached by phone, form or post: each is counted when the supporter says so, on a POST, and nothing typed is lost', async () => {
  const day = act.now.toISOString().slice(0, 10)
  for (const [kind, value] of [['phone', '+00 555 0123'], ['url', 'https://assembly.marovia.example/write'], ['address', 'Assembly House, Ardenhal']] as const) {
    await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), 'marovia-assembly:SO', ${kind}, ${value}, 'test', ${day})`.execute(it.db)
  }
  await sql`update offices set form_limit = 20 where id = 'marovia-assembly:SO'`.execute(it.db)
  await change({ script: 'My name is {name} and I live in {area}.' })
  const site = await fresh()
  const details = { ...amara, postcode: 'SO 110' }
  const text = await pageTwo(site, details)
  assert.match(text, /href="tel:\+005550123"/)
  assert.match(words(text), /My name is Amara and I live in Sor/)
  assert.match(text, /<textarea id="form-text-0"[^>]*>\nDear /)
  assert.match(words(text), /At most 20 characters/)
  assert.match(words(text), /characters: it may have 20/)
  const reports = async () => (await sql<{ channel: string, count: number }>`select channel, count(*)::int as count from contact_reports group by channel order by channel`.execute(it.db)).rows
  for (const at of [`${path}/reported`, path]) await rawRequest(site, at)
  assert.deepEqual(await reports(), [], 'nothing is counted by looking')

  const { fields } = formOn(text, '/send')
  const form = [...fields.filter(([name]) => name !== 'body'), ['body', 'My own request.']] as [string, string][]
  const said = await (await post(site, `${path}/reported`, [...form, ['report', 'phone marovia-assembly:SO']])).text()
  assert.match(words(said), /Thank you\. We count that you have called\./)
  assert.ok(said.includes('My own request.'), 'what was typed is still there')
  await post(site, `${path}/reported`, [...form, ['report', 'phone marovia-assembly:SO']])
  await post(site, `${path}/reported`, [...formOn(said, '/send').fields, ['report', 'post marovia-assembly:SO']])
  for (const nonsense of ['phone marovia-assembly:AR', 'fax marovia-assembly:SO', 'phone', '']) await post(site, `${path}/reported`, [...form, ['report', nonsense]])
  assert.deepEqual(await reports(), [{ channel: 'phone', count: 1 }, { channel: 'post', count: 1 }])

  // The same where nobody has an address, and by oneself.
  await within((tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }]))
  const alone = await fresh()
  const nobody = await pageTwo(alone, details)
  assert.match(nobody, /<h1>Other ways to reach them/)
  const thanked = await (await submitForm(alone, nobody, '/reported', { report: 'form marovia-assembly:SO' })).text()
  assert.match(thanked, new RegExp(`id="${/\/reported#([^"]+)"[^>]*value="form /.exec(nobody)![1]}"[^>]*>.*We count that you have sent the form`), 'the page comes back where the button was')
  const self = await (await submitForm(alone, await page(alone, `${path}/by-yourself`), '/by-yourself', { postcode: 'SO 110' })).text()
  assert.match(words(await (await submitForm(alone, self, '/reported', { report: 'phone marovia-assembly:SO' })).text()), /We count that you have called/)
  assert.deepEqual(await reports(), [{ channel: 'form', count: 1 }, { channel: 'phone', count: 2 }, { channel: 'post', count: 1 }])
  assert.match(words(await (await post(alone, `${path}/letter`, formOn(self, '/reported').fields)).text()), /Assembly House, Ardenhal/)
  await within((tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }]))
})

test('whoever lives abroad writes to the embassy there, and gets a copy sent where the action says so', async () => {
  await sql`update offices set represents = 'XA', host = 'XB' where id = 'marovia-government:foreign-affairs'`.execute(it.db)
  await within(async (tx) => {
    await setTargets(tx, act.message, [])
    await setGroup(tx, act.message, group({}), [{ embassyOf: 'XA' }])
    await setGroup(tx, act.message, group({ number: 2, role: 'copy' }), [{ office: 'marovia-government:justice' }])
    await changeAction(tx, act.message, { options: actionOptions.parse({ country: 'required' }) })
  })
  const site = await fresh()
  const first = await page(site)
  const details = { name: 'Amara', email: 'amara@example.org' }
  const without = await submitForm(site, first, '/write', { ...details, country: '' })
  assert.equal(without.status, 422)
  const text = words(await (await submitForm(site, first, '/write', { ...details, country: 'XB' })).text())
  assert.match(text, /Celeste Ibarran.*Gets a copy, for information.*Halden Morrow/)
  assert.match(words(await (await submitForm(site, first, '/write', { ...details, country: 'XC' })).text()), /nobody to write to for where you live/)
})
