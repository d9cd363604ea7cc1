import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql, type Tx } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { addSubject, moveSubject } from '#modules/places/index.ts'
import { formerAddress, shownSubjects } from './public-subjects.ts'
import { aboutItem, createItem, moveItem } from './items.ts'
import { byYear, countItems, shownItem, shownItems } from './public-items.ts'
import { cancelSchedules, publishItem, withdrawItem, type Publishing } from './publications.ts'
import { correctItem, translateCorrection } from './corrections.ts'
import { addRecord, keptRecords, publishRecord, usesOf } from './records.ts'
import { checkItem, standings } from './states.ts'
import { newestRevision, saveItem } from './revisions.ts'
import { wordsWith, type ItemWords } from './item.ts'
import { isNumberScheme, itemWithNumber } from './numbers.ts'

const it = await stage()
const desk = it.as('desk')
const site = it.as('site')
const minutes = (count: number) => new Date(Date.now() + count * 60_000)
const zone = 'UTC'
const staffId = null

const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const news = (wanted: string, subjects: string[] = []) => write((tx) => createItem(tx, { kind: 'news', wanted, subjects }, minutes(-60)))
const thread = (wanted: string, subjects: string[] = []) => write((tx) => createItem(tx, { kind: 'news', thread: true, wanted, subjects }, minutes(-60)))
const place = (name: string) => write((tx) => addSubject(tx, { kind: 'place', language: 'en', name }, minutes(-60)))

async function save(itemId: string, words: Partial<ItemWords>, more: { language?: string, baseId?: string | null, sourceId?: string | null, at?: Date } = {}) {
  const { language = 'en', at = minutes(-50), ...rest } = more
  return write((tx) => saveItem(tx, { itemId, language, words: wordsWith(words), staffId, ...rest }, at))
}

async function put(itemId: string, words: Partial<ItemWords>, more: { language?: string, sourceId?: string | null, at?: Date } & Partial<Publishing> = {}) {
  const { language, sourceId, at = minutes(-40), ...rest } = more
  const saved = await save(itemId, words, { language, sourceId, at })
  if (saved.outcome === 'changed-meanwhile') throw new Error('nobody else writes here')
  return { revisionId: saved.revisionId, published: await write((tx) => publishItem(tx, { revisionId: saved.revisionId, staffId, zone, ...rest }, at)) }
}

const shownTitle = async (slug: string, language = 'en') => (await shownItem(site, { slug }))?.words[language]?.words.title

test('saved words are not public until somebody publishes them, and saving again changes nothing that is', async () => {
  const id = await news('Lanterns lit')
  await save(id, { title: 'Lanterns lit' })
  assert.equal(await shownTitle('lanterns-lit'), undefined)
  await put(id, { title: 'Lanterns lit' })
  await save(id, { title: 'Lanterns put out' })
  assert.equal(await shownTitle('lanterns-lit'), 'Lanterns lit')
})

test('a schedule shows nothing before its time, the old words until then, and can be taken back', async () => {
  const id = await news('A report tomorrow')
  assert.equal((await put(id, { title: 'Under embargo' }, { from: minutes(60) })).published.outcome, 'scheduled')
  assert.equal(await shownTitle('a-report-tomorrow'), undefined)
  assert.equal((await standings(desk, id, new Date()))[0]!.state, 'scheduled')
  assert.equal((await standings(desk, id, minutes(61)))[0]!.state, 'published')
  await put(id, { title: 'A first word' })
  assert.equal(await shownTitle('a-report-tomorrow'), 'A first word')
  assert.equal(await write((tx) => cancelSchedules(tx, { itemId: id, language: 'en' }, new Date())), true)
  assert.equal((await standings(desk, id, minutes(61)))[0]!.scheduledFor, null)
})

test('a schedule whose time has come is public without anybody doing anything', async () => {
  const id = await news('Its time has come')
  await put(id, { title: 'Old' }, { at: minutes(-30) })
  await put(id, { title: 'New' }, { at: minutes(-20), from: minutes(-10) })
  assert.equal(await shownTitle('its-time-has-come'), 'New')
})

