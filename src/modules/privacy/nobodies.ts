import { sql, type RawBuilder, type Tx } from '#platform/db.ts'

/** Whatever hangs on a person and on none of their participations. */
const theirs = [
  'consents', 'preferences', 'mails', 'known_browsers', 'data_links', 'address_changes', 'capsules', 'supporter_requests', 'erasure_requests', 'bounces', 'returned_letters', 'email_indexes', 'handed_over_people',
] as const

/** Forgets people of whom neither a participation nor a bulletin nor anything that they wrote to us is left. `which` is a query of their ids, in brackets; who has one, or is held, stays. */
export async function forgetNobodies(tx: Tx, which: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from people where id in ${which} and not is_held(id) and not exists (select from participations where participations.person_id = people.id) and not exists (select from bulletin_requests where bulletin_requests.person_id = people.id)
      and not exists (select from contact_messages where contact_messages.person_id = people.id) order by id for update`.execute(tx)
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return
  for (const table of theirs) await sql`delete from ${sql.table(table)} where person_id = any (${ids}::uuid[])`.execute(tx)
  await sql`update person_searches set person_id = null where person_id = any (${ids}::uuid[])`.execute(tx)
  await sql`delete from people where id = any (${ids}::uuid[])`.execute(tx)
}
