import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { officesOfAreas } from '#modules/targets/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { formOn, post } from '#test/support/http.ts'
import { openDeskPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const cookies = await inTransaction(it.as('desk'), async (tx) => {
  const session = async (role: 'administrator' | 'campaigner') => `clarion-desk=${await openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: `${role}@lamplight.example`, role, language: 'en' }, now), now)}`
  return { administrator: await session('administrator'), campaigner: await session('campaigner') }
})
const get = async (path: string, cookie = cookies.campaigner) => (await rawRequest(origin, path, { headers: { cookie } })).text
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const office = '/targets/offices/marovia-government%3Ajustice'
/** Fills in the form of a page that leads there, as staff do. */
async function fill(page: string, action: string, typed: Record<string, string>, cookie = cookies.campaigner) {
  const form = formOn(await get(page, cookie), action)
  return post(origin, form.action, [...form.fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)], { cookie })
}
const lines = async () => (await sql<{ line: string }>`select verb || ': ' || reason as line from audit_log where subject_kind in ('targets', 'settings') order by happened_at, verb`.execute(it.db)).rows.map((row) => row.line)

test('staff opt an office out with a reason, see who decided so, and take it up again; both stand in the log', async () => {
  assert.equal((await fill(`${office}/writing`, '/opt-out', { decision: ' ' })).status, 422, 'not without a reason')
  assert.equal((await fill(`${office}/writing`, '/opt-out', { decision: 'x', until_day: '2027-02-01' })).status, 422, 'not until a day that has passed')
  assert.equal((await fill(`${office}/writing`, '/opt-out', { decision: 'They asked us by letter', note: 'Until May.' })).status, 303)
  assert.match(words(await get(`${office}/writing`)), /not written to by e-mail at the moment.*Salma decided not to write to it.*They asked us by letter/)
  assert.equal((await fill(`${office}/writing`, '/opt-out-note', { 'note-en': 'Until June.', until_day: '2027-02-01' })).status, 422)
  assert.equal((await fill(`${office}/writing`, '/opt-out-note', { 'note-en': 'Until June.', until_day: '2027-06-01' })).status, 303)
  assert.match(words(await get(`${office}/writing`)), /until 1 June 2027.*They asked us by letter.*Until June\./)
  assert.equal((await fill(`${office}/writing`, '/resume', { decision: 'They changed their mind' })).status, 303)
  assert.match(words(await get(`${office}/writing`)), /Salma decided to write to it again.*They changed their mind/)
  assert.deepEqual(await lines(), ['change-opt-out: ', 'opt-out-office: They asked us by letter', 'resume-office: They changed their mind'])
})

test('an office’s pace, its digest and its second address are set and shown, and what cannot be is said beside the field', async () => {
  assert.equal((await fill(`${office}/writing`, '/pace', { 'office-per_minute': 'fast' })).status, 422)
  assert.equal((await fill(`${office}/writing`, '/pace', { 'office-per_minute': '٠٫٥', 'office-rule_cap': '٢٠', 'office-digest_choice': 'always', 'office-digest_hour': '15' })).status, 303)
  assert.deepEqual(await it.db.selectFrom('sending_rules').selectAll().execute(), [{ scope: 'office', subject: 'marovia-government:justice', per_minute: '0.5', daily_cap: 20, digest: true, digest_hour: 15 }])
  assert.match(await get(`${office}/writing`), /value="always" checked/)
  assert.equal((await fill(`${office}/writing`, '/pace', { 'office-digest_choice': 'never' })).status, 303)
  const log = words(await get('/audit', cookies.administrator))
  assert.match(log, /changed how messages leave Messages a minute: 0\.5 \(before: as usual\) Messages a day: 20 \(before: as usual\) Many in one mail: always many in one mail \(before: as each action has it\) When the mail with many messages leaves: 15:00 \(before: as usual\)/)
  assert.match(log, /changed how messages leave Many in one mail: never \(before: always many in one mail\)/)
  assert.equal((await fill(`${office}/writing`, '/alternate', { alternate: 'nonsense', contact_source: 'x' })).status, 422)
  assert.equal((await fill(`${office}/writing`, '/alternate', { alternate: 'registry@ministries.marovia.example', contact_source: 'its page' })).status, 303)
  assert.match(await get(`${office}/writing`), /value="registry@ministries\.marovia\.example"/)
  assert.equal((await fill(`${office}/writing`, '/alternate', { alternate: '' })).status, 303)
  assert.equal((await it.db.selectFrom('office_alternates').selectAll().execute()).length, 0)
})

