import { sql, type Db, type Tx } from '#platform/db.ts'

export interface Lockdown {
  lockedAt: Date
  staffId: string
  reason: string
}

/** Whether everything is locked, since when, by whom and why. */
export async function readLockdown(db: Db): Promise<Lockdown | undefined> {
  const row = await db.selectFrom('lockdown').selectAll().executeTakeFirst()
  return row && { lockedAt: row.locked_at, staffId: row.staff_id, reason: row.reason }
}

/** Locks everything: all are signed out, whoever does it too, and links to sign in with end. False if it was locked before. */
export async function lockEverything(tx: Tx, { staffId, reason }: { staffId: string, reason: string }, now: Date): Promise<boolean> {
  const { rows } = await sql`insert into lockdown (locked_at, staff_id, reason) values (${now}, ${staffId}, ${reason}) on conflict do nothing returning 1`.execute(tx)
  for (const table of ['desk_sessions', 'signin_links', 'passkey_challenges'] as const) await tx.deleteFrom(table).execute()
  return rows.length > 0
}

/** Opens everything again. False if it was open. */
export async function unlockEverything(tx: Tx): Promise<boolean> {
  return (await tx.deleteFrom('lockdown').returning('id').execute()).length > 0
}
