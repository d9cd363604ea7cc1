import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, type Tx } from '#platform/db.ts'
import { beginTerm, saveOffice } from '#modules/targets/index.ts'
import { stage } from '#test/support/stage.ts'
import { chores, countChores, wantingFor, type Chore, type ChoreReach } from './chores.ts'
import { itemList, type ItemFilter } from './item-list.ts'
import { createItem } from './items.ts'
import { publishItem, withdrawItem } from './publications.ts'
import { aboutSubject } from './public-subjects.ts'
import { checkContent, type RecordKind } from './record.ts'
import { addRecord, checkRecord, keptRecords, publishRecord, saveRecord } from './records.ts'
import { renderElsewhere, renderMeasure, renderProceeding } from './render/matters.ts'
import { saveItem } from './revisions.ts'
import { checkItem } from './states.ts'
import { wordsWith } from './item.ts'
import { publishingWords } from './words/index.ts'

const it = await stage()
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(it.as('desk'), work)
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
const now = new Date(Date.now() - 60_000)
const day = (shift: number) => new Date(now.getTime() + shift * 86_400_000).toISOString().slice(0, 10)
const within = { language: 'en', fallback: 'en', localPath: (path: string) => path }
const t = publishingWords('en')

async function put(kind: RecordKind, handle: string, content: object): Promise<string> {
  const checked = checkContent(kind, content)
  assert.ok('content' in checked)
  return write(async (tx) => {
    const id = (await addRecord(tx, { handle, record: checked.content, subjects: [marovia], staffId: null }, now))!
    await publishRecord(tx, { id, revisionId: await saveRecord(tx, { id, record: checked.content, staffId: null }, now), staffId: null }, now)
    return id
  })
}

test('what is held elsewhere is public nowhere once it has expired or is stopped, and no text that refers to it can be published', async () => {
  const says = { en: { title: 'A course' } }
  await put('elsewhere', 'open-course', { url: 'https://learn.example/a', expiresOn: day(3), says })
  await put('elsewhere', 'over-course', { url: 'https://learn.example/b', expiresOn: day(-2), says })
  await put('elsewhere', 'stopped-course', { url: 'https://learn.example/c', stopped: true, says })
  const shown = (await aboutSubject(it.as('site'), marovia)).matters.map(({ handle }) => handle)
  assert.deepEqual(['open-course', 'over-course', 'stopped-course'].map((handle) => shown.includes(handle)), [true, false, false])
  const refers = (handle: string, from?: Date) => write(async (tx) => {
    const itemId = await createItem(tx, { kind: 'news', wanted: `refers ${handle}` }, now)
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'Refers', body: `::elsewhere[${handle}]` }), staffId: null }, now)
    return (await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from }, now)).outcome
  })
  assert.equal(await refers('open-course'), 'published')
  assert.equal(await refers('over-course'), 'missing')
  assert.equal(await refers('stopped-course'), 'missing')
  assert.equal(await refers('open-course', new Date(now.getTime() + 9 * 86_400_000)), 'missing', 'by the day of a schedule it will be over')
})

