import { findsAny, inTransaction, sql, type Db } from '#platform/db.ts'

const officesAtOnce = 50

/** Says that what is counted of these offices has changed. */
export async function markOffices(db: Db, officeIds: string[]): Promise<void> {
  if (officeIds.length === 0) return
  await sql`insert into office_changes (office_id) select distinct id from unnest(${officeIds}::text[]) as id order by 1 on conflict do nothing`.execute(db)
}

/** All offices that were ever written to, for the nightly count: whatever was missed, or was removed since, is right again after it. */
export async function markAllOffices(db: Db): Promise<void> {
  await sql`
    insert into office_changes (office_id) select office_id from (select distinct office_id from messages where state = 'accepted' and not rehearsal union select office_id from office_tallies) every
    order by 1 on conflict do nothing`.execute(db)
}

/** Counts anew for some offices whose numbers have changed: people who wrote, in each action and in all, and what they say came back. Returns for how many. */
export async function countOffices(db: Db): Promise<number> {
  if (!await findsAny(db, sql`select from office_changes`)) return 0
  return inTransaction(db, async (tx) => {
    const { rows } = await sql<{ office_id: string }>`
      delete from office_changes where office_id in (select office_id from office_changes order by office_id limit ${officesAtOnce}) returning office_id`.execute(tx)
    if (rows.length === 0) return 0
    const ids = rows.map((row) => row.office_id)
    await sql`delete from office_tallies where office_id = any (${ids}::text[])`.execute(tx)
    await sql`
      insert into office_tallies (office_id, action_id, people, first_on, no_reply, standard_reply, real_reply)
      select office_id, action_id, count(distinct person_id), min(ended_at at time zone 'UTC')::date,
        count(*) filter (where reply = 'none'), count(*) filter (where reply = 'standard'), count(*) filter (where reply = 'real')
      from messages where office_id = any (${ids}::text[]) and state = 'accepted' and not rehearsal and not copy
      group by grouping sets ((office_id, action_id), (office_id))`.execute(tx)
    return ids.length
  })
}
