import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, type Tx } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { asItHappened, type Chronology } from './chronology.ts'
import { createItem, moveItem } from './items.ts'
import { wordsWith } from './item.ts'
import { shownItem } from './public-items.ts'
import { publishItem, withdrawItem } from './publications.ts'
import { checkContent, type RecordContent } from './record.ts'
import { addRecord, cancelRecord, keptRecords, publishRecord, saveRecord } from './records.ts'
import { besideItem, itemsTitled, keptRelations, relateItem, setItemChronology, unrelateItem } from './relations.ts'
import { renderChronology } from './render/chronology.ts'
import { newestRevision, saveItem } from './revisions.ts'
import { linksIn, shownEnds, shownRecords } from './shown-records.ts'
import { tellInDigest } from './telling.ts'
import { publishingWords } from './words/index.ts'

const it = await stage()
const [desk, site] = [it.as('desk'), it.as('site')]
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const now = new Date(Date.now() - 60_000)
const hour = 3_600_000

async function beside(id: string) {
  return besideItem(site, await shownItem(site, { id }) ?? { id, beside: true })
}

async function put(title: string, from?: Date | 'draft'): Promise<string> {
  return write(async (tx) => {
    const itemId = await createItem(tx, { kind: 'news', wanted: title }, now)
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title, body: 'x' }), staffId: null }, now)
    if (from !== 'draft') await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from }, now)
    return itemId
  })
}

const entryOf = (id: string, on: string, more: object) => ({ id, on, says: {}, ...more })
function chronologyOf(entries: object[], title = 'The quarry'): RecordContent & { kind: 'chronology' } {
  const checked = checkContent('chronology', { entries, says: { en: { title } } })
  assert.ok('content' in checked && checked.content.kind === 'chronology', 'wrong' in checked ? checked.wrong.join() : '')
  return checked.content
}

const keep = (handle: string, record: RecordContent) => write(async (tx) => {
  const id = (await addRecord(tx, { handle, record, staffId: null }, now))!
  return { id, revisionId: await saveRecord(tx, { id, record, staffId: null }, now) }
})

test('an item has others beside it, each for a reason that reads both ways, as long as both are public', async () => {
  const [story, report, later] = [await put('The story'), await put('The report'), await put('To come', new Date(Date.now() + hour))]
  await write((tx) => relateItem(tx, { itemId: story, otherId: report, relation: 'evidence', staffId: null }, now))
  await write((tx) => relateItem(tx, { itemId: later, otherId: story, relation: 'update-of', staffId: null }, now))
  assert.deepEqual((await beside(story)).related.map(({ relation, back, item }) => [relation, back, item.says.en!.title]), [['evidence', false, 'The report']], 'what is not public yet is nowhere')
  assert.deepEqual((await beside(report)).related.map(({ relation, back, item }) => [relation, back, item.slug]), [['evidence', true, 'the-story']])
  assert.deepEqual((await keptRelations(desk, story, 'en')).map(({ title, shown, back }) => [title, shown, back]), [['The report', true, false], ['To come', false, true]])
  await write((tx) => withdrawItem(tx, { itemId: report, staffId: null }, now))
  assert.deepEqual((await beside(story)).related, [])
  assert.deepEqual((await beside(report)).related, [])
})

test('two items have one relation, whichever of them it is entered at, and it goes from both', async () => {
  const [one, other] = [await put('One side'), await put('Other side')]
  await write((tx) => relateItem(tx, { itemId: one, otherId: other, relation: 'background', staffId: null }, now))
  await write((tx) => relateItem(tx, { itemId: other, otherId: one, relation: 'response-to', staffId: null }, now))
  assert.deepEqual((await keptRelations(desk, one, 'en')).map(({ relation, back }) => [relation, back]), [['response-to', true]])
  assert.equal(await write((tx) => unrelateItem(tx, one, other)), true)
  assert.equal(await write((tx) => unrelateItem(tx, other, one)), false)
  await assert.rejects(write((tx) => relateItem(tx, { itemId: one, otherId: one, relation: 'see-also', staffId: null }, now)))
})

