import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from '#test/support/property.ts'
import { inTransaction, sql } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { endsMuch, findMapping, lookup, mapping as mappingSchema, OlderFile, runImport, saveMapping } from '../index.ts'
import { schemeById } from '../lookup.ts'
import type { ImportGiven } from './run.ts'
import { openText } from './source.ts'

const it = await stage({ template: 'empty' })

beforeEach(async () => {
  await sql`truncate bodies, areas, officials, lookup_schemes, lookup_codes, loaded_files, mappings cascade`.execute(it.db)
})

const council = (more: object = {}) => mappingSchema.parse({ kind: 'targets', name: 'council', body: { id: 'council', name: 'Council' }, areaPrefix: 'wards', columns: { area_code: 'Ward', holder_id: 'Id', holder: 'Name', 'holder@fr': 'Nom', email: 'Mail' }, ...more })
const codes = (more: object = {}) => mappingSchema.parse({ kind: 'lookup', name: 'codes', scheme: { id: 'codes', formats: ['999'] }, areaPrefix: 'wards', columns: { code: 'code', area_code: 'ward', share: 'share' }, ...more })

async function load(mapping: ImportGiven['mapping'], text: string, asOf = '2027-01-01', more: Partial<ImportGiven> = {}) {
  const { report, ...tally } = await runImport(it.as('worker'), { mapping, file: Buffer.from(text), source: 'a file', asOf, dryRun: false, ...more })
  return { tally, refused: report.filter((row) => row.outcome === 'refused').map(({ row, reason }) => [row, reason]), report }
}

async function codesOf(on: string, ...asked: string[]) {
  return (await lookup(it.db, (await schemeById(it.db, 'codes'))!, asked, on)).map((answer) => answer.areas.map((area) => area.id.slice(6) + (area.share === undefined ? '' : ` ${area.share}`)).join() || answer.result)
}

const wards = 'Ward,Id,Name,Nom,Mail\nN1,a,Ana,Anne,ana@council.example\nN2,b,Ben,Benoît,ben@council.example\nN3,c,Cam,Camille,cam@council.example\n'
const holders = async (on = '2027-06-01') => (await sql<{ line: string }>`
  select office_id || ' ' || official_id as line from terms where coalesce(since <= ${on}, true) and coalesce(until > ${on}, true) order by 1`.execute(it.db)).rows.map((row) => row.line.replaceAll('council:', ''))

test('a file with broken rows loads the others, and ends nobody whom a broken row may have named', async () => {
  await load(council(), wards)
  const broken = await load(council(), 'Ward,Id,Name,Nom,Mail\nN1,a,Ana,Anne,ana@council.example\nN2,b\nN4,d,Dee,,dee@council.example\n', '2027-02-01')
  assert.deepEqual(broken.refused, [[3, 'unreadable']])
  assert.deepEqual([broken.tally.added, broken.tally.ended, broken.tally.kept], [1, 0, 2])
  assert.deepEqual(await holders(), ['N1 a', 'N2 b', 'N3 c', 'N4 d'])
  const named = await load(council(), 'Ward,Id,Name,Nom,Mail\nN1,a,Ana,Anne,ana@council.example\nN2,b,Ben,Benoît,no address\nN4,d,Dee,,dee@council.example\n', '2027-03-01')
  assert.deepEqual(named.refused, [[3, 'bad-email']])
  assert.deepEqual(await holders(), ['N1 a', 'N2 b', 'N4 d'], 'the row that was left out says nothing about its ward; ward 3 is not in the file')
})

