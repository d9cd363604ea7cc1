import { clockTolerance } from '#platform/clock.ts'
import { sql, stillTrue, type Db } from '#platform/db.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import type { MailKind } from './promise.ts'

export interface DueMail {
  personId: string
  id: string
  participationId: string
  kind: MailKind
  attempts: number
}

const claimSeconds = 120

/** What goes out by itself, days after somebody acted: the switch for reminders holds both. */
export const remindingKinds = sql`('reminder', 'did-they-reply')`
/** Of `mails`: that no switch holds a mail. */
export const notSwitchedOff = sql`(kind not in ${remindingKinds} or not exists (select from switches where name = 'reminders'))`

/**
 * Takes mails that are due for this worker, either those of practice or the real ones. A claim that is not followed by an outcome ends by itself, or
 * when the same worker comes again, and the mail goes out again: at least once. Reminders wait as long as they are switched off.
 */
export async function claimMails(db: Db, workerId: string, practice: boolean, limit: number, now: Date): Promise<DueMail[]> {
  const expired = new Date(now.getTime() - claimSeconds * 1000)
  const ahead = new Date(now.getTime() + clockTolerance)
  const { rows } = await sql<{ person_id: string, id: string, participation_id: string, kind: MailKind, attempts: number }>`
    update mails set claimed_by = ${workerId}, claimed_at = ${now}
    where (person_id, id) in (
      select person_id, id from mails
      where state = 'queued' and practice = ${practice} and ${notSwitchedOff} and due_at <= ${now} and (claimed_by is null or claimed_by = ${workerId} or claimed_at not between ${expired} and ${ahead})
      order by due_at limit ${limit})
    and ${stillTrue(sql`state = 'queued'`)} and (claimed_by is null or claimed_by = ${workerId} or claimed_at not between ${expired} and ${ahead})
    returning person_id, id, participation_id, kind, attempts`.execute(db)
  return rows.map((row) => ({ personId: row.person_id, id: row.id, participationId: row.participation_id, kind: row.kind, attempts: row.attempts }))
}

export interface MailOutcome {
  mail: DueMail
  delivery: Delivery | { outcome: 'cancelled' }
}

const retryMinutes = [1, 5, 15, 60, 180, 480, 960, 1440, 1440]

/** When to try again after so many attempts, or never: three days are enough. */
export function retryAt(attempts: number, now: Date): Date | undefined {
  const minutes = retryMinutes[attempts]
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * 60_000)
}

/** Writes down what became of claimed mails. What was refused for now, not sent, or lost on the way is tried again later. */
export async function recordMailOutcomes(db: Db, outcomes: MailOutcome[], now: Date): Promise<void> {
  if (outcomes.length === 0) return
  const results = outcomes.map(({ mail, delivery }) => ({ mail, ...settle(mail, delivery, now) }))
  await sql`
    update mails set state = result.state, due_at = coalesce(result.due_at, mails.due_at), attempts = mails.attempts + 1, problem = result.problem,
      claimed_by = null, claimed_at = null, ended_at = case when result.state = 'queued' then null else ${now}::timestamptz end
    from unnest(
      ${results.map(({ mail }) => mail.personId)}::uuid[], ${results.map(({ mail }) => mail.id)}::uuid[], ${results.map((each) => each.state)}::text[],
      ${results.map((each) => each.dueAt)}::timestamptz[], ${results.map((each) => each.problem)}::text[]) as result (person_id, id, state, due_at, problem)
    where mails.person_id = result.person_id and mails.id = result.id and mails.state = 'queued'`.execute(db)
}

function settle(mail: DueMail, delivery: MailOutcome['delivery'], now: Date): { state: string, dueAt: Date | null, problem: string | null } {
  if (delivery.outcome === 'accepted' || delivery.outcome === 'cancelled') return { state: delivery.outcome, dueAt: null, problem: null }
  const problem = delivery.outcome === 'refused' ? `refused ${delivery.code}` : delivery.problem
  const again = delivery.outcome === 'refused' && delivery.permanent ? undefined : retryAt(mail.attempts, now)
  return again ? { state: 'queued', dueAt: again, problem } : { state: 'failed', dueAt: null, problem }
}

/** The clock went back: what was promised at a moment that is still to come is due now, and a claim from then holds nobody up. */
export async function mendMailClock(db: Db, now: Date): Promise<void> {
  await sql`
    update mails set due_at = ${now}, promised_at = ${now}, claimed_by = null, claimed_at = null
    where state = 'queued' and promised_at > ${new Date(now.getTime() + clockTolerance)}`.execute(db)
}

/** Takes back what is still waiting to be sent about some participations. */
export async function cancelMails(db: Db, participationIds: string[], now: Date): Promise<void> {
  await sql`update mails set state = 'cancelled', ended_at = ${now} where participation_id = any (${participationIds}::uuid[]) and state = 'queued'`.execute(db)
}
