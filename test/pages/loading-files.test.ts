import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { findMapping, noteRefusal, runStoredImport } from '#modules/targets/index.ts'
import { openDeskPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const signedIn = async (role: 'campaigner' | 'administrator') => `clarion-desk=${await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: `${role}@lamplight.example`, role, language: 'en' }, now), now))}`
const cookie = await signedIn('campaigner')
const get = async (path: string) => (await rawRequest(origin, path, { headers: { cookie } })).text
const post = (path: string, body = '') => postRaw(origin, path, body, { cookie })

/** A form with a file, as a browser sends it. */
async function send(path: string, fields: Record<string, string>, file?: { name: string, text: string }): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file) form.set('file', new File([file.text], file.name))
  const request = new Request('http://localhost', { method: 'POST', body: form })
  return postRaw(origin, path, Buffer.from(await request.arrayBuffer()), { cookie, 'content-type': request.headers.get('content-type')! })
}

/** What the worker does with an import, once the desk has asked for it. */
async function tried(answer: Answer): Promise<string> {
  assert.equal(answer.status, 303, answer.text)
  const path = answer.headers.location!.split('?')[0]!
  await runStoredImport(it.as('worker'), path.split('/').at(-1)!, () => now)
  return path
}

const list = (...names: string[]) => ({ name: 'council.json', text: JSON.stringify({ meta: { made: '2027' }, members: names.map((name, index) => ({ id: index + 1, ward: { code: `K${index + 1}`, title: `Ward ${index + 1}` }, name: { full: name }, contacts: [{ type: 'email', value: `m${index + 1}@council.example` }] })) }) })

test('a list in JSON: its places are offered beside its first rows, the choice is kept under a name, and loads the next file at once', async () => {
  const asked = await send('/imports/new', { mapping: 'any-targets', as_of: '2027-02-01' }, list('Ilva Ferrin', 'Teo Marsh'))
  assert.equal(asked.status, 200)
  for (const words of ['Ilva Ferrin', 'contacts[type=email].value', 'value="name.full"', 'ward.code']) assert.ok(asked.text.includes(words), words)
  const columns = {
    kind: 'targets', as_of: '2027-02-01', file_name: 'council.json', content: Buffer.from(list('Ilva Ferrin', 'Teo Marsh').text).toString('base64'), list: 'members', each: '', body_name: 'Town council', area_prefix: 'town-wards', seats: '1', mapping_name: 'town-council',
    'column-area_code': 'ward.code', 'column-area_name': 'ward.title', 'column-holder_id': 'id', 'column-holder': 'name.full', 'column-email': 'contacts[type=email].value',
  }
  const wrong = await send('/imports/columns', { ...columns, area_prefix: 'Two Words' })
  assert.equal(wrong.status, 422)
  assert.ok(wrong.text.includes('value="Town council"'), 'what was typed is still there')
  assert.equal((await send('/imports/columns', { ...columns, mapping_name: 'us-zip' })).status, 422)

  const first = await tried(await send('/imports/columns', columns))
  assert.match(await get(first), /Nothing has been changed yet[\s\S]*<dt>New<\/dt><dd>2<\/dd>/)
  assert.equal((await it.db.selectFrom('bodies').select('id').where('id', '=', 'town-council').execute()).length, 0)
  await tried(await post(`${first}/run`))
  assert.deepEqual((await it.db.selectFrom('officials').select(['id', 'name']).where('id', 'like', 'town-council:%').orderBy('id').execute()), [{ id: 'town-council:1', name: 'Ilva Ferrin' }, { id: 'town-council:2', name: 'Teo Marsh' }])

  assert.equal((await findMapping(it.as('worker'), 'town-council'))?.kind, 'targets')
  assert.ok((await get('/imports/new')).includes('Kept here: town-council'))
  const second = await tried(await send('/imports/new', { mapping: 'town-council', as_of: '2027-03-01' }, list('Ilva Ferrin')))
  assert.match(await get(second), /<dt>Ended<\/dt><dd>1<\/dd>/)
  await tried(await post(`${second}/run`))
  const log = (await rawRequest(origin, '/audit', { headers: { cookie: await signedIn('administrator') } })).text
  assert.equal(log.match(/council\.json[^<]*, of [^<]*1 March 2027/g)?.length, 2, 'the log says which import was tried and which was made')

  const older = await tried(await send('/imports/new', { mapping: 'town-council', as_of: '2027-02-15' }, list('Ilva Ferrin', 'Teo Marsh')))
  assert.match(await get(older), /an earlier day than one that was loaded already/)
  const again = await tried(await send('/imports/new', { mapping: 'town-council', as_of: '2027-03-01' }, list('Ilva Ferrin', 'Teo Marsh')))
  assert.match(await get(again), /This very file was loaded before/)
  await tried(await post(`${again}/even-if-older`))
  assert.match(await get(again), /<dt>Changed<\/dt><dd>1<\/dd>/)

  await post('/imports/mappings/town-council/forget')
  assert.equal(await findMapping(it.as('worker'), 'town-council'), undefined)
})

