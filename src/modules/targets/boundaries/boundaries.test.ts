import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { sql } from '#platform/db.ts'
import { boxAround, decodeRings, isInBox, isWithin, placeAt, shapesAt, type Box } from '#platform/shapes.js'
import { areaAtPoint, boundaryFiles, FileFault, loadAtlas, lookupPoints, mapping, readyMappings, runImport, type Mapping } from '#modules/targets/index.ts'
import { sharedData } from '#test/support/shared-data.ts'
import { stage } from '#test/support/stage.ts'

type Corners = [number, number][]
const square = (west: number, south: number, size = 1): Corners => [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
const feature = (code: unknown, rings: Corners[] | undefined, more: Record<string, unknown> = {}) => ({ type: 'Feature', properties: { code, name: `Ward ${String(code)}`, ...more }, geometry: rings && { type: 'Polygon', coordinates: rings } })
const geojson = (features: unknown[], more: Record<string, unknown> = {}) => Buffer.from(JSON.stringify({ type: 'FeatureCollection', features, ...more }))

const wards: Mapping = mapping.parse({ kind: 'boundaries', name: 'wards', layer: 'wards', areaPrefix: 'town', areaKind: 'ward', columns: { area_code: 'code', area_name: 'name', 'area_name@ar': 'arabic', parent_code: 'in', parent_name: 'in_name' } })
const load = (db: Awaited<ReturnType<typeof stage>>['db'], file: Buffer, asOf: string, { dryRun = false, by = wards } = {}) => runImport(db, { mapping: by, file, source: 'wards.geojson', asOf, dryRun })
const at = (latitude: number, longitude: number) => ({ latitude, longitude })

test('boundaries are loaded with their areas, a trial run changes nothing, and the same file again changes nothing either', async () => {
  const { db } = await stage({ template: 'empty' })
  const file = geojson([feature('A', [square(0, 0)], { arabic: 'الحي أ', in: 'N', in_name: 'North' }), feature(7, [square(1, 0)])])
  const seen: number[] = []
  const tried = await runImport(db, { mapping: wards, file, source: 'wards.geojson', asOf: '2027-01-01', dryRun: true }, (done) => void seen.push(done))
  assert.deepEqual([tried.rows, tried.added, tried.refused], [2, 2, 0])
  assert.equal(seen.at(-1), 2, 'says how far it is')
  assert.equal((await db.selectFrom('areas').selectAll().execute()).length, 0)
  const first = await load(db, file, '2027-01-01')
  assert.deepEqual(first.report.map((row) => [row.row, row.outcome, row.label]), [[1, 'added', 'Ward A'], [2, 'added', 'Ward 7']])
  const areas = await db.selectFrom('areas').selectAll().orderBy('id').execute()
  assert.deepEqual(areas.map((area) => [area.id, area.name, area.kind, area.parent_id]), [['town:7', 'Ward 7', 'ward', null], ['town:A', 'Ward A', 'ward', 'town:N'], ['town:N', 'North', '', null]])
  assert.deepEqual(areas[1]!.names, { ar: 'الحي أ' })
  const before = await db.selectFrom('area_shapes').selectAll().orderBy('area_id').execute()
  const again = await load(db, file, '2027-01-01')
  assert.deepEqual([again.added, again.changed, again.unchanged, again.ended], [0, 0, 2, 0])
  assert.deepEqual(await db.selectFrom('area_shapes').selectAll().orderBy('area_id').execute(), before)
  assert.deepEqual(await areaAtPoint(db, at(0.5, 0.5), '2027-01-01'), ['town:A'])
  assert.deepEqual(await areaAtPoint(db, at(0.5, 1.5), '2027-01-01'), ['town:7'])
  assert.deepEqual(await areaAtPoint(db, at(5, 5), '2027-01-01'), [])
})

test('every boundary that cannot be relied on is left out with its reason, and nothing is put right', async () => {
  const { db } = await stage({ template: 'empty' })
  const bowTie: Corners = [[10, 0], [11, 1], [11, 0], [10, 1], [10, 0]]
  const report = await load(db, geojson([
    feature('good', [square(0, 0)]), feature('bow', [bowTie]), feature('open', [square(2, 0).slice(0, 4)]), feature('none', [[]]), feature('thin', [[[3, 0], [4, 0], [3, 0]]]), feature('flat', [[[3, 0], [4, 0], [5, 0], [3, 0]]]),
    feature('far', [square(200, 0)]), feature('metres', [square(484716, 155270, 1000)]), feature('', [square(5, 0)]), feature(undefined, [square(5, 0)]), feature('line', undefined),
    { type: 'Feature', properties: { code: 'point' }, geometry: { type: 'Point', coordinates: [1, 1] } }, { type: 'Feature', properties: { code: 'text' }, geometry: { type: 'Polygon', coordinates: [[['0', '0']]] } }, 'nonsense',
    feature('round', [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]), feature('twice', [square(6, 0)]), feature('twice', [square(7, 0)]), feature('self', [square(8, 0)], { in: 'self' }),
    feature('hole', [square(20, 0), square(30, 0)]), { type: 'Feature', properties: { code: 'double' }, geometry: { type: 'MultiPolygon', coordinates: [[square(40, 0, 4)], [square(41, 1)]] } },
    { type: 'Feature', properties: { code: 'parts' }, geometry: { type: 'MultiPolygon', coordinates: [] } },
  ]), '2027-01-01')
  assert.deepEqual(report.report.filter((row) => row.outcome === 'refused').map((row) => [row.row, row.reason]), [
    [2, 'crosses-itself'], [3, 'open-ring'], [4, 'empty-ring'], [5, 'empty-ring'], [6, 'empty-ring'], [7, 'outside-world'], [8, 'outside-world'], [9, 'no-area-code'], [10, 'no-area-code'], [11, 'no-shape'],
    [12, 'no-shape'], [13, 'no-shape'], [14, 'unreadable'], [15, 'across-date-line'], [16, 'duplicate-area'], [17, 'duplicate-area'], [18, 'own-parent'], [19, 'crosses-itself'], [20, 'crosses-itself'], [21, 'empty-ring'],
  ])
  assert.deepEqual([report.rows, report.added, report.refused], [21, 1, 20])
})

test('a file that is no GeoJSON, or counts in metres, is refused as a whole', async () => {
  const { db } = await stage({ template: 'empty' })
  for (const file of [Buffer.from('{"type":"FeatureCollection"'), Buffer.from('[]'), Buffer.from('null'), geojson([], { type: 'Topology' }), geojson([], { crs: { properties: { name: 'urn:ogc:def:crs:EPSG::27700' } } })]) {
    await assert.rejects(load(db, file, '2027-01-01'), FileFault)
  }
  assert.equal((await load(db, geojson([feature('A', [square(0, 0)])], { crs: { properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } } }), '2027-01-01')).added, 1)
})

