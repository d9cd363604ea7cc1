import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeEach, test } from 'node:test'
import { countryCodes } from '#platform/countries.ts'
import { sql } from '#platform/db.ts'
import { countryNameIn } from '#platform/formats.ts'
import { sharedData } from '#test/support/shared-data.ts'
import { stage } from '#test/support/stage.ts'
import { FileFault, importRows, imports, lookup, mapping as mappingSchema, noteImport, officesById, orderSeen, readyMappings, runImport, type Mapping } from '../index.ts'
import { schemeById } from '../lookup.ts'

const it = await stage({ template: 'empty' })
const ready = (name: string) => readyMappings().find((mapping) => mapping.name === name)!
const data = (name: string) => readFileSync(new URL(`../../../../test/data/${name}`, import.meta.url))
const members = data('members-in-uk-format.csv')

beforeEach(async () => {
  await sql`truncate bodies, areas, officials, lookup_schemes, lookup_codes, loaded_files cascade`.execute(it.db)
})

function load(mapping: Mapping, file: Buffer, { asOf = '2027-01-01', dryRun = false } = {}) {
  return runImport(it.as('worker'), { mapping, file, source: 'test.csv', asOf, dryRun })
}

async function ask(code: string, on = '2027-06-01') {
  const scheme = (await schemeById(it.db, 'uk-postcode'))!
  return (await lookup(it.db, scheme, [code], on))[0]!
}

const tally = ({ added, changed, unchanged, refused, ended }: Awaited<ReturnType<typeof load>>) => ({ added, changed, unchanged, refused, ended })

test('a dry run says what would happen and changes nothing; the same file twice changes nothing', async () => {
  assert.deepEqual(tally(await load(ready('uk-members'), members, { dryRun: true })), { added: 3, changed: 0, unchanged: 0, refused: 0, ended: 0 })
  assert.equal((await it.db.selectFrom('offices').select('id').execute()).length, 0)
  await load(ready('uk-members'), gzipSync(members))
  const before = await sql`select * from terms order by id`.execute(it.db)
  assert.deepEqual(tally(await load(ready('uk-members'), members)), { added: 0, changed: 0, unchanged: 3, refused: 0, ended: 0 })
  assert.deepEqual((await sql`select * from terms order by id`.execute(it.db)).rows, before.rows)
})

test('codes lead to offices and holders, with the source’s own ids and names; a code of an area nobody knows is left out, with a reason', async () => {
  await load(ready('uk-members'), members)
  const report = await load(ready('uk-postcodes'), data('postcodes-in-uk-format.yml'))
  assert.deepEqual(tally(report), { added: 3, changed: 0, unchanged: 0, refused: 1, ended: 0 })
  assert.deepEqual(report.report.filter((row) => row.outcome === 'refused').map(({ reason }) => reason), ['unknown-area'])
  const found = await ask('za2 2bb')
  assert.equal(found.result, 'found')
  assert.equal(found.code, 'ZA2 2BB')
  assert.match(found.areas[0]!.id, /:E14009002$/)
  assert.deepEqual(found.offices[0]!.holders.map(({ name }) => name), ['Tamsin O’Dell'])
  assert.match(found.offices[0]!.holders[0]!.id, /:90002$/)
  assert.equal((await ask('ZA3 3CC')).offices[0]!.contactable, false, '“No email found” is no address')
  assert.equal((await ask('ZA9 9ZZ')).result, 'unknown')
  assert.equal((await ask('ZA9')).result, 'malformed')
})