test('a measure says where it stands and by what source, and only a hearing that is to come is announced', () => {
  const measure = checkContent('measure', { number: 'Bill 9', status: 'committee', statusOn: '2026-09-14', sourceUrl: 'https://assembly.example/9', says: { en: { title: 'A <bill>', asks: 'Pass it.', source: 'order paper' } } })
  assert.ok('content' in measure && measure.content.kind === 'measure')
  const said = renderMeasure(t, measure.content.content, within)!.text
  for (const each of ['A &lt;bill&gt;', 'Bill 9', 'In committee', 'since 14 September 2026', 'Pass it.', 'href="https://assembly.example/9"']) assert.ok(said.includes(each), each)
  const proceeding = checkContent('proceeding', { nextHearing: '2026-12-03', steps: [{ on: '2014-36', what: { en: 'Filed.' } }], documents: [{ url: 'https://courts.example/x.pdf', names: { ar: 'الدعوى' } }], says: { en: { title: 'A case', parties: 'nine families' } } })
  assert.ok('content' in proceeding && proceeding.content.kind === 'proceeding')
  const before = renderProceeding(t, proceeding.content.content, within, '2026-12-03')!.text
  for (const each of ['Next hearing: 3 December 2026', 'late 2014', 'nine families', 'الدعوى']) assert.ok(before.includes(each), each)
  assert.ok(!renderProceeding(t, proceeding.content.content, within, '2026-12-04')!.text.includes('Next hearing'))
  assert.match(renderElsewhere(t, { what: 'course', url: 'https://learn.example/a', expiresOn: '', stopped: false, says: { en: { title: 'C', by: 'L', about: '' } } }, within)!.text, /on another site/)
  assert.ok('wrong' in checkContent('elsewhere', { url: 'javascript:alert(1)', says: { en: { title: 'x' } } }))
})

test('whoever looked at a page elsewhere says so, and the day is kept', async () => {
  const id = await put('elsewhere', 'looked-at', { url: 'https://learn.example/d', says: { en: { title: 'D' } } })
  await write((tx) => checkRecord(tx, id, '2026-11-01'))
  assert.equal((await keptRecords(it.as('desk'), { id }))[0]!.checkedOn, '2026-11-01')
})

test('what went stale by itself is found, within what somebody looks after and nowhere else', async () => {
  await put('proceeding', 'past-hearing', { nextHearing: day(-1), says: { en: { title: 'past-hearing' } } })
  await put('proceeding', 'coming-hearing', { nextHearing: day(1), says: { en: { title: 'coming-hearing' } } })
  await put('figure', 'no-source', { value: 1, says: { en: { unit: 'no-source' } } })
  const reach = (within?: string[]): ChoreReach => ({ within, languages: ['en', 'ar'], now, today: day(0) })
  const found = async (chore: Chore, within?: string[]) => (await wantingFor(it.as('desk'), chore, reach(within), 'en')).map(({ title }) => title)
  const code = (await it.db.selectFrom('subjects').select('code').where('id', '=', marovia).executeTakeFirstOrThrow()).code
  assert.ok((await found('hearing')).includes('past-hearing'))
  assert.ok(!(await found('hearing')).includes('coming-hearing'))
  assert.ok((await found('no-source', [code])).includes('no-source'))
  assert.deepEqual(await found('hearing', ['ZZZ']), [])
  const old = await put('elsewhere', 'old-link', { url: 'https://learn.example/old', says: { en: { title: 'old-link' } } })
  assert.ok(!(await found('link-unchecked')).includes('old-link'), 'it has just been entered')
  const later = (await wantingFor(it.as('desk'), 'link-unchecked', { ...reach(), today: day(40) }, 'en')).map(({ id }) => id)
  assert.ok(later.includes(old))
  await write((tx) => checkRecord(tx, old, day(39)))
  assert.ok(!(await wantingFor(it.as('desk'), 'link-unchecked', { ...reach(), today: day(40) }, 'en')).some(({ id }) => id === old), 'somebody has looked')
  for (const chore of chores) await found(chore)
  assert.ok((await countChores(it.as('desk'), reach())).some(({ chore, count }) => chore === 'hearing' && count > 0))
})

