import { createHash } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'

/** Ways to reach an office that leave no trace with us. */
export const reportChannels = ['phone', 'form', 'post'] as const
export type ReportChannel = (typeof reportChannels)[number]

/**
 * Notes that somebody says they reached an office by themselves. Nothing of who it is is kept; `once` makes a second click of
 * the same visitor the same report, and cannot be found out from it.
 */
export async function reportContact(db: Db, report: { once: string, actionId: string, officeId: string, channel: ReportChannel, practice: boolean }, now: Date): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify([report.once, report.actionId, report.officeId, report.channel])).digest('hex')
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  await sql`
    insert into contact_reports (id, action_id, office_id, channel, reported_on, practice)
    values (${id}, ${report.actionId}, ${report.officeId}, ${report.channel}, ${now.toISOString().slice(0, 10)}, ${report.practice}) on conflict (id) do nothing`.execute(db)
}

/** How often supporters said so, by channel. */
export async function reportedContacts(db: Db, actionId: string): Promise<Record<ReportChannel, number>> {
  const { rows } = await sql<{ channel: ReportChannel, count: number }>`select channel, count(*)::int as count from contact_reports where action_id = ${actionId} group by channel`.execute(db)
  return { phone: 0, form: 0, post: 0, ...Object.fromEntries(rows.map((row) => [row.channel, row.count])) }
}