test('a public reply needs its words, a day that has come, a language and a source; withdrawing it needs a reason', async () => {
  const reply = { reply_words: 'I will vote for it.', said_on: '2027-02-20', reply_language: 'en', reply_source: 'Record no. 12', reply_url: 'https://assembly.marovia.example/12' }
  for (const wrong of [{ reply_words: '' }, { said_on: '2027-03-02' }, { said_on: 'yesterday' }, { reply_source: '' }, { reply_url: 'javascript:alert(1)' }, { reply_language: 'Klingonese' }]) {
    assert.equal((await fill(`${office}/replies`, '/replies', { ...reply, ...wrong })).status, 422, JSON.stringify(wrong))
  }
  assert.equal((await fill(`${office}/replies`, '/replies', reply)).status, 303)
  const { id } = await it.db.selectFrom('office_replies').select('id').executeTakeFirstOrThrow()
  assert.equal((await fill(`${office}/replies`, `/${id}/withdraw`, { [`decision-${id}`]: '' })).status, 422)
  assert.equal((await fill(`${office}/replies`, `/${id}/withdraw`, { [`decision-${id}`]: 'misquoted' })).status, 303)
  assert.match(words(await get(`${office}/replies`)), /I will vote for it\..*withdrawn 1 March 2027.*misquoted/)
})

test('pace for all is an administrator’s; everybody sees who refuses, and may have it tried', async () => {
  await sql`insert into sending_rests (scope, subject, in_a_row, rests, rested_until, problem, changed_at) values ('domain', 'assembly.marovia.example', 5, 1, ${new Date(now.getTime() + 900_000)}, 'refused 554', ${now})`.execute(it.db)
  const page = await get('/outbox/sending')
  assert.match(words(page), /@assembly\.marovia\.example.*left alone until .* refused \(554\)/)
  assert.doesNotMatch(page, /name="offices-per_minute"/)
  assert.match(words(await get('/')), /One mail server or mailbox refuses our messages/)
  assert.equal((await fill('/outbox/sending', '/try', {})).status, 303)
  assert.match(words(await get('/outbox/sending')), /refused 5 times in a row/)
  assert.equal((await post(origin, '/outbox/sending', { scope: 'offices', 'offices-per_minute': '1' }, { cookie: cookies.campaigner })).status, 404)
  assert.equal((await post(origin, '/outbox/sending', { scope: 'domain', domain: 'Assembly.marovia.example', 'domain-per_minute': '12' }, { cookie: cookies.administrator })).status, 303)
  assert.match(await get('/outbox/sending?domain=assembly.marovia.example', cookies.administrator), /name="domain-per_minute" value="12"/)
  assert.equal((await post(origin, '/outbox/sending', { scope: 'domain', domain: 'a b', 'domain-per_minute': '12' }, { cookie: cookies.administrator })).status, 422)
})

test('a day that cannot be read is a fault and never today: of who comes, and of who leaves; what was typed stays', async () => {
  const page = '/targets/offices/marovia-assembly%3AAR'
  const held = async () => (await sql<{ held: string }>`select concat_ws(' ', officials.name, terms.since, terms.until) as held from terms join officials on officials.id = terms.official_id where office_id = 'marovia-assembly:AR' order by 1`.execute(it.db)).rows.map((row) => row.held)
  const before = await held()
  for (const since of ['31.12.2026', '2027-02-30', '']) {
    const refused = await fill(page, '/holder', { holder: 'Wren Halloway', party: 'Harbour List', since })
    assert.equal(refused.status, 422, since)
    const text = await refused.text()
    assert.match(words(text), /Since – Please give a date\./)
    for (const typed of ['Wren Halloway', 'Harbour List', since]) assert.ok(text.includes(`value="${typed}"`), `${typed} stays`)
  }
  const leaving = async (until: string) => fill(page, '/end', { until })
  assert.equal((await leaving('soon')).status, 422)
  assert.deepEqual(await held(), before)
  assert.equal((await fill(page, '/holder', { holder: 'Wren Halloway', since: '2027-02-27' })).status, 303)
  assert.ok((await held()).includes('Wren Halloway 2027-02-27'))
  assert.match(await (await leaving('2027-02-01')).text(), /class="wrong"[^>]*>This must be after the first day\./)
  assert.equal((await leaving('2027-03-01')).status, 303)
  assert.ok((await held()).includes('Wren Halloway 2027-02-27 2027-03-01'))
})