test('Popolo needs a short name and nothing else', async () => {
  const file = { name: 'court.json', text: JSON.stringify({ persons: [{ id: 'p', name: 'Ode Lark' }], organizations: [{ id: 'court', name: 'Court' }], posts: [{ id: 'judge', label: 'Judge', organization_id: 'court' }], memberships: [{ person_id: 'p', post_id: 'judge', organization_id: 'court' }] }) }
  const asked = await send('/imports/new', { mapping: 'any-targets', as_of: '2027-02-01' }, file)
  assert.match(asked.text, /This file is Popolo/)
  const path = await tried(await send('/imports/columns', { kind: 'targets', as_of: '2027-02-01', file_name: file.name, content: Buffer.from(file.text).toString('base64'), area_prefix: 'courts', mapping_name: '', 'salutation_pattern-en': 'Your Honour,', 'salutation_pattern-ar': '' }))
  await tried(await post(`${path}/run`))
  assert.deepEqual((await it.db.selectFrom('offices').select('salutations').where('id', '=', 'courts:judge').executeTakeFirstOrThrow()).salutations, { en: 'Your Honour,' })
})

test('an address that was refused stands on the list with what can be done about it: checked, changed, ended', async () => {
  const row = await it.db.selectFrom('contact_details').innerJoin('officials', 'officials.id', 'contact_details.official_id').innerJoin('terms', 'terms.official_id', 'officials.id')
    .select(['contact_details.id', 'contact_details.value', 'terms.office_id']).where('kind', '=', 'email').where('terms.until', 'is', null).executeTakeFirstOrThrow()
  await noteRefusal(it.as('worker'), { officeId: row.office_id, address: row.value, code: 550 }, new Date('2030-01-01T12:00:00Z'))
  assert.ok((await get('/targets/checking?reason=refused')).includes(row.value))
  assert.match(await get(`/targets/offices/${encodeURIComponent(row.office_id)}`), /Refused once by their mail server/)
  assert.match(await get(`/targets/contacts/${row.id}`), /name="contact_value" value="/)
  assert.equal((await post(`/targets/contacts/${row.id}`, 'contact_value=none&contact_source=x')).status, 422)
  assert.equal((await post(`/targets/contacts/${row.id}`, 'contact_value=right%40office.example&contact_source=their+page')).status, 303)
  assert.ok(!(await get('/targets/checking?reason=refused')).includes(row.value))
  const { id } = await it.db.selectFrom('contact_details').select('id').where('value', '=', 'right@office.example').executeTakeFirstOrThrow()
  assert.match((await post(`/targets/checking/${id}/checked`, 'back=https%3A%2F%2Felsewhere.example')).headers.location!, /^\/targets\/checking\?/)
  await post(`/targets/checking/${id}/end`)
  assert.equal((await it.db.selectFrom('contact_details').select('ended_on').where('id', '=', id).executeTakeFirst())?.ended_on, '2027-03-01')
})

test('the log names a file that was tried and thrown away, by its name and day', async () => {
  const path = await tried(await send('/imports/new', { mapping: 'uk-members', as_of: '2027-02-01' }, list('Ilva Ferrin')))
  assert.match(String((await post(`${path}/discard`)).headers.location), /said=discarded/)
  await post(`${path}/discard`)
  const pasted = await post('/digests/new', new URLSearchParams({ digest_language: 'en', digest_paste: 'The ferry runs again - NEWS - 2 May 2026\n\nIt does.' }).toString())
  await post(`${pasted.headers.location}/discard`)
  const administrator = await signedIn('administrator')
  const log = () => rawRequest(origin, '/audit?verb=discard-import', { headers: { cookie: administrator } })
  const { text } = await log()
  const named = [...text.matchAll(/<bdi dir="ltr">([^<]*\.(?:json|txt)[^<]*)<\/bdi>/g)].map(([, name]) => name!.replace(/[\u2068\u2069]/g, ''))
  assert.deepEqual(named.toSorted(), ['council.json, of 1 February 2027', 'pasted.txt, of 1 March 2027'], 'each thrown away once')
  await postRaw(origin, '/account/language', 'language=ar', { cookie: administrator })
  assert.match((await log()).text, /<bdi dir="rtl">\u2068?council\.json/, 'a sentence of ours begins where Arabic begins')
})
