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
  await inTransaction(it.db, async (holder) => {
    await sql`select pg_advisory_xact_lock(1)`.execute(holder)
    await assert.rejects(inTransaction(db, async (tx) => {
      await sql`insert into kept values (1)`.execute(tx)
      await sql`select pg_advisory_xact_lock(1)`.execute(tx)
    }), isOutage)
    // The server still waits for the lock: nobody waited for it to be through with that.
    assert.deepEqual((await sql`select * from kept`.execute(db)).rows, [])
  })
})
