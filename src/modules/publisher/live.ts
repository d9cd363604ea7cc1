import type { Db, Tx } from '#platform/db.ts'

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

/** What the public site may know: whether to say "practice". It has no install id; a copy that differs by that alone is caught by the worker. */
export async function readLiveOrigin(db: Db): Promise<string | undefined> {
  return (await db.selectFrom('going_live').select('origin').executeTakeFirst())?.origin
}

export async function goLive(tx: Tx, here: { origin: string, installId: string }, staffId: string, now: Date): Promise<void> {
  const row = { origin: here.origin, install_id: here.installId, went_live_at: now, staff_id: staffId }
  await tx.insertInto('going_live').values({ id: 1, ...row }).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute()
}

export async function backToPractice(tx: Tx): Promise<void> {
  await tx.deleteFrom('going_live').execute()
}
