import type { Db, Tx } from '#platform/db.ts'

/** From now on this staff member is written to when the machine needs somebody. */
export async function askForAlerts(tx: Tx, staffId: string, now: Date): Promise<void> {
  await tx.insertInto('alert_requests').values({ staff_id: staffId, asked_at: now }).onConflict((conflict) => conflict.doNothing()).execute()
}

export async function noMoreAlerts(tx: Tx, staffId: string): Promise<void> {
  await tx.deleteFrom('alert_requests').where('staff_id', '=', staffId).execute()
}

export async function wantsAlerts(db: Db, staffId: string): Promise<boolean> {
  return await db.selectFrom('alert_requests').select('staff_id').where('staff_id', '=', staffId).executeTakeFirst() !== undefined
}
