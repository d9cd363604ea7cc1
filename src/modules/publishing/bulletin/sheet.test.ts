import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { createItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { shownSubjects } from '../public-subjects.ts'
import { evenly } from './evenly.ts'
import { bulletinEntries, findBulletinSheet, makeBulletinSheets } from './sheet.ts'

const it = await stage()
const now = new Date()
const worker = it.as('worker')
const site = it.as('site')
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
// What was published within seconds is looked at again and again: a few turns make all.
const made = async () => { for (let turn = 0; turn < 3; turn++) await makeBulletinSheets(worker, 'http://localhost:3000', now) }

test('a place’s bulletin is a PDF of two pages at most in each language, and is gone with anything that it shows until it is made anew', async () => {
  const id = await inTransaction(it.db, async (tx) => {
    const item = await createItem(tx, { kind: 'news', thread: true, wanted: 'on-paper', subjects: [marovia] }, now)
    const saved = await saveItem(tx, { itemId: item, language: 'en', words: wordsWith({ title: 'A very long day', paragraphs: Array.from({ length: 4 }, (_, place) => ({ id: `p${place}`, day: now.toISOString().slice(0, 10), happened: '', text: 'word '.repeat(2000), links: [] })) }), baseId: null, staffId: null }, now)
    assert.ok(saved.outcome === 'saved')
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
    return item
  })
  await made()
  for (const language of ['en', 'ar']) {
    const pdf = (await findBulletinSheet(site, marovia, language))!
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
    assert.ok((pdf.toString('latin1').match(/\/Type ?\/Page\b/g) ?? []).length <= 2)
  }
  const before = (await findBulletinSheet(site, marovia, 'en'))!
  await inTransaction(it.db, (tx) => withdrawItem(tx, { itemId: id, staffId: null }, now))
  assert.equal(await findBulletinSheet(site, marovia, 'en'), undefined, 'at once')
  await made()
  const after = await findBulletinSheet(site, marovia, 'en')
  assert.ok(after && !after.equals(before))
})

test('what is not translated stands under its kind, its day and its language in the words of the paper', async () => {
  const subject = (await shownSubjects(worker)).find(({ id }) => id === marovia)!
  const entries = await bulletinEntries(worker, { subject, language: 'ar', publisher: await readPublisher(worker), origin: 'http://localhost:3000' }, now)
  const untranslated = entries.find(({ title }) => title === 'A death in the cells of Corvane')!
  assert.match(untranslated.line, /^خبر محزن · .* · الإنجليزية$/)
  assert.equal(untranslated.rtl, false)
})

test('on paper stands what a link leads to: under its number in the text, or under its own words, in the paper’s language where it leads to us', async () => {
  const subject = (await shownSubjects(worker)).find(({ id }) => id === marovia)!
  const about = async (language: string) => (await bulletinEntries(worker, { subject, language, publisher: await readPublisher(worker), origin: 'http://localhost:3000' }, now)).flatMap(({ links }) => links)
  await inTransaction(it.db, async (tx) => {
    const item = await createItem(tx, { kind: 'news', thread: true, wanted: 'with-links', subjects: [marovia] }, now)
    const text = 'So says [the registry](https://court.corvane.example/list).\n\n::figure[unanswered-requests]'
    const saved = await saveItem(tx, { itemId: item, language: 'en', words: wordsWith({ title: 'The list', paragraphs: [{ id: 'p', day: now.toISOString().slice(0, 10), happened: '', text, links: [{ kind: 'take-action', url: '/actions/no-one-should-vanish', text: '' }] }] }), baseId: null, staffId: null }, now)
    assert.ok(saved.outcome === 'saved')
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
  })
  assert.deepEqual((await about('en')).slice(0, 3), [{ mark: '[1]', url: 'https://court.corvane.example/list' }, { mark: '[2]', url: 'https://register.marovia.example/requests' }, { mark: 'Take action:', url: 'http://localhost:3000/actions/no-one-should-vanish' }])
  assert.equal((await about('ar'))[2]!.url, 'http://localhost:3000/ar/actions/no-one-should-vanish')
})

test('columns end even: as much room is left under both as makes no other page', async () => {
  // A page of 100 millimetres.
  const page = 100
  const made = (long: number) => ({ empty_below, small }: { empty_below: number, small: boolean }) => Promise.resolve({ bytes: Buffer.from(`${empty_below} ${small}`), pages: Math.ceil((long * (small ? 0.9 : 1) + empty_below) / page) })
  const said = async (long: number) => (await evenly({ bytes: Buffer.alloc(0), pages: Math.ceil(long / page) }, made(long))).bytes.toString()
  assert.match(await said(60), /^3\d\.?\d* false$/)
  assert.match(await said(130), /^6\d\.?\d* false$/)
})
