import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, type Tx } from '#platform/db.ts'
import { addRecord, checkContent, correctItem, createItem, publishItem, publishRecord, saveItem, saveRecord, wantingFor, withdrawItem, wordsWith, type ItemKind, type ItemWords, type RecordKind } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { lookForStale } from './going-stale.ts'
import { ignoreAt } from './ignored.ts'

const it = await stage()
const desk = it.as('desk')
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const now = new Date(Date.now() - 60_000)
const day = (shift: number) => new Date(now.getTime() + shift * 86_400_000).toISOString().slice(0, 10)
const long = (shift: number) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(now.getTime() + shift * 86_400_000))

const put = (kind: ItemKind, title: string, given: Partial<ItemWords>, language = 'en') => write(async (tx) => {
  const id = await createItem(tx, { kind, wanted: title, thread: given.paragraphs !== undefined }, now)
  const saved = await saveItem(tx, { itemId: id, language, words: wordsWith({ title, ...given }), staffId: null }, now) as { revisionId: string }
  assert.equal((await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)).outcome, 'published')
  return { id, revisionId: saved.revisionId }
})
const record = (kind: RecordKind, handle: string, content: object) => write(async (tx) => {
  const checked = checkContent(kind, content)
  assert.ok('content' in checked)
  const id = (await addRecord(tx, { handle, record: checked.content, staffId: null }, now))!
  await publishRecord(tx, { id, revisionId: await saveRecord(tx, { id, record: checked.content, staffId: null }, now), staffId: null }, now)
  return id
})
const wanting = async (chore: Parameters<typeof wantingFor>[1], after = 0) => (await wantingFor(desk, chore, { within: undefined, languages: ['en', 'ar'], now: new Date(), today: day(after) }, 'en')).map(({ title, language }) => (language ? `${title} ${language}` : title))

test('what a standing page says of a time that is over is a chore from the day on which it is, and news of the day is not', async () => {
  const page = await put('page', 'Standing page', { body: 'Our new report is out. She is a 15-year-old student.' })
  await put('news', 'News of the day', { body: 'Our new report is out.' })
  await put('news', 'Hearing', { paragraphs: [{ id: 'a', day: day(0), happened: '', text: `The next hearing will be on ${long(9)}.`, links: [] }] })
  await put('news', 'Uncounted', { body: 'At least 312 people were killed in the raids.' })
  while (await lookForStale(it.as('worker'), new Date()) > 0);
  assert.deepEqual([await wanting('text-new'), await wanting('text-new', 100)].map((all) => all.filter((title) => /Standing|News of/.test(title))), [[], ['Standing page en']])
  assert.deepEqual([(await wanting('text-age', 100)).includes('Standing page en'), (await wanting('text-age', 200)).includes('Standing page en')], [false, true])
  assert.deepEqual([(await wanting('text-hearing', 9)).includes('Hearing en'), (await wanting('text-hearing', 11)).includes('Hearing en')], [false, true])
  assert.ok((await wanting('text-no-source')).includes('Uncounted en'))
  await write((tx) => ignoreAt(tx, { itemId: page.id, language: 'en', rule: 'L37', staffId: '00000000-0000-4000-8000-000000000000' }, now))
  assert.ok(!(await wanting('text-new', 100)).includes('Standing page en'), 'somebody said that it is all right here')
})

test('pages that refer to what is gone, corrections that translations do not follow, schedules and pictures whose time ends are chores', async () => {
  const figure = await record('figure', 'gone-figure', { value: 4, says: { en: { unit: 'x' } } })
  await put('news', 'Refers', { body: 'So :figure[gone-figure].' })
  const listed = await put('news', 'Listed', { body: 'x' })
  await record('chronology', 'leads-on', { entries: [{ id: 'a', on: '2024', leadsTo: { item: listed.id }, says: {} }], says: { en: { title: 'Leads on' } } })
  assert.deepEqual(await wanting('gone-reference'), [])
  await write((tx) => publishRecord(tx, { id: figure, revisionId: null, staffId: null }, now))
  await write((tx) => withdrawItem(tx, { itemId: listed.id, staffId: null }, now))
  assert.deepEqual((await wanting('gone-reference')).toSorted(), ['Leads on', 'Refers'])

  const { id, revisionId } = await put('news', 'Corrected', { body: 'Wrong.' })
  await write(async (tx) => {
    const translated = await saveItem(tx, { itemId: id, language: 'ar', words: wordsWith({ title: 'مصحَّح', body: 'خطأ.' }), sourceId: revisionId, staffId: null }, now) as { revisionId: string }
    await publishItem(tx, { revisionId: translated.revisionId, staffId: null, zone: 'UTC' }, now)
  })
  assert.ok(!(await wanting('correction-pending')).includes('Corrected'))
  await write(async (tx) => {
    const right = await saveItem(tx, { itemId: id, language: 'en', words: wordsWith({ title: 'Corrected', body: 'Right.' }), staffId: null }, new Date(now.getTime() + 1000)) as { revisionId: string }
    await correctItem(tx, { revisionId: right.revisionId, wrong: 'Wrong', correct: 'Right', zone: 'UTC', staffId: null }, new Date(now.getTime() + 1000))
  })
  assert.ok((await wanting('correction-pending')).includes('Corrected'))

  const later = await record('figure', 'later-figure', { value: 5, says: { en: { unit: 'later-figure' } } })
  const { rows } = { rows: await it.db.selectFrom('record_revisions').select('id').where('record_id', '=', later).execute() }
  await write((tx) => publishRecord(tx, { id: later, revisionId: rows[0]!.id, staffId: null, from: new Date(Date.now() + 86_400_000) }, new Date()))
  assert.ok((await wanting('scheduled')).includes('later-figure'))
  const { content } = await it.db.selectFrom('record_revisions').innerJoin('records', 'records.id', 'record_revisions.record_id').select('content').where('handle', '=', 'lantern-day').executeTakeFirstOrThrow()
  await record('image', 'ends-soon', { ...content as object, until: day(9) })
  assert.match((await wanting('picture-ends')).join('|'), /^[^|]*lanterns[^|]*$/, 'by what it shows')
})
