import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#platform/db.ts'
import { sealOne, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import { staffPlace, type StaffContact } from './contact.ts'

export const roles = ['administrator', 'campaigner'] as const
export type Role = (typeof roles)[number]

/** Somebody who works here, with the name and address opened. */
export interface Staff extends StaffContact {
  id: string
  role: Role
  language: string
  ageRecipient: string | null
  hasPassword: boolean
  hasOneTimeCode: boolean
  leftAt: Date | null
}

export async function addStaff(tx: Tx, key: SealingKey, person: StaffContact & { role: Role, language: string }, now: Date): Promise<string> {
  const id = randomUUID()
  const { table, column, row } = staffPlace(id)
  await tx.insertInto('staff').values({
    id, contact: await sealOne(key, { table, column, row }, { name: person.name, email: person.email }), role: person.role, language: person.language, created_at: now,
  }).execute()
  return id
}

/** Everybody who works here or has. There are dozens, so all are opened. */
export async function allStaff(db: Db, opener: Opener): Promise<Staff[]> {
  const rows = await db.selectFrom('staff').selectAll().orderBy('created_at').execute()
  return Promise.all(rows.map(async (row) => ({
    ...await opener.open<StaffContact>(staffPlace(row.id), row.contact), id: row.id, role: row.role as Role, language: row.language, ageRecipient: row.age_recipient,
    hasPassword: row.password_hash !== null, hasOneTimeCode: row.one_time_secret !== null, leftAt: row.left_at,
  })))
}

export async function findStaff(db: Db, opener: Opener, id: string): Promise<Staff | undefined> {
  return (await allStaff(db, opener)).find((staff) => staff.id === id && staff.leftAt === null)
}

export async function changeStaff(tx: Tx, id: string, changes: { role?: Role, language?: string, ageRecipient?: string | null }): Promise<void> {
  await tx.updateTable('staff').set({
    ...(changes.role && { role: changes.role }), ...(changes.language && { language: changes.language }), ...(changes.ageRecipient !== undefined && { age_recipient: changes.ageRecipient }),
  }).where('id', '=', id).execute()
}

/** Ends somebody's access at once. The last administrator cannot leave. */
export async function staffLeaves(tx: Tx, id: string, now: Date): Promise<boolean> {
  const others = await tx.selectFrom('staff').select('id').where('role', '=', 'administrator').where('left_at', 'is', null).where('id', '<>', id).forUpdate().execute()
  if (others.length === 0) return false
  await tx.updateTable('staff').set({ left_at: now, password_hash: null, one_time_secret: null }).where('id', '=', id).execute()
  for (const table of ['desk_sessions', 'signin_links', 'passkeys'] as const) await tx.deleteFrom(table).where('staff_id', '=', id).execute()
  return true
}
