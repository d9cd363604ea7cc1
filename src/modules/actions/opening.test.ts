import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { actionWords, createAction, findAction, missingParts, moveAction, saveWords } from './index.ts'

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
