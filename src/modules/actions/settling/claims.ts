import { clockTolerance } from '#platform/clock.ts'
import { sql, stillTrue, type Db, type Tx } from '#platform/db.ts'

const entriesAtOnce = 1000
const claimSeconds = 60

/**
 * Claims for this worker what has waited longest and nobody else is settling, up to about a thousand entries; none only if there are none. Batches that
 * are sealed for a key that is not among `keys`, the names of those that it has been given, wait for it, or for a worker that has it.
 */
export async function claimBatches(db: Db, workerId: string, keys: string[], now: Date): Promise<string[]> {
  const expired = new Date(now.getTime() - claimSeconds * 1000)
  const ahead = new Date(now.getTime() + clockTolerance)
  const free = sql<boolean>`(claimed_by is null or claimed_by = ${workerId} or claimed_at not between ${expired} and ${ahead})`
  for (;;) {
    const { rows: found } = await sql<{ batch_id: string, ours: boolean }>`
      with oldest as materialized (
        select batch_id from (
          select batch_id, sum(entries) over (order by received_at, batch_id) - entries as before
          from (select batch_id, entries, received_at from intake_batches
            where settled_at is null and ${free} and (keys is null or keys[1] = any (${keys}::text[]))
            order by received_at, batch_id limit ${entriesAtOnce}) waiting) running
        where before < ${entriesAtOnce}),
      claimed as (
        update intake_batches set claimed_by = ${workerId}, claimed_at = ${now}
        where batch_id in (select batch_id from oldest) and ${stillTrue(sql`settled_at is null`)} and ${free} returning batch_id)
      select batch_id, claimed.batch_id is not null as ours from oldest left join claimed using (batch_id)`.execute(db)
    const ours = found.filter((row) => row.ours).map((row) => row.batch_id)
    // Whoever looked at the same moment has claimed all of these. What came after them is still there: a worker that took this for an empty intake would rest in the middle of a crowd.
    if (ours.length > 0 || found.length === 0) return ours
  }
}

/** Takes batches for good, in the transaction that settles them. Throws what `isRace` knows if the claim ran out and another worker has them. */
export async function takeForGood(tx: Tx, workerId: string, batches: string[], now: Date): Promise<void> {
  const { rows } = await sql`
    update intake_batches set settled_at = ${now}, claimed_by = null
    where batch_id = any (${batches}::uuid[]) and claimed_by = ${workerId} and settled_at is null returning 1`.execute(tx)
  if (rows.length !== batches.length) throw new Race('the claim ran out')
}

class Race extends Error {}

/** Two workers met: a deadlock or a claim that ran out. Trying again is all it needs. */
export function isRace(error: unknown): boolean {
  return error instanceof Race || ['40001', '40P01'].includes((error as { code?: string }).code ?? '')
}
