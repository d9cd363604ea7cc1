import { sql, type Tx } from '#platform/db.ts'
import { askApproval, audit, needsApproval } from '#modules/staff/index.ts'
import { straysInText } from '#modules/publishing/index.ts'
import type { QuietHours } from './quiet.ts'
import { findMailing, fingerprintOf, reachOf, textsOf, type Mailing, type MailingState, type MailingText } from './mailing.ts'

/** What staff can do with a mailing in each state, and where it leads. A pause holds what has not left; a stop is for good. */
export const moves = {
  send: { from: ['draft'], to: 'scheduled' },
  back: { from: ['waiting', 'scheduled'], to: 'draft' },
  pause: { from: ['scheduled', 'planning', 'sending'], to: 'paused' },
  resume: { from: ['paused'], to: 'scheduled' },
  stop: { from: ['waiting', 'scheduled', 'planning', 'sending', 'paused'], to: 'stopped' },
} as const satisfies Record<string, { from: readonly MailingState[], to: MailingState }>
export type MailingMove = keyof typeof moves

export function canMove(mailing: Pick<Mailing, 'state' | 'listing'>, move: MailingMove): boolean {
  // Once some of its recipients are listed it cannot become a draft again: they were chosen by what it was then.
  return (moves[move].from as readonly MailingState[]).includes(mailing.state) && !(move === 'back' && mailing.listing)
}

/** What a draft lacks before it can be sent. */
export type MailingGap = 'words' | 'half-words' | 'references' | 'question' | 'count' | 'nobody'

export function mailingGaps(mailing: Mailing, texts: Map<string, MailingText>): MailingGap[] {
  return [
    ...(texts.size === 0 ? ['words' as const] : []), ...([...texts.values()].some((text) => !text.subject || !text.body) ? ['half-words' as const] : []),
    // Only the texts of pages refer to records: a mail would show that as it is written.
    ...([...texts.values()].some(({ subject, fromName, body }) => [subject, fromName, body].some((each) => straysInText(each).length > 0)) ? ['references' as const] : []),
    ...(mailing.statements.length === 0 ? ['question' as const] : []), ...(mailing.counted === null ? ['count' as const] : reachOf(mailing) === 0 ? ['nobody' as const] : []),
  ]
}

export interface SendingTime {
  sendAt: Date
  zone: string
  quiet: { from: string, until: string } | null
}

/** Whether somebody can send it now: a draft, or one whose list has become longer than one person may send to. */
export function canBeSent(mailing: Mailing): boolean {
  return canMove(mailing, 'send') || (mailing.state === 'waiting' && mailing.planned)
}

/** What became of sending a mailing off. `asked` and `delayed`: it waits for a second person, or for the delay of whoever is alone. */
export type SentOff = { outcome: 'scheduled' | 'asked' | 'delayed' | 'not-possible' | 'no-reason' } | { outcome: 'incomplete', gaps: MailingGap[] }

/**
 * A draft is to be sent: at its time, or first of all when a second person has said yes, who is asked here. Whatever is missing is said instead.
 * Whether it goes to the world or to the inbox is settled here: what was scheduled in practice never leaves.
 */
export async function sendMailing(tx: Tx, id: string, { sendAt, zone, quiet, practice, reason, by }: SendingTime & { practice: boolean, reason: string, by: { staffId: string, behalfOf?: string | null } }, now: Date): Promise<SentOff> {
  await sql`select from mailings where id = ${id} for update`.execute(tx)
  const mailing = await findMailing(tx, id)
  if (!mailing || !canBeSent(mailing)) return { outcome: 'not-possible' }
  const texts = await textsOf(tx, id)
  const gaps = mailingGaps(mailing, texts)
  if (gaps.length > 0) return { outcome: 'incomplete', gaps }
  const waits = await needsApproval(tx, 'mailing', reachOf(mailing))
  if (waits && !reason) return { outcome: 'no-reason' }
  // One whose list has grown keeps the time that it was given.
  if (mailing.state === 'draft') await sql`
    update mailings set state = ${waits ? 'waiting' : 'scheduled'}, send_at = ${sendAt}, zone = ${zone}, quiet_from = ${quiet?.from ?? null}, quiet_until = ${quiet?.until ?? null}, practice = ${practice}, changed_at = ${now}
    where id = ${id}`.execute(tx)
  const people = reachOf(mailing)
  await audit(tx, { ...by, verb: 'send-mailing', subjectKind: 'mailing', subjectIds: [id], reason, details: { people } }, now)
  if (!waits) return { outcome: 'scheduled' }
  const answer = await askApproval(tx, { kind: 'mailing', subjectId: id, fingerprint: fingerprintOf(mailing, texts), people, reason, staffId: by.staffId }, now)
  return { outcome: answer === 'approved' ? 'scheduled' : answer }
}

/** Moves a mailing. It holds from the moment this is committed: nobody's mail is begun after it. */
export async function moveMailing(tx: Tx, id: string, move: Exclude<MailingMove, 'send'>, reason: string, now: Date): Promise<boolean> {
  await sql`select from mailings where id = ${id} for update`.execute(tx)
  const mailing = await findMailing(tx, id)
  if (!mailing || !canMove(mailing, move)) return false
  const { to } = moves[move]
  await sql`update mailings set state = ${to}, reason = ${reason}, changed_at = ${now}, next_at = null, ended_at = ${to === 'stopped' ? now : null} where id = ${id}`.execute(tx)
  return true
}

/** Other quiet hours for one that is on its way. They hold from the next mail on. */
export async function changeQuiet(tx: Tx, id: string, quiet: QuietHours | null, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update mailings set quiet_from = ${quiet?.from ?? null}, quiet_until = ${quiet?.until ?? null}, next_at = case when state = 'sending' then ${now}::timestamptz else next_at end, changed_at = ${now}
    where id = ${id} and kind <> 'bulletin' and state in ('waiting', 'scheduled', 'planning', 'sending', 'paused') returning 1`.execute(tx)
  return rows.length > 0
}
