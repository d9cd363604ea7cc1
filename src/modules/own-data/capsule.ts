import { inTransaction, isOutage, sql, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { sealOne, type IndexKey, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { tokenHash } from '#platform/tokens.ts'
import { mailboxesAnswered } from '#modules/mails/index.ts'
import { strictIndex } from '#modules/people/index.ts'
import { gather } from './gather.ts'
import { lock, unlock } from './key.ts'
import { followToken, scopeOf } from './scope.ts'
import type { OwnData, OwnRecords } from './shape.ts'

/** How long a capsule is kept, in minutes. */
export const capsuleMinutes = 60
const mostAtOnce = 20
/** After so long a capsule is written although something that was handed in before it is not settled: that something is stuck. */
const patience = 30_000

export function capsuleTokenPlace(token: Buffer): Place {
  return { purpose: 'contact', table: 'capsules', column: 'token', row: token.toString('hex') }
}

/** The site's part: asks for a capsule, or for a fresh one, with the visitor's token sealed for the worker. False where the token opens nothing (any more). */
export async function askForCapsule(db: Db, contact: SealingKey, token: string, language: string, now: Date): Promise<boolean> {
  const hash = tokenHash(token)
  const { table, column, row } = capsuleTokenPlace(hash)
  const { rows: [answer] } = await sql<{ asked: boolean }>`select ask_for_capsule(${hash}, ${await sealOne(contact, { table, column, row }, token)}, ${language}, ${now}) as asked`.execute(db)
  return answer!.asked
}

export type Capsule = { state: 'none' } | { state: 'asked' } | { state: 'ready', own: OwnData, records: OwnRecords | undefined }

/** The site's part: what a token's capsule holds now. Only the token opens it. */
export async function readCapsule(db: Db, token: string, now: Date): Promise<Capsule> {
  const { rows: [row] } = await sql<{ ready: boolean, contents: Buffer | null, record_contents: Buffer | null }>`select ready, contents, record_contents from read_capsule(${tokenHash(token)}, ${now})`.execute(db)
  if (!row) return { state: 'none' }
  if (!row.ready) return { state: 'asked' }
  if (!row.contents) return { state: 'none' }
  return { state: 'ready', own: unlock<OwnData>(token, 'contents', row.contents), records: row.record_contents ? unlock<OwnRecords>(token, 'record', row.record_contents) : undefined }
}

interface CapsuleTools {
  db: Db
  opener: Opener
  indexKeys: IndexKey[]
}

/**
 * The worker's part: writes the capsules that were asked for, once everything that was handed in before is settled, and deletes
 * those that are an hour old. Returns how many it wrote.
 */
export async function writeCapsules({ db, opener, indexKeys, log }: CapsuleTools & { log: Log }, now: Date): Promise<number> {
  await sql`delete from capsules where asked_at < ${new Date(now.getTime() - capsuleMinutes * 60_000)}`.execute(db)
  const { rows } = await sql<Asked>`
    select token_hash, token, language, asked_at, whole_person from capsules where answers is null
      and (asked_at < ${new Date(now.getTime() - patience)} or not exists (select from intake_batches where settled_at is null and received_at <= capsules.asked_at))
    order by asked_at limit ${mostAtOnce}`.execute(db)
  for (const row of rows) {
    try {
      await writeOne({ db, opener, indexKeys }, row, now)
    } catch (error) {
      if (isOutage(error)) throw error
      // One that cannot be written must not keep the others waiting: its page says that the link leads nowhere.
      log.error('a data page cannot be written', { error })
      await sql`delete from capsules where token_hash = ${row.token_hash}`.execute(db)
    }
  }
  return rows.length
}

interface Asked {
  token_hash: Buffer
  token: Buffer
  language: string
  asked_at: Date
  /** Whom staff asked about, and not a link. */
  whole_person: string | null
}

async function writeOne({ db, opener, indexKeys }: CapsuleTools, row: Asked, now: Date): Promise<void> {
  const token = await opener.open<string>(capsuleTokenPlace(row.token_hash), row.token).catch(() => undefined)
  await inTransaction(db, async (tx) => {
    const scope = token === undefined || !tokenHash(token).equals(row.token_hash) ? undefined : row.whole_person ? await scopeOf(tx, row.whole_person) : await followToken(tx, row.token_hash, now)
    const own = scope && await gather(tx, opener, scope, row.language, now)
    // The link's person is gone, or the row was altered: the page says that the link leads nowhere.
    if (!own) return void await sql`delete from capsules where token_hash = ${row.token_hash}`.execute(tx)
    // Whoever opens the page has the mailbox: counting its unanswered mails starts again.
    if (!row.whole_person) await mailboxesAnswered(tx, [strictIndex(indexKeys, own.email)])
    const records = [...own.participations.filter((each) => each.records.details || each.records.text), ...own.contactMessages ?? []].map(({ id }) => id)
    await sql`
      update capsules set person_id = ${scope.personId}, contents = ${lock(token!, 'contents', own)}, records = ${records}::uuid[], record_contents = null, answers = asked_at
      where token_hash = ${row.token_hash} and asked_at = ${row.asked_at}`.execute(tx)
  })
}