test('what was published within a month waits for the languages that it lacks, and what came over from an old page does not', async () => {
  for (const [title, publishedOn] of [['Only in English', ''], ['Of an old page', '2014-07-25']] as const) {
    await write(async (tx) => {
      const itemId = await createItem(tx, { kind: 'news', thread: false, wanted: title, subjects: [marovia] }, now)
      const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title, body: 'Words.', publishedOn }), staffId: null }, now)
      assert.equal((await publishItem(tx, { revisionId: saved.outcome === 'saved' ? saved.revisionId : '', staffId: null, zone: 'UTC' }, now)).outcome, 'published')
    })
  }
  const found = async (languages: string[]) => (await wantingFor(it.as('desk'), 'untranslated', { within: undefined, languages, now: new Date(now.getTime() + 1000), today: day(0) }, 'en')).map(({ title }) => title).filter((title) => /^(?:Only|Of an)/.test(title))
  assert.deepEqual(await found(['en', 'ar']), ['Only in English'])
  assert.deepEqual(await found(['en']), [])
})

test('a demand is looked at again when somebody else holds its office: from later on, from that very day, or from before but learned of only now', async () => {
  const bodyId = (await it.db.selectFrom('bodies').select('id').executeTakeFirstOrThrow()).id
  const found = async () => (await wantingFor(it.as('desk'), 'holder-changed', { within: undefined, languages: ['en'], now, today: day(0) }, 'en')).map(({ title }) => title).toSorted()
  for (const [handle, since] of Object.entries({ 'same-day': day(0), 'learned-late': day(-9), 'not-yet': day(1), 'as-before': undefined })) {
    const officeId = `office-of-${handle}`
    await write((tx) => saveOffice(tx, { id: officeId, bodyId, label: 'Minister' }))
    await write((tx) => beginTerm(tx, officeId, { name: 'Ilan Merrow' }, null))
    await it.db.updateTable('terms').set({ recorded_at: new Date(now.getTime() - 1000) }).where('office_id', '=', officeId).execute()
    await put('demand', handle, { addressees: [{ kind: 'office', officeId, names: { en: 'the minister' } }], says: { en: { text: handle } } })
    if (since) await write((tx) => beginTerm(tx, officeId, { name: 'Sela Orban' }, since))
  }
  assert.deepEqual(await found(), ['learned-late', 'same-day'])
})

test('the list of items says how each stands and how many stand so, whether all are looked through or few', async () => {
  const made = async (title: string, from?: Date) => write(async (tx) => {
    const id = await createItem(tx, { kind: 'blog-post', wanted: title, subjects: [marovia] }, now)
    const saved = await saveItem(tx, { itemId: id, language: 'en', words: wordsWith({ title, body: 'x' }), staffId: null }, now)
    if (from) await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from }, now)
    return { id, revisionId: 'revisionId' in saved ? saved.revisionId : '' }
  })
  const [shown, gone, asked] = [await made('Listed: shown', now), await made('Listed: gone', now), await made('Listed: asked')]
  await made('Listed: later', new Date(now.getTime() + 86_400_000))
  await write(async (tx) => {
    await withdrawItem(tx, { itemId: gone.id, staffId: null }, new Date(now.getTime() + 1))
    await checkItem(tx, { itemId: asked.id, language: 'en', revisionId: asked.revisionId, verdict: 'asked', note: '', staffId: null as never }, now)
  })
  const list = (filter: ItemFilter, more = {}) => itemList(it.as('desk'), { kind: 'blog-post', ...filter }, { language: 'en', order: 'title', most: 25, after: 0, now: new Date(), ...more })
  for (const filter of [{}, { search: 'listed:' }, { within: ['MAR'] }, { subjects: [marovia] }]) {
    const { items, states, all } = await list(filter)
    assert.deepEqual(items.map(({ title, state }) => `${title.slice(8)} ${state}`), ['asked review', 'gone withdrawn', 'later scheduled', 'shown published'], JSON.stringify(filter))
    assert.deepEqual([all, states.get('published'), states.get('review')], [4, 1, 1])
  }
  assert.deepEqual((await list({ state: 'published' })).items.map(({ id }) => id), [shown.id])
  const beyond = await list({ state: 'draft' }, { after: 50 })
  assert.deepEqual([beyond.items, beyond.all, beyond.states.get('published')], [[], 0, 1], 'how many there are is said of an empty page too')
})
