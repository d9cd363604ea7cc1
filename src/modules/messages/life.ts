import { sql, type Db } from '#platform/db.ts'

/**
 * Where a message to an office is in its life, in the words that are true: `accepted` is what their server said and no more;
 * where the line broke nobody claims to know (`unknown`).
 */
export const lifeStates = ['queued', 'in-digest', 'hours', 'body', 'until', 'stopped', 'holder', 'successor', 'address', 'opt-out', 'sending', 'accepted', 'accepted-in-digest', 'refused', 'unknown', 'not-sent'] as const
export type LifeState = (typeof lifeStates)[number]

export interface MessageLife {
  officeId: string
  state: LifeState
  /** Until when it waits, where that is known; ISO 8601. */
  until: string | null
  /** When it was promised, and when what is said of it happened; ISO 8601. */
  promisedAt: string
  endedAt: string | null
}

/** A message's row with what stands around it, as `message_life` gives it. */
export interface LifeRow {
  office_id: string
  state: string
  waiting_for: string | null
  in_digest: boolean
  digest_state: string | null
  stopped: boolean
  wait_reason: string | null
  wait_until: Date | null
  deliver_at: Date | null
  promised_at: Date
  ended_at: Date | null
}

/** What is true of one message at a moment. */
export function lifeOf(row: LifeRow, now: Date): MessageLife {
  const life = { officeId: row.office_id, promisedAt: row.promised_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null, until: null }
  switch (row.state) {
    case 'accepted': return { ...life, state: row.in_digest ? 'accepted-in-digest' : 'accepted' }
    case 'failed': return { ...life, state: 'refused' }
    case 'sending': case 'unknown': return { ...life, state: row.state }
    case 'cancelled': return { ...life, state: 'not-sent' }
    case 'waiting': return { ...life, state: (row.waiting_for ?? 'holder') as LifeState }
    default: return { ...life, ...queued(row, now) }
  }
}

function queued(row: LifeRow, now: Date): Pick<MessageLife, 'state' | 'until'> {
  if (row.stopped) return { state: 'stopped', until: null }
  if (row.deliver_at && row.deliver_at > now) return { state: 'until', until: row.deliver_at.toISOString() }
  if (row.wait_reason) return { state: row.wait_reason === 'office-hours' ? 'hours' : 'body', until: row.wait_until?.toISOString() ?? null }
  if (row.digest_state === 'sending') return { state: 'sending', until: null }
  return { state: row.in_digest ? 'in-digest' : 'queued', until: null }
}

/** What became of the messages of a participation, by the hash of its mails' token. */
export async function findMessageLife(db: Db, token: Buffer, now: Date): Promise<MessageLife[]> {
  const { rows } = await sql<LifeRow>`select * from message_life(${token})`.execute(db)
  return rows.map((row) => lifeOf(row, now))
}
