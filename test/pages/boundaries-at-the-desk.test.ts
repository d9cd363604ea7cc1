import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { runStoredImport } from '#modules/targets/index.ts'
import { formOn, post } from '#test/support/http.ts'
import { openDeskPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const cookie = await inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, now)
  return `clarion-desk=${await openSession(tx, id, now)}`
})
const headers = { cookie, origin, 'sec-fetch-site': 'same-origin' }
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const read = async (path: string) => (await fetch(origin + path, { headers })).text()

async function send(path: string, fields: [string, string | Blob, string?][]): Promise<Response> {
  const form = new FormData()
  for (const [name, value, file] of fields) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, file)
  }
  return fetch(origin + path, { method: 'POST', body: form, redirect: 'manual', headers })
}

const world = readFileSync(new URL('../../world/boundaries.geojson', import.meta.url))

test('boundaries without a ready mapping are loaded in two pages and a trial run, with what was left out and why', async () => {
  const text = world.toString().replace('"district_code":"AR"', '"district_code":""')
  const asked = await send('/imports/new', [['file', new Blob([text]), 'districts.geojson'], ['mapping', 'any-boundaries'], ['as_of', '2027-03-01']])
  assert.equal(asked.status, 200)
  const page = await asked.text()
  assert.match(words(page), /district_code\s+district\s+district_ar/, 'the first rows are shown')
  const chosen = (column: string) => new RegExp(`<select id="column-${column}"[^]*?</select>`).exec(page)?.[0].match(/value="([^"]*)" selected/)?.[1]
  assert.deepEqual(['area_code', 'area_name', 'area_name-in-ar', 'parent_code'].map(chosen), ['district_code', 'district', 'district_ar', undefined], 'what is called so is chosen already, in every language of the site')
  const { action, fields } = formOn(page, '/imports/boundaries')
  const typed = (more: [string, string][]) => [...fields.filter(([name]) => !more.some(([other]) => other === name)), ...more]
  const wrong = await send(action, typed([['layer', 'Not Short'], ['area_prefix', ''], ['column-area_code', '']]))
  assert.equal(wrong.status, 422)
  assert.match(words(await wrong.text()), /which property has the code of the area/)
  const named = await send(action, typed([['layer', 'districts'], ['area_prefix', 'marovia'], ['column-area_code', 'district_code'], ['mapping_name', 'us-zip']]))
  assert.match(words(await named.text()), /A mapping that comes with the program has this name/)

  const started = await send(action, typed([['layer', 'districts'], ['area_prefix', 'marovia'], ['whole_layer', 'yes'], ['column-area_code', 'district_code'], ['column-area_name', 'district'], ['mapping_name', 'our-districts']]))
  assert.equal(started.status, 303)
  const to = started.headers.get('location')!
  await runStoredImport(it.as('worker'), to.split('/').at(-1)!, () => now)
  const tried = words(await read(to))
  assert.match(tried, /This is what would happen.*New 19 Changed 0 As before 0 Left out 1 Ended 0/)
  assert.match(tried, /1 Ardenhal Left out: there is no code of an area/)
  assert.deepEqual((await sql`select from area_shapes where layer = 'districts'`.execute(it.db)).rows.length, 0)
  assert.equal((await post(origin, `${to}/run`, {}, { cookie })).status, 303)
  await runStoredImport(it.as('worker'), to.split('/').at(-1)!, () => now)
  assert.equal((await sql`select from area_shapes where layer = 'districts'`.execute(it.db)).rows.length, 19)
  assert.equal((await sql`select from areas where id like 'marovia:%' and names ? 'ar'`.execute(it.db)).rows.length, 20)

  assert.match(words(await read('/imports/new')), /Kept here: our-districts Boundaries of areas/)
  const again = (await send('/imports/new', [['file', new Blob([text]), 'districts.geojson'], ['mapping', 'our-districts'], ['as_of', '2027-03-01']])).headers.get('location')!
  await runStoredImport(it.as('worker'), again.split('/').at(-1)!, () => now)
  assert.match(words(await read(again)), /New 0 Changed 0 As before 19 Left out 1/, 'the next file loads at once')
  const broken = (await send('/imports/new', [['file', new Blob([text.replace('"features"', '\n\n"features" x')]), 'districts.geojson'], ['mapping', 'our-districts'], ['as_of', '2027-03-01']])).headers.get('location')!
  await runStoredImport(it.as('worker'), broken.split('/').at(-1)!, () => now)
  assert.match(words(await read(broken)), /Failed We cannot read this file: something is wrong in line \d+/)
})

test('a file that has no boundaries is turned away on the first page', async () => {
  for (const text of ['{"type":"Topology"}', 'code,area\nA,1\n', '{"type":"FeatureCollection","features":[]}']) {
    const answer = await send('/imports/new', [['file', new Blob([text]), 'x.geojson'], ['mapping', 'any-boundaries'], ['as_of', '2027-03-01']])
    assert.equal(answer.status, 422, text)
  }
})

test('staff look a point up beside codes', async () => {
  assert.match(await read('/targets/lookup'), /<option value="point"/)
  const answer = await send('/targets/lookup', [['scheme', 'point'], ['code', '-0.31, -0.62']])
  const text = words(await answer.text())
  assert.match(text, /Found Galdara/)
  assert.match(text, /Piet Hallorn/)
})
