import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, openDb, reading, sql } from '#platform/db.ts'
import { keepContact } from '#modules/places/index.ts'
import { addRecord, createItem, publishItem, publishRecord, readContent, saveItem, saveRecord, withdrawItem, wordsWith, type ItemWords } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { countFound, findWords, indexSearch, mend, readQuery, type Wanted } from './index.ts'
import { tokensOf } from './fold.ts'

const it = await stage()
const now = new Date()
const reader = { language: 'en', fallback: 'en' }
const words = (text: string, language = 'en') => tokensOf(text, language).map(({ word }) => word)

async function put(language: string, given: Partial<ItemWords>, from = now): Promise<string> {
  return inTransaction(it.as('desk'), async (tx) => {
    const itemId = await createItem(tx, { kind: 'news', wanted: given.title!, subjects: [] }, now)
    const saved = await saveItem(tx, { itemId, language, words: wordsWith(given), staffId: null }, now) as { revisionId: string }
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC', from }, now)
    return itemId
  })
}

async function index(): Promise<void> {
  while (await indexSearch(it.as('worker'), 'all') > 0);
}

const find = (text: string, language = 'en', more: Partial<Wanted> = {}) => reading(it.as('site'), async (tx) => (await findWords(tx, { terms: readQuery(text, language).terms, ...more }, reader, { most: 50, after: 0 })).found.map(({ title }) => title.map((each) => each.text).join('')))

test('words are folded so that what readers take for the same is the same, in every script', () => {
  assert.deepEqual(words('Café COÖPERATION straße Łódź ﬁne'), ['cafe', 'cooperation', 'strasse', 'lodz', 'fine'])
  assert.deepEqual(words('prisoners rights press news'), ['prisoner', 'right', 'press', 'news'])
  assert.deepEqual(words('الْمَحْكَمَة والمحكمة بالمحكمه محـــكمة', 'ar'), ['محكمه', 'محكمه', 'محكمه', 'محكمه'])
  assert.deepEqual(words('أُسرة إسرة آسرة مستشفى ٢٠٢٦', 'ar'), ['اسره', 'اسره', 'اسره', 'مستشفي', '2026'])
  assert.deepEqual(words('שָׁלוֹם ארצות', 'he'), ['שלומ', 'ארצות'])
  assert.deepEqual(words('צה״ל צה"ל', 'he'), ['צהל', 'צהל'])
  assert.equal(tokensOf('הממשלה', 'he')[0]!.also, 'ממשלה')
  assert.deepEqual(words('人权组织发表报告', 'zh'), ['人权', '组织', '发表', '报告'])
  assert.ok(words('สิทธิมนุษยชน', 'th').length > 0)
  assert.deepEqual(words('\0 !?« ״ 💧'), [])
})

test('all words are looked for, in a row where they are quoted, the last one perhaps unfinished', async () => {
  await put('en', { title: 'The harbour families wait', body: 'Seventeen **families** wait at the old harbour. [Read](https://example.org/hidden)' })
  await put('en', { title: 'Another harbour', body: 'There are no families, only old boats.' })
  await index()
  assert.deepEqual((await find('families harbour')).toSorted(), ['Another harbour', 'The harbour families wait'])
  assert.deepEqual(await find('"the old harbour"'), ['The harbour families wait'])
  assert.deepEqual(await find('“old boats” famil'), ['Another harbour'])
  assert.deepEqual(await find('harbour parrots'), [])
  assert.deepEqual(await find("harbour') | ('x' & !"), [])
})

test('what is shown of a text keeps its headings and what it lists apart from what follows', async () => {
  await put('en', { title: 'On registers', body: '## Why a **register**\n\nWhoever is taken has a name.\n\nIt is kept\n\n- in quarries\n- in ferries' })
  await index()
  const [its] = await reading(it.as('site'), async (tx) => (await findWords(tx, { terms: readQuery('whoever quarries', 'en').terms }, reader, { most: 50, after: 0 })).found)
  assert.equal(its!.excerpt.map(({ text }) => text).join(''), 'Why a register · Whoever is taken has a name. It is kept in quarries · in ferries')
})

