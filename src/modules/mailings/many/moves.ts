import { sql, type Tx } from '#platform/db.ts'
import { findMailing, reachOf, textsOf, type Mailing, type MailingState, type MailingText } from './mailing.ts'

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
export type MailingGap = 'words' | 'half-words' | 'question' | 'count' | 'nobody'

export function mailingGaps(mailing: Mailing, texts: Map<string, MailingText>): MailingGap[] {
  return [
    ...(texts.size === 0 ? ['words' as const] : []), ...([...texts.values()].some((text) => !text.subject || !text.body) ? ['half-words' as const] : []),
    ...(mailing.statements.length === 0 ? ['question' as const] : []), ...(mailing.counted === null ? ['count' as const] : reachOf(mailing) === 0 ? ['nobody' as const] : []),
  ]
}

export interface SendingTime {
  sendAt: Date
  zone: string
  quiet: { from: string, until: string } | null
}

/**
 * A draft is to be sent: at its time, or first of all when a second person has said yes. Whatever is missing is said instead.
 * Whether it goes to the world or to the inbox is settled here: what was scheduled in practice never leaves.
 */
export async function sendMailing(tx: Tx, id: string, { sendAt, zone, quiet, practice, waits }: SendingTime & { practice: boolean, waits: boolean }, now: Date): Promise<{ outcome: 'scheduled' } | { outcome: 'not-possible' } | { outcome: 'incomplete', gaps: MailingGap[] }> {
  await sql`select from mailings where id = ${id} for update`.execute(tx)
  const mailing = await findMailing(tx, id)
  if (!mailing || !canMove(mailing, 'send')) return { outcome: 'not-possible' }
  const gaps = mailingGaps(mailing, await textsOf(tx, id))
  if (gaps.length > 0) return { outcome: 'incomplete', gaps }
  await sql`
    update mailings set state = ${waits ? 'waiting' : 'scheduled'}, send_at = ${sendAt}, zone = ${zone}, quiet_from = ${quiet?.from ?? null}, quiet_until = ${quiet?.until ?? null}, practice = ${practice}, changed_at = ${now}
    where id = ${id}`.execute(tx)
  return { outcome: 'scheduled' }
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
