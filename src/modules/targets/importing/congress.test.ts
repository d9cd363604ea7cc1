import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { stringify } from 'yaml'
import { sql } from '#platform/db.ts'
import { sharedData } from '#test/support/shared-data.ts'
import { stage } from '#test/support/stage.ts'
import { fileAt, lookup, readyMappings, runImport } from '../index.ts'
import { schemeById } from '../lookup.ts'
import type { FileSource } from './source.ts'

const it = await stage({ template: 'empty' })
const members = sharedData('us/legislators-current.yaml.gz')
const zips = sharedData('us/zccd.csv.gz')

beforeEach(async () => {
  await sql`truncate bodies, areas, officials, lookup_schemes, lookup_codes, loaded_files cascade`.execute(it.db)
})

async function load(name: string, file: FileSource, asOf = '2026-11-01', newBoundaries = false) {
  const { report, ...tally } = await runImport(it.as('worker'), { mapping: readyMappings().find((mapping) => mapping.name === name)!, file, source: name, asOf, dryRun: false, newBoundaries })
  return { report, tally }
}

async function ask(code: string, on = '2026-11-26') {
  const { result, areas, offices } = (await lookup(it.db, (await schemeById(it.db, 'us-zip'))!, [code], on))[0]!
  return { result, areas: areas.map((area) => area.id), offices: offices.map((office) => `${office.id} ${office.holders.map((holder) => holder.id).join() || 'vacant'}`) }
}

const member = (id: string, name: string, ...terms: object[]) => ({ id: { bioguide: id }, name: { first: name, last: 'Person', ...(name === 'Ada' ? {} : { official_full: `${name} Q. Person` }) }, terms })
const senator = (start: string, end: string, seat: number) => ({ type: 'sen', start, end, state: 'XX', class: seat, party: 'North', phone: '202-555-0100' })
const seat = (start: string, end: string, district: number) => ({ type: 'rep', start, end, state: 'XX', district, party: 'South' })
const some = [
  member('A1', 'Ada', senator('2015-01-03', '2021-01-03', 1), senator('2021-01-03', '2027-01-03', 1)),
  member('B2', 'Bo', seat('2013-01-03', '2015-01-03', 9), senator('2019-01-03', '2025-01-03', 2), senator('2025-01-03', '2026-10-01', 2)),
  member('C3', 'Cy', seat('2023-01-03', '2025-01-03', 1), seat('2025-01-03', '2027-01-03', 1)),
]
const codes = 'state_fips,state_abbr,zcta,cd\n99,XX,10001,1\n99,XX,10002,2\n99,XX,10003,1\n99,XX,10003,2\n98,YY,10003,0\n'

test('a ZIP leads to its district’s seat and to both of its state’s, each an office of its own with the source’s id, whichever file came first', async () => {
  for (const order of [['us-congress', 'us-zip'], ['us-zip', 'us-congress']]) {
    await sql`truncate bodies, areas, officials, lookup_schemes, lookup_codes, loaded_files cascade`.execute(it.db)
    for (const name of order) await load(name, Buffer.from(name === 'us-zip' ? codes : stringify(some)))
    const both = ['us-senate:XX-class-1 us-congress:A1', 'us-senate:XX-class-2 us-congress:B2']
    assert.deepEqual(await ask('10001'), { result: 'found', areas: ['us:XX-1'], offices: ['us-house:XX-1 us-congress:C3', ...both] })
    assert.deepEqual(await ask('１０００２'), { result: 'found', areas: ['us:XX-2'], offices: ['us-house:XX-2 vacant', ...both] }, 'a vacant seat is there, with nobody in it')
    assert.deepEqual((await ask('10001-1234')).areas, ['us:XX-1'], 'what stands behind the hyphen does not matter')
    const split = await ask('10003')
    assert.equal(split.result, 'ambiguous')
    assert.deepEqual(split.offices.toSorted(), ['us-house:XX-1 us-congress:C3', 'us-house:XX-2 vacant', 'us-house:YY-0 vacant', ...both].toSorted(), 'nobody stands there twice')
  }
  assert.deepEqual(await it.db.selectFrom('officials').select(['id', 'name']).orderBy('id').execute(), [
    { id: 'us-congress:A1', name: 'Ada Person' }, { id: 'us-congress:B2', name: 'Bo Q. Person' }, { id: 'us-congress:C3', name: 'Cy Q. Person' },
  ])
})

