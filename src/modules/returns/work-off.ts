import { findsAny, inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Keys } from '#modules/actions/index.ts'
import { readReturnAddress, type Returning } from '#modules/mails/index.ts'
import { bounced, complained, unsubscribed } from './effects.ts'
import { keepLetter } from './letters.ts'
import { readReturned } from './reading.ts'
import { returnPlace, type KeptReturn } from './take-in.ts'

export interface ReturnTools {
  db: Db
  keys: Keys
  log: Log
}

/** What a mail that came back turned out to be. `forged`: nobody who has our key made its address. `unknown`: what it is about is gone. */
export type ReturnKind = 'hard' | 'soft' | 'delayed' | 'delivered' | 'complaint' | 'unsubscribed' | 'absence' | 'challenge' | 'letter' | 'unclear' | 'forged' | 'unknown'

const mostAtOnce = 50

/** Reads mails that came back, the oldest first, each once and in a transaction with all that follows from it. Returns how many. */
export async function workOffReturns(tools: ReturnTools, now: Date): Promise<number> {
  if (!await findsAny(tools.db, sql`select from returned_mails where contact is not null`)) return 0
  let done = 0
  while (done < mostAtOnce && await inTransaction(tools.db, (tx) => workOffOne(tx, tools, now))) done += 1
  return done
}

async function workOffOne(tx: Tx, { keys, log }: ReturnTools, now: Date): Promise<boolean> {
  // Whoever comes second waits here, and then finds it empty.
  const { rows: [row] } = await sql<{ id: string, contact: Buffer }>`
    select id, contact from returned_mails where contact is not null order by received_at limit 1 for update`.execute(tx)
  if (!row) return false
  const kind = await understand(tx, keys, row, now).catch((error: unknown): ReturnKind => {
    if ((error as { code?: string }).code) throw error
    // What cannot be opened or read must not stand in the way of the next one.
    log.error('returned mail not understood', { error })
    return 'unclear'
  })
  await sql`update returned_mails set contact = null, kind = ${kind}, read_at = ${now} where id = ${row.id}`.execute(tx)
  return true
}

async function understand(tx: Tx, keys: Keys, { id, contact }: { id: string, contact: Buffer }, now: Date): Promise<ReturnKind> {
  const kept = await keys.opener.open<KeptReturn>(returnPlace(id), contact)
  const to = readReturnAddress(keys.linkKey, kept.to)
  if (!to) return 'forged'
  // A wish is a wish, whatever it is worded in, and also from somebody's out-of-office.
  if (to.use === 'unsubscribe') return unsubscribed(tx, to, now)
  const raw = Buffer.from(kept.raw, 'base64')
  const returned = await readReturned(raw, kept.nullSender)
  switch (returned.kind) {
    case 'report': return returned.verdict === 'delivered' ? 'delivered' : bounced(tx, to, returned.verdict, returned.status, now)
    // A report of abuse may come to any address of ours; whom it is about stands in the mail that it carries.
    case 'complaint': return complained(tx, [...returned.named.flatMap((each): Returning | Returning[] => readReturnAddress(keys.linkKey, each) ?? []), ...(to.use === 'bounce' ? [to] : [])], now)
    case 'absence': case 'challenge': return bounced(tx, to, returned.kind, '', now)
    case 'letter': return keepLetter(tx, keys, to, { ...returned, cut: kept.cut }, now)
    case 'unclear': return 'unclear'
  }
}
