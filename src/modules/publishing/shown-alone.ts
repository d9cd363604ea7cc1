import { sql, type Db } from '#platform/db.ts'
import { recordWithin } from './reach.ts'

/** The public pictures that an item shows and nothing else does, now or later: whoever takes it back may mean them too. Those within what somebody looks after. */
export async function picturesOnlyIn(db: Db, itemId: string, within: readonly string[] | undefined, now: Date): Promise<{ id: string, handle: string }[]> {
  const used = (where: ReturnType<typeof sql>) => sql`exists (
    select from item_uses join item_publications pointer on pointer.revision_id = item_uses.revision_id
    where item_uses.record_id = records.id and pointer.cancelled_at is null and (pointer.until_at is null or pointer.until_at > ${now}) and ${where})`
  const { rows } = await sql<{ id: string, handle: string }>`
    select records.id, records.handle from records join public_records on public_records.id = records.id
    where records.kind = 'image' and ${used(sql`pointer.item_id = ${itemId}`)} and not ${used(sql`pointer.item_id <> ${itemId}`)} and ${recordWithin(within, sql`records.id`)}
    order by records.handle`.execute(db)
  return rows
}
