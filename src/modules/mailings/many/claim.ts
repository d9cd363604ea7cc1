import { inTransaction, sql, type Db } from '#platform/db.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import { retryAt } from '#modules/mails/index.ts'
import { mailingFrom, type LeftOut, type Mailing, type MailingRow } from './mailing.ts'

export interface DueRecipient {
  personId: string
  id: string
  participationId: string
  language: string
  attempts: number
}

/** No bulletin of a place or topic leaves while that is paused. */
const goesOn = sql`not exists (select from bulletins where bulletins.subject_id = mailings.subject_id and bulletins.paused_at is not null)`

/** The mailing whose turn it is among those that are being sent, in practice or in earnest. */
export async function nextMailing(db: Db, practice: boolean, now: Date): Promise<Mailing | undefined> {
  const { rows: [row] } = await sql<MailingRow>`
    select * from mailings where state = 'sending' and practice = ${practice} and coalesce(next_at <= ${now}, true) and ${goesOn} order by next_at nulls first, id limit 1`.execute(db)
  return row && mailingFrom(row)
}

/**
 * Marks the next recipients as being sent to, and commits that, before a word goes out: each at most once. The mailing's row is held meanwhile,
 * so that workers take turns, and that a stop which is committed is kept by the next claim.
 */
export async function claimRecipients(db: Db, mailingId: string, workerId: string, most: number, perMinute: number | null, now: Date): Promise<DueRecipient[] | 'not-sending'> {
  return inTransaction(db, async (tx) => {
    const { rows } = await sql`select from mailings where id = ${mailingId} and state = 'sending' and ${goesOn} for update`.execute(tx)
    if (rows.length === 0) return 'not-sending'
    const limit = perMinute ? Math.max(1, Math.min(most, Math.floor(perMinute / 120))) : most
    const { rows: claimed } = await sql<{ person_id: string, id: string, participation_id: string, language: string, attempts: number }>`
      update mailing_recipients set state = 'sending', sending_at = ${now}, claimed_by = ${workerId}
      where mailing_id = ${mailingId} and state = 'queued' and person_id in (
        select person_id from mailing_recipients where mailing_id = ${mailingId} and state = 'queued' and due_at <= ${now} order by due_at, person_id limit ${limit})
      returning person_id, id, participation_id, language, attempts`.execute(tx)
    await sql`update mailings set next_at = ${perMinute ? new Date(now.getTime() + claimed.length * 60_000 / perMinute) : now} where id = ${mailingId}`.execute(tx)
    return claimed.map((row) => ({ personId: row.person_id, id: row.id, participationId: row.participation_id, language: row.language, attempts: row.attempts }))
  })
}

/** What became of one: handed over, left out, or not begun after all. */
export interface RecipientOutcome {
  recipient: DueRecipient
  result: Delivery | { outcome: 'left-out', why: LeftOut } | { outcome: 'not-begun' }
}

/** Writes down what became of claimed recipients, by the id of the mail: whoever was erased meanwhile is somebody else by now. */
export async function recordRecipients(db: Db, outcomes: RecipientOutcome[], now: Date): Promise<void> {
  if (outcomes.length === 0) return
  const rows = outcomes.map(({ recipient, result }) => ({ id: recipient.id, ...settled(recipient, result, now) }))
  await sql`
    update mailing_recipients recipient set state = outcome.state, left_out = outcome.left_out, due_at = coalesce(outcome.due_at, recipient.due_at), attempts = recipient.attempts + outcome.tried, problem = outcome.problem,
      claimed_by = null, sending_at = case when outcome.state = 'queued' then null else recipient.sending_at end, ended_at = case when outcome.state = 'queued' then null else ${now}::timestamptz end
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.state)}::text[], ${rows.map((row) => row.leftOut)}::text[], ${rows.map((row) => row.dueAt)}::timestamptz[], ${rows.map((row) => row.tried)}::int[], ${rows.map((row) => row.problem)}::text[])
      as outcome (id, state, left_out, due_at, tried, problem)
    where recipient.id = outcome.id and recipient.state = 'sending'`.execute(db)
}

interface Settled {
  state: 'queued' | 'accepted' | 'failed' | 'unknown' | 'left-out'
  leftOut: LeftOut | null
  dueAt: Date | null
  tried: 0 | 1
  problem: string | null
}

function settled(recipient: DueRecipient, result: RecipientOutcome['result'], now: Date): Settled {
  const plain = { leftOut: null, dueAt: null, tried: 1, problem: null } as const
  switch (result.outcome) {
    case 'accepted': return { ...plain, state: 'accepted' }
    case 'unknown': return { ...plain, state: 'unknown', problem: result.problem }
    case 'left-out': return { ...plain, tried: 0, state: 'left-out', leftOut: result.why }
    case 'not-begun': return { ...plain, tried: 0, state: 'queued' }
    default: {
      // Refused for now, or not a word of it left: it is known not to have arrived, so it may be tried again.
      const problem = result.outcome === 'refused' ? `refused ${result.code}` : result.problem
      const again = result.outcome === 'refused' && result.permanent ? undefined : retryAt(recipient.attempts, now)
      return again ? { ...plain, state: 'queued', dueAt: again, problem } : { ...plain, state: 'failed', problem }
    }
  }
}

/** A mailing that has nobody left is done; one whose last ones wait for another try waits with them. */
export async function restOrEnd(db: Db, mailingId: string, now: Date): Promise<void> {
  await sql`
    update mailings set next_at = coalesce(left_over.due_at, ${new Date(now.getTime() + 5000)}), state = case when left_over.count = 0 then 'sent' else state end, ended_at = case when left_over.count = 0 then ${now}::timestamptz end
    from (select count(*) as count, min(due_at) filter (where state = 'queued') as due_at from mailing_recipients where mailing_id = ${mailingId} and state in ('queued', 'sending')) left_over
    where mailings.id = ${mailingId} and mailings.state = 'sending'`.execute(db)
}

/** A mail that has been under way for so long belonged to a worker that died. */
const abandonedMinutes = 10

/**
 * Mails whose worker died while it sent them may have arrived: they are shown as unknown and never sent by themselves. `workerId` says
 * that this worker has just begun, so that what it seems to be sending is from before.
 */
export async function markAbandonedRecipients(db: Db, now: Date, workerId?: string): Promise<number> {
  const { rows } = await sql`
    update mailing_recipients set state = 'unknown', problem = 'interrupted', claimed_by = null, ended_at = ${now}
    where state = 'sending' and (sending_at < ${new Date(now.getTime() - abandonedMinutes * 60_000)} or claimed_by = ${workerId ?? null}) returning 1`.execute(db)
  return rows.length
}
