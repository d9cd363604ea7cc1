import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ownerAddress } from '#test/support/cluster.ts'
import { stage } from '#test/support/stage.ts'
import { inTransaction, isOutage, openDb, openPool, sql } from './db.ts'

const it = await stage({ template: 'empty' })
const pool = openPool(ownerAddress(it.database), { name: 'hasty', size: 1, patience: 2000 })
after(() => pool.end())
const db = openDb(pool)

test('a statement that is not answered in time ends with its line: what came before it in its transaction is undone, and the next has a line that answers', async () => {
  await sql`create table kept (at int)`.execute(it.db)
  const began = performance.now()
  await assert.rejects(inTransaction(db, async (tx) => {
    await sql`insert into kept values (1)`.execute(tx)
    await sql`select pg_sleep(30)`.execute(tx)
  }), isOutage)
  assert.deepEqual((await sql`select * from kept`.execute(db)).rows, [])
  assert.ok(performance.now() - began < 15_000, 'nobody waited for the server to be through with it')
})
