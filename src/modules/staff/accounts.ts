import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import type { Role } from './abilities.ts'
import { staffPlace, type StaffContact } from './contact.ts'

/** Somebody who works here, with the name and address opened. */
export interface Staff extends StaffContact {
  id: string
  /** At least one. */
  roles: readonly Role[]
  language: string
  ageRecipient: string | null
  hasPassword: boolean
  hasOneTimeCode: boolean
  /** Too many wrong passwords: until then password and code do not let in. */
  lockedUntil: Date | null
  leftAt: Date | null
}

export async function addStaff(tx: Tx, key: SealingKey, person: StaffContact & { role: Role | readonly Role[], language: string }, now: Date): Promise<string> {
  const id = randomUUID()
  const roles = [person.role].flat()
  const { table, column, row } = staffPlace(id)
  await tx.insertInto('staff').values({
    id, contact: await sealOne(key, { table, column, row }, { name: person.name, email: person.email }), role: roles[0]!, roles, language: person.language, created_at: now,
  }).execute()
  return id
}

/** Everybody who works here or has. There are dozens, so all are opened. */
export async function allStaff(db: Db, opener: Opener): Promise<Staff[]> {
  const rows = await db.selectFrom('staff').selectAll().orderBy('created_at').execute()
  return Promise.all(rows.map(async (row) => ({
    ...await opener.open<StaffContact>(staffPlace(row.id), row.contact), id: row.id, roles: row.roles as Role[], language: row.language, ageRecipient: row.age_recipient,
    hasPassword: row.password_hash !== null, hasOneTimeCode: row.one_time_secret !== null, lockedUntil: row.locked_until, leftAt: row.left_at,
  })))
}

export async function findStaff(db: Db, opener: Opener, id: string): Promise<Staff | undefined> {
  return (await allStaff(db, opener)).find((staff) => staff.id === id && staff.leftAt === null)
}

export async function changeStaff(tx: Tx, id: string, changes: { language?: string, ageRecipient?: string | null }): Promise<void> {
  await tx.updateTable('staff').set({
    ...(changes.language && { language: changes.language }), ...(changes.ageRecipient !== undefined && { age_recipient: changes.ageRecipient }),
  }).where('id', '=', id).execute()
}

/** Gives somebody exactly these roles. False, and nothing is changed, where no administrator would be left. */
export async function changeRoles(tx: Tx, id: string, roles: readonly Role[]): Promise<boolean> {
  if (!roles.includes('administrator') && !await anotherAdministrator(tx, id)) return false
  await tx.updateTable('staff').set({ role: roles[0]!, roles: [...roles] }).where('id', '=', id).execute()
  return true
}

/** Whether there is an administrator beside somebody. Locks them all in one order, so that two do not dismiss each other. */
async function anotherAdministrator(tx: Tx, id: string): Promise<boolean> {
  const all = await tx.selectFrom('staff').select('id').where(sql<boolean>`'administrator' = any (roles)`).where('left_at', 'is', null).orderBy('id').forUpdate().execute()
  return all.some((each) => each.id !== id)
}

/** Ends somebody's access at once. The last administrator cannot leave. `handOver` comes first: what they looked after is nobody's from then on. */
export async function staffLeaves(tx: Tx, id: string, now: Date, handOver: () => Promise<void> = async () => {}): Promise<boolean> {
  if (!await anotherAdministrator(tx, id)) return false
  await handOver()
  await tx.updateTable('staff').set({ left_at: now, password_hash: null, one_time_secret: null, age_recipient: null }).where('id', '=', id).execute()
  for (const table of ['desk_sessions', 'signin_links', 'passkeys', 'passkey_challenges', 'recovery_codes', 'staff_places', 'deputies'] as const) await tx.deleteFrom(table).where('staff_id', '=', id).execute()
  await tx.deleteFrom('deputies').where('deputy_id', '=', id).execute()
  return true
}
