import type { Db, Tx } from '#platform/db.ts'

/** A second address of an office, with where it is from. */
export interface Alternate {
  address: string
  source: string
  checkedOn: string
}

/** The second addresses of some offices, by office. */
export async function alternatesOf(db: Db, officeIds: string[]): Promise<Map<string, Alternate>> {
  if (officeIds.length === 0) return new Map()
  const rows = await db.selectFrom('office_alternates').selectAll().where('office_id', 'in', officeIds).execute()
  return new Map(rows.map((row) => [row.office_id, { address: row.address, source: row.source, checkedOn: row.checked_on }]))
}

/** Sets an office's second address: a message goes there when the first one has refused it for good, and never to both. */
export async function setAlternate(tx: Tx, officeId: string, alternate: Alternate | undefined): Promise<void> {
  await tx.deleteFrom('office_alternates').where('office_id', '=', officeId).execute()
  if (alternate) await tx.insertInto('office_alternates').values({ office_id: officeId, address: alternate.address, source: alternate.source, checked_on: alternate.checkedOn }).execute()
}
