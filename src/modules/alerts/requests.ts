import { sql, type Db, type Tx } from '#platform/db.ts'

/** What staff can ask to be told of by mail: that the machine needs somebody, or that sign-ups are not as usual. */
export type AlertSubject = 'machine' | 'surges'

/** From now on this staff member is written to about that. */
export async function askForAlerts(tx: Tx, staffId: string, about: AlertSubject, now: Date): Promise<void> {
  await tx.insertInto('alert_requests').values({ staff_id: staffId, about, asked_at: now }).onConflict((conflict) => conflict.doNothing()).execute()
}

export async function noMoreAlerts(tx: Tx, staffId: string, about: AlertSubject): Promise<void> {
  await tx.deleteFrom('alert_requests').where('staff_id', '=', staffId).where('about', '=', about).execute()
}

export async function wantsAlerts(db: Db, staffId: string, about: AlertSubject): Promise<boolean> {
  return await db.selectFrom('alert_requests').select('staff_id').where('staff_id', '=', staffId).where('about', '=', about).executeTakeFirst() !== undefined
}

/** Whoever was told hands that over: from now on somebody else is. */
export async function handOverAlerts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`with given as (delete from alert_requests where staff_id = ${from} returning about, asked_at) insert into alert_requests (staff_id, about, asked_at) select ${to}, about, asked_at from given on conflict do nothing`.execute(tx)
}