test('however often it is asked, a question is planned a few times only: that takes longer than finding', async () => {
  await put('en', { title: 'Families at the harbours', body: Array.from({ length: 10 }, (_, time) => `harbour${time}`).join(' ') })
  await index()
  const site = openDb(it.poolOf('site'), { prepared: true })
  for (let time = 0; time < 10; time += 1) await reading(site, (tx) => findWords(tx, { terms: readQuery(`families harbour${time}`, 'en').terms }, reader, { most: 20, after: 0 }))
  const { rows } = await sql<{ plans: number }>`select custom_plans::int as plans from pg_prepared_statements where statement like '%@@%'`.execute(site)
  assert.ok(rows.length >= 3)
  assert.ok(rows.every(({ plans }) => plans <= 5), JSON.stringify(rows))
})

test('Arabic and Hebrew are found however they are written', async () => {
  await put('ar', { title: 'قرار المحكمة', body: 'أصدرت المحكمةُ قرارها.' })
  await put('he', { title: 'החלטת הממשלה', body: 'הממשלה החליטה.' })
  await index()
  assert.equal((await find('محكمه', 'ar'))[0], 'قرار المحكمة')
  assert.equal((await find('والمحكمة', 'ar'))[0], 'قرار المحكمة')
  assert.deepEqual(await find('ממשלה', 'he'), ['החלטת הממשלה'])
})

test('what was mistyped is put right by words that are public, and by no others', async () => {
  await put('en', { title: 'A lighthouse keeper', body: 'She keeps the lighthouse.' })
  await put('en', { title: 'Embargoed xylophone' }, new Date(now.getTime() + 3_600_000))
  await index()
  const mended = (text: string) => reading(it.as('site'), async (tx) => (await mend(tx, readQuery(text, 'en').terms, 'en'))?.map((term) => term.text))
  for (const slip of ['lightouse', 'lighthuose', 'lighthoose', 'llighthouse']) assert.deepEqual(await mended(slip), ['lighthouse'], slip)
  for (const slips of ['lihgthouseq', 'lighthoosee', 'xlighthousee']) assert.deepEqual(await mended(slips), ['lighthouse'], slips)
  assert.deepEqual([await mended('lhgitosueq'), await mended('lighdc')], [undefined, undefined])
  assert.equal(await mended('xylophome'), undefined)
  assert.equal(await mended('qqqqqqqq'), undefined)
})

test('what was kept of a text that is not public any more is not found, whether or not the worker has been there since', async () => {
  const id = await put('en', { title: 'Marmalade in the valley', body: 'marmalade' })
  await index()
  assert.deepEqual(await find('marmalade'), ['Marmalade in the valley'])
  await inTransaction(it.as('desk'), (tx) => withdrawItem(tx, { itemId: id, staffId: null }, new Date()))
  assert.deepEqual(await find('marmalade'), [])
  assert.equal(await countFound(it.as('site'), { terms: readQuery('marmalade', 'en').terms }), 0)
  await index()
  assert.deepEqual((await sql`select from search_words where word = 'marmalade'`.execute(it.db)).rows.length, 0)
  assert.deepEqual((await sql`select from search_texts where id = ${id}`.execute(it.db)).rows.length, 0)
  await assert.rejects(sql`select from search_texts`.execute(it.as('site')), { code: '42501' })
})

test('places are found by every name that they have, each thing once, and what it says is marked where it stands', async () => {
  await index()
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  await it.db.insertInto('subject_names').values({ subject_id: marovia, language: 'en', name: 'Old Quillandia', shown: false }).execute()
  await index()
  assert.equal((await find('quillandia')).length, 1)
  const { found } = await reading(it.as('site'), (tx) => findWords(tx, { terms: readQuery('esterwick baker', 'en').terms }, reader, { most: 50, after: 0 }))
  assert.equal(new Set(found.map(({ id }) => id)).size, found.length)
  assert.ok(found.some(({ title, excerpt }) => [...title, ...excerpt].some(({ text, hit }) => hit && text === 'Esterwick')))
  assert.ok((await find('register', 'en', { kind: 'petition' })).every((title) => title.length > 0))
})