test('whom the file names is in office, also after the day on which the term was to end; former terms of a seat are known', async () => {
  await load('us-congress', Buffer.from(stringify(some)))
  const terms = await it.db.selectFrom('terms').select(['office_id', 'official_id', 'since', 'until', 'expected_until']).orderBy('office_id').orderBy('since').execute()
  assert.deepEqual(terms.map((term) => [term.office_id.slice(3), term.since, term.until, term.expected_until]), [
    ['house:XX-1', '2025-01-03', null, '2027-01-03'],
    ['senate:XX-class-1', '2015-01-03', '2021-01-03', null], ['senate:XX-class-1', '2021-01-03', null, '2027-01-03'],
    ['senate:XX-class-2', '2019-01-03', '2025-01-03', null], ['senate:XX-class-2', '2025-01-03', null, '2026-10-01'],
  ])
})

test('the same file twice changes nothing, and a newer one ends who is no longer in it', async () => {
  const first = await load('us-congress', Buffer.from(stringify(some)))
  assert.deepEqual(first.tally, { rows: 3, added: 3, changed: 0, unchanged: 0, refused: 0, ended: 0, kept: 0 })
  const again = await load('us-congress', Buffer.from(stringify(some)))
  assert.deepEqual(again.tally, { rows: 3, added: 0, changed: 0, unchanged: 3, refused: 0, ended: 0, kept: 0 })
  const later = await load('us-congress', Buffer.from(stringify(some.slice(1))), '2026-12-01')
  assert.deepEqual(later.tally, { rows: 2, added: 0, changed: 0, unchanged: 2, refused: 0, ended: 1, kept: 0 })
  await load('us-zip', Buffer.from(codes))
  assert.deepEqual((await ask('10001', '2026-12-02')).offices[1], 'us-senate:XX-class-1 vacant')
  assert.deepEqual((await ask('10001', '2026-11-30')).offices[1], 'us-senate:XX-class-1 us-congress:A1')
})

test('a record that fits no part of the mapping, or has no term, is reported', async () => {
  const odd = [...some, member('D4', 'Di', { type: 'gov', start: '2025-01-03', end: '2027-01-03', state: 'XX' }), { id: { bioguide: 'E5' }, name: { official_full: 'No Terms' }, terms: [] }, 'text']
  const { report } = await load('us-congress', Buffer.from(stringify(odd)))
  assert.deepEqual(report.filter((row) => row.outcome === 'refused').map((row) => [row.row, row.reason]), [[4, 'not-described'], [5, 'unreadable'], [6, 'unreadable']])
})

test('537 real members and 42,033 rows of codes: every ZIP that is found has the seats of its district and its state', { skip: members.skip || zips.skip }, async () => {
  const loaded = await load('us-congress', fileAt(members.path))
  assert.deepEqual([loaded.tally.rows, loaded.tally.added, loaded.tally.refused], [537, 537, 1], 'one web address of the file is none: it alone is left out')
  const codesLoaded = await load('us-zip', fileAt(zips.path))
  assert.deepEqual([codesLoaded.tally.rows, codesLoaded.tally.refused], [42_033, 0])
  const { rows } = await sql<{ code: string, areas: string[] }>`select code, array_agg(area_id order by area_id) as areas from lookup_codes group by code`.execute(it.db)
  const answers = await lookup(it.db, (await schemeById(it.db, 'us-zip'))!, rows.map((row) => row.code), '2026-11-26')
  assert.equal(answers.filter((answer) => answer.result === 'ambiguous').length, 7299)
  for (const [place, answer] of answers.entries()) {
    const states = new Set(rows[place]!.areas.map((area) => area.slice(3, 5)))
    const senators = answer.offices.filter((office) => office.id.startsWith('us-senate:'))
    const expected = [...states].filter((state) => state !== 'DC' && state !== 'PR').length * 2
    assert.equal(senators.filter((office) => office.holders.length === 1).length, expected, rows[place]!.code)
    assert.equal(answer.offices.filter((office) => office.id.startsWith('us-house:')).length, rows[place]!.areas.length)
  }
  assert.equal((await load('us-congress', fileAt(members.path))).tally.unchanged, 537)
  assert.deepEqual((await load('us-zip', fileAt(zips.path))).tally, { rows: 42_033, added: 0, changed: 0, unchanged: 42_033, refused: 0, ended: 0, kept: 0 })
})
