import { sql, type Db, type Tx } from '#platform/db.ts'
import type { IndexKey, SealingKey } from '#platform/sealing/index.ts'
import { keyId } from '#platform/sealing/index.ts'
import { keyOfValue, sealedColumns } from './sealed-columns.ts'

/** The steps of a rotation of the index key: everybody is indexed under the new one; then the old indexes go. From that part on the old key makes nothing new. */
export const droppingPart = 1

export type RotationKind = 'contact' | 'record' | 'index'
export type Mover = 'worker' | 'desk'

/** How far the way from older keys to the newest one of a kind is, for one process. */
export interface Rotation {
  kind: RotationKind
  /** The key that everything moves to. */
  key: string
  process: Mover
  startedAt: Date
  /** Rows that lay under older keys when it began, and how many of them have been moved. */
  underOld: number
  moved: number
  unreadable: number
  endedAt: Date | null
}

/** Keys of one kind, newest last: what they are called. */
export function keyNames(keys: SealingKey[]): string[] {
  return keys.map(keyId)
}

/**
 * Begins what a process has to do about its keys, if anything: where it holds more than one key of a kind, everything moves to the newest.
 * The keys are what counts and not who asked for them, so it also begins after a crash, or in a restored copy. Safe to call at any time.
 */
export async function beginRotation(db: Db, { kind, process, names }: { kind: RotationKind, process: Mover, names: string[] }, now: Date): Promise<void> {
  if (names.length < 2) return
  const key = names.at(-1)!
  const { rows } = await sql`
    insert into key_rotations (kind, key, process, started_at) values (${kind}, ${key}, ${process}, ${now}) on conflict do nothing returning 1`.execute(db)
  if (rows.length === 0) return
  // What an earlier one has not moved yet goes to the newest key straight away.
  await sql`update key_rotations set ended_at = ${now} where kind = ${kind} and process = ${process} and key <> ${key} and ended_at is null`.execute(db)
  await sql`update key_rotations set under_old = ${await underOlderKeys(db, kind, process, key)} where kind = ${kind} and key = ${key} and process = ${process}`.execute(db)
}

/** How many values a process has yet to move to a key. */
export async function underOlderKeys(db: Db, kind: RotationKind, process: Mover, key: string): Promise<number> {
  if (kind === 'index') return (await sql<{ left: number }>`select count(*)::int as left from people where not exists (select from email_indexes where person_id = people.id and key_id = ${Number(key)})`.execute(db)).rows[0]!.left
  if (kind === 'record') return (await sql<{ left: number }>`select records_under_other_keys(${key}) as left`.execute(db)).rows[0]!.left
  let left = 0
  for (const { table, column } of sealedColumns.filter((each) => each.purpose === kind && each.moves === process)) {
    const { rows: [counted] } = await sql<{ left: number }>`select count(*)::int as left from ${sql.table(table)} where ${sql.ref(column)} is not null and ${keyOfValue(column)} <> ${key}`.execute(db)
    left += counted!.left
  }
  return left
}

/** Where a rotation that has not ended stands, for whoever takes its next step; others wait until that is done. */
export interface Standing {
  part: number
  after: string[] | null
  startedAt: Date
}

export async function lockRotation(tx: Tx, kind: RotationKind, process: Mover, key: string): Promise<Standing | undefined> {
  const { rows: [row] } = await sql<{ part: number, after_row: string[] | null, started_at: Date }>`
    select part, after_row, started_at from key_rotations where kind = ${kind} and key = ${key} and process = ${process} and ended_at is null for update`.execute(tx)
  return row && { part: row.part, after: row.after_row, startedAt: row.started_at }
}

export async function noteStep(tx: Tx, { kind, process, key }: { kind: RotationKind, process: Mover, key: string }, step: { part: number, after: string[] | null, moved?: number, unreadable?: number }): Promise<void> {
  await sql`
    update key_rotations set part = ${step.part}, after_row = ${step.after}::text[], moved = moved + ${step.moved ?? 0}, unreadable = unreadable + ${step.unreadable ?? 0}
    where kind = ${kind} and key = ${key} and process = ${process}`.execute(tx)
}

/** The last step of a pass: it is over if nothing is left but what nobody can open; else it begins from the front, for what came in behind it. */
export async function endPass(tx: Tx, { kind, process, key }: { kind: RotationKind, process: Mover, key: string }, now: Date): Promise<void> {
  const left = await underOlderKeys(tx, kind, process, key)
  await sql`
    update key_rotations set part = 0, after_row = null, ended_at = case when ${left} <= unreadable then ${now}::timestamptz end, unreadable = case when ${left} <= unreadable then unreadable else 0 end
    where kind = ${kind} and key = ${key} and process = ${process}`.execute(tx)
}

/** All rotations, newest first. */
export async function rotations(db: Db): Promise<Rotation[]> {
  const rows = await db.selectFrom('key_rotations').selectAll().orderBy('started_at', 'desc').orderBy('process').execute()
  return rows.map((row) => ({
    kind: row.kind as RotationKind, key: row.key, process: row.process as Mover, startedAt: row.started_at, underOld: row.under_old, moved: row.moved, unreadable: row.unreadable, endedAt: row.ended_at,
  }))
}

/** The index keys as they are to be used: everything older than a key that all people are indexed under makes nothing new. */
export async function withRetired(db: Db, keys: IndexKey[]): Promise<IndexKey[]> {
  const newest = keys.at(-1)!
  const done = await db.selectFrom('key_rotations').select('key').where('kind', '=', 'index').where('key', '=', String(newest.id))
    .where((is) => is.or([is('ended_at', 'is not', null), is('part', '>=', droppingPart)])).executeTakeFirst()
  return done ? keys.map((key) => (key === newest ? key : { ...key, retired: true })) : keys
}
