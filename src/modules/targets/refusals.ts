import { sql, type Db } from '#platform/db.ts'

/** Notes that a mail server refused an address of an office, or of its holder, for good: `code` is its SMTP reply. One line a day. */
export async function noteRefusal(db: Db, refused: { officeId: string, address: string, code: number }, now: Date): Promise<void> {
  const day = now.toISOString().slice(0, 10)
  await sql`
    insert into contact_refusals as known (contact_id, refused_on, code)
    select id, ${day}, ${refused.code} from contact_details
    where kind = 'email' and value = ${refused.address} and ended_on is null
      and (office_id = ${refused.officeId} or official_id in (select official_id from terms where office_id = ${refused.officeId} and coalesce(since <= ${day}, true) and coalesce(until > ${day}, true)))
    on conflict (contact_id, refused_on, code) do update set times = known.times + 1, looked_on = null`.execute(db)
}
