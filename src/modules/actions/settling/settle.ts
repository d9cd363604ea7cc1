import { inTransaction, isOutage, sql, type Db, type Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { sealable, sealingContext } from '#platform/sealing/index.ts'
import { findOrAddPeople, IndexedAddresses, normaliseAddress } from '#modules/people/index.ts'
import { keepContactMessages } from '#modules/places/index.ts'
import { entry as entrySchema, type ContactEntry, type LinkUse, type OwnEntry } from '../intake/entry.ts'
import { intakePlace } from '../intake/store.ts'
import { claimBatches, isRace, takeForGood } from './claims.ts'
import { settleLinkUses } from './link-uses.ts'
import { settleTakings, type SettledTaking } from './takings.ts'
import type { KindHooks, Keys, OwnDataSettling } from './workshop.ts'

export interface SettlingTools {
  db: Db
  keys: Keys
  hooks: KindHooks
  /** Does what people asked for about their own data. */
  ownData: OwnDataSettling
  log: Log
  /** Names this worker in its claims. */
  workerId: string
  /** Whether mail stays on this machine, so that confirming an address proves nothing. */
  practice: (tx: Tx) => Promise<boolean>
}

/** What the intake has of a batch: all of its entries sealed together, or each by itself where the version before took them in. */
interface SealedRow {
  batch_id: string
  position: number
  contact: Buffer
  record: Buffer | null
}

/** One entry as it came, and where it stood in its batch. */
interface Opened {
  batchId: string
  position: number
  value: unknown
  record: Buffer | undefined
}

interface Refused {
  entry: Opened
  reason: 'unreadable' | 'no such action, ask or rehearsal' | 'settling failed'
}

/**
 * Settles what has been taken in and nobody else is settling, up to about a thousand entries. Returns how many there were.
 * A worker that dies leaves its claim to expire and nothing half done: opening, matching, recording and promising mail are one
 * transaction with the removal of the entries.
 */
export async function settle(tools: SettlingTools, now: Date): Promise<number> {
  const batches = await claimBatches(tools.db, tools.workerId, tools.keys.opener.names, now)
  if (batches.length === 0) return 0
  try {
    return await settleBatches(tools, batches, now)
  } catch (error) {
    if (isOutage(error) || isRace(error)) throw error
    // Something in there breaks the rules in a way that the checks did not foresee. One batch at a time, and then one entry, finds it.
    tools.log.error('settling failed; trying one batch at a time', { count: batches.length, error })
    let settled = 0
    for (const batch of batches) settled += await settleBatches(tools, [batch], now).catch((cause: unknown) => settleOneByOne(tools, batch, now, cause))
    return settled
  }
}

async function settleBatches(tools: SettlingTools, batches: string[], now: Date): Promise<number> {
  return inTransaction(tools.db, async (tx) => {
    const practising = await tools.practice(tx)
    const { opened, closed } = await takeEntries(tx, tools, batches, now)
    await keepRefused(tx, tools, await settleEntries(tx, tools, opened, practising, now), closed, now)
    return opened.length + closed.length
  })
}

/** Settles entries together; returns those that cannot be. */
async function settleEntries(tx: Tx, { keys, hooks, ownData }: SettlingTools, opened: Opened[], practising: boolean, now: Date): Promise<Refused[]> {
  const takings: (SettledTaking & { entry: Opened })[] = []
  const uses: LinkUse[] = []
  const own: OwnEntry[] = []
  const written: ContactEntry[] = []
  const refused: Refused[] = []
  for (const entry of opened) {
    const { data: read } = entrySchema.safeParse(entry.value)
    if (!read) refused.push({ entry, reason: 'unreadable' })
    else if (read.kind === 'taking') takings.push({ taking: read, record: read.record === undefined ? entry.record : Buffer.from(read.record, 'base64'), entry })
    else if (read.kind === 'data-request' || read.kind === 'data-change' || read.kind === 'new-address' || read.kind === 'bulletin-request' || read.kind === 'bulletin-use') own.push(read)
    else if (read.kind === 'contact-message') written.push(read)
    else uses.push(read)
  }
  const bad = new Set(await settleTakings(tx, keys, hooks, takings, practising, now))
  refused.push(...takings.filter((each) => bad.has(each)).map(({ entry }): Refused => ({ entry, reason: 'no such action, ask or rehearsal' })))
  await settleLinkUses(tx, keys, hooks, uses, now)
  await ownData(tx, keys, hooks, own, practising, now)
  await settleContactMessages(tx, keys, written, practising, now)
  return refused
}

/** Whoever wrote, known before or not, finds it on the page of their own data, and it goes when they are erased. Nothing else follows from it. */
async function settleContactMessages(tx: Tx, { indexKeys, contact }: Keys, written: ContactEntry[], practising: boolean, now: Date): Promise<void> {
  if (written.length === 0) return
  const people = await findOrAddPeople(tx, new IndexedAddresses(indexKeys, written.map(({ email }) => email)), await sealingContext(contact), written, now)
  await keepContactMessages(tx, written.map((each) => ({ id: each.id, subjectId: each.subject, personId: people.get(normaliseAddress(each.email))!, language: each.language, record: Buffer.from(each.record, 'base64'), at: new Date(each.at) })), practising)
}

/** Settles a batch in which something cannot be settled: whatever that is, is kept for somebody to look at, and holds up nobody else. */
async function settleOneByOne(tools: SettlingTools, batch: string, now: Date, cause: unknown): Promise<number> {
  if (isOutage(cause) || isRace(cause)) throw cause
  return inTransaction(tools.db, async (tx) => {
    const practising = await tools.practice(tx)
    const { opened, closed } = await takeEntries(tx, tools, [batch], now)
    const refused: Refused[] = []
    for (const entry of opened) {
      await sql`savepoint one_entry`.execute(tx)
      try {
        refused.push(...await settleEntries(tx, tools, [entry], practising, now))
        await sql`release savepoint one_entry`.execute(tx)
      } catch (error) {
        if (isOutage(error) || isRace(error)) throw error
        tools.log.error('an entry cannot be settled', { error })
        await sql`rollback to savepoint one_entry`.execute(tx)
        refused.push({ entry, reason: 'settling failed' })
      }
    }
    await keepRefused(tx, tools, refused, closed, now)
    return opened.length + closed.length
  })
}

/** Takes batches out of the intake for good, and opens them. `closed` are those that we have no key for, or that somebody has altered. */
async function takeEntries(tx: Tx, { keys, workerId }: SettlingTools, batches: string[], now: Date): Promise<{ opened: Opened[], closed: SealedRow[] }> {
  await takeForGood(tx, workerId, batches, now)
  const { rows } = await sql<SealedRow>`delete from intake where batch_id = any (${batches}::uuid[]) returning batch_id, position, contact, record`.execute(tx)
  const opened: Opened[] = []
  const closed: SealedRow[] = []
  // All at once: finding out the key of a batch takes several turns of the event loop.
  const values = await Promise.all(rows.map((row) => keys.opener.open<unknown>(intakePlace(row.batch_id, row.position), row.contact).catch(() => undefined)))
  for (const [place, row] of rows.entries()) {
    const value = values[place]
    if (value === undefined) closed.push(row)
    else if (Array.isArray(value)) opened.push(...value.map((each: unknown, position): Opened => ({ batchId: row.batch_id, position, value: each, record: undefined })))
    else opened.push({ batchId: row.batch_id, position: row.position, value, record: row.record ?? undefined })
  }
  return { opened, closed }
}

/** What was acknowledged is not thrown away: it is kept sealed, each entry by itself, for somebody to look at. */
async function keepRefused(tx: Tx, { keys, log }: SettlingTools, refused: Refused[], closed: SealedRow[], now: Date): Promise<void> {
  if (refused.length + closed.length === 0) return
  log.warn('entries set aside', { count: refused.length + closed.length })
  const context = await sealingContext(keys.contact)
  const rows = [
    ...closed.map((row) => ({ ...row, reason: 'unreadable' })),
    ...refused.map(({ entry: { batchId, position, value, record }, reason }) => (
      { batch_id: batchId, position, contact: context.seal(intakePlace(batchId, position), sealable(value)), record: record ?? null, reason }
    )),
  ]
  await sql`
    insert into intake_refused (batch_id, position, contact, record, reason, refused_at)
    select batch_id, position, contact, record, reason, ${now} from unnest(
      ${rows.map((row) => row.batch_id)}::uuid[], ${rows.map((row) => row.position)}::int[], ${rows.map((row) => row.contact)}::bytea[],
      ${rows.map((row) => row.record)}::bytea[], ${rows.map(({ reason }) => reason)}::text[]) as row (batch_id, position, contact, record, reason)`.execute(tx)
}
