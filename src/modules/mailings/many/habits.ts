import { sql, type Db, type Tx } from '#platform/db.ts'
import type { QuietHours } from './quiet.ts'

/** What holds for mailings that do not say otherwise. */
export interface Habits {
  /** What a new mailing begins with. */
  quiet: QuietHours | null
  /** Mails of all mailings in a minute, at most. */
  perMinute: number | null
  /** When weekly bulletins leave, by the publisher's clock; Monday is 1. */
  weekly: { day: number, at: string }
  /** For how long nothing more must have been published before a bulletin tells of it at once. */
  settleMinutes: number
}

export async function readHabits(db: Db): Promise<Habits> {
  const row = await db.selectFrom('mailing_habits').selectAll().executeTakeFirstOrThrow()
  return { quiet: row.quiet_from && row.quiet_until ? { from: row.quiet_from, until: row.quiet_until } : null, perMinute: row.per_minute, weekly: { day: row.weekly_day, at: row.weekly_at }, settleMinutes: row.settle_minutes }
}

export async function changeHabits(tx: Tx, { quiet, perMinute, weekly, settleMinutes }: Habits): Promise<void> {
  await sql`update mailing_habits set quiet_from = ${quiet?.from ?? null}, quiet_until = ${quiet?.until ?? null}, per_minute = ${perMinute}, weekly_day = ${weekly.day}, weekly_at = ${weekly.at}, settle_minutes = ${settleMinutes}`.execute(tx)
}