test('new boundaries hold from their day on and the former ones until then; who asks about a day gets the boundaries of that day', async () => {
  const { db } = await stage({ template: 'empty' })
  await load(db, geojson([feature('A', [square(0, 0)]), feature('B', [square(1, 0)]), feature('gone', [square(2, 0)])]), '2026-01-01')
  const file = geojson([feature('A', [[[0, 0], [1.5, 0], [1.5, 1], [0, 1], [0, 0]]]), feature('B', [[[1.5, 0], [2, 0], [2, 1], [1.5, 1], [1.5, 0]]]), feature('new', [square(2, 0)])])
  const report = await load(db, file, '2027-05-01')
  assert.deepEqual(report.report.map((row) => [row.label, row.outcome]), [['Ward gone', 'ended'], ['Ward A', 'changed'], ['Ward B', 'changed'], ['Ward new', 'added']])
  for (const [day, middle, east] of [['2026-06-01', 'town:B', 'town:gone'], ['2027-04-30', 'town:B', 'town:gone'], ['2027-05-01', 'town:A', 'town:new'], ['2030-01-01', 'town:A', 'town:new']] as const) {
    assert.deepEqual(await areaAtPoint(db, at(0.5, 1.25), day), [middle], day)
    assert.deepEqual(await areaAtPoint(db, at(0.5, 2.5), day), [east], day)
  }
  assert.deepEqual([(await load(db, file, '2027-05-01')).unchanged, (await load(db, file, '2027-06-01')).unchanged], [3, 3])

  const older = await load(db, geojson([feature('A', [square(0, 0)]), feature('gone', [square(2, 0)]), feature('', [square(2, 0)])]), '2026-01-01')
  assert.deepEqual(older.report.map((row) => row.reason), ['older-file', 'older-file', 'no-area-code'])
  assert.deepEqual(await areaAtPoint(db, at(0.5, 1.25), '2027-06-01'), ['town:A'], 'an older file changes nothing')
  assert.deepEqual([(await load(db, geojson([feature('gone', [square(2, 0)]), feature('A', [square(0, 0)])]), '2028-01-01')).ended], [2], 'what comes back begins anew')
  assert.deepEqual(await areaAtPoint(db, at(0.5, 2.5), '2028-01-01'), ['town:gone'])
})