test('what is withdrawn is gone in every language, with what was still to come', async () => {
  const id = await news('To be withdrawn')
  await put(id, { title: 'One' })
  await put(id, { title: 'واحد' }, { language: 'ar' })
  await put(id, { title: 'Later' }, { from: minutes(60) })
  assert.deepEqual((await write((tx) => withdrawItem(tx, { itemId: id, staffId }, minutes(-1)))).toSorted(), ['ar', 'en'])
  assert.equal(await shownItem(site, { slug: 'to-be-withdrawn' }), undefined)
  assert.deepEqual((await standings(desk, id, minutes(120))).map(({ state }) => state), ['withdrawn', 'withdrawn'])
})

test('two people who edit the same words: the second is shown what the first wrote, and nothing is overwritten', async () => {
  const id = await news('Two at once')
  const first = await save(id, { title: 'Start' })
  assert.equal(first.outcome, 'saved')
  const baseId = first.outcome === 'saved' ? first.revisionId : ''
  assert.equal((await save(id, { title: 'Hers' }, { baseId })).outcome, 'saved')
  const late = await save(id, { title: 'His' }, { baseId })
  assert.equal(late.outcome === 'changed-meanwhile' && late.theirs.words.title, 'Hers')
  assert.equal((await newestRevision(desk, id, 'en'))!.words.title, 'Hers')
})

test('a text that refers to what is not public is refused, and one that refers to a record is noted with it', async () => {
  const id = await news('With a number')
  const body = 'Families say :figure[still-missing] are missing.\n\n::quote[nobody-said]\n\n::nonsense[x]\n\n::action[no-one-should-vanish]'
  const refused = await put(id, { title: 'Numbers', body })
  assert.deepEqual(refused.published.outcome === 'missing' && refused.published.missing.map(({ key }) => key), ['figure still-missing', 'quote nobody-said', 'nonsense x'])
  const record = (await write((tx) => addRecord(tx, { handle: 'still-missing', record: { kind: 'figure', content: { value: 44, qualifier: 'at-least', asOf: '2026-05', sourceUrl: '', says: { en: { unit: 'people', source: 'Families' } } } }, staffId }, minutes(-50))))!
  const fixed = 'Families say :figure[still-missing] are missing.'
  assert.equal((await put(id, { title: 'Numbers', body: fixed })).published.outcome, 'missing', 'a record that is only saved is not there')
  await write(async (tx) => publishRecord(tx, { id: record, revisionId: (await keptRecords(tx, { id: record }))[0]!.revisionId, staffId }, minutes(-45)))
  assert.equal((await put(id, { title: 'Numbers', body: fixed })).published.outcome, 'published')
  assert.deepEqual((await usesOf(desk, record)).map(({ title }) => title), ['Numbers'])
})

test('words that others have signed change by a correction only; who joins later is added', async () => {
  const id = await write((tx) => createItem(tx, { kind: 'joint-statement', wanted: 'Open the register', subjects: [] }, minutes(-60)))
  const one = { name: 'Lamplight', country: '' }
  await put(id, { title: 'Open it', body: 'Now.', signatories: [one] })
  assert.equal((await put(id, { title: 'Open it', body: 'Soon.', signatories: [one] })).published.outcome, 'locked')
  assert.equal((await put(id, { title: 'Open it', body: 'Now.', signatories: [one, { name: 'Riverside', country: '' }] })).published.outcome, 'published')
  const saved = await save(id, { title: 'Open it', body: 'At once.', signatories: [one] })
  assert.equal((await write((tx) => correctItem(tx, { revisionId: saved.outcome === 'saved' ? saved.revisionId : '', wrong: 'x', correct: 'y', zone, staffId }, minutes(-1)))).outcome, 'corrected')
})

