import type pg from 'pg'
import type { Place } from '#platform/sealing/index.ts'

const insert = {
  name: 'intake-insert',
  text: `
    with batch as (
      insert into intake_batches (batch_id, entries, received_at, keys) values ($1, $2, $3, $5)
      on conflict do nothing returning batch_id)
    insert into intake (batch_id, position, contact) select batch_id, 0, $4 from batch`,
}

/** Some entries, sealed together. */
export interface SealedBatch {
  id: string
  entries: number
  contact: Buffer
  /** Names of the keys that it was sealed for: the database refuses those that have been destroyed. */
  keys: string[]
}

/**
 * Keeps one batch in one commit. Safe to call again with the same batch when nobody knows whether it was kept:
 * a batch that is there already stays as it is.
 */
export async function keepBatch(pool: pg.Pool, { id, entries, contact, keys }: SealedBatch, receivedAt: Date): Promise<void> {
  await pool.query({ ...insert, values: [id, entries, receivedAt, contact, keys] })
}

/** Where a batch is sealed, or the one of its entries that had to be set aside. */
export function intakePlace(batchId: string, position = 0): Place {
  return { purpose: 'contact', table: 'intake', column: 'contact', row: `${batchId}:${position}` }
}