test('items are chosen by part of a title or by address', async () => {
  const id = await put('Lanterns on the Quay')
  for (const typed of ['lanterns on', '/items/lanterns-on-the-quay', 'https://site.example/ar/items/lanterns-on-the-quay/']) assert.equal((await itemsTitled(desk, typed, 'ar'))[0]?.id, id, typed)
  assert.deepEqual(await itemsTitled(desk, 'nothing is called %_', 'en'), [])
})

test('entries stand as they happened, however exactly that is known', () => {
  const sorted = asItHappened(chronologyOf(['2024-06', '2014-36', '2024-05-31', '2024', '2014-12', '2024-06-01/2024-07', '2014-09-30'].map((on, place) => entryOf(`e${place}`, on, { sourceUrl: '/x', says: { en: { text: on } } }))).content)
  assert.deepEqual(sorted.map(({ on }) => on), ['2014-09-30', '2014-36', '2014-12', '2024', '2024-05-31', '2024-06', '2024-06-01/2024-07'])
})

test('words in a chronology need a source, and an entry leads somewhere or says something', () => {
  const wrong = (more: object) => checkContent('chronology', { entries: [entryOf('a', '2024', more)], says: { en: { title: 'x' } } })
  assert.deepEqual(wrong({ says: { en: { text: 'They came at night.' } } }), { wrong: ['entries.0.sourceUrl'] })
  assert.ok('wrong' in wrong({}) && 'wrong' in wrong({ leadsTo: { kind: 'notice', handle: 'x' } }) && 'wrong' in wrong({ says: { en: { text: 'x' } }, sourceUrl: 'javascript:x' }))
  assert.ok('content' in wrong({ says: { en: { text: 'They came at night.', source: 'two witnesses' } } }))
})

test('a chronology that leads to what is not public by then is refused, and an entry whose end is withdrawn keeps its own words or goes', async () => {
  const [story, later] = [await put('The first report'), await put('The judgment', new Date(Date.now() + hour))]
  const record = chronologyOf([
    entryOf('bare', '2024-02', { leadsTo: { item: story } }), entryOf('said', '2024-03', { leadsTo: { item: story }, says: { en: { text: 'It was <told> again.' } } }), entryOf('still', '2024-04', { leadsTo: { item: later } }),
  ])
  const { id, revisionId } = await keep('the-quarry', record)
  assert.deepEqual(await write((tx) => publishRecord(tx, { id, revisionId, staffId: null }, now)), { outcome: 'missing', missing: [later] })
  const from = new Date(Date.now() + 2 * hour)
  assert.equal((await write((tx) => publishRecord(tx, { id, revisionId, staffId: null, from }, now))).outcome, 'scheduled', 'by that moment it will be public')
  const without = chronologyOf(record.content.entries.slice(0, 2))
  const second = await write((tx) => saveRecord(tx, { id, record: without, staffId: null }, now))
  assert.equal((await write((tx) => publishRecord(tx, { id, revisionId: second, staffId: null }, now))).outcome, 'published')
  await write((tx) => setItemChronology(tx, { itemId: story, recordId: id, shown: true, staffId: null }, now))
  const said = async () => {
    const { records } = await shownRecords(site, [{ kind: 'chronology', handle: 'the-quarry' }])
    const shown = records.get('chronology the-quarry')!.content as Chronology
    return renderChronology(publishingWords('en'), shown, { language: 'en', fallback: 'en', localPath: (path) => path, items: linksIn((await shownEnds(site, [shown])).items, 'en', 'en', ({ slug }) => `/items/${slug}`) }, () => undefined)?.text ?? ''
  }
  await write((tx) => moveItem(tx, story, 'the-first-report-of-all', now))
  assert.match(await said(), /entry-bare.*February 2024.*href="\/items\/the-first-report-of-all">The first report<.*entry-said.*It was &lt;told&gt; again\./s)
  assert.equal((await beside(story)).chronologies.length, 1)
  const other = await put('The second story')
  await write(async (tx) => publishRecord(tx, { id, revisionId: await saveRecord(tx, { id, record: chronologyOf([...without.content.entries, entryOf('more', '2024-05', { leadsTo: { item: other } })]), staffId: null }, now), staffId: null }, now))
  assert.deepEqual((await beside(other)).within.map(({ handle, titles }) => [handle, titles.en!.title]), [['the-quarry', 'The quarry']], 'whoever is in it says so')
  await write((tx) => withdrawItem(tx, { itemId: story, staffId: null }, now))
  const gone = await said()
  assert.ok(!gone.includes('entry-bare') && !gone.includes('first report') && gone.includes('It was'))
  await write((tx) => publishRecord(tx, { id, revisionId: null, staffId: null }, now))
  assert.deepEqual((await beside(other)).within, [])
})

