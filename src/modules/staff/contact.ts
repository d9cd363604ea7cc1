import type { Opener, Place } from '#platform/sealing/index.ts'
import type { Db } from '#platform/db.ts'

/** Who a staff member is; sealed like a supporter's contact, so that a stolen database does not say who works here. */
export interface StaffContact {
  name: string
  email: string
}

export function staffPlace(staffId: string): Place {
  return { purpose: 'contact', table: 'staff', column: 'contact', row: staffId }
}

export async function staffContact(db: Db, opener: Opener, staffId: string): Promise<StaffContact | undefined> {
  const row = await db.selectFrom('staff').select('contact').where('id', '=', staffId).executeTakeFirst()
  return row && opener.open<StaffContact>(staffPlace(staffId), row.contact)
}