test('a later file ends the terms of those who left, begins those of the new, and the past stays as it was', async () => {
  await load(ready('uk-members'), members)
  await load(ready('uk-postcodes'), data('postcodes-in-uk-format.yml'))
  const later = Buffer.from(members.toString().replace('90002', '90009').replaceAll('Tamsin O’Dell', 'Wren Halloway').replace('tamsin.odell', 'wren.halloway').replace(/^"Thornby.*\n/m, ''))
  const report = await load(ready('uk-members'), later, { asOf: '2027-05-01' })
  assert.deepEqual(tally(report), { added: 0, changed: 1, unchanged: 1, refused: 0, ended: 1 })
  assert.deepEqual((await ask('ZA22BB')).offices[0]!.holders.map(({ name }) => name), ['Wren Halloway'])
  assert.deepEqual((await ask('ZA22BB', '2027-04-30')).offices[0]!.holders.map(({ name }) => name), ['Tamsin O’Dell'])
  assert.deepEqual((await ask('ZA33CC')).offices[0]!.holders, [], 'vacant, and found all the same')
  assert.deepEqual(tally(await load(ready('uk-members'), later, { asOf: '2027-05-01' })), { added: 0, changed: 0, unchanged: 2, refused: 0, ended: 0 })
})

test('any table can be loaded by saying what its columns are: semicolons, tabs, Windows letters, UTF-16, a stray mark at the start', async () => {
  const mapping = mappingSchema.parse({ kind: 'targets', name: 'council', body: { id: 'council', name: 'Council', names: {} }, areaPrefix: 'wards', areaKind: '', columns: { area_code: 'Ward', holder: 'Name', email: 'Mail' }, officeLabel: 'Councillor for {area}', officeLabels: {}, salutations: {}, empty: [] })
  for (const file of [Buffer.from('\ufeffWard;Name;Mail\r\nN1;José Ñandú;jose@council.example\r\n'), Buffer.from('Ward\tName\tMail\nN1\tJosé Ñandú\tjose@council.example\n', 'latin1'), Buffer.from('\ufeffWard\tName\tMail\r\nN1\tJosé Ñandú\tjose@council.example\r\n', 'utf16le')]) {
    await load(mapping, file)
    assert.deepEqual(await it.db.selectFrom('officials').select('name').execute(), [{ name: 'José Ñandú' }])
  }
})

test('a row that is wrong is left out with its reason, and does not keep the others out', async () => {
  const mapping = mappingSchema.parse({ kind: 'targets', name: 'council', body: { id: 'council', name: 'Council', names: {} }, areaPrefix: 'wards', areaKind: '', columns: { area_code: 'Ward', area_name: 'Place', holder: 'Name', email: 'Mail', since: 'Since' }, officeLabel: '{area}', officeLabels: {}, salutations: {}, empty: [] })
  const report = await load(mapping, Buffer.from('Ward,Place,Name,Mail,Since\n,Nowhere,A,a@council.example,\nN1,North,B,not an address,\nN2,South,C,c@council.example,yesterday\nN3,East,D,d@council.example,2020-02-30\nN4,West,E,e@council.example,2020-02-29\nN4,West,F,f@council.example,\nN5,Centre,G,g@council.example,2020-02-29\n'))
  assert.deepEqual(report.report.map(({ row, outcome, reason }) => [row, outcome, reason]), [
    [2, 'refused', 'no-area-code'], [3, 'refused', 'bad-email'], [4, 'refused', 'bad-date'], [5, 'refused', 'bad-date'], [6, 'refused', 'duplicate-office'], [7, 'refused', 'duplicate-office'], [8, 'added', undefined],
  ])
})

test('a list as a country writes it: its dates in its own order, regions around its seats, and two addresses in a cell of which the first is written to', async () => {
  const listed = mappingSchema.parse({
    kind: 'targets', name: 'listed', body: { id: 'listed', name: 'Assembly' }, areaPrefix: 'listed', dates: 'dmy',
    columns: { area_code: 'Seat', parent_name: 'Region', holder: 'Name', email: 'Mail', since: 'From', until: 'To' },
  })
  const file = Buffer.from('Seat;Region;Name;Mail;From;To\nS1;Uplands;Ada;z@assembly.example, a@assembly.example;01.03.2025;28.02.2030\nS2;Uplands;Bo;b@assembly.example;٣/٤/٢٠٢٥;\nS3;Plains;Cy;c@assembly.example;2025-04-05;\nS4;Plains;Di;;02/28/2025;\nS5;S5;Ed;;;\nS6;;Fi;f@assembly.example and more;;\n')
  const report = await load(listed, file)
  assert.deepEqual(report.report.filter(({ outcome }) => outcome === 'refused').map(({ row, reason }) => [row, reason]), [[5, 'bad-date'], [6, 'own-parent'], [7, 'bad-email']])
  assert.deepEqual((await it.db.selectFrom('terms').select(['office_id', 'since']).where('office_id', 'like', 'listed:%').orderBy('office_id').execute()).map((row) => [row.office_id, String(row.since)]), [['listed:S1', '2025-03-01'], ['listed:S2', '2025-04-03'], ['listed:S3', '2025-04-05']])
  assert.deepEqual(await it.db.selectFrom('areas').select(['id', 'parent_id']).where('id', 'like', 'listed:S%').orderBy('id').execute(), [['S1', 'Uplands'], ['S2', 'Uplands'], ['S3', 'Plains']].map(([id, around]) => ({ id: `listed:${id}`, parent_id: `listed:${around}` })))
  assert.equal((await officesById(it.db, ['listed:S1'], '2027-03-01'))[0]!.email, 'z@assembly.example')
  assert.deepEqual(tally(await load(listed, file)), { added: 0, changed: 0, unchanged: 3, refused: 3, ended: 0 })
  assert.deepEqual([['13.01.2027', '01.02.2027'], ['01/13/2027'], ['01/02/2027', '2027-01-13'], []].map(orderSeen), ['dmy', 'mdy', undefined, undefined])
})

test('embassies and the limits of web forms come with the file, and what it does not say stays as somebody set it', async () => {
  const missions = mappingSchema.parse({
    kind: 'targets', name: 'missions', body: { id: 'missions', name: 'Missions' }, areaPrefix: 'missions',
    columns: { office_code: 'code', office: 'office', holder: 'holder', url: 'page', form_limit: 'limit', embassy_of: 'of', embassy_in: 'in' },
  })
  const [sender, seat] = countryCodes()
  const file = (...rows: string[]) => Buffer.from(['code,office,holder,page,limit,of,in', ...rows].join('\n'))
  const report = await load(missions, file('1,Embassy,Ada,https://a.example/form,２０００,xm,XT', '2,Half,Bo,,,XM,', '3,Wrong,Cy,,many,,', '4,Plain,Di,,,,', `5,Named,Ed,,,${countryNameIn('en', sender!)},${countryNameIn('ar', seat!)}`, '6,Nowhere,Fi,,,Marovia,XT'))
  assert.deepEqual(report.report.filter(({ outcome }) => outcome === 'refused').map(({ row, reason }) => [row, reason]), [[3, 'bad-country'], [4, 'bad-limit'], [7, 'bad-country']])
  const known = async () => it.db.selectFrom('offices').select(['id', 'represents', 'host', 'form_limit']).orderBy('id').execute()
  assert.deepEqual(await known(), [{ id: 'missions:1', represents: 'XM', host: 'XT', form_limit: 2000 }, { id: 'missions:4', represents: null, host: null, form_limit: null }, { id: 'missions:5', represents: sender, host: seat, form_limit: null }])
  await load(missions, file('1,Embassy,Ada,https://a.example/form,,,', '4,Plain,Di,,,,'), { asOf: '2027-02-01' })
  assert.deepEqual((await known())[0], { id: 'missions:1', represents: 'XM', host: 'XT', form_limit: 2000 })
})

test('addresses of a code that lies in several areas come with it, follow the newest file, and are no code of their own', async () => {
  const streets = mappingSchema.parse({
    kind: 'lookup', name: 'codes', scheme: { id: 'uk-postcode', formats: ['A9'] }, areaPrefix: 'wards', columns: { code: 'code', area_code: 'ward', share: 'share', street: 'street' }, areas: { name: 'Ward {area_code}' },
  })
  const file = (...rows: string[]) => Buffer.from(['code,ward,share,street', ...rows].join('\n'))
  const known = async (code: string) => (await ask(code)).areas.map((area) => [area.id, area.share, area.streets])
  const first = file('B2,1,0.7,Mill Lane 10', 'B2,1,0.7,Mill Lane 9', 'B2,2,0.3,Harbour  Street', 'B3,1,,')
  assert.deepEqual(tally(await load(streets, first)), { added: 3, changed: 0, unchanged: 0, refused: 0, ended: 0 })
  assert.deepEqual(await known('b2'), [['wards:1', 0.7, ['Mill Lane 9', 'Mill Lane 10']], ['wards:2', 0.3, ['Harbour Street']]])
  assert.deepEqual(await known('b3'), [['wards:1', undefined, undefined]])
  assert.deepEqual(tally(await load(streets, first)), { added: 0, changed: 0, unchanged: 3, refused: 0, ended: 0 })
  const unsure = await load(streets, file('B4,1,0.5,', 'B4,1,0.5,Quay', 'B4,2,0.5,Pier', 'B4,2,0.4,Mole'))
  assert.deepEqual(unsure.report.filter(({ outcome }) => outcome === 'refused').map(({ row, reason }) => [row, reason]), [[5, 'duplicate-code']], 'another share is said to be one, and its address is not taken')
  assert.deepEqual(await known('b4'), [['wards:1', 0.5, ['Quay']], ['wards:2', 0.5, ['Pier']]])
  await load(streets, file('B2,1,0.7,Mill Lane', 'B2,2,0.3,', `B3,1,,${'x'.repeat(201)}`), { asOf: '2027-02-01' })
  assert.deepEqual(await known('b2'), [['wards:1', 0.7, ['Mill Lane']], ['wards:2', 0.3, undefined]])
})

test('what a command loads stands in the list of imports with its report, and without its file', async () => {
  const given = { mapping: ready('uk-members'), file: Buffer.from(members.toString().replace(/[\w.]+@/, 'nowhere ')), source: 'members.csv', asOf: '2027-01-01', dryRun: false, newBoundaries: false }
  await runImport(it.db, given, undefined, (tx, report) => noteImport(tx, given, report, new Date('2027-01-02')))
  const [listed, ...others] = await imports(it.db)
  assert.deepEqual([listed!.fileName, listed!.state, listed!.dryRun, listed!.tally.added, listed!.tally.refused, others], ['members.csv', 'done', false, 2, 1, []])
  assert.deepEqual((await importRows(it.db, listed!.id, { outcome: 'refused', after: 0, size: 10 })).map(({ outcome }) => outcome), ['refused:bad-email'])
  assert.equal((await it.db.selectFrom('imports').select('file').executeTakeFirstOrThrow()).file, null)
})

test('a file that is no table is refused whole', async () => {
  for (const file of [Buffer.from([0, 1, 2, 3]), Buffer.from('')]) await assert.rejects(load(ready('uk-postcodes'), file), FileFault)
})

const realMembers = sharedData('uk/mp_lookup.defanged.csv')
const realCodes = sharedData('uk/example_postcodes.yml')

test('650 real members and one code for each seat: all found, 645 codes of abolished seats left out', { skip: realMembers.skip || realCodes.skip }, async () => {
  assert.deepEqual(tally(await load(ready('uk-members'), readFileSync(realMembers.path))), { added: 650, changed: 0, unchanged: 0, refused: 0, ended: 0 })
  assert.deepEqual(tally(await load(ready('uk-postcodes'), readFileSync(realCodes.path))), { added: 650, changed: 0, unchanged: 0, refused: 645, ended: 0 })
  const scheme = (await schemeById(it.db, 'uk-postcode'))!
  const codes = (await it.db.selectFrom('lookup_codes').select('code').execute()).map((row) => row.code)
  const answers = await lookup(it.db, scheme, codes.map((code) => ` ${code.toLowerCase()} `), '2027-06-01')
  assert.ok(answers.every((answer) => answer.result === 'found' && answer.offices[0]!.holders.length === 1))
  assert.equal(answers.filter((answer) => !answer.offices[0]!.contactable).length, 4)
})
