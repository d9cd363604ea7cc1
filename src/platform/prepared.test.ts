import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stage } from '#test/support/stage.ts'
import { openDb, reading, sql } from './db.ts'

const it = await stage({ template: 'empty' })

test('a question that comes again is planned once, and goes on being answered when the next version gives its view another column', async () => {
  const db = openDb(it.poolOf('site'), { prepared: true })
  await sql`create view public_answers as select 1 as one; grant select on public_answers to public`.execute(it.db)
  const ask = () => reading(db, async (tx) => (await sql`select * from public_answers`.execute(tx)).rows)
  for (const _ of [1, 2, 3]) assert.deepEqual(await ask(), [{ one: 1 }])
  const named = () => reading(db, async (tx) => (await sql<{ count: number }>`select count(*)::int as count from pg_prepared_statements where statement like '%public_answers'`.execute(tx)).rows[0]!.count)
  assert.equal(await named(), 1)
  await sql`create or replace view public_answers as select 1 as one, 2 as two`.execute(it.db)
  for (const _ of [1, 2, 3]) assert.deepEqual(await ask(), [{ one: 1, two: 2 }])
})

test('nobody waits for a reading transaction to begin or to end; nothing can be changed in it, and what fails in one is no harm to the next', async () => {
  const db = openDb(it.poolOf('site'), { prepared: true })
  await assert.rejects(reading(db, (tx) => sql`create temporary table kept (at int)`.execute(tx)), /read-only transaction/)
  const readOnly = () => reading(db, async (tx) => (await sql<{ on: string }>`select current_setting('transaction_read_only') as on`.execute(tx)).rows[0]!.on)
  assert.equal(await readOnly(), 'on')
  assert.deepEqual(await Promise.all(Array.from({ length: 20 }, readOnly)), Array.from({ length: 20 }, () => 'on'))
  await assert.rejects(reading(db, async (tx) => Promise.all([sql`select 1 / 0`.execute(tx), sql`select 1`.execute(tx)])), /division by zero/)
  assert.equal(await readOnly(), 'on')
  assert.deepEqual((await sql<{ on: string }>`select current_setting('transaction_read_only') as on`.execute(db)).rows, [{ on: 'off' }], 'what is asked outside of it is in no transaction that somebody left open')
})