test('a row of ten megabytes is left out and ends nobody, alone where the table has no quotation marks; a first line like that is refused, and so is what begins with zero bytes', async () => {
  const huge = 'x'.repeat(10_000_000)
  for (const quote of ['', '"']) {
    await load(council(), wards)
    const { refused, tally } = await load(council(), `Ward,Id,Name,Nom,Mail\nN1,a,Ana,Anne,ana@council.example\nN2,b,${quote}${huge}${quote},,b@council.example\nN4,d,Dee,,dee@council.example\n`, '2027-02-01')
    assert.ok(refused.length > 0 && tally.ended === 0, `quote ${quote}`)
    if (quote === '') assert.ok((await holders()).includes('N4 d'))
    await sql`truncate bodies, areas, officials, loaded_files cascade`.execute(it.db)
  }
  await assert.rejects(load(council(), huge), /first line is too long/)
  await assert.rejects(load(council(), 'PK\u0003\u0004\0\0'), /not a text file/)
  for (const quote of ['', '"']) {
    const { refused, tally } = await load(council(), `${wards}N6,f,${quote}F\0x${quote},,\nN7,g,Gil,,g@council.example\n`)
    assert.deepEqual([refused.map(([, reason]) => reason), tally.ended, (await holders()).includes('N7 g')], [['unreadable'], 0, true], 'a zero byte breaks the row that has it')
    await sql`truncate bodies, areas, officials, loaded_files cascade`.execute(it.db)
  }
})

test('a file that never ends, packed or not, is given up at the limit with what to do instead', async () => {
  let given = 0
  const line = Buffer.from(`N1,a,Ana,,${'x'.repeat(65_525)}\n`)
  const endless = async function* () { for (;; given += line.length) yield line }
  await assert.rejects(openText({ open: endless }, 5_000_000), /more than 5 MB once it is unpacked\. Split it/)
  assert.ok(given < 6_000_000, `${given} bytes were read`)
  await assert.rejects(openText(gzipSync(Buffer.alloc(20_000_000, 'x')), 5_000_000), /more than 5 MB/)
})

test('whatever is wrong in one row of a hundred, every row is in the report once and all the others are loaded', async () => {
  const good = Array.from({ length: 100 }, (_, number) => `W${number},h${number},Holder ${number},,h${number}@council.example`)
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 99 }), fc.constantFrom('', ',', 'W1', ',x,Name,,x@council.example', `W,i,Name,,${'x'.repeat(3000)}`, 'W,i,Name,,not@an@address', `${'W'.repeat(3000)},i,Name,,`, '"W,i', 'W5,i,Other,,', 'W,i,N,,,,,,'), async (place, bad) => {
    await sql`truncate bodies, areas, officials, loaded_files cascade`.execute(it.db)
    const { tally, report } = await load(council(), ['Ward,Id,Name,Nom,Mail', ...good.slice(0, place), bad, ...good.slice(place + 1)].join('\n'))
    // A quote that is not closed swallows what follows it: that is in the report as one row that cannot be read.
    const swallowed = bad.startsWith('"')
    assert.equal(tally.added + tally.refused, report.length)
    // Ward 5 has another holder then, and nobody twice, if it is the row of ward 5 itself that says so.
    const most = bad.startsWith('W5,') && place === 5 ? 100 : 99
    if (!swallowed) assert.ok(tally.added >= 98 && tally.added <= most, `${bad.slice(0, 20)}: ${tally.added}`)
    assert.ok(report.every((row) => row.label.length <= 200))
  }), { numRuns: 25 })
})

test('two holders of an office with one seat are both left out; with two seats each has an office', async () => {
  const two = 'Ward,Id,Name,Nom,Mail\nN1,a,Ana,,\nN1,b,Ben,,\nN2,c,Cam,,\nN2,c,Cam,,\n'
  assert.deepEqual((await load(council(), two)).refused, [[2, 'duplicate-office'], [3, 'duplicate-office'], [5, 'duplicate-row']])
  assert.deepEqual((await load(council({ seats: 2 }), `${two}\n`, '2027-01-02')).refused, [[5, 'duplicate-row']])
  assert.deepEqual(await holders(), ['N1 a', 'N1/2 b', 'N2 c'])
})

