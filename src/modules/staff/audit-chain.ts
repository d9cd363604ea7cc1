import { createHash } from 'node:crypto'
import { inTransaction, sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'

const chainLock = 740_111
const mostAtOnce = 500
const beginning = Buffer.alloc(32)

/** Where the chain ends: how many lines it has, and the seal of the last. Kept elsewhere, it shows a log that was cut short. */
export interface ChainHead {
  position: number
  hash: string
}

/** A line as its seal covers it: everything that it says. */
interface SealedLine {
  id: string
  microseconds: string
  staff_id: string | null
  verb: string
  subject_kind: string
  subject_ids: string[]
  reason: string
  details: string
}

const covered: RawBuilder<unknown> = sql`line.id, (extract(epoch from line.happened_at) * 1000000)::bigint::text as microseconds, line.staff_id, line.verb, line.subject_kind, line.subject_ids, line.reason, line.details::text as details`

/**
 * SHA-256 over the seal before and the JSON array of position, id, microseconds since 1970, staff id, verb, kind and ids of the
 * subject, reason and details as PostgreSQL writes jsonb. The first line follows 32 zero bytes.
 */
function seal(before: Buffer, position: number, line: SealedLine): Buffer {
  const said = JSON.stringify([position, line.id, line.microseconds, line.staff_id, line.verb, line.subject_kind, line.subject_ids, line.reason, line.details])
  return createHash('sha256').update(before).update(said).digest()
}

/** Seals lines that were committed since the last time, oldest first; one worker at a time. Returns how many. */
export async function sealAudit(db: Db): Promise<number> {
  // Most of the time there is nothing to seal, and no lock to wait for.
  if ((await sql`select from audit_unsealed limit 1`.execute(db)).rows.length === 0) return 0
  return inTransaction(db, async (tx) => {
    const { rows: [lock] } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${chainLock}) as taken`.execute(tx)
    if (!lock!.taken) return 0
    const { rows: lines } = await sql<SealedLine>`
      select ${covered} from audit_unsealed join audit_log line on line.id = audit_unsealed.audit_id order by line.happened_at, line.id limit ${mostAtOnce}`.execute(tx)
    const last = await lastSeal(tx)
    const hashes: Buffer[] = []
    for (const [place, line] of lines.entries()) hashes.push(seal(hashes.at(-1) ?? last.hash, last.position + place + 1, line))
    const ids = lines.map(({ id }) => id)
    await sql`insert into audit_chain (position, audit_id, hash) select ${last.position} + place, id, hash from unnest(${ids}::uuid[], ${hashes}::bytea[]) with ordinality as sealed (id, hash, place)`.execute(tx)
    await sql`delete from audit_unsealed where audit_id = any (${ids}::uuid[])`.execute(tx)
    return lines.length
  })
}

async function lastSeal(tx: Tx | Db): Promise<{ position: number, hash: Buffer }> {
  const { rows: [row] } = await sql<{ position: string, hash: Buffer }>`select position, hash from audit_chain order by position desc limit 1`.execute(tx)
  return row ? { position: Number(row.position), hash: row.hash } : { position: 0, hash: beginning }
}

export async function chainHead(db: Db): Promise<ChainHead> {
  const { position, hash } = await lastSeal(db)
  return { position, hash: hash.toString('hex') }
}

/** What a chain is worth. A fault names the first line at which it does not hold. */
export type ChainCheck =
  | { holds: true, lines: number, unsealed: number, head: ChainHead }
  | { holds: false, position: number, auditId: string | null, fault: 'missing' | 'changed' | 'unchained' | 'shorter' | 'other' }

/**
 * Walks the whole chain. 'missing': a line or its seal is gone; 'changed': a line or a seal was altered; 'unchained': a line lies in the log
 * that neither has a seal nor waits for one. With heads that were kept elsewhere: 'shorter' than one of them was, or 'other' than it.
 */
export async function checkChain(db: Db, kept: ChainHead[] = []): Promise<ChainCheck> {
  let before: { position: number, hash: Buffer } = { position: 0, hash: beginning }
  for (;;) {
    const { rows } = await sql<SealedLine & { position: string, audit_id: string, hash: Buffer }>`
      select chain.position, chain.audit_id, chain.hash, ${covered} from audit_chain chain left join audit_log line on line.id = chain.audit_id
      where chain.position > ${before.position} order by chain.position limit 2000`.execute(db)
    for (const row of rows) {
      const position = before.position + 1
      const is = (fault: 'missing' | 'changed' | 'other') => ({ holds: false as const, position, auditId: row.audit_id, fault })
      if (Number(row.position) !== position || row.id === null) return is('missing')
      if (!seal(before.hash, position, row).equals(row.hash)) return is('changed')
      if (kept.some((head) => head.position === position && head.hash !== row.hash.toString('hex'))) return is('other')
      before = { position, hash: row.hash }
    }
    if (rows.length === 0) break
  }
  const beyond = kept.find((head) => head.position > before.position)
  if (beyond) return { holds: false, position: before.position + 1, auditId: null, fault: 'shorter' }
  const { rows: [loose] } = await sql<{ id: string }>`
    select id from audit_log line where not exists (select from audit_chain where audit_id = line.id) and not exists (select from audit_unsealed where audit_id = line.id) order by happened_at, id limit 1`.execute(db)
  if (loose) return { holds: false, position: before.position + 1, auditId: loose.id, fault: 'unchained' }
  const { rows: [waiting] } = await sql<{ count: number }>`select count(*)::int as count from audit_unsealed`.execute(db)
  return { holds: true, lines: before.position, unsealed: waiting!.count, head: { position: before.position, hash: before.hash.toString('hex') } }
}

/** A head as people write it down, and read it back; nothing if it is none. */
export function headInWords({ position, hash }: ChainHead): string {
  return `${position}-${hash}`
}

export function readHead(text: string): ChainHead | undefined {
  const [, position, hash] = /^(\d{1,15})-([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? []
  return position === undefined ? undefined : { position: Number(position), hash: hash! }
}

/** The heads in a text: in whatever a backup, a mail or the worker's log said about them. */
export function headsInText(text: string): ChainHead[] {
  return (text.match(/\b\d{1,15}-[0-9a-f]{64}\b/g) ?? []).flatMap((found) => readHead(found) ?? [])
}
