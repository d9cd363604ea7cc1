import type pg from 'pg'

export interface SealedEntry {
  contact: Buffer
  record: Buffer | undefined
}

const insert = {
  name: 'intake-insert',
  // The sealed values travel as one binary parameter and are cut apart by the database: half the bytes of an array of bytea,
  // and no hexadecimal on either side (about 1.3 times the rows a second at 200 rows a batch).
  text: `
    with batch as (
      insert into intake_batches (batch_id, entries, received_at) values ($1, $2, $3)
      on conflict do nothing returning batch_id)
    insert into intake (batch_id, position, contact, record)
    select batch.batch_id, cut.position - 1, substr($4::bytea, cut.contact_from, cut.contact_length),
      case when cut.record_length > 0 then substr($4::bytea, cut.contact_from + cut.contact_length, cut.record_length) end
    from batch, unnest($5::int[], $6::int[], $7::int[]) with ordinality as cut (contact_from, contact_length, record_length, position)`,
}

/**
 * Keeps one batch in one commit. Safe to call again with the same batch id when nobody knows whether it was kept:
 * a batch that is there already stays as it is.
 */
export async function keepBatch(pool: pg.Pool, batchId: string, entries: SealedEntry[], receivedAt: Date): Promise<void> {
  const parts: Buffer[] = []
  const from: number[] = []
  const contactLengths: number[] = []
  const recordLengths: number[] = []
  let length = 1
  for (const { contact, record } of entries) {
    parts.push(contact)
    from.push(length)
    contactLengths.push(contact.length)
    recordLengths.push(record?.length ?? 0)
    if (record) parts.push(record)
    length += contact.length + (record?.length ?? 0)
  }
  await pool.query({ ...insert, values: [batchId, entries.length, receivedAt, Buffer.concat(parts), integers(from), integers(contactLengths), integers(recordLengths)] })
}

/** As PostgreSQL writes an array: the driver would quote and escape every element. */
function integers(values: number[]): string {
  return `{${values.join(',')}}`
}

/** The place of an entry in `intake`, which its sealed values are bound to. */
export function entryRow(batchId: string, position: number): string {
  return `${batchId}:${position}`
}
