import { clockTolerance } from '#platform/clock.ts'
import { sql, type Db } from '#platform/db.ts'
import type { LeftOut } from './mailing.ts'

/** How far a mailing is and what came of it, by its recipients. */
export interface MailingNumbers {
  queued: number
  sending: number
  accepted: number
  failed: number
  unknown: number
  leftOut: Partial<Record<LeftOut, number>>
  bounced: number
  complained: number
  unsubscribed: number
}

export async function mailingNumbers(db: Db, mailingId: string, results: unknown): Promise<MailingNumbers> {
  if (results) return results as MailingNumbers
  const { rows } = await sql<{ state: Exclude<keyof MailingNumbers, 'leftOut'> | 'left-out', left_out: LeftOut | null, count: number, bounced: number, complained: number, unsubscribed: number }>`
    select state, left_out, count(*)::int as count, count(*) filter (where returned = 'bounced')::int as bounced, count(*) filter (where returned = 'complained')::int as complained,
      count(unsubscribed_at)::int as unsubscribed
    from mailing_recipients where mailing_id = ${mailingId} group by state, left_out`.execute(db)
  const numbers: MailingNumbers = { queued: 0, sending: 0, accepted: 0, failed: 0, unknown: 0, leftOut: {}, bounced: 0, complained: 0, unsubscribed: 0 }
  for (const row of rows) {
    if (row.state === 'left-out') numbers.leftOut[row.left_out!] = row.count
    else numbers[row.state] = row.count
    for (const what of ['bounced', 'complained', 'unsubscribed'] as const) numbers[what] += row[what]
  }
  return numbers
}

/** Whose mail of a mailing this is; nothing once it is forgotten who got it. */
export async function recipientById(db: Db, recipientId: string): Promise<{ personId: string, practice: boolean } | undefined> {
  const { rows } = await sql<{ personId: string, practice: boolean }>`
    select recipient.person_id as "personId", coalesce(mailings.practice, false) as practice from mailing_recipients recipient join mailings on mailings.id = recipient.mailing_id where recipient.id = ${recipientId}`.execute(db)
  return rows[0]
}

/** What came back of one mail of a mailing, by the id that its return path names. The first word stands: the same notice twice is one. Returns whether there is such a mail. */
export async function noteReturned(db: Db, recipientId: string, returned: 'bounced' | 'complained', now: Date): Promise<boolean> {
  const { rows } = await sql`
    update mailing_recipients set returned = case when returned = 'complained' then returned else ${returned} end, returned_at = coalesce(returned_at, ${now}) where id = ${recipientId} returning 1`.execute(db)
  return rows.length > 0
}

/** How long a mailing is looked at for what comes after it. */
const followedDays = 30

/** Notes after which mailing people unsubscribed by its links (a complaint is counted as one): the last one that they had been sent; of those who left one topic alone, the last about it. */
async function noteUnsubscribed(db: Db, now: Date): Promise<void> {
  await sql`
    update mailing_recipients recipient set unsubscribed_at = last.recorded_at
    from (select person_id, max(recorded_at) as recorded_at from consents where answer = 'withdrawn' and way not in ('staff', 'complaint') and recorded_at > ${new Date(now.getTime() - 86_400_000)} group by person_id) said
    cross join lateral (
      select mailing_id, said.recorded_at from mailing_recipients sent where sent.person_id = said.person_id and sent.state in ('accepted', 'unknown')
        and sent.ended_at between ${new Date(now.getTime() - followedDays * 86_400_000)} and said.recorded_at order by sent.ended_at desc limit 1) last
    where recipient.person_id = said.person_id and recipient.mailing_id = last.mailing_id and recipient.unsubscribed_at is null`.execute(db)
  await sql`
    update mailing_recipients recipient set unsubscribed_at = last.changed_at
    from (select person_id, topic, changed_at from preferences where topic <> '' and frequency = 'never' and changed_at > ${new Date(now.getTime() - 86_400_000)}) said
    cross join lateral (
      select mailing_id, said.changed_at from mailing_recipients sent join mailings on mailings.id = sent.mailing_id and mailings.filter ->> 'topic' = said.topic where sent.person_id = said.person_id and sent.state in ('accepted', 'unknown')
        and sent.ended_at between ${new Date(now.getTime() - followedDays * 86_400_000)} and said.changed_at order by sent.ended_at desc limit 1) last
    where recipient.person_id = said.person_id and recipient.mailing_id = last.mailing_id and recipient.unsubscribed_at is null`.execute(db)
}

/** What is left over: recipients of what was stopped, times from before the clock went back, and who unsubscribed. Safe at any time. */
export async function tidyMailings(db: Db, now: Date): Promise<void> {
  await sql`
    update mailing_recipients recipient set state = 'left-out', left_out = 'stopped', ended_at = ${now} from mailings
    where mailings.id = recipient.mailing_id and mailings.state = 'stopped' and mailings.results is null and recipient.state = 'queued'`.execute(db)
  const ahead = new Date(now.getTime() + clockTolerance)
  await sql`update mailing_recipients set due_at = ${now} where state = 'queued' and attempts = 0 and due_at > ${ahead}`.execute(db)
  await noteUnsubscribed(db, now)
}

/** How long it is known who got a mailing. */
export const recipientDays = 90

/** Forgets who got mailings that ended long ago. How many they were stays. */
export async function forgetRecipients(db: Db, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from mailings where state in ('sent', 'stopped') and results is null and ended_at < ${new Date(now.getTime() - recipientDays * 86_400_000)}`.execute(db)
  for (const { id } of rows) {
    const numbers = await mailingNumbers(db, id, null)
    await sql`update mailings set results = ${JSON.stringify(numbers)} where id = ${id}`.execute(db)
  }
  await sql`delete from mailing_recipients using mailings where mailings.id = mailing_recipients.mailing_id and mailings.results is not null and not is_held(mailing_recipients.person_id)`.execute(db)
}

/** A restored copy sends nothing that its original may have sent since: what was on its way is unknown, and what was to come is stopped. */
export async function markMailingsRestored(db: Db, now: Date): Promise<{ mailings: number, recipients: number }> {
  const recipients = await sql`
    update mailing_recipients recipient set state = 'unknown', problem = 'restored', ended_at = ${now} from mailings
    where mailings.id = recipient.mailing_id and (recipient.state = 'sending' or (recipient.state = 'queued' and mailings.state in ('sending', 'planning', 'paused')))`.execute(db)
  const mailings = await sql`update mailings set state = 'stopped', reason = 'restored', ended_at = ${now} where state in ('waiting', 'scheduled', 'planning', 'sending', 'paused')`.execute(db)
  // What was published before has been told, or is told by nobody.
  await sql`update bulletins set at_once_until = greatest(at_once_until, ${now}), weekly_until = greatest(weekly_until, ${now})`.execute(db)
  await sql`update mailing_tests set state = 'failed', problem = 'restored', ended_at = ${now} where state = 'queued'`.execute(db)
  return { mailings: Number(mailings.numAffectedRows), recipients: Number(recipients.numAffectedRows) }
}
