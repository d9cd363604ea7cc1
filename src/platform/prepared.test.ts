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
