import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import { sql } from '#platform/db.ts'
import { boxAround, decodeRings, isInBox, shapesAt, type Place } from '#platform/shapes.js'
import { loadAtlas, mapping, runImport } from '#modules/targets/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, submitForm } from '#test/support/http.ts'
import { everyTable, openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const action = '/actions/write-to-your-representative'
const details = { name: 'Amara', email: 'amara@example.org' }
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const page = async (site: string, path: string) => (await rawRequest(site, path)).text
const day = () => act.now.toISOString().slice(0, 10)

type Piece = [id: string, name: string, names: Record<string, string>, layer: string, rings: string][]

/** What a browser does with the files, step by step. */
async function areasByFiles(site: string, base: string, places: readonly Place[]): Promise<string[][]> {
  const load = async <Value>(name: string) => JSON.parse((await rawRequest(site, base + name)).text) as Value
  const boxes = (await load<string[]>('index.json')).map((text) => {
    const numbers = [...decodeRings(text)[0]!].map((number) => number * 100)
    return Array.from({ length: numbers.length / 4 }, (_, at) => numbers.slice(at * 4, at * 4 + 4) as unknown as [number, number, number, number])
  })
  const pieces = await Promise.all(boxes.map((_, number) => load<Piece>(`${number}.json`)))
  return places.map((place) => {
    const shapes = pieces.filter((_, number) => boxes[number]!.some((box) => isInBox(box, place))).flat().map(([id, , , layer, text]) => ({ id, layer, rings: decodeRings(text), box: boxAround(decodeRings(text)) })).toSorted((one, other) => (one.id < other.id ? -1 : 1))
    return shapesAt(shapes, place, (shape) => shape.rings).map((shape) => shape.id)
  })
}

/** A country of 144 wards in 12 towns in 2 provinces, all within one country; its council takes the Assembly's place. */
async function manyWards(): Promise<void> {
  const square = (x: number, y: number) => [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]]
  const features = Array.from({ length: 144 }, (_, n) => {
    const [x, y] = [n % 12, Math.floor(n / 12)]
    return { type: 'Feature', properties: { code: `W${n}`, name: `Ward ${n}`, in: `T${y}`, in_name: `Town ${y}` }, geometry: { type: 'Polygon', coordinates: square(20 + x, 20 + y) } }
  })
  const towns = Array.from({ length: 12 }, (_, n) => ({ type: 'Feature', properties: { code: `T${n}`, name: `Town ${n}`, in: n < 6 ? 'P0' : 'P1', in_name: n < 6 ? 'South' : 'North' }, geometry: { type: 'Polygon', coordinates: square(20, 20 + n) } }))
  const load = (layer: string, some: unknown[]) => runImport(it.db, {
    mapping: mapping.parse({ kind: 'boundaries', name: layer, layer, areaPrefix: 'isle', columns: { area_code: 'code', area_name: 'name', parent_code: 'in', parent_name: 'in_name' } }),
    file: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: some })), source: layer, asOf: day(), dryRun: false,
  })
  await load('wards', features)
  await load('towns', towns)
  await sql`insert into areas (id, name, source) values ('isle:C', 'The Isle', '')`.execute(it.db)
  await sql`update areas set parent_id = 'isle:C' where id in ('isle:P0', 'isle:P1')`.execute(it.db)
  const file = Buffer.from(`code,area,holder,email\n${features.map(({ properties: { code, name } }) => `${code},${name},Member ${code},${code}@council.example`).join('\n')}\n`)
  await runImport(it.db, { mapping: mapping.parse({ kind: 'targets', name: 'council', body: { id: 'council', name: 'Council' }, areaPrefix: 'isle', columns: { area_code: 'code', area_name: 'area', holder: 'holder', email: 'email' } }), file, source: 'council.csv', asOf: day(), dryRun: false })
}

test('a page that can find an area by position offers it hidden, may ask for the position, and no other page may', async () => {
  const { origin } = await openPages(act)
  for (const path of [action, `/ar${action}`, `${action}/by-yourself`]) {
    const { text, headers } = await rawRequest(origin, path)
    assert.match(text, /<div class="field" hidden data-point="\/assets\/point-(en|ar)-[0-9a-f]{12}\.js" data-boundaries="\/actions\/write-to-your-representative\/boundaries\/[0-9a-f]{32}\/"/, path)
    assert.match(String(headers['permissions-policy']), /geolocation=\(self\)/)
    assert.match(String(headers['content-security-policy']), /connect-src 'self'/)
  }
  for (const path of ['/', '/actions/no-one-should-vanish', '/privacy', `${action}/thanks`, '/nowhere']) {
    const { text, headers } = await rawRequest(origin, path)
    assert.doesNotMatch(text, /data-point/)
    assert.equal(headers['permissions-policy'], 'browsing-topics=(), camera=(), geolocation=(), microphone=()', path)
    assert.match(String(headers['content-security-policy']), /connect-src 'none'/, path)
  }
})

