import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, type Tx } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { stage } from '#test/support/stage.ts'
import { firstDayOf } from './happened.ts'
import { wordsWith, type ItemWords } from './item.ts'
import { createItem } from './items.ts'
import { shownItem, shownItems } from './public-items.ts'
import { publishItem } from './publications.ts'
import { linkedItems } from './relations.ts'
import { saveItem } from './revisions.ts'

const it = await stage()
const desk = it.as('desk')
const site = it.as('site')
const minutes = (count: number) => new Date(Date.now() + count * 60_000)

const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const begin = (wanted: string, { subjects = [], thread = false }: { subjects?: string[], thread?: boolean } = {}) => write((tx) => createItem(tx, { kind: 'news', thread, wanted, subjects }, minutes(-60)))

async function save(itemId: string, words: Partial<ItemWords>, language = 'en', at = minutes(-50)): Promise<string> {
  const saved = await write((tx) => saveItem(tx, { itemId, language, words: wordsWith(words), staffId: null }, at))
  if (saved.outcome === 'changed-meanwhile') throw new Error('nobody else writes here')
  return saved.revisionId
}

const publish = (revisionId: string) => write((tx) => publishItem(tx, { revisionId, staffId: null, zone: 'UTC' }, minutes(-10)))

test('what nobody knows exactly stands in lists as exactly as it is known, where that time begins', async () => {
  const id = await write((tx) => addSubject(tx, { kind: 'place', language: 'en', name: 'Long Memory' }, minutes(-60)))
  await publish(await save(await begin('late', { subjects: [id] }), { title: 'Late', publishedOn: '2014-10-01', publishedRoughly: '2014-36' }))
  await publish(await save(await begin('exact', { subjects: [id] }), { title: 'Exact', publishedOn: '2014-11-05' }))
  await publish(await save(await begin('told', { subjects: [id], thread: true }), { title: 'Told', paragraphs: [{ id: 'a', day: '2013-01-01', roughly: '2013', happened: '', text: 'x', links: [] }, { id: 'b', day: '2012-03-05', happened: '', text: 'x', links: [] }] }))
  const { items } = await shownItems(site, { subjectId: id }, { most: 10 })
  assert.deepEqual(items.map(({ dated, date }) => [dated, date]), [['2014-11-05', '2014-11-05'], ['2014-10-01', '2014-36'], ['2013-01-01', '2013']])
  assert.deepEqual([...(await linkedItems(site, items.map((each) => each.id))).values()].map(({ date }) => date).toSorted(), ['2013', '2014-11-05', '2014-36'])
  assert.deepEqual(['2014', '2014-06', '2014-38~', '2014-24?', '2014-06-03/2015', 'soon'].map(firstDayOf), ['2014-01-01', '2014-06-01', '2014-05-01', '2014-12-01', '2014-06-03', undefined])
})

test('a text that came without a date stays undated in every language, until one of them says it', async () => {
  const id = await begin('from-an-old-page')
  await save(id, { title: 'From an old page', undated: true })
  const translated = await save(id, { title: 'Translated' }, 'ar')
  assert.equal((await publish(translated)).outcome, 'undated')
  await save(id, { title: 'From an old page', publishedOn: '2009-02-03' }, 'en', minutes(-20))
  assert.equal((await publish(translated)).outcome, 'published')
  assert.equal((await shownItem(site, { id }))!.dated, '2009-02-03')
})
