import { inTransaction, sql, type Db } from '#platform/db.ts'
import { forgetTakenBackNames } from '#modules/actions/index.ts'
import { forgetRecipients } from '#modules/mailings/index.ts'
import { forgetNobodies } from './nobodies.ts'

const days = (count: number, before: Date) => new Date(before.getTime() - count * 86_400_000)

/** How long things are kept, in days. What the privacy policy's starting text promises, and docs/privacy.md lists. */
export const keptDays = { unconfirmed: 14, messageText: 90, inactive: 730, contactMessages: 365, erasures: 730, forgettingRuns: 365, exports: 365, removed: 14, likeness: 30, surges: 90, emptiedIntake: 7, endedMail: 30, tries: 1, unansweredMails: 30, duplicateSalts: 30, lookupFailures: 90, sendingDays: 90, signin: 1, searches: 1, incidents: 90, returned: 90, returnedLetters: 365 } as const

/** Deletes what has been kept for long enough and has no clock of its own. Safe to run at any time and twice. */
export async function expire(db: Db, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    await forgetNobodies(tx, sql`(select id from people where confirmed_at is null and created_at < ${days(keptDays.unconfirmed, now)})`)
    // What was removed can be put back for a while; then what was typed goes, and only that it was counted is known.
    await sql`
      update participations set details = null, record = null, answers = '[]', cookie_hash = null, code_hash = null, name_index = null, domain_index = null, pattern_index = null
      where state = 'removed' and ended_at < ${days(keptDays.removed, now)} and not is_held(person_id) and (details is not null or record is not null or domain_index is not null)`.execute(tx)
    const removedLongAgo = sql`(select id from participations where state = 'removed' and ended_at < ${days(keptDays.removed, now)} and not is_held(person_id))`
    for (const table of ['message_texts', 'public_names'] as const) await sql`delete from ${sql.table(table)} where participation_id in ${removedLongAgo}`.execute(tx)
    await forgetTakenBackNames(tx)
    // What addresses have in common serves to notice a surge and to remove it; later it is of no use.
    await sql`update participations set domain_index = null, pattern_index = null where domain_index is not null and taken_at < ${days(keptDays.likeness, now)}`.execute(tx)
    await sql`delete from surges where noticed_at < ${days(keptDays.surges, now)}`.execute(tx)
    await sql`delete from intake_batches where settled_at < ${days(keptDays.emptiedIntake, now)}`.execute(tx)
    await sql`delete from mails where state <> 'queued' and ended_at < ${days(keptDays.endedMail, now)}`.execute(tx)
    await sql`delete from code_tries where first_try_at < ${days(keptDays.tries, now)}`.execute(tx)
    await sql`delete from unanswered_mails where newest_at < ${days(keptDays.unansweredMails, now)}`.execute(tx)
    await sql`delete from known_browsers where expires_at < ${now}`.execute(tx)
    await sql`delete from lookup_failures where happened_on < ${days(keptDays.lookupFailures, now)}`.execute(tx)
    await sql`delete from sending_days where day < ${days(keptDays.sendingDays, now)}`.execute(tx)
    await sql`delete from intake_refused where refused_at < ${days(keptDays.unconfirmed, now)}`.execute(tx)
    for (const table of ['desk_sessions', 'signin_links', 'passkey_challenges', 'undos'] as const) await tx.deleteFrom(table).where('expires_at', '<', days(keptDays.signin, now)).execute()
    await forgetRecipients(tx, now)
    await sql`delete from returned_mails where read_at < ${days(keptDays.returned, now)}`.execute(tx)
    await sql`delete from bounces where noticed_at < ${days(keptDays.returned, now)}`.execute(tx)
    await sql`delete from returned_letters where received_at < ${days(keptDays.returnedLetters, now)}`.execute(tx)
    await sql`delete from incidents where ended_at < ${days(keptDays.incidents, now)}`.execute(tx)
    for (const table of ['person_searches', 'suppression_requests'] as const) await tx.deleteFrom(table).where('created_at', '<', days(keptDays.searches, now)).execute()
    // A day after it was signed in a browser, that browser's cookie is gone; so is what we could recognise it by.
    await sql`update participations set cookie_hash = null, code_hash = null where cookie_hash is not null and taken_at < ${days(1, now)}`.execute(tx)
    await sql`
      delete from duplicate_salts where action_id in (
        select actions.id from actions where (actions.state = 'closed' and (select max(happened_at) from action_events where action_id = actions.id and to_state = 'closed') < ${days(keptDays.duplicateSalts, now)})
          or actions.closes_at < ${days(keptDays.duplicateSalts, now)})`.execute(tx)
    for (const table of ['erasures', 'erased_participations'] as const) await tx.deleteFrom(table).where('erased_at', '<', days(keptDays.erasures, now)).execute()
    await sql`delete from exports where ended_at < ${days(keptDays.exports, now)}`.execute(tx)
    await sql`delete from forgetting_runs where ended_at < ${days(keptDays.forgettingRuns, now)}`.execute(tx)
    await sql`delete from erased_duplicates where not exists (select from duplicate_salts where duplicate_salts.action_id = erased_duplicates.action_id)`.execute(tx)
  })
}
