import { sql, type Db, type Tx } from '#platform/db.ts'

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

/** Whoever was told of troubles hands that over: from now on somebody else is. */
export async function handOverAlerts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`with given as (delete from alert_requests where staff_id = ${from} returning asked_at) insert into alert_requests (staff_id, asked_at) select ${to}, asked_at from given on conflict do nothing`.execute(tx)
}