test('a thread stands under its newest paragraph: a new one moves it, a mended typing error does not', async () => {
  const id = await thread('A long story')
  const one = { id: 'a', day: '2024-03-21', happened: '', text: 'Frist.', links: [] }
  await put(id, { title: 'A long story', paragraphs: [one] }, { at: minutes(-40) })
  const before = (await shownItem(site, { slug: 'a-long-story' }))!
  assert.equal(before.dated, '2024-03-21')
  await put(id, { title: 'A long story', paragraphs: [{ ...one, text: 'First.' }] }, { at: minutes(-30) })
  const mended = (await shownItem(site, { slug: 'a-long-story' }))!
  assert.deepEqual([mended.dated, mended.updatedAt], [before.dated, before.updatedAt])
  await put(id, { title: 'A long story', paragraphs: [{ ...one, text: 'First.' }, { id: 'b', day: '2024-06-07', happened: '2024-02-29', text: 'Second.', links: [] }] }, { at: minutes(-20) })
  const more = (await shownItem(site, { slug: 'a-long-story' }))!
  assert.equal(more.dated, '2024-06-07')
  assert.ok(more.updatedAt > before.updatedAt)
})

test('a correction is said with the item, and the other language is pending until it follows', async () => {
  const id = await news('Corrected later')
  const english = await put(id, { title: 'Corrected later', body: 'Forty-five people.' })
  await put(id, { title: 'سيُصحَّح' }, { language: 'ar', sourceId: english.revisionId })
  const mended = await write((tx) => saveItem(tx, { itemId: id, language: 'en', words: wordsWith({ title: 'Corrected later', body: 'Forty-four people.' }), baseId: english.revisionId, staffId }, minutes(-20))) as { revisionId: string }
  const corrected = await write((tx) => correctItem(tx, { revisionId: mended.revisionId, wrong: 'Forty-five people', correct: 'Forty-four people', zone, staffId }, minutes(-20)))
  assert.equal(corrected.outcome, 'corrected')
  const shown = (await shownItem(site, { slug: 'corrected-later' }))!
  assert.deepEqual([shown.corrections[0]!.says.en, shown.corrections[0]!.pending], [{ wrong: 'Forty-five people', correct: 'Forty-four people' }, ['ar']])
  assert.deepEqual((await standings(desk, id, new Date())).map(({ language, state, stale, correctionPending }) => [language, state, stale, correctionPending]), [['ar', 'published', true, true], ['en', 'corrected', false, false]])
  await put(id, { title: 'صُحِّح' }, { language: 'ar', sourceId: (await newestRevision(desk, id, 'en'))!.id })
  await write((tx) => translateCorrection(tx, { correctionId: shown.corrections[0]!.id, language: 'ar', wrong: '٤٥', correct: '٤٤' }))
  const followed = (await shownItem(site, { slug: 'corrected-later' }))!.corrections[0]!
  assert.deepEqual([followed.pending, Object.keys(followed.says).toSorted()], [[], ['ar', 'en']])
  await write((tx) => withdrawItem(tx, { itemId: id, staffId }, minutes(-10)))
  assert.deepEqual(await site.selectFrom('public_corrections').selectAll().where('item_id', '=', id).execute(), [], 'a correction goes with what it corrects')
})

test('review and approval are states of one version: changed words are a draft again', async () => {
  const id = await news('To be checked')
  const saved = await save(id, { title: 'To be checked' })
  const staff = '00000000-0000-4000-8000-000000000001'
  for (const [verdict, state] of [['asked', 'review'], ['approved', 'approved'], ['returned', 'draft']] as const) {
    await write((tx) => checkItem(tx, { itemId: id, language: 'en', revisionId: saved.outcome === 'saved' ? saved.revisionId : '', verdict, staffId: staff }, new Date()))
    assert.equal((await standings(desk, id, new Date()))[0]!.state, state)
  }
  await save(id, { title: 'To be checked again' })
  assert.equal((await standings(desk, id, new Date()))[0]!.state, 'draft')
})

const numberOf = async (id: string) => (await shownItem(site, { id }))?.number ?? undefined