test('what stands on a page as a record is found there for as long as it is public and stands somewhere, in its own language', async () => {
  const desk = it.as('desk')
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const keep = (kind: string, handle: string, content: unknown, subjects: string[] = []) => inTransaction(desk, async (tx) => (await addRecord(tx, { handle, record: readContent(kind, content), subjects, staffId: null }, new Date()))!)
  const show = async (id: string, shown = true) => inTransaction(desk, async (tx) => {
    const { rows: [newest] } = await sql<{ id: string }>`select id from record_revisions where record_id = ${id} order by created_at desc limit 1`.execute(tx)
    return publishRecord(tx, { id, revisionId: shown ? newest!.id : null, staffId: null }, new Date())
  })
  const where = (text: string, more: Partial<Wanted> = {}) => reading(it.as('site'), async (tx) => (await findWords(tx, { terms: readQuery(text, 'en').terms, ...more }, reader, { most: 50, after: 0 })).found.map(({ kind, slug, stands, language }) => [kind, slug, stands?.kind, language]))
  const demand = await keep('demand', 'free-the-weavers', { addressees: [{ kind: 'state', names: { en: 'The Bramblecourt' } }], says: { en: { text: 'Let the zarquon weavers go home.', basis: '', alsoCalled: '', evidence: '' }, ar: { text: 'أطلقوا سراح النساجين', basis: '', alsoCalled: '', evidence: '' } } }, [marovia])
  const figure = await keep('figure', 'weavers-held', { value: 4312, says: { en: { unit: 'quizzled weavers', source: 'Lamplight' } } })
  await show(figure)
  await index()
  assert.deepEqual(await where('zarquon'), [], 'a draft')
  assert.deepEqual(await where('quizzled'), [], 'on no page')
  await show(demand)
  await put('en', { title: 'About weavers', body: 'There are :figure[weavers-held] of them.' }, new Date())
  await index()
  assert.deepEqual(await where('zarquon bramblecourt'), [['demand', 'marovia', 'place', 'en']])
  assert.deepEqual(await where('النساجين'), [['demand', 'marovia', 'place', 'ar']])
  assert.deepEqual(await where('4312 quizzled'), [['figure', 'about-weavers', 'item', 'en']])
  const aboutWeavers = [['news', 'about-weavers', undefined, 'en']]
  assert.deepEqual([await where('there quizzled'), await where('there quizzled', { kind: 'report' }), await where('there zarquon')], [aboutWeavers, [], []], 'by words of the page and of a record on it together, of this page')
  assert.equal(await countFound(it.as('site'), { terms: readQuery('there quizzled', 'en').terms }), 1)
  assert.deepEqual(await where('zarquon', { subjects: [marovia], kind: 'demand' }), [['demand', 'marovia', 'place', 'en']])
  await inTransaction(desk, (tx) => saveRecord(tx, { id: demand, record: readContent('demand', { says: { en: { text: 'Embargoed xylem.', basis: '', alsoCalled: '', evidence: '' } } }), staffId: null }, new Date()))
  await index()
  assert.deepEqual([(await where('xylem')).length, (await where('zarquon')).length], [0, 1], 'a newer version is a draft')
  await show(demand, false)
  await show(figure, false)
  assert.deepEqual([await where('zarquon'), await where('there quizzled')], [[], []], 'withdrawn, and nobody has been there since')
  await show(figure)
  await index()
  assert.deepEqual((await sql`select from search_texts where id = ${demand}`.execute(it.db)).rows.length, 0)
})

test('whom to turn to about a place is found by the role and not by the name, for as long as it is so', async () => {
  const desk = it.as('desk')
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  await inTransaction(desk, (tx) => keepContact(tx, { subjectId: marovia, staffId: null, languages: ['en'], says: { en: { role: 'Coordinator of the quibblers', name: 'Wilhelmina Obscura' } } }, new Date()))
  await index()
  assert.equal((await find('quibblers coordinator')).length, 1)
  assert.deepEqual(await find('obscura'), [])
  await sql`update contacts set says = '{"en": {"role": "Press desk", "name": ""}}' where says::text like '%quibblers%'`.execute(it.db)
  assert.deepEqual(await find('quibblers'), [])
})
