import { sql, type Db, type Tx } from '#platform/db.ts'
import type { QuietHours } from './quiet.ts'

/** What holds for mailings that do not say otherwise. */
export interface Habits {
  /** What a new mailing begins with. */
  quiet: QuietHours | null
  /** Mails of all mailings in a minute, at most. */
  perMinute: number | null
}

export async function readHabits(db: Db): Promise<Habits> {
  const row = await db.selectFrom('mailing_habits').selectAll().executeTakeFirstOrThrow()
  return { quiet: row.quiet_from && row.quiet_until ? { from: row.quiet_from, until: row.quiet_until } : null, perMinute: row.per_minute }
}

export async function changeHabits(tx: Tx, { quiet, perMinute }: Habits): Promise<void> {
  await sql`update mailing_habits set quiet_from = ${quiet?.from ?? null}, quiet_until = ${quiet?.until ?? null}, per_minute = ${perMinute}`.execute(tx)
}