test('a place is public with the text of its page, and lists what is about it', async () => {
  const id = await place('Quiet Shore')
  const about = await write((tx) => aboutItem(tx, { id, slug: 'quiet-shore' }, minutes(-50)))
  await put(await thread('On the shore', [id]), { title: 'On the shore', paragraphs: [{ id: 'a', day: '2025-01-05', happened: '', text: 'x', links: [] }] })
  await put(await news('Older', [id]), { title: 'Older', publishedOn: '2014-07-25' })
  await save(await news('Not yet', [id]), { title: 'Not yet' })
  assert.ok(!(await shownSubjects(site)).some((each) => each.id === id))
  await put(about, { title: 'Quiet Shore' })
  assert.equal((await shownSubjects(site)).find((each) => each.id === id)!.code, 'QS')
  const list = await shownItems(site, { subjectId: id }, { most: 10 })
  assert.deepEqual([list.more, list.items.map(({ dated }) => dated)], [false, ['2025-01-05', '2014-07-25']])
  assert.deepEqual((await shownItems(site, { subjectId: id }, { most: 1 })).more, true)
  assert.deepEqual(byYear(await countItems(site, { subjectId: id })), [{ year: 2025, count: 1 }, { year: 2014, count: 1 }])
})

test('after a rename the old address leads on, and no new item is ever given it', async () => {
  const id = await place('Old Name')
  await put(await write((tx) => aboutItem(tx, { id, slug: 'old-name' }, minutes(-50))), { title: 'x' })
  assert.equal(await write((tx) => moveSubject(tx, id, 'new-name', new Date())), 'moved')
  assert.equal(await formerAddress(site, 'place', 'old-name'), 'new-name')
  const item = await news('First title')
  await put(item, { title: 'x' })
  await write((tx) => moveItem(tx, item, 'second-title', new Date()))
  assert.equal(await formerAddress(site, 'item', 'first-title'), 'second-title')
  await put(await news('First title'), { title: 'x' })
  assert.equal(await formerAddress(site, 'item', 'first-title'), 'second-title')
  assert.equal((await shownItem(site, { slug: 'first-title-2' }))?.slug, 'first-title-2')
})

test('an item is numbered when it is first published, keeps its number through every change of scheme, and no number is given twice', async () => {
  await it.db.updateTable('publisher').set({ index_scheme: '{place}-{number}-{year}' }).execute()
  const quorn = await place('Quorn')
  const [first, second, never] = [await news('numbered one', [quorn]), await news('numbered two', [quorn]), await news('numbered never', [quorn])]
  await put(first, { title: 'One' }, { at: new Date('2026-03-01') })
  await put(second, { title: 'Two' }, { at: new Date('2026-04-01') })
  await save(never, { title: 'Never' })
  assert.deepEqual([await numberOf(first), await numberOf(second), await numberOf(never)], ['QUO-1-2026', 'QUO-2-2026', undefined])
  assert.equal(await itemWithNumber(site, ' quo-2-2026 '), 'numbered-two')
  await write((tx) => moveItem(tx, second, 'numbered-anew', new Date()))
  await it.db.updateTable('publisher').set({ index_scheme: 'QUO-{number}-2026' }).execute()
  await put(second, { title: 'Two again' })
  assert.equal(await itemWithNumber(site, 'QUO-2-2026'), 'numbered-anew')
  await put(never, { title: 'Never' })
  assert.equal(await numberOf(never), 'QUO-3-2026', 'numbers that another scheme has given are passed over')
  await write((tx) => withdrawItem(tx, { itemId: second, staffId }, new Date()))
  assert.equal(await itemWithNumber(site, 'QUO-2-2026'), undefined)
  assert.deepEqual(['{number}', 'A/{number}', '{place}-{year}', '{number}{number}', 'a b{number}', '{kind}{number}'].map(isNumberScheme), [true, false, false, false, false, false])
  await it.db.updateTable('publisher').set({ index_scheme: null }).execute()
})

