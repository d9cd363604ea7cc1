import { sql, type Db, type Tx } from '#platform/db.ts'

/** What can be turned off besides languages. */
export const switchNames = ['signing', 'lookup', 'reminders', 'counts', 'images', 'search'] as const
export type SwitchName = (typeof switchNames)[number] | `language:${string}`

export function isSwitchName(text: string): text is SwitchName {
  return (switchNames as readonly string[]).includes(text) || /^language:[a-z]{2,3}$/.test(text)
}

/** Something that is off: since when, why, and who turned it off. */
export interface Switch {
  name: SwitchName
  offSince: Date
  reason: string
  staffId: string | null
}

/** Whether something is switched off at this moment, for whoever is about to do it. */
export async function switchedOff(db: Db, name: SwitchName): Promise<boolean> {
  return await db.selectFrom('switches').select('name').where('name', '=', name).executeTakeFirst() !== undefined
}

/** The names of all that is switched off: what the site asks several times a second. */
export async function whatIsOff(db: Db): Promise<ReadonlySet<SwitchName>> {
  return new Set((await db.selectFrom('switches').select('name').execute()).map((row) => row.name as SwitchName))
}

/** All that is switched off, with who and why, for the desk. */
export async function readSwitches(db: Db): Promise<Switch[]> {
  const rows = await db.selectFrom('switches').selectAll().orderBy('off_since').execute()
  return rows.map((row) => ({ name: row.name as SwitchName, offSince: row.off_since, reason: row.reason, staffId: row.staff_id }))
}

/**
 * Turns something off. What is off already stays as it was, with its first reason. The publisher's default language cannot be
 * turned off: everything else falls back on it.
 */
export async function switchOff(tx: Tx, { name, reason, staffId }: { name: SwitchName, reason: string, staffId: string }, now: Date): Promise<'off' | 'already' | 'not-possible'> {
  const { rows: [languages] } = await sql<{ default_language: string }>`select default_language from publisher`.execute(tx)
  if (name === `language:${languages?.default_language}`) return 'not-possible'
  const row = await tx.insertInto('switches').values({ name, off_since: now, reason, staff_id: staffId }).onConflict((conflict) => conflict.doNothing()).returning('name').executeTakeFirst()
  return row ? 'off' : 'already'
}

/** Turns something on again. Says whether it was off. */
export async function switchOn(tx: Tx, name: SwitchName): Promise<boolean> {
  return await tx.deleteFrom('switches').where('name', '=', name).returning('name').executeTakeFirst() !== undefined
}