test('an office by hand is given an area, one that there is or a new one, and whoever lives there reaches it', async () => {
  const office = { office_label: 'Harbour warden', body_choice: '', new_body: 'Port council', holder: 'Ona Reed' }
  assert.match(words(await (await fill('/targets/offices/new', '/targets/offices/new', { ...office, office_area: 'Nowhere at all' })).text()), /No area is called that/)
  const made = await fill('/targets/offices/new', '/targets/offices/new', { ...office, new_area: 'Harbour ward' })
  const warden = String(made.headers.get('location')).split('?')[0]!
  assert.match(words(await get(warden)), /Harbour ward: what it is called/)
  const ward = /href="(\/targets\/areas\/[^"]+)"/.exec(await get(warden))![1]!
  assert.match(words(await get(ward)), /Harbour warden/)
  const { name } = await it.db.selectFrom('areas').select('name').where('id', '=', 'marovia:AR').executeTakeFirstOrThrow()
  assert.equal((await fill(ward, ward, { 'area_label-ar': 'حي الميناء', area_around: name })).status, 303)
  const at = async (id: string) => ((await officesOfAreas(it.db, [id], '2027-03-01')).get(id) ?? []).map(({ label }) => label)
  const id = decodeURIComponent(ward.split('/').at(-1)!)
  assert.deepEqual(await at(id), ['Harbour warden', ...await at('marovia:AR')], 'and the offices of the area around it')
  assert.match(words(await (await fill('/targets/areas/marovia%3AAR', '/targets/areas/marovia%3AAR', { area_around: 'Harbour ward' })).text()), /An area cannot lie in itself/)
  assert.equal((await fill(warden, `${warden}/area`, { office_area: '' })).status, 303)
  assert.deepEqual(await at(id), await at('marovia:AR'))
  assert.equal((await fill(warden, `${warden}/area`, { office_area: name, new_area: 'Harbour ward' })).status, 303)
  assert.match(await get(warden), /href="\/targets\/areas\/by-hand%3Aharbour-ward-2"/, 'a new one of the same name is another one')
  assert.match(words(await (await fill(warden, `${warden}/area`, { office_area: 'harbour ward' })).text()), /Several areas are called that/)
  assert.equal((await rawRequest(origin, ward, {})).status, 303, 'for staff only')
})

test('a second click on a new office makes nothing twice, the same office for another area is another one, and areas of one name are left as they are', async () => {
  const typed = { office_label: 'Councillor', body_choice: '', new_body: 'Town council', holder: 'Ona Reed', email: 'ona@council.example' }
  const add = async (area: Record<string, string>) => String((await fill('/targets/offices/new', '/targets/offices/new', { ...typed, ...area })).headers.get('location')).split('?')[0]!
  const [first, again] = [await add({ new_area: 'Hill ward' }), await add({ new_area: 'Hill ward' })]
  assert.equal(again, first)
  assert.equal((await it.db.selectFrom('areas').select('id').where('name', '=', 'Hill ward').execute()).length, 1)
  assert.equal((await it.db.selectFrom('terms').select('id').where('office_id', '=', decodeURIComponent(first.split('/').at(-1)!)).execute()).length, 1)
  assert.notEqual(await add({ new_area: 'Mill ward' }), first)
  await inTransaction(it.as('desk'), (tx) => tx.insertInto('areas').values([{ id: 'elsewhere:1', name: 'Hill ward', names: JSON.stringify({ fr: 'La colline' }), source: 'a file' }]).execute())
  assert.equal((await fill(first, `${first}/area`, {})).status, 303, 'saved as it stands')
  const its = /href="(\/targets\/areas\/[^"]+)"/.exec(await get(first))![1]!
  assert.equal(its, '/targets/areas/by-hand%3Ahill-ward')
  assert.equal((await fill('/targets/areas/elsewhere%3A1', '/targets/areas/elsewhere%3A1', { 'area_label-ar': 'التل' })).status, 303)
  assert.deepEqual((await it.db.selectFrom('areas').select('names').where('id', '=', 'elsewhere:1').executeTakeFirstOrThrow()).names, { ar: 'التل', fr: 'La colline' }, 'names in languages that the site does not have stay')
  await it.db.updateTable('offices').set({ labels: JSON.stringify({ fr: 'La conseillère', en: 'X' }) }).where('id', '=', decodeURIComponent(first.split('/').at(-1)!)).execute()
  assert.equal((await fill(first, first, { 'label-en': '', 'label-ar': 'عضوة المجلس' })).status, 303)
  assert.deepEqual((await it.db.selectFrom('offices').select('labels').where('id', '=', decodeURIComponent(first.split('/').at(-1)!)).executeTakeFirstOrThrow()).labels, { ar: 'عضوة المجلس', fr: 'La conseillère' }, 'and so do those of an office')
  for (const path of ['/targets/areas/nothing', '/targets/areas/%25', '/targets/offices/%25', '/targets/offices/%25/replies']) assert.equal((await rawRequest(origin, path, { headers: { cookie: cookies.campaigner } })).status, 404, path)
})
