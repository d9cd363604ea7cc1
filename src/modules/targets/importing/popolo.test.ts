import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { beforeEach, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { sharedData } from '#test/support/shared-data.ts'
import { stage } from '#test/support/stage.ts'
import { FileFault, officesOfAreas, readyMappings, runImport } from '../index.ts'

const it = await stage({ template: 'empty' })

beforeEach(async () => {
  await sql`truncate bodies, areas, officials, loaded_files cascade`.execute(it.db)
})

async function load(content: object, asOf = '2027-01-01') {
  const { report, ...tally } = await runImport(it.as('worker'), { mapping: readyMappings().find((mapping) => mapping.name === 'popolo')!, file: Buffer.from(JSON.stringify(content)), source: 'council.json', asOf, dryRun: false })
  return { report: report.filter((row) => row.outcome !== 'added' && row.outcome !== 'unchanged').map(({ row, outcome, label, reason }) => [row, reason ?? outcome, label]), tally }
}

async function holders(area: string, on = '2027-01-02') {
  const offices = (await officesOfAreas(it.db, [`popolo:${area}`], on)).get(`popolo:${area}`) ?? []
  return offices.map((office) => [office.id, office.holders.map((holder) => holder.name).join()])
}

const council = {
  organizations: [{ id: 'council', name: 'Council', other_names: [{ name: 'Conseil', lang: 'fr' }] }, { id: 'north', name: 'Northern List', classification: 'party' }],
  areas: [{ id: 'country', name: 'Country' }, { id: 'ward-1', name: 'Harbour', parent_id: 'country', other_names: [{ name: 'Le Port', lang: 'fr' }] }, { id: 'ward-2', name: 'Hill', parent_id: 'country' }],
  persons: [
    { id: 'ana', name: 'Ana Vell', email: 'ana@council.example', other_names: [{ name: 'آنا فيل', lang: 'ar' }, { name: 'Ana Dorr', end_date: '2010' }] },
    { id: 'ben', name: 'Ben Orr', contact_details: [{ type: 'voice', value: '+00 1', sources: [{ url: 'https://council.example/ben' }] }, { type: 'telepathy', value: 'x' }] },
    { id: 'cam', given_name: 'Cam', family_name: 'Ash', honorific_prefix: 'Dr' }, { id: 'dee', name: 'Dee Fern' }, { id: 'eli', name: 'Eli Nobody' },
  ],
  posts: [{ id: 'chair', label: 'Chair', organization_id: 'council', contact_details: [{ type: 'email', value: 'chair@council.example' }] }, { id: 'clerk', role: 'Clerk', organization_id: 'council', area_id: 'country' }],
  memberships: [
    { person_id: 'ana', organization_id: 'council', post_id: 'chair', start_date: '2020-05', end_date: '2024' },
    { person_id: 'ben', organization_id: 'council', post_id: 'chair', start_date: '2025-01-01' },
    { person_id: 'ana', organization_id: 'council', area_id: 'ward-1', role: 'member', on_behalf_of_id: 'north', start_date: '2015-03-01', end_date: '2019-03-01' },
    { person_id: 'ana', organization_id: 'council', area_id: 'ward-1', role: 'member', on_behalf_of_id: 'north', start_date: '2019-03-01' },
    { person_id: 'cam', organization_id: 'council', area_id: 'ward-1', role: 'member', start_date: '2019-03-01' },
    { person_id: 'dee', organization_id: 'council', area_id: 'ward-9', role: 'member' }, { person_id: 'zed', organization_id: 'council', area_id: 'ward-2' },
    { person_id: 'dee', organization_id: 'council', area_id: 'ward-2', start_date: 'spring' },
  ],
}

test('persons, posts, memberships and areas become holders, offices, terms and areas, with their names in other languages', async () => {
  const { report, tally } = await load(council)
  assert.deepEqual(report, [
    [0, 'no-office', 'Eli Nobody'], [2, 'unknown-kind', 'Ben Orr (telepathy)'], [6, 'unknown-area', 'Dee Fern (ward-9)'], [7, 'unknown-person', 'zed'], [8, 'bad-date', 'Dee Fern (spring)'],
  ])
  assert.equal(tally.added, 6, 'terms that are over have their line too')
  assert.deepEqual(await holders('ward-1'), [['popolo:council:ward-1', 'Ana Vell'], ['popolo:council:ward-1/2', 'Cam Ash'], ['popolo:clerk', '']], 'two members of one ward have an office each; the clerk of the whole country is vacant')
  const { rows: terms } = await sql<{ office_id: string, official_id: string, since: string, until: string }>`select office_id, official_id, since::text, until::text from terms where office_id = 'popolo:chair' order by since`.execute(it.db)
  assert.deepEqual(terms.map(Object.values), [['popolo:chair', 'popolo:ana', '2020-05-01', '2025-01-01'], ['popolo:chair', 'popolo:ben', '2025-01-01', null]])
  assert.deepEqual(await it.db.selectFrom('officials').select(['name', 'names', 'other_names', 'formal_name', 'party']).where('id', 'in', ['popolo:ana', 'popolo:cam']).orderBy('id').execute(), [
    { name: 'Ana Vell', names: { ar: 'آنا فيل' }, other_names: ['Ana Dorr'], formal_name: '', party: 'Northern List' }, { name: 'Cam Ash', names: {}, other_names: [], formal_name: 'Dr Cam Ash', party: '' },
  ])
  assert.deepEqual((await it.db.selectFrom('areas').select('names').where('id', '=', 'popolo:ward-1').executeTakeFirst())?.names, { fr: 'Le Port' })
  assert.deepEqual(await it.db.selectFrom('contact_details').select(['office_id', 'official_id', 'value', 'source']).orderBy('value').execute(), [
    { office_id: null, official_id: 'popolo:ben', value: '+00 1', source: 'https://council.example/ben' }, { office_id: null, official_id: 'popolo:ana', value: 'ana@council.example', source: 'council.json' },
    { office_id: 'popolo:chair', official_id: null, value: 'chair@council.example', source: 'council.json' },
  ])
})

test('who has a seat keeps it when another member of the same area leaves, and the next one takes the free seat', async () => {
  await load(council)
  const { tally } = await load(council)
  assert.deepEqual([tally.added, tally.changed, tally.ended], [0, 0, 0])
  const next = { ...council, memberships: [...council.memberships.filter((each) => !(each.area_id === 'ward-1' && each.person_id === 'ana')), { person_id: 'dee', organization_id: 'council', area_id: 'ward-1', role: 'member', start_date: '2027-02-01' }] }
  await load(next, '2027-02-01')
  assert.deepEqual((await holders('ward-1', '2027-02-02')).slice(0, 2), [['popolo:council:ward-1', 'Dee Fern'], ['popolo:council:ward-1/2', 'Cam Ash']])
  assert.deepEqual((await holders('ward-1', '2027-01-31')).slice(0, 2), [['popolo:council:ward-1', 'Ana Vell'], ['popolo:council:ward-1/2', 'Cam Ash']])
})

test('two terms of one holder without an end are one after the other', async () => {
  const terms = [{ person_id: 'ana', organization_id: 'council', post_id: 'chair', start_date: '2019-03-01' }, { person_id: 'ana', organization_id: 'council', post_id: 'chair', start_date: '2015-03-01' }, { person_id: 'ana', organization_id: 'council', post_id: 'chair', start_date: '2015-03-01', end_date: '2016' }]
  assert.deepEqual((await load({ ...council, persons: council.persons.slice(0, 1), memberships: terms })).report, [[3, 'duplicate-row', 'Chair']])
  const written = await it.db.selectFrom('terms').select(['since', 'until']).orderBy('since').execute()
  assert.deepEqual(written, [{ since: '2015-03-01', until: '2019-03-01' }, { since: '2019-03-01', until: null }])
})

test('what is embedded is read like what is referred to; more holders than a post has places are all left out', async () => {
  const embedded = { organizations: [{ id: 'court', name: 'Court', posts: [{ id: 'judge', label: 'Judge', maximum_memberships: 1, memberships: [{ person: { id: 'p1', name: 'One' } }, { person: { id: 'p2', name: 'Two' } }] }, { id: 'usher', label: 'Usher', memberships: [{ person: { id: 'p3', name: 'Three' } }] }] }] }
  assert.deepEqual((await load(embedded)).report, [[1, 'duplicate-office', 'Judge'], [2, 'duplicate-office', 'Judge']])
  assert.deepEqual(await it.db.selectFrom('terms').select(['office_id', 'official_id']).execute(), [{ office_id: 'popolo:usher', official_id: 'popolo:p3' }])
})

test('an address holds from its day until its day: what ends next year is written to, what has ended or is to come is not', async () => {
  const detail = (value: string, more: object) => ({ type: 'email', value, ...more })
  const contact_details = [detail('now@council.example', { valid_from: '2026-05', valid_until: '2028' }), detail('former@council.example', { valid_until: '2026-12' }), detail('later@council.example', { valid_from: '2027-02-01' }), detail('some-day@council.example', { valid_from: 'some day' })]
  const { report } = await load({ ...council, persons: [{ id: 'ben', name: 'Ben Orr', contact_details }], memberships: [{ person_id: 'ben', organization_id: 'council', post_id: 'chair' }], posts: [{ id: 'chair', label: 'Chair', organization_id: 'council' }] })
  assert.deepEqual(await it.db.selectFrom('contact_details').select('value').execute(), [{ value: 'now@council.example' }])
  assert.deepEqual(report, [[1, 'bad-date', 'Ben Orr (some-day@council.example)']], 'and what has no day that can be read is said')
})

test('a term or a post whose end cannot be read is said and left out, and what was known of it stands', async () => {
  const { report: before } = await load({ ...council, persons: council.persons.slice(1, 3), memberships: [
    { person_id: 'ben', organization_id: 'council', post_id: 'chair', end_date: '2028-06' }, { person_id: 'cam', organization_id: 'council', area_id: 'ward-1', end_date: '2028' },
  ] })
  assert.deepEqual(before, [[1, 'unknown-kind', 'Ben Orr (telepathy)']])
  const { report } = await load({ ...council, persons: council.persons.slice(1, 3), posts: [{ ...council.posts[0], end_date: 'next spring' }, { ...council.posts[1], end_date: '31.12.2028' }], memberships: [
    { person_id: 'ben', organization_id: 'council', post_id: 'chair' }, { person_id: 'cam', organization_id: 'council', area_id: 'ward-1', end_date: '2028-02-30' },
    { person_id: 'cam', organization_id: 'council', area_id: 'ward-2', end_date: { year: 2028 } },
  ] }, '2027-01-02')
  assert.deepEqual(report.filter(([, reason]) => reason === 'bad-date'), [[0, 'bad-date', 'Clerk (31.12.2028)'], [1, 'bad-date', 'Ben Orr (next spring)'], [2, 'bad-date', 'Cam Ash (2028-02-30)'], [3, 'bad-date', 'Cam Ash ({"year":2028})']])
  const { rows: terms } = await sql<{ is: string }>`select concat_ws(' ', office_id, until) as is from terms order by 1`.execute(it.db)
  assert.deepEqual(terms.map((row) => row.is), ['popolo:chair 2028-07-01', 'popolo:council:ward-1 2029-01-01'])
  const { rows: offices } = await sql<{ is: string }>`select concat_ws(' ', id, coalesce(valid_until::text, 'stays')) as is from offices order by 1`.execute(it.db)
  assert.deepEqual(offices.map((row) => row.is), ['popolo:chair stays', 'popolo:clerk stays', 'popolo:council:ward-1 stays'])
})

const examples = sharedData('popolo/popolo-spec-schemas-examples.tar.gz')

test('the examples of the specification are read without a fault', { skip: examples.skip }, async () => {
  const example = (name: string): unknown => JSON.parse(execFileSync('tar', ['xzOf', examples.path, `examples/${name}.json`]).toString())
  const { tally } = await load({ persons: [example('person')], organizations: [example('organization')], posts: [example('post')], memberships: [example('membership')], areas: [example('area')] })
  assert.equal(tally.rows > 0, true)
  await assert.rejects(load(example('person') as object), FileFault)
})
