import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { createItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { shownSubjects } from '../public-subjects.ts'
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