test('two people of one name in two wards are two people, each with an address of their own', async () => {
  await load(council({ columns: { area_code: 'Ward', holder: 'Name', email: 'Mail' } }), 'Ward,Name,Mail\nN１,Ana Vell,one@council.example\nN2,Ana Vell,two@council.example\nN3,Ben Orr,ben@council.example\n')
  assert.deepEqual(await holders(), ['N1 ana-vell-N1', 'N2 ana-vell-N2', 'N3 ben-orr'])
  assert.deepEqual((await it.db.selectFrom('contact_details').select(['official_id', 'value']).orderBy('value').execute()).map((row) => `${row.official_id} ${row.value}`), ['council:ben-orr ben@council.example', 'council:ana-vell-N1 one@council.example', 'council:ana-vell-N2 two@council.example'])
})

test('a code in two areas is in both with its shares; the same twice, shares beyond the whole, and nonsense are left out', async () => {
  await load(council(), wards)
  const long = '9'.repeat(3000)
  const { refused, tally, report } = await load(codes(), `code,ward,share\n101,N1,0.7\n101,N2,0.3\n１０２,N1,\n103,N9,\n104,N1,0.8\n104,N2,0.9\n105,N1,\n105,N1,\n106,N1,0.5\n106,N1,0.6\n${long},N1,\n107,N1,7\n108,,\n,N1,\n`)
  assert.deepEqual(refused, [[5, 'unknown-area'], [6, 'bad-share'], [7, 'bad-share'], [9, 'duplicate-code'], [10, 'duplicate-code'], [11, 'duplicate-code'], [12, 'malformed-code'], [13, 'bad-share'], [14, 'no-area-code'], [15, 'no-code']])
  assert.equal(report.find((row) => row.reason === 'unknown-area')?.label, '103 (N9)', 'the area that nobody knows is named')
  assert.equal(tally.added, 4)
  assert.deepEqual(await codesOf('2027-06-01', '101', '102', '٠٠١', '105'), ['N1 0.7,N2 0.3', 'N1', 'unknown', 'N1'])
})

test('a later file of codes is a generation of its own: each day has the one that held on it', async () => {
  await load(council(), wards)
  await load(codes(), 'code,ward,share\n101,N1,\n102,N2,\n103,N3,\n')
  const later = await load(codes(), 'code,ward,share\n101,N2,\n102,N2,\n104,N3,\n', '2027-05-01')
  assert.deepEqual([later.tally.added, later.tally.changed, later.tally.unchanged, later.tally.ended], [1, 1, 1, 0])
  assert.deepEqual(await codesOf('2027-04-30', '101', '102', '103'), ['N1', 'N2', 'N3'])
  assert.deepEqual(await codesOf('2027-05-01', '101', '102', '103', '104'), ['N2', 'N2', 'N3', 'N3'])
  const back = await load(codes(), 'code,ward,share\n101,N1,\n', '2027-06-01', { newBoundaries: true })
  assert.deepEqual([back.tally.changed, back.tally.ended], [1, 3])
  assert.deepEqual(await codesOf('2027-05-15', '101', '103'), ['N2', 'N3'])
  assert.deepEqual(await codesOf('2027-06-01', '101', '103'), ['N1', 'unknown'])
})

test('new boundaries end the areas and offices that the file does not have, and begin the new ones, on its day', async () => {
  await load(council(), wards)
  await load(codes(), 'code,ward,share\n101,N1,\n')
  await load(council(), 'Ward,Id,Name,Nom,Mail\nM1,a,Ana,Anne,ana@council.example\nN3,c,Cam,Camille,cam@council.example\n', '2027-05-01', { newBoundaries: true })
  await load(codes(), 'code,ward,share\n101,M1,\n', '2027-05-01')
  assert.deepEqual(await it.db.selectFrom('areas').select(['id', 'valid_from', 'valid_until']).orderBy('id').execute(), [
    { id: 'wards:M1', valid_from: '2027-05-01', valid_until: null }, { id: 'wards:N1', valid_from: null, valid_until: '2027-05-01' },
    { id: 'wards:N2', valid_from: null, valid_until: '2027-05-01' }, { id: 'wards:N3', valid_from: null, valid_until: null },
  ])
  assert.deepEqual([await codesOf('2027-04-30', '101'), await codesOf('2027-05-01', '101')], [['N1'], ['M1']])
})

