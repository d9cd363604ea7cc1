import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'

/** Whom readers turn to: by role, and by name where they want that. Nobody's address is in it. */
export interface Contact {
  id: string
  subjectId: string
  /** By language. */
  says: Record<string, { role: string, name: string }>
  /** In which languages they can be written to. */
  languages: string[]
}

/** The contacts of all places and topics that have a page. */
export async function shownContacts(db: Db): Promise<Contact[]> {
  const rows = await db.selectFrom('public_contacts').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => ({ id: row.id, subjectId: row.subject_id, says: row.says as Contact['says'], languages: row.languages }))
}

/** With who at the desk it is. */
export interface KeptContact extends Contact {
  staffId: string | null
}

/** The same for staff, whether there is a page or not, and who of the staff each is. */
export async function keptContacts(db: Db, subjectId: string): Promise<KeptContact[]> {
  const rows = await db.selectFrom('contacts').selectAll().where('subject_id', '=', subjectId).orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => ({ id: row.id, subjectId: row.subject_id, says: row.says as Contact['says'], languages: row.languages, staffId: row.staff_id }))
}

/** Adds a contact, or changes the one of this id. */
export async function keepContact(tx: Tx, contact: Omit<Contact, 'id'> & { id?: string, staffId: string | null }, now: Date): Promise<void> {
  const values = { says: JSON.stringify(contact.says), languages: contact.languages, staff_id: contact.staffId }
  if (contact.id === undefined) await tx.insertInto('contacts').values({ id: randomUUID(), subject_id: contact.subjectId, created_at: now, ...values }).execute()
  else await tx.updateTable('contacts').set(values).where('id', '=', contact.id).where('subject_id', '=', contact.subjectId).execute()
}

export async function removeContact(tx: Tx, { id, subjectId }: { id: string, subjectId: string }): Promise<void> {
  await tx.deleteFrom('contacts').where('id', '=', id).where('subject_id', '=', subjectId).execute()
}

/** What somebody is the contact for goes to somebody else. The former's name goes from the page; the new one's is theirs to give. */
export async function handOverContacts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    update contacts set staff_id = ${to}, says = (select coalesce(jsonb_object_agg(language, said || '{"name": ""}'::jsonb), '{}') from jsonb_each(says) each (language, said))
    where staff_id = ${from}`.execute(tx)
}