test('the script and the boundaries are small, compressed, kept for good under their fingerprint, and answer as the server does', async () => {
  const { origin } = await openPages(act)
  const text = await page(origin, action)
  const [, script, base] = /data-point="([^"]+)" data-boundaries="([^"]+)"/.exec(text)!
  for (const [path, type, most] of [[script!, 'text/javascript; charset=utf-8', 4096], [`${base}index.json`, 'application/json', 1024], [`${base}0.json`, 'application/json', 4096]] as const) {
    const { status, headers, bytes } = await rawRequest(origin, path, { headers: { 'accept-encoding': 'br' } })
    assert.equal(status, 200)
    assert.equal(headers['content-type']!.replace(/^application\/json.*/, 'application/json'), type)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(headers['set-cookie'], undefined)
    assert.ok(bytes.length <= most, `${path}: ${bytes.length} bytes`)
    assert.ok(brotliDecompressSync(bytes).length > bytes.length)
  }
  const atlas = await loadAtlas(it.db, day(), ['marovia-assembly'])
  const places = Array.from({ length: 2000 }, (_, n): Place => [Math.round((n % 50) * 7000 - 175_000), Math.round(Math.floor(n / 50) * 7000 - 140_000)])
  const answers = await areasByFiles(origin, base!, places)
  assert.deepEqual(answers, places.map((place) => atlas.at(place)))
  assert.ok(new Set(answers.flat()).size === 20, 'every district was met')
  for (const path of [base!.replace(/[0-9a-f]{32}/, '0'.repeat(32)), base!.replace('write-to', 'nothing'), base!.replace('write-to-your-representative', 'no-one-should-vanish')]) assert.equal((await rawRequest(origin, `${path}index.json`)).status, 404)
  for (const path of [`${base}9.json`, `${base}..%2f0.json`, script!.replace(/[0-9a-f]{12}/, '0'.repeat(12)), script!.replace('-en-', '-fr-')]) assert.equal((await rawRequest(origin, path)).status, 404, path)
})

test('new boundaries have a new address, and the old one is no longer there', async () => {
  const former = /data-boundaries="([^"]+)"/.exec(await page((await openPages(act)).origin, action))![1]!
  await sql`update areas set names = names || '{"en": "Ardenhal City"}' where id = 'marovia:AR'`.execute(it.db)
  const { origin } = await openPages(act)
  const now = /data-boundaries="([^"]+)"/.exec(await page(origin, action))![1]!
  assert.notEqual(now, former)
  assert.equal((await rawRequest(origin, `${former}index.json`)).status, 404)
  assert.match((await rawRequest(origin, `${now}0.json`)).text, /Ardenhal City/)
})

test('where areas are many the first page stays light, and one’s own is reached step by step at any depth, by forms alone, with what was typed', async () => {
  await manyWards()
  await sql`delete from action_targets where action_id = ${act.message}`.execute(it.db)
  await sql`insert into action_targets (action_id, position, body_id) values (${act.message}, 0, 'council')`.execute(it.db)
  const { origin } = await openPages(act)
  for (const path of [action, `/ar${action}`]) assert.ok((await rawRequest(origin, path, { headers: { 'accept-encoding': 'br' } })).bytes.length <= 14 * 1024)
  const first = await page(origin, action)
  assert.doesNotMatch(first, /<select id="area"/)
  const before = await everyTable(it)
  const step = async (html: string, typed: Record<string, string>, to = '/where') => (await submitForm(origin, html, to, typed)).text()
  const asWhere = first.replace(`action="${action}/write"`, `action="${action}/where"`)
  const country = await step(asWhere, { ...details })
  assert.match(words(country), /In .?The Isle/, 'the only country is not asked about')
  assert.match(words(country), /Further within\s+North\s+South/)
  const province = await step(country, { within: 'isle:P1' })
  assert.match(words(province), /Town 10\s+Town 11\s+Town 6/)
  assert.doesNotMatch(words(province), /Town 5/)
  const town = await step(province, { within: 'isle:T7' })
  assert.match(words(town), /My area is\s+Ward 84\s+Ward 85/)
  assert.equal(formOn(town, '/write').fields.find(([name]) => name === 'email')?.[1], details.email)
  assert.match(words(await step(town.replace(/<form(?:(?!<\/form>)[\s\S])*\/write"[\s\S]*?<\/form>/, ''), {})), /Town 10/, 'and back again')
  assert.match(await step(town, { area: 'isle:W86' }, '/write'), /Member W86/)
  assert.deepEqual(await everyTable(it), before, 'nothing is kept on the way')
  assert.equal((await rawRequest(origin, `${action}/where`)).headers.location, action)

  const alone = await step((await page(origin, `${action}/by-yourself`)).replace('/by-yourself" ', '/where" ').replace(/action="[^"]*by-yourself"/, `action="${action}/where"`), {})
  const own = await step(await step(await step(alone, { within: 'isle:P0' }), { within: 'isle:T0' }), { area: 'isle:W3' }, '/by-yourself')
  assert.match(own, /mailto:W3@council\.example/i)
})

test('the boundaries of many areas come in pieces that hold at least sixteen neighbours each, and answer as the whole does', async () => {
  await sql`update area_shapes set shape = shape where layer = 'wards'`.execute(it.db)
  const { origin } = await openPages(act)
  const base = /data-boundaries="([^"]+)"/.exec(await page(origin, action))![1]!
  const atlas = await loadAtlas(it.db, day(), ['council'])
  const places = Array.from({ length: 900 }, (_, n): Place => [1_950_000 + (n % 30) * 43_333, 1_950_000 + Math.floor(n / 30) * 43_333])
  assert.deepEqual(await areasByFiles(origin, base, places), places.map((place) => atlas.at(place)))
})

test('a postcode that is typed after an area was found by position leads to its own area', async () => {
  await sql`update action_targets set body_id = 'marovia-assembly' where action_id = ${act.message}`.execute(it.db)
  const { origin } = await openPages(act)
  const first = await page(origin, action)
  const write = async (typed: Record<string, string>) => (await submitForm(origin, first, '/write', { ...details, ...typed })).text()
  assert.match(await write({ area: 'marovia:GA', area_for: '', postcode: '' }), /Piet Hallorn/)
  assert.match(await write({ area: 'marovia:GA', area_for: 'AR 110', postcode: 'AR 110' }), /Piet Hallorn/)
  assert.match(await write({ area: 'marovia:GA', area_for: '', postcode: 'BE 110' }), /Senna Kovic/)
})