test('an older file is refused, by its day or because its very bytes were loaded before another; who is in office stays', async () => {
  await load(council(), wards, '2027-01-01')
  const newer = wards.replace('a,Ana,Anne,ana@', 'z,Zoe,Zoé,zoe@')
  await load(council(), newer, '2027-02-01')
  for (const [text, asOf] of [[wards, '2027-01-15'], [newer, '2027-01-31'], [wards, '2027-03-01']] as const) await assert.rejects(load(council(), text, asOf), OlderFile)
  assert.deepEqual(await holders(), ['N1 z', 'N2 b', 'N3 c'])
  await load(council(), wards, '2027-03-01', { evenIfOlder: true })
  assert.deepEqual(await holders(), ['N1 a', 'N2 b', 'N3 c'])
  await assert.rejects(load(codes(), 'code,ward,share\n101,N1,\n', '2027-01-01').then(() => load(codes(), 'code,ward,share\n102,N1,\n', '2026-01-01')), OlderFile)
})

test('a list in JSON or YAML is read by a mapping that was kept: places in it, the first that is not empty, several in one', async () => {
  const made = mappingSchema.parse({
    kind: 'targets', name: 'assembly', shape: 'list', list: 'data.members', body: { id: 'assembly', name: 'Assembly' }, areaPrefix: 'land',
    columns: { area_code: '{seat.region}-{seat.number}', holder_id: 'id', holder: 'names.full|names.first', 'holder@ar': 'names.ar', email: 'contacts[type=email].value' },
  })
  assert.equal(await inTransaction(it.as('desk'), (tx) => saveMapping(tx, made, new Date('2027-01-01'))), 'saved')
  assert.equal(await inTransaction(it.as('desk'), (tx) => saveMapping(tx, { ...made, name: 'us-zip' }, new Date('2027-01-01'))), 'taken')
  const kept = (await findMapping(it.as('worker'), 'assembly'))!
  const members = [{ id: 7, seat: { region: 'A', number: 1 }, names: { full: 'Ana Vell', ar: 'آنا' }, contacts: [{ type: 'phone', value: '1' }, { type: 'email', value: 'ana@land.example' }] }, { id: 8, seat: { region: 'A' }, names: { first: 'Ben' } }]
  const { tally, refused } = await load(kept, JSON.stringify({ data: { members } }))
  assert.deepEqual([tally.added, refused], [1, [[2, 'no-area-code']]])
  assert.deepEqual(await it.db.selectFrom('officials').select(['id', 'name', 'names']).execute(), [{ id: 'assembly:7', name: 'Ana Vell', names: { ar: 'آنا' } }])
  assert.deepEqual((await it.db.selectFrom('contact_details').select('value').execute()).map((row) => row.value), ['ana@land.example'])
  assert.deepEqual((await load(kept, 'data:\n  members:\n    - { id: 7, seat: { region: A, number: 1 }, names: { full: Ana Vell, ar: آنا } }\n', '2027-02-01')).tally.changed, 1, 'its address has ended')
})

test('where more than a third of what stands would end, and not just a few, the file may be cut short', () => {
  assert.equal(endsMuch({ ended: 400, changed: 0, unchanged: 250 }), true)
  assert.equal(endsMuch({ ended: 200, changed: 0, unchanged: 450 }), false)
  assert.equal(endsMuch({ ended: 49, changed: 0, unchanged: 1 }), false, 'a small body that was made smaller')
})