test('a reference to what is not there is refused in every field that reads one, and what only looks like one in every field that shows words as they are', async () => {
  const event = { starts: '', ends: '', zone: 'UTC', place: '', online: '', cancelled: false }
  const paragraph = { id: 'a', day: '2026-01-01', happened: '', text: 'x', links: [] }
  const block = { id: 'b', title: '' }
  const line = (text: string): Record<string, Partial<ItemWords>> => ({
    'body': { body: `Before.\n\n${text}\n\nAfter.` }, 'list in the body': { body: `- one\n- two\n\n  ${text}` }, 'quotation in the body': { body: `> ${text}` }, 'block of a campaign': { blocks: [{ ...block, kind: 'text', text }] },
    'answer': { questions: [{ id: 'q', question: 'Why?', answer: text }] }, 'notes to editors': { editors: text }, 'paragraph': { paragraphs: [{ ...paragraph, text }] },
  })
  const plain = (text: string): Record<string, Partial<ItemWords>> => ({
    'title': { title: `x ${text}` }, 'standfirst': { summary: text }, 'title of a block': { blocks: [{ ...block, title: text, kind: 'text', text: 'x' }] }, 'unit of a count': { blocks: [{ ...block, kind: 'count', value: 1, unit: text, who: 'x', sourceUrl: 'https://a.example', asOf: '2026' }] },
    'question': { questions: [{ id: 'q', question: text, answer: 'x' }] }, 'place of an event': { event: { ...event, place: text } }, 'signatory': { signatories: [{ name: text, country: '' }] }, 'contact': { contacts: [{ role: text, name: '' }] },
    'words of a link': { paragraphs: [{ ...paragraph, links: [{ kind: 'read-more', url: 'https://a.example', text }] }] }, 'code': { body: `    ${text}` }, 'middle of a line': { body: `See ${text} here.` }, 'mark taken back': { body: `\\${text}` },
  })
  const tried = async (words: Partial<ItemWords>) => {
    const id = await write((tx) => createItem(tx, { kind: 'news', thread: words.paragraphs !== undefined, wanted: 'refers' }, minutes(-60)))
    return (await put(id, { title: 'x', ...words })).published
  }
  const lines = [...Object.entries(line('::quote[not-there]')), ...['figure', 'demand', 'notice', 'text', 'measure', 'proceeding', 'elsewhere', 'image', 'chronology', 'action', 'nonsense'].map((kind): [string, Partial<ItemWords>] => [kind, { body: `::${kind}[not-there]` }])]
  for (const [where, words] of lines) {
    const done = await tried(words)
    assert.deepEqual(done.outcome === 'missing' && done.missing.map(({ handle }) => handle), ['not-there'], where)
  }
  for (const [where, words] of Object.entries({ ...line('So :figure[not-there] boats.'), 'picture before the text': { picture: 'not-there' }, 'standing text of a campaign': { blocks: [{ ...block, kind: 'standing' as const, handle: 'not-there' }] }, 'asks of a campaign': { blocks: [{ ...block, kind: 'asks' as const, actions: ['not-there'], elsewhere: ['nor-this'] }] }, 'items of a campaign': { blocks: [{ ...block, kind: 'items' as const, items: ['not-there'] }] } })) {
    assert.equal((await tried(words)).outcome, 'missing', where)
  }
  for (const [where, words] of Object.entries(plain('::quote[not-there]'))) assert.deepEqual(await tried(words), { outcome: 'misplaced', strays: ['::quote[not-there]'] }, where)
  assert.equal((await tried({ body: 'A note: [so] it is, and ::: is no sign, nor is 1:[2].' })).outcome, 'published')
  const id = await write((tx) => addRecord(tx, { handle: 'stands', record: { kind: 'text', content: { says: { en: { title: '', text: 'See :figure[not-there].' } } } }, staffId }, minutes(-5)))
  const { rows: [newest] } = await sql<{ id: string }>`select id from record_revisions where record_id = ${id!}`.execute(desk)
  assert.deepEqual(await write((tx) => publishRecord(tx, { id: id!, revisionId: newest!.id, staffId }, minutes(-4))), { outcome: 'missing', missing: [':figure[not-there]'] })
})
