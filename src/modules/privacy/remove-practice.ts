import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { markAllOffices } from '#modules/messages/index.ts'
import { countTick } from '#modules/actions/index.ts'
import { forgetNobodies } from './nobodies.ts'

/**
 * What going live leaves behind: everybody who took part in practice, and the sample country. In practice every mail goes to the
 * local inbox, where whoever sits at the machine can confirm any address, so none of it proves anything. What is published stays.
 * Safe to run twice.
 */
export async function removePractice(db: Db, now: Date): Promise<void> {
  await sql`update participations set state = 'withdrawn', ended_at = ${now} where practice and state = 'confirmed'`.execute(db)
  // The tick alone moves numbers, here as everywhere.
  while (await countTick(db, now, { wait: true })) { /* until all of it is counted down */ }
  await inTransaction(db, async (tx) => {
    for (const table of ['bounces', 'returned_letters', 'contact_messages'] as const) await tx.deleteFrom(table).where('practice', '=', true).execute()
    await removeParticipations(tx)
    await sql`delete from contact_reports where practice`.execute(tx)
    await sql`select end_practice_suppressions()`.execute(tx)
    await removeSample(tx)
  })
}

async function removeParticipations(tx: Tx): Promise<void> {
  const practised = sql`(select id from participations where practice and not counted)`
  for (const table of ['mails', 'message_texts', 'links', 'public_names', 'messages', 'consents'] as const) await sql`delete from ${sql.table(table)} where participation_id in ${practised}`.execute(tx)
  const asked = sql`(select id from bulletin_requests where practice)`
  for (const table of ['mails', 'links', 'consents'] as const) await sql`delete from ${sql.table(table)} where participation_id in ${asked}`.execute(tx)
  await sql`delete from preferences wanted using bulletin_requests request where request.practice and request.person_id = wanted.person_id and wanted.topic = request.subject_id::text`.execute(tx)
  await sql`delete from bulletin_requests where practice`.execute(tx)
  await sql`delete from digests where practice`.execute(tx)
  await sql`delete from mailing_recipients using mailings where mailings.id = mailing_recipients.mailing_id and mailings.practice`.execute(tx)
  await sql`delete from mailings where practice and kind = 'bulletin' and not exists (select from mailing_recipients where mailing_id = mailings.id)`.execute(tx)
  await sql`update mailings set state = 'stopped', reason = 'practice' where practice and state not in ('sent', 'stopped')`.execute(tx)
  for (const table of ['exports', 'handed_over', 'handed_over_people'] as const) await sql`delete from ${sql.table(table)}`.execute(tx)
  await markAllOffices(tx)
  await sql`delete from participations where practice and not counted`.execute(tx)
  await sql`delete from surges`.execute(tx)
  await sql`delete from removals where not exists (select from participations where removal_id = removals.id)`.execute(tx)
  // An ask that nobody has signed in earnest is free to change again.
  await sql`update asks set number = null, first_signed_at = null where number is not null and not exists (select from participations where ask_id = asks.id)`.execute(tx)
  await forgetNobodies(tx, sql`(select id from people)`)
  await sql`delete from tallies where total = 0`.execute(tx)
}

/** The sample's actions, and its offices, places and pictures as far as nothing of the publisher's own uses them. */
async function removeSample(tx: Tx): Promise<void> {
  const sample = sql`(select id from actions where demo and not exists (select from participations where action_id = actions.id))`
  for (const table of ['count_entries', 'action_publications', 'action_sheets', 'action_revisions'] as const) await sql`delete from ${sql.table(table)} where action_id in ${sample}`.execute(tx)
  await sql`delete from actions where id in ${sample}`.execute(tx)
  await sql`delete from lookup_schemes where demo and not exists (select from actions where scheme_id = lookup_schemes.id)`.execute(tx)
  await sql`delete from offices where demo and not exists (select from action_targets where office_id = offices.id) and not exists (select from action_targets where embassy_of = offices.represents) and not exists (select from action_targets where body_id = offices.body_id)`.execute(tx)
  await sql`delete from officials where demo and not exists (select from terms where official_id = officials.id)`.execute(tx)
  await sql`delete from bodies where demo and not exists (select from offices where body_id = bodies.id) and not exists (select from action_targets where body_id = bodies.id)`.execute(tx)
  await sql`delete from areas where demo and not exists (select from offices where area_id = areas.id) and not exists (select from lookup_codes where area_id = areas.id)
    and not exists (select from areas child where child.parent_id = areas.id)`.execute(tx)
  await sql`delete from loaded_files where not exists (select from bodies where subject = 'body ' || id) and not exists (select from lookup_schemes where subject = 'scheme ' || id)`.execute(tx)
  await removeSampleItems(tx)
  await sql`delete from images where demo and not exists (select from actions where image_id = images.id) and not exists (select from record_revisions where image_id = images.id)`.execute(tx)
}

/** What the sample's organisation published; places and topics that somebody has written about since stay. */
async function removeSampleItems(tx: Tx): Promise<void> {
  const sample = sql`(select id from items where demo)`
  await sql`delete from item_publications where item_id in ${sample}`.execute(tx)
  await sql`delete from item_revisions where item_id in ${sample}`.execute(tx)
  await sql`delete from items where demo`.execute(tx)
  const records = sql`(select id from records where demo and not exists (select from item_uses where record_id = records.id))`
  await sql`delete from record_publications where record_id in ${records}`.execute(tx)
  await sql`delete from record_revisions where record_id in ${records}`.execute(tx)
  await sql`delete from records where id in ${records}`.execute(tx)
  await sql`delete from subjects where demo and not exists (select from items where subject_id = subjects.id) and not exists (select from item_subjects where subject_id = subjects.id)
    and not exists (select from record_subjects where subject_id = subjects.id) and not exists (select from subjects child where child.parent_id = subjects.id)`.execute(tx)
}
