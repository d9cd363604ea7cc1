import { sql, type Db } from '#platform/db.ts'

/** For how many days a link that has run out is remembered, so that it says so. */
export const ranOutDays = 30

/** Deletes links and changes of address that ran out long ago. Capsules are deleted where they are written. */
export async function tidyOwnData(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - ranOutDays * 86_400_000)
  await sql`delete from data_links where expires_at < ${before}`.execute(db)
  await sql`delete from address_changes where expires_at < ${now}`.execute(db)
}
