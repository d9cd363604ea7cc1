import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, type Tx } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { wordsWith } from './item.ts'
import { createItem } from './items.ts'
import { publishItem } from './publications.ts'
import { saveItem } from './revisions.ts'

const it = await stage()
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(it.as('desk'), work)

test('a number goes with a schedule into another year, until readers have seen it', async () => {
  await it.db.updateTable('publisher').set({ index_scheme: '{number}-{year}' }).execute()
  const id = await write((tx) => createItem(tx, { kind: 'news', wanted: 'later' }, new Date('2026-11-01')))
  const saved = await write((tx) => saveItem(tx, { itemId: id, language: 'en', words: wordsWith({ title: 'Later' }), staffId: null }, new Date('2026-11-01')))
  const numberAfter = async (from: string, now: string) => {
    await write((tx) => publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from: new Date(from) }, new Date(now)))
    return (await it.db.selectFrom('item_numbers').select('number').where('item_id', '=', id).execute()).map(({ number }) => number)
  }
  assert.deepEqual(await numberAfter('2026-12-30', '2026-12-01'), ['1-2026'])
  assert.deepEqual(await numberAfter('2026-12-31', '2026-12-01'), ['1-2026'])
  assert.deepEqual(await numberAfter('2027-01-03', '2026-12-02'), ['1-2027'])
  assert.deepEqual(await numberAfter('2028-02-01', '2027-06-01'), ['1-2027'], 'what has been public is cited by its number')
})
