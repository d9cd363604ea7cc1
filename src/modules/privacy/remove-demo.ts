import { inTransaction, sql, type Db } from '#platform/db.ts'

/** Removes the sample country: its actions with everybody who practised on them, and its offices, places and statements as far as nothing of the publisher's own uses them. */
export async function removeDemo(db: Db): Promise<void> {
  await inTransaction(db, async (tx) => {
    const demo = sql`(select id from actions where demo)`
    const gone = sql`(select id from participations where action_id in ${demo})`
    for (const table of ['mails', 'message_texts', 'links', 'public_names'] as const) await sql`delete from ${sql.table(table)} where participation_id in ${gone}`.execute(tx)
    await sql`delete from messages where action_id in ${demo}`.execute(tx)
    await sql`delete from consents where participation_id in ${gone}`.execute(tx)
    await sql`delete from participations where action_id in ${demo}`.execute(tx)
    const nobody = sql`(select id from people where not exists (select from participations where participations.person_id = people.id))`
    for (const table of ['consents', 'known_browsers', 'email_indexes'] as const) await sql`delete from ${sql.table(table)} where person_id in ${nobody}`.execute(tx)
    await sql`delete from people where not exists (select from participations where participations.person_id = people.id)`.execute(tx)
    await sql`delete from count_entries where action_id in ${demo}`.execute(tx)
    await sql`delete from action_publications where action_id in ${demo}`.execute(tx)
    await sql`delete from action_sheets where action_id in ${demo}`.execute(tx)
    await sql`delete from action_revisions where action_id in ${demo}`.execute(tx)
    await sql`delete from actions where demo`.execute(tx)
    await sql`delete from consent_statements where demo and not exists (select from action_statements where statement_id = consent_statements.id) and not exists (select from consents where statement_id = consent_statements.id)`.execute(tx)
    await sql`delete from lookup_schemes where demo and not exists (select from actions where scheme_id = lookup_schemes.id)`.execute(tx)
    await sql`delete from offices where demo and not exists (select from action_targets where office_id = offices.id) and not exists (select from action_targets where body_id = offices.body_id)`.execute(tx)
    await sql`delete from officials where demo and not exists (select from terms where official_id = officials.id)`.execute(tx)
    await sql`delete from bodies where demo and not exists (select from offices where body_id = bodies.id) and not exists (select from action_targets where body_id = bodies.id)`.execute(tx)
    await sql`delete from areas where demo and not exists (select from offices where area_id = areas.id) and not exists (select from lookup_codes where area_id = areas.id)
      and not exists (select from areas child where child.parent_id = areas.id)`.execute(tx)
    await sql`delete from images where demo and not exists (select from actions where image_id = images.id)`.execute(tx)
  })
}
