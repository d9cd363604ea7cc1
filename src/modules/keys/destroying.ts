import { inTransaction, sql, type Db } from '#platform/db.ts'
import { keyId, type Purpose, type SealingKey } from '#platform/sealing/index.ts'
import { keyOfValue, sealedColumns } from './sealed-columns.ts'

/** Why an old key must stay for now: so many values lie under it, or a site that has not been given the new key seals for it still. */
export type Destroying = { outcome: 'refused' } & ({ why: 'left', left: number } | { why: 'in-use', lastUsed: Date }) | { outcome: 'destroyed' }

/** A site had this long to learn of a new key; what it handed in within it may lie under the old one. */
const graceMinutes = 1
const quietHours = 24

/** What was settled so short a time before we began to count may have been written behind our back: then it is counted once more. */
const marginMinutes = 10

/**
 * Notes that a key is gone for good, if nothing lies under it and no site uses it; from then on nobody can hand in what was sealed for it.
 * As the owner of the database: no process may read every sealed column. The private half is thrown away after this, by whoever has the files.
 */
export async function destroyKey(owner: Db, { purpose, key, newest }: { purpose: Purpose, key: string, newest: string }, now: Date): Promise<Destroying> {
  // Counting takes its time, so it keeps nobody from handing in; only where something was settled meanwhile is it done again while they wait.
  const left = await valuesUnder(owner, purpose, key) || await inTransaction(owner, async (tx) => {
    // Nobody hands in a batch between this look and its note.
    await sql`lock table intake_batches, intake in share row exclusive mode`.execute(tx)
    const lastUsed = await lastHandedIn(tx, { purpose, key, newest }, now)
    const moved = await settledUnder(tx, key, new Date(now.getTime() - marginMinutes * 60_000)) ? await valuesUnder(tx, purpose, key) : await waitingUnder(tx, purpose, key)
    if (!lastUsed && !moved) await sql`insert into destroyed_keys (key, destroyed_at) values (${key}, ${now}) on conflict do nothing`.execute(tx)
    return lastUsed ?? moved
  })
  if (left instanceof Date) return { outcome: 'refused', why: 'in-use', lastUsed: left }
  if (left === 0) return { outcome: 'destroyed' }
  // What came in behind a rotation that had ended is moved as well.
  await inTransaction(owner, (tx) => sql`update key_rotations set ended_at = null, part = 0, after_row = null, unreadable = 0 where kind = ${purpose} and key = ${newest}`.execute(tx))
  return { outcome: 'refused', why: 'left', left }
}

/** Those of some keys that are not gone for good: what an older file still has must not come back. */
export async function notDestroyed<Key extends SealingKey>(db: Db, keys: Key[]): Promise<Key[]> {
  const gone = await db.selectFrom('destroyed_keys').select('key').where('key', 'in', keys.map(keyId)).execute()
  return keys.filter((each) => !gone.some(({ key }) => key === keyId(each)))
}

/** How many sealed values lie under a key, wherever they are. What waits in the intake may have some within. */
export async function valuesUnder(owner: Db, purpose: Purpose, key: string): Promise<number> {
  let left = 0
  for (const { table, column } of sealedColumns.filter((each) => each.purpose === purpose)) {
    const { rows: [counted] } = await sql<{ left: number }>`select count(*)::int as left from ${sql.table(table)} where ${sql.ref(column)} is not null and ${keyOfValue(column)} = ${key}`.execute(owner)
    left += counted!.left
  }
  return Math.max(left, await waitingUnder(owner, purpose, key))
}

/** What is set aside, or not yet settled, may have a record sealed within: it is settled or forgotten first. */
async function waitingUnder(owner: Db, purpose: Purpose, key: string): Promise<number> {
  const { rows: [inside] } = await sql<{ left: number }>`
    select (select count(*)::int from intake join intake_batches using (batch_id) where ${key} = any (keys))
      + (select count(*)::int from intake_refused left join intake_batches using (batch_id) where coalesce(${key} = any (keys), true) and ${purpose} = 'record') as left`.execute(owner)
  return inside!.left
}

async function settledUnder(owner: Db, key: string, since: Date): Promise<number> {
  return (await sql<{ entries: number }>`select coalesce(sum(entries), 0)::int as entries from intake_batches where ${key} = any (keys) and settled_at > ${since}`.execute(owner)).rows[0]!.entries
}

/** When a site last handed in what it had sealed for a key, if that was lately and long after the new one came. */
async function lastHandedIn(owner: Db, { purpose, key, newest }: { purpose: Purpose, key: string, newest: string }, now: Date): Promise<Date | undefined> {
  const { rows: [last] } = await sql<{ at: Date | null }>`
    select max(received_at) as at from intake_batches where ${key} = any (keys) and received_at > ${new Date(now.getTime() - quietHours * 3_600_000)}
      and received_at > (select min(started_at) from key_rotations where kind = ${purpose} and key = ${newest}) + ${graceMinutes} * interval '1 minute'`.execute(owner)
  return last?.at ?? undefined
}
