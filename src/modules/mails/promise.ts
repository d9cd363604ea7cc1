import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'

export type MailKind = 'confirm' | 'reminder' | 'already' | 'receipt' | 'did-they-reply' | OwnMailKind

/** Mails about somebody's own data or about what they want to get: their `participationId` is the id of what was asked for. */
export type OwnMailKind = 'data-link' | 'new-address' | 'address-notice' | 'bulletin'

export interface MailPromise {
  personId: string
  participationId: string
  kind: MailKind
}

/** Promises mails in the transaction of what they are about: both are kept, or neither is. */
export async function promiseMails(tx: Tx, promises: MailPromise[], now: Date): Promise<void> {
  await insertMails(tx, promises.map((promise) => ({ ...promise, id: randomUUID() })), now)
}

async function insertMails(tx: Tx, mails: (MailPromise & { id: string })[], now: Date, practice?: boolean): Promise<void> {
  if (mails.length === 0) return
  // Each row by its key: the planner, who has not seen a table that has just filled, would read all of it to join.
  const its = sql<boolean>`(select practice from participations where participations.person_id = mail.person_id and participations.id = mail.participation_id)`
  await sql`
    insert into mails (person_id, id, participation_id, kind, state, due_at, promised_at, practice)
    select mail.person_id, mail.id, mail.participation_id, mail.kind, 'queued', ${now}, ${now}, ${practice ?? its} from unnest(
      ${mails.map((each) => each.personId)}::uuid[], ${mails.map((each) => each.id)}::uuid[],
      ${mails.map((each) => each.participationId)}::uuid[], ${mails.map((each) => each.kind)}::text[]) as mail (person_id, id, participation_id, kind)`.execute(tx)
}

export const mostUnanswered = 5
const windowDays = 30

/**
 * Promises mails that ask a stranger's mailbox for an answer: at most five unanswered ones in 30 days to one mailbox (by the
 * stricter index), however they come about. What goes beyond is dropped in silence. Returns the participations that get one.
 * `practice`: of all of these participations, where that is known.
 */
export async function promiseConfirmations(tx: Tx, promises: (MailPromise & { strictIndex: Buffer })[], now: Date, practice?: boolean): Promise<Set<string>> {
  if (promises.length === 0) return new Set()
  const mails = promises.map((promise) => ({ ...promise, id: randomUUID() }))
  const granted = await grantMails(tx, mails, now)
  const kept = mails.filter((mail) => granted.has(mail.id))
  await insertMails(tx, kept, now, practice)
  return new Set(kept.map((mail) => mail.participationId))
}

/** The same for mails about somebody's own data, which have no participation. Returns the ids of those requests that get one. */
export async function promiseOwnMails(tx: Tx, promises: (MailPromise & { kind: OwnMailKind, strictIndex: Buffer })[], practice: boolean, now: Date): Promise<Set<string>> {
  if (promises.length === 0) return new Set()
  const mails = promises.map((promise) => ({ ...promise, id: randomUUID() }))
  const granted = await grantMails(tx, mails, now)
  const kept = mails.filter((mail) => granted.has(mail.id))
  await sql`
    insert into mails (person_id, id, participation_id, kind, state, due_at, promised_at, practice)
    select person_id, id, request_id, kind, 'queued', ${now}, ${now}, ${practice} from unnest(
      ${kept.map((each) => each.personId)}::uuid[], ${kept.map((each) => each.id)}::uuid[],
      ${kept.map((each) => each.participationId)}::uuid[], ${kept.map((each) => each.kind)}::text[]) as mail (person_id, id, request_id, kind)`.execute(tx)
  return new Set(kept.map((mail) => mail.participationId))
}

/** Which of some mails their mailboxes have room for. */
async function grantMails(tx: Tx, mails: { id: string, strictIndex: Buffer }[], now: Date): Promise<Set<string>> {
  const windowStart = new Date(now.getTime() - windowDays * 86_400_000)
  const { rows } = await sql<{ mail_ids: string[] }>`
    insert into unanswered_mails as known (strict_index, mail_ids, sent_at, newest_at)
    select strict_index, (array_agg(mail_id order by place))[:${mostUnanswered}::int], (array_agg(${now}::timestamptz))[:${mostUnanswered}::int], ${now}
    from unnest(${mails.map((each) => each.strictIndex)}::bytea[], ${mails.map((each) => each.id)}::uuid[]) with ordinality as asked (strict_index, mail_id, place)
    group by strict_index order by strict_index
    on conflict (strict_index) do update set (mail_ids, sent_at, newest_at) = (
      select array_agg(mail_id order by place), array_agg(sent_at order by place), max(sent_at) from (
        select mail_id, sent_at, place from unnest(known.mail_ids || excluded.mail_ids, known.sent_at || excluded.sent_at) with ordinality as all_mails (mail_id, sent_at, place)
        where sent_at > ${windowStart} order by place limit ${mostUnanswered}) kept)
    returning mail_ids`.execute(tx)
  return new Set(rows.flatMap((row) => row.mail_ids))
}

/** Somebody who has these mailboxes answered: counting their mails starts again. */
export async function mailboxesAnswered(tx: Tx, strictIndexes: Buffer[]): Promise<void> {
  if (strictIndexes.length) await sql`delete from unanswered_mails where strict_index = any (${strictIndexes}::bytea[])`.execute(tx)
}

/** Lets what is remembered of mailboxes under one index hold under another: of both, the newest. */
export async function moveUnanswered(tx: Tx, pairs: { old: Buffer, fresh: Buffer }[]): Promise<void> {
  if (pairs.length === 0) return
  await sql`
    with old as (
      delete from unanswered_mails known using unnest(${pairs.map((each) => each.old)}::bytea[], ${pairs.map((each) => each.fresh)}::bytea[]) as pair (old, fresh)
      where known.strict_index = pair.old returning pair.fresh, mail_ids, sent_at, newest_at)
    insert into unanswered_mails as known (strict_index, mail_ids, sent_at, newest_at) select distinct on (fresh) fresh, mail_ids, sent_at, newest_at from old order by fresh, newest_at desc
    on conflict (strict_index) do update set (mail_ids, sent_at, newest_at) = (
      select array_agg(mail_id order by sent_at), array_agg(sent_at order by sent_at), max(sent_at) from (
        select mail_id, sent_at from unnest(known.mail_ids || excluded.mail_ids, known.sent_at || excluded.sent_at) as all_mails (mail_id, sent_at) order by sent_at desc limit ${mostUnanswered}) kept)`.execute(tx)
}
