import { sql, type Db, type Tx } from '#platform/db.ts'
import { keptDays } from './expire.ts'

/** What is forgotten by itself, each after a time of its own: what nobody confirmed, what messages said, people who take part in nothing, and what was written to us by a form. */
export const clocks = ['unconfirmed', 'message-text', 'inactive', 'contact-messages'] as const
export type Clock = (typeof clocks)[number]

/** How far each clock can be set, in days. The mail that reminds of a confirmation needs some; a year of a parliament may need many. */
export const clockBounds: Record<Clock, { least: number, most: number, usual: number }> = {
  unconfirmed: { least: 3, most: 90, usual: keptDays.unconfirmed },
  'message-text': { least: 7, most: 730, usual: keptDays.messageText },
  inactive: { least: 90, most: 3650, usual: keptDays.inactive },
  'contact-messages': { least: 30, most: 3650, usual: keptDays.contactMessages },
}

export async function clockDays(db: Db): Promise<Record<Clock, number>> {
  const rows = await db.selectFrom('retention_clocks').selectAll().execute()
  return Object.fromEntries(clocks.map((clock) => [clock, rows.find((row) => row.clock === clock)?.days ?? clockBounds[clock].usual])) as Record<Clock, number>
}

/** Sets a clock within its bounds. It holds from the next night on. */
export async function setClock(tx: Tx, clock: Clock, days: number): Promise<void> {
  await tx.updateTable('retention_clocks').set({ days }).where('clock', '=', clock).execute()
}

/** How many one clock takes on one day. `held` are those that a hold keeps. */
export interface Ahead {
  day: string
  people: number
  held: number
}

/** What a clock takes, day by day from today on (today: all that is due), if it is set to `days`. Computed by the database from the rows themselves. */
export async function ahead(db: Db, clock: Clock, days: number, now: Date): Promise<Ahead[]> {
  const { rows } = await sql<{ on_day: string, people: number, held: number }>`select on_day, people, held from forgetting_ahead(${clock}, ${days}, ${now})`.execute(db)
  return rows.map((row) => ({ day: row.on_day, people: row.people, held: row.held }))
}
