import { clockTolerance } from '#platform/clock.ts'
import { inTransaction, isOutage, sql, stillTrue, type Db, type Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { entry as entrySchema, type Entry, type LinkUse } from '../intake/entry.ts'
import { entryRow } from '../intake/store.ts'
import { settleLinkUses } from './link-uses.ts'
import { settleTakings, type SettledTaking } from './takings.ts'
import type { KindHooks, Keys } from './workshop.ts'

export interface SettlingTools {
  db: Db
  keys: Keys
  hooks: KindHooks
  log: Log
  /** Names this worker in its claims. */
  workerId: string
  /** Whether mail stays on this machine, so that confirming an address proves nothing. */
  practice: (tx: Tx) => Promise<boolean>
}

interface RawEntry {
  batch_id: string
  position: number
  contact: Buffer
  record: Buffer | null
}

const entriesAtOnce = 1000
const claimSeconds = 60

/**
 * Settles what has been taken in and nobody else is settling, up to about a thousand entries. Returns how many there were.
 * A worker that dies leaves its claim to expire and nothing half done: opening, matching, recording and promising mail are one
 * transaction with the removal of the entries.
 */
export async function settle(tools: SettlingTools, now: Date): Promise<number> {
  const batches = await claimBatches(tools, now)
  if (batches.length === 0) return 0
  try {
    return await settleBatches(tools, batches, now)
  } catch (error) {
    if (isOutage(error) || isRace(error)) throw error
    // Something in there breaks the rules in a way that the checks did not foresee. One at a time finds it.
    tools.log.error('settling failed; trying one batch at a time', { count: batches.length, error })
    let settled = 0
    for (const batch of batches) settled += await settleBatches(tools, [batch], now).catch((cause: unknown) => setAside(tools, batch, now, cause))
    return settled
  }
}

async function claimBatches({ db, workerId }: SettlingTools, now: Date): Promise<string[]> {
  const expired = new Date(now.getTime() - claimSeconds * 1000)
  const ahead = new Date(now.getTime() + clockTolerance)
  const { rows } = await sql<{ batch_id: string }>`
    update intake_batches set claimed_by = ${workerId}, claimed_at = ${now}
    where batch_id in (
      select batch_id from (
        select batch_id, sum(entries) over (order by received_at, batch_id) - entries as before
        from (select batch_id, entries, received_at from intake_batches
          where settled_at is null and (claimed_by is null or claimed_by = ${workerId} or claimed_at not between ${expired} and ${ahead})
          order by received_at, batch_id limit ${entriesAtOnce}) waiting) running
      where before < ${entriesAtOnce})
    and ${stillTrue(sql`settled_at is null`)} and (claimed_by is null or claimed_by = ${workerId} or claimed_at not between ${expired} and ${ahead})
    returning batch_id`.execute(db)
  return rows.map((row) => row.batch_id)
}

async function settleBatches({ db, keys, hooks, workerId, log, practice }: SettlingTools, batches: string[], now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    const practising = await practice(tx)
    await markSettled(tx, workerId, batches, now)
    const raw = await takeEntries(tx, batches)
    const takings: (SettledTaking & { raw: RawEntry })[] = []
    const uses: LinkUse[] = []
    const unreadable: { raw: RawEntry, reason: string }[] = []
    // All at once: every batch of the intake has a key of its own, and finding one out takes several turns of the event loop.
    const opened = await Promise.all(raw.map((each) => readEntry(keys, each)))
    for (const [place, each] of raw.entries()) {
      const read = opened[place]
      if (!read) unreadable.push({ raw: each, reason: 'unreadable' })
      else if (read.kind === 'taking') takings.push({ taking: read, record: each.record ?? undefined, raw: each })
      else uses.push(read)
    }
    const bad = new Set(await settleTakings(tx, keys, hooks, takings, practising, now))
    unreadable.push(...takings.filter((each) => bad.has(each)).map((each) => ({ raw: each.raw, reason: 'no such action, ask or rehearsal' })))
    await settleLinkUses(tx, keys, hooks, uses, now)
    await keepRefused(tx, unreadable, now)
    if (unreadable.length) log.warn('entries set aside', { count: unreadable.length })
    return raw.length
  })
}

/** Takes the batches for good, unless the claim ran out and another worker has them. */
async function markSettled(tx: Tx, workerId: string, batches: string[], now: Date): Promise<void> {
  const { rows } = await sql`
    update intake_batches set settled_at = ${now}, claimed_by = null
    where batch_id = any (${batches}::uuid[]) and claimed_by = ${workerId} and settled_at is null returning 1`.execute(tx)
  if (rows.length !== batches.length) throw new Race('the claim ran out')
}

async function takeEntries(tx: Tx, batches: string[]): Promise<RawEntry[]> {
  const { rows } = await sql<RawEntry>`delete from intake where batch_id = any (${batches}::uuid[]) returning batch_id, position, contact, record`.execute(tx)
  return rows
}

async function readEntry(keys: Keys, raw: RawEntry): Promise<Entry | undefined> {
  try {
    const value = await keys.opener.open<unknown>({ purpose: 'contact', table: 'intake', column: 'contact', row: entryRow(raw.batch_id, raw.position) }, raw.contact)
    return entrySchema.safeParse(value).data
  } catch {
    return undefined
  }
}

async function keepRefused(tx: Tx, refused: { raw: RawEntry, reason: string }[], now: Date): Promise<void> {
  if (refused.length === 0) return
  await sql`
    insert into intake_refused (batch_id, position, contact, record, reason, refused_at)
    select batch_id, position, contact, record, reason, ${now} from unnest(
      ${refused.map(({ raw }) => raw.batch_id)}::uuid[], ${refused.map(({ raw }) => raw.position)}::int[], ${refused.map(({ raw }) => raw.contact)}::bytea[],
      ${refused.map(({ raw }) => raw.record)}::bytea[], ${refused.map(({ reason }) => reason)}::text[]) as row (batch_id, position, contact, record, reason)`.execute(tx)
}

/** A batch that cannot be settled is kept as it came, for somebody to look at, and does not hold up the others. */
async function setAside({ db, workerId, log }: SettlingTools, batch: string, now: Date, cause: unknown): Promise<number> {
  if (isOutage(cause) || isRace(cause)) throw cause
  log.error('a batch was set aside', { error: cause })
  return inTransaction(db, async (tx) => {
    await markSettled(tx, workerId, [batch], now)
    const raw = await takeEntries(tx, [batch])
    await keepRefused(tx, raw.map((each) => ({ raw: each, reason: 'settling failed' })), now)
    return raw.length
  })
}

class Race extends Error {}

/** Two workers met: a deadlock or a claim that ran out. Trying again is all it needs. */
function isRace(error: unknown): boolean {
  return error instanceof Race || ['40001', '40P01'].includes((error as { code?: string }).code ?? '')
}
