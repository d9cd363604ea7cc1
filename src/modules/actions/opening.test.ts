import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { storeImage } from '#modules/files/index.ts'
import { actionWords, createAction, findAction, findPublicAction, missingParts, moveAction, newestRevisions, saveWords, setPicture } from './index.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')

async function draft(slug: string, words: Record<string, unknown>, ask: string): Promise<string> {
  return inTransaction(it.db, async (tx) => {
    const id = await createAction(tx, { slug, kind: 'petition', zone: 'UTC' }, now)
    await saveWords(tx, { actionId: id, language: 'en', words: actionWords.parse({ title: 'Keep the reading room open', ...words }), ask, staffId: null }, now)
    return id
  })
}

const open = (id: string) => inTransaction(it.db, (tx) => moveAction(tx, { id, to: 'open', staffId: null }, now))

test('an action in which something is still to be written does not open, and says in which of its texts', async () => {
  const id = await draft('unwritten', { summary: 'It closes. [[Say when.]]', prompts: ['Why?', '[[another\nquestion]]'], advice: [{ country: 'XA', text: '[[ask a lawyer]]' }] }, 'To [[whom]]: act.')
  assert.deepEqual(await open(id), { outcome: 'incomplete', missing: ['unwritten:summary', 'unwritten:advice', 'unwritten:prompts', 'unwritten:ask'] })
  assert.equal((await findAction(it.db, { id }))!.state, 'draft')
  const refers = await draft('refers', { story: 'There are :figure[unanswered-requests], see:note.' }, 'To the council: ::demand[open-the-register]')
  assert.deepEqual(await open(refers), { outcome: 'incomplete', missing: ['reference:story', 'reference:ask'] }, 'what is only put in its place on pages')
  await inTransaction(it.db, (tx) => saveWords(tx, { actionId: id, language: 'en', words: actionWords.parse({ title: 'Keep the reading room open', summary: 'It closes in May. [Read more](https://example.org) [sic]' }), ask: 'To the council: act.', staffId: null }, new Date(now.getTime() + 1000)))
  assert.equal((await open(id)).outcome, 'moved')
})

test('a language that is not finished stays behind when another one opens', async () => {
  const id = await draft('half', {}, 'To the council: act.')
  await inTransaction(it.db, (tx) => saveWords(tx, { actionId: id, language: 'ar', words: actionWords.parse({ title: '[[العنوان]]' }), ask: 'إلى المجلس', staffId: null }, now))
  assert.equal((await open(id)).outcome, 'moved')
  const shown = await it.db.selectFrom('action_publications').select('language').where('action_id', '=', id).execute()
  assert.deepEqual(shown.map((row) => row.language), ['en'])
  assert.deepEqual(await missingParts(it.db, (await findAction(it.db, { id }))!, now), [])
})

test('a new picture of an open action is shown with its own description from the first moment, and what is still being written stays unpublished', async () => {
  // What is public is asked of the database, by its own clock.
  const present = new Date()
  const id = await draft('pictured', { imageAlt: 'what the former one showed' }, 'To the council: act.')
  const image = () => inTransaction(it.db, (tx) => storeImage(tx, { credit: 'Photo: Jun', files: [] }))
  const give = async (described: Record<string, string>) => {
    const { id: imageId } = await image()
    return inTransaction(it.db, (tx) => setPicture(tx, { actionId: id, imageId, described: new Map(Object.entries(described).map(([language, imageAlt]) => [language, { imageAlt, imageCaption: '' }])), staffId: null }, present))
  }
  const words = (title: string, imageAlt: string) => actionWords.parse({ title, imageAlt })
  const alts = async () => Object.entries((await findPublicAction(it.db, 'pictured', present))!.words).map(([language, each]) => `${language} ${each.words.title}: ${each.words.imageAlt} (${each.ask})`)
  assert.equal(await give({}), true)
  assert.equal((await newestRevisions(it.db, id))[0]!.words.imageAlt, '', 'a draft waits for its description')
  await inTransaction(it.db, (tx) => saveWords(tx, { actionId: id, language: 'en', words: words('Keep it open', 'A reading room'), ask: 'To the council: act.', staffId: null }, present))
  assert.equal((await inTransaction(it.db, (tx) => moveAction(tx, { id, to: 'open', staffId: null }, present))).outcome, 'moved')
  await inTransaction(it.db, async (tx) => {
    await saveWords(tx, { actionId: id, language: 'en', words: words('Keep it open, still', 'A reading room'), ask: 'To the council: act now.', staffId: null }, present)
    await saveWords(tx, { actionId: id, language: 'ar', words: words('أبقوها مفتوحة', 'قاعة قراءة'), ask: 'إلى المجلس', staffId: null }, present)
  })

  assert.equal(await give({}), false, 'readers would see it with the words of the former one')
  assert.deepEqual(await alts(), ['en Keep it open: A reading room (To the council: act.)'])
  assert.equal(await give({ en: 'An empty shelf' }), true)
  assert.deepEqual(await alts(), ['en Keep it open: An empty shelf (To the council: act.)'])
  const saved = await newestRevisions(it.db, id)
  assert.deepEqual(saved.map((each) => [each.language, each.words.title, each.words.imageAlt, each.ask, each.published ? 'public' : 'saved']), [
    ['en', 'Keep it open, still', 'An empty shelf', 'To the council: act now.', 'saved'], ['ar', 'أبقوها مفتوحة', '', 'إلى المجلس', 'saved']], 'the publisher’s first language first')
  const { asks } = await it.db.selectFrom('asks').select(it.db.fn.countAll<string>().as('asks')).where('action_id', '=', id).where('language', '=', 'en').executeTakeFirstOrThrow()
  assert.equal(Number(asks), 2, 'a picture makes no new ask')
})