test('what is left out says nothing about its area, a row without a code ends none, and a partial file ends none', async () => {
  const { db } = await stage({ template: 'empty' })
  await load(db, geojson([feature('A', [square(0, 0)]), feature('B', [square(1, 0)]), feature('C', [square(2, 0)])]), '2026-01-01')
  const broken = await load(db, geojson([feature('A', [square(0, 0)]), feature('B', [[]])]), '2026-02-01')
  assert.deepEqual(broken.report.map((row) => [row.label, row.outcome]), [['Ward C', 'ended'], ['Ward A', 'unchanged'], ['Ward B', 'refused']])
  assert.equal((await load(db, geojson([feature('A', [square(0, 0)]), feature('', [square(1, 0)])]), '2026-03-01')).ended, 0)
  assert.equal((await load(db, geojson([feature('A', [square(0, 0)])]), '2026-04-01', { by: { ...wards, whole: false } as Mapping })).ended, 0)
  assert.deepEqual(await areaAtPoint(db, at(0.5, 1.5), '2026-05-01'), ['town:B'])
})

const uk = { boundaries: sharedData('uk/westminster-2024-buc.geojson.gz'), members: sharedData('uk/mp_lookup.defanged.csv') }

test('650 real boundaries: each area’s own point is found in it and in no other, with its office and its holder', { skip: uk.boundaries.skip || uk.members.skip }, async (t) => {
  const { db } = await stage({ template: 'empty' })
  const by = (name: string) => readyMappings().find((each) => each.name === name)!
  const file = readFileSync(uk.boundaries.path)
  await runImport(db, { mapping: by('uk-members'), file: readFileSync(uk.members.path), source: 'members', asOf: '2026-11-01', dryRun: false })
  const report = await load(db, file, '2026-11-01', { by: by('uk-boundaries') })
  assert.deepEqual([report.added, report.refused, report.ended], [650, 0, 0])
  assert.equal((await sql<{ n: number }>`select count(*)::int as n from areas`.execute(db)).rows[0]!.n, 650, 'their ids are those of the members')
  assert.equal((await load(db, file, '2026-11-01', { by: by('uk-boundaries') })).unchanged, 650)

  const atlas = await loadAtlas(db, '2026-11-01', ['uk-members'])
  const points = atlas.shapes.map((shape) => ({ areaId: shape.areaId, place: pointWithin(shape.rings) }))
  for (const { areaId, place } of points) assert.deepEqual(atlas.at(place), [areaId])
  const answers = await lookupPoints(db, atlas, points.map(({ place: [x, y] }) => `${y / 1e5},${x / 1e5}`), '2026-11-01')
  answers.forEach((answer, place) => {
    assert.equal(answer.result, 'found')
    assert.deepEqual(answer.areas.map((area) => area.id), [points[place]!.areaId])
    assert.deepEqual(answer.offices.map((office) => office.area), [points[place]!.areaId])
  })

  // What a browser loads leads to the same answers, and is little: the index and one piece for nearly everybody.
  const { files } = (await boundaryFiles(db, ['uk-members'], '2026-11-01'))!
  const pieces = (JSON.parse(files.get('index.json')!) as string[]).map((text, number) => ({
    boxes: [...decodeRings(text)[0]!].map((step) => step * 100),
    shapes: (JSON.parse(files.get(`${number}.json`)!) as [string, string, object, string, string][]).map(([id, , , layer, text]) => ({ id, layer, rings: decodeRings(text), box: boxAround(decodeRings(text)) })),
  }))
  const loaded = points.map(({ areaId, place }) => {
    const wanted = pieces.filter(({ boxes }) => boxes.some((_, at) => at % 4 === 0 && isInBox(boxes.slice(at, at + 4) as unknown as Box, place)))
    assert.deepEqual(shapesAt(wanted.flatMap(({ shapes }) => shapes), place, (shape) => shape.rings).map(({ id }) => id), [areaId])
    return wanted.length
  })
  const weigh = (name: string) => brotliCompressSync(files.get(name)!).length
  t.diagnostic(`index ${weigh('index.json')} bytes, ${pieces.length} pieces of ${Math.max(...pieces.map((_, number) => weigh(`${number}.json`)))} bytes at most, ${(loaded.reduce((sum, each) => sum + each, 0) / 650).toFixed(2)} loaded on average; ${Math.min(...pieces.map(({ shapes }) => shapes.length))} areas at least in each`)
  assert.ok(weigh('index.json') <= 8192)
  for (const number of pieces.keys()) assert.ok(weigh(`${number}.json`) <= 24_576)
  assert.ok(pieces.every(({ shapes }) => shapes.length >= 16))

  const [sea, nonsense] = await lookupPoints(db, atlas, ['48.0,-20.0', '91,0'], '2026-11-01')
  assert.deepEqual([sea!.result, nonsense!.result, sea!.areas, sea!.offices], ['outside', 'malformed', [], []])
  // The same borders seen from both sides: a corner that areas share belongs to one of them at most.
  for (const shape of atlas.shapes) for (const ring of shape.rings) for (let corner = 0; corner < ring.length; corner += 16) assert.ok(atlas.at([ring[corner]!, ring[corner + 1]!]).length <= 1)
})