test('a record becomes public at its moment and not before, a schedule can be taken back, and withdrawing takes it along', async () => {
  const figure = (value: number) => ({ kind: 'figure', content: { value, qualifier: 'exact', asOf: '', sourceUrl: '', says: { en: { unit: 'x', source: '' } } } }) as RecordContent
  const { id, revisionId } = await keep('scheduled-figure', figure(1))
  const shown = async () => (await shownRecords(site, [{ kind: 'figure', handle: 'scheduled-figure' }])).records.get('figure scheduled-figure')?.content as { value: number } | undefined
  assert.equal((await write((tx) => publishRecord(tx, { id, revisionId, staffId: null, from: new Date(Date.now() + hour) }, now))).outcome, 'scheduled')
  assert.equal(await shown(), undefined)
  assert.deepEqual((await keptRecords(desk, { id })).map((each) => [each.shown, each.scheduled, each.wasShown]), [['none', 'this', false]])
  assert.equal(await write((tx) => cancelRecord(tx, id, now)), true)
  assert.equal(await write((tx) => cancelRecord(tx, id, now)), false)
  await write((tx) => publishRecord(tx, { id, revisionId, staffId: null }, now))
  const second = await write((tx) => saveRecord(tx, { id, record: figure(2), staffId: null }, now))
  const soon = new Date(Date.now() + 1000)
  await write((tx) => publishRecord(tx, { id, revisionId: second, staffId: null, from: soon }, now))
  assert.equal((await shown())?.value, 1)
  while (Date.now() < soon.getTime() + 5) await shown()
  assert.equal((await shown())?.value, 2, 'a schedule comes true by itself')
  await write((tx) => publishRecord(tx, { id, revisionId, staffId: null, from: new Date(Date.now() + hour) }, new Date()))
  await write((tx) => publishRecord(tx, { id, revisionId: null, staffId: null }, new Date()))
  assert.equal(await shown(), undefined)
  assert.equal((await keptRecords(desk, { id }))[0]!.scheduledFor, null)
})

test('what is told in a digest is a draft with its first two sentences and a link, once, however often somebody presses', async () => {
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const told = { title: 'Lamps are lit', summary: 'Dr. Ilse lit the first. Then the others were lit. Then it was late.', kind: 'press-release' as const, labels: [], happened: '2026-01', link: { kind: 'read-more' as const, url: '/items/lamps' }, subjects: [marovia] }
  const tell = (threadId?: string, day = '2026-02-03') => write((tx) => tellInDigest(tx, { told, threadId, language: 'en', day, staffId: null }, now))
  const id = await tell()
  assert.equal(await tell(), id)
  const { words } = (await newestRevision(desk, id, 'en'))!
  assert.deepEqual([words.title, words.paragraphs.map(({ day, happened, links }) => [day, happened, links[0]!.url])], ['Lamps are lit', [['2026-02-03', '2026-01', '/items/lamps']]])
  assert.match(words.paragraphs[0]!.text, /the first\. Then the others were lit\.$/)
  assert.equal(await shownItem(site, { slug: 'lamps-are-lit' }), undefined)
  const older = await write(async (tx) => {
    const itemId = await createItem(tx, { kind: 'news', thread: true, wanted: 'an older thread' }, now)
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'Lamps', paragraphs: [{ id: 'a', day: '2026-01-01', happened: '', text: 'None yet.', links: [] }] }), staffId: null }, now)
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC' }, now)
    return itemId
  })
  assert.equal(await tell(older), older)
  assert.equal(await tell(older), older)
  assert.deepEqual((await newestRevision(desk, older, 'en'))!.words.paragraphs.length, 2)
  assert.equal((await shownItem(site, { slug: 'an-older-thread' }))!.words.en!.words.paragraphs.length, 1)
  await tell(older, '2026-03-01')
  assert.deepEqual((await newestRevision(desk, older, 'en'))!.words.paragraphs.map(({ day }) => day), ['2026-03-01', '2026-02-03', '2026-01-01'], 'what came of it later is told where it was told first')
})
