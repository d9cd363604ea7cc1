import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { until } from '#test/support/clarion.ts'
import { stage } from '#test/support/stage.ts'
import { claimBatches } from './claims.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')

/** Batches as large as what one claim takes, the oldest first. */
async function waiting(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as string)
  await it.db.insertInto('intake_batches').values(ids.map((batch_id, place) => ({ batch_id, entries: 1000, received_at: new Date(now.getTime() + place * 1000) }))).execute()
  return ids
}

test('two workers that look at the same moment each find something to do, as long as there is enough', async () => {
  const [oldest, next] = await waiting(2)
  const [one, other] = [randomUUID(), randomUUID()]
  const asking = () => sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%claimed_by%'`.execute(it.db)
  const second = await inTransaction(it.as('worker'), async (tx) => {
    assert.deepEqual(await claimBatches(tx, one, [], now), [oldest])
    const claim = claimBatches(it.as('worker'), other, [], now)
    await until(async () => (await asking()).rows.length > 0, 'the other worker to want the same')
    return { claim }
  })
  assert.deepEqual(await second.claim, [next])
  assert.deepEqual(await claimBatches(it.as('worker'), randomUUID(), [], now), [], 'a third finds nothing')
})