/** A point well within a shape: the middle of the widest stretch along the line half-way up. */
function pointWithin(rings: readonly Int32Array[]): [number, number] {
  const ys = rings.flatMap((ring) => [...ring].filter((_, at) => at % 2 === 1)).toSorted((one, other) => one - other)
  const y = ys[ys.length >> 1]! + 0.5
  const crossings = rings.flatMap((ring) => Array.from({ length: ring.length / 2 }, (_, at) => {
    const [x1, y1, x2, y2] = [ring[at * 2]!, ring[at * 2 + 1]!, ring[(at * 2 + 2) % ring.length]!, ring[(at * 2 + 3) % ring.length]!]
    return y1 > y !== y2 > y ? [x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)] : []
  }).flat()).toSorted((one, other) => one - other)
  const stretches = Array.from({ length: crossings.length / 2 }, (_, at) => [crossings[at * 2]!, crossings[at * 2 + 1]!] as const)
  const [west, east] = stretches.toSorted((one, other) => other[1] - other[0] - (one[1] - one[0]))[0]!
  return [Math.round((west + east) / 2), Math.floor(y)]
}

test('half a metre matters nowhere: a point on the border of two areas lies in exactly one, whichever way it is reached', () => {
  const left = [Int32Array.from([0, 0, 100, 0, 120, 50, 100, 100, 0, 100])]
  const right = [Int32Array.from([100, 100, 120, 50, 100, 0, 200, 0, 200, 100])]
  for (let y = 0; y < 100; y++) for (let x = 0; x < 200; x++) assert.equal(Number(isWithin(left, [x, y])) + Number(isWithin(right, [x, y])), 1)
  assert.deepEqual(placeAt(-0.123456, 51.5), [-12346, 5150000])
  assert.deepEqual(decodeRings('_p~iF~ps|U_ulLnnqC_mqNvxq`@'), [Int32Array.from([-12020000, 3850000, -12095000, 4070000, -12645300, 4325200])], 'the example of the format’s own description')
})
