import { sql, type Db, type Tx } from '#platform/db.ts'

/** Whether mails leave this machine. Until somebody goes live, for this origin and this installation, everything goes to the local inbox. */
export interface Live {
  live: boolean
  origin: string | undefined
  /** The origin that somebody went live for, where it is another one now or this is a restored copy. */
  formerOrigin: string | undefined
}

export async function readLive(db: Db, here: { origin: string | undefined, installId: string }): Promise<Live> {
  const row = await db.selectFrom('going_live').select(['origin', 'install_id']).executeTakeFirst()
  const live = row !== undefined && row.origin === here.origin && row.install_id === here.installId
  return { live, origin: here.origin, formerOrigin: row && !live ? row.origin : undefined }
}

// Nobody goes live, or back, while what came in is being settled as the one or the other. The number is arbitrary and used for nothing else.
const liveLock = 740114

/** Whether what is settled in this transaction is practice. Until it ends that stays so. */
export async function isPractice(tx: Tx, here: { origin: string | undefined, installId: string }): Promise<boolean> {
  await sql`select pg_advisory_xact_lock_shared(${liveLock})`.execute(tx)
  return !(await readLive(tx, here)).live
}

/** What the public site may know: whether to say "practice". It has no install id; a copy that differs by that alone is caught by the worker. */
export async function readLiveOrigin(db: Db): Promise<string | undefined> {
  return (await db.selectFrom('going_live').select('origin').executeTakeFirst())?.origin
}

export async function goLive(tx: Tx, here: { origin: string, installId: string }, staffId: string, now: Date): Promise<void> {
  await sql`select pg_advisory_xact_lock(${liveLock})`.execute(tx)
  const row = { origin: here.origin, install_id: here.installId, went_live_at: now, staff_id: staffId }
  await tx.insertInto('going_live').values({ id: 1, ...row }).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute()
}

export async function backToPractice(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${liveLock})`.execute(tx)
  await tx.deleteFrom('going_live').execute()
}

/** The worker's way back to practice, for a database that turned out to be an earlier copy: what it has to send may have been sent. Somebody has to go live again. */
export async function disarm(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${liveLock})`.execute(tx)
  await sql`select back_to_practice()`.execute(tx)
}
