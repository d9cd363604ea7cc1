import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { inTransaction, sql, type Db } from '#platform/db.ts'
import type { Keys } from '#modules/actions/index.ts'
import { registeredSuppressions, type Erasure } from '#modules/people/index.ts'
import { readSuppressions, suppressionAsLine } from './register-lines.ts'
import { erasePeople } from './erase.ts'

/** Where a data folder keeps its register of erasures: beside the database, and in none of its backups. */
export const registerFile = (dataFolder: string) => join(dataFolder, 'erasures.jsonl')

const mostAtOnce = 200
/** Transactions that began earlier may end later: what is that young is read again. */
const marginMs = 10 * 60_000

/**
 * The register of erasures as a file that outlives the database: one line for each person who was erased because they asked, and one for each
 * address that must not be written to, as its keyed hash. It is
 * appended to and flushed before the next thing happens, and read when a worker starts or a backup is restored. A database that
 * has no such line is older than the erasure, and erases again.
 */
export class ErasureRegister {
  readonly #file: string
  readonly #known = new Set<string>()
  #writtenUntil = new Date(0)
  #suppressedUntil = new Date(0)

  constructor(file: string) {
    this.#file = file
    for (const line of readRegister(file)) this.#known.add(nameOf(line))
    for (const line of readSuppressions(file)) this.#known.add(suppressionAsLine(line))
  }

  /** Appends what the database has and the file has not: by any worker, on whichever machine. Returns how many erasures. */
  async write(db: Db): Promise<number> {
    const { rows } = await sql<{ person_hash: Buffer, email_index: Buffer, key_id: number, erased_at: Date }>`
      select * from erasures where erased_at > ${new Date(this.#writtenUntil.getTime() - marginMs)} order by erased_at`.execute(db)
    const fresh = rows.map((row): Erasure => ({ personHash: row.person_hash, emailIndex: row.email_index, keyId: row.key_id, erasedAt: row.erased_at })).filter((line) => !this.#known.has(nameOf(line)))
    if (fresh.length > 0) await append(this.#file, fresh.map(asLine).join(''))
    for (const line of fresh) this.#known.add(nameOf(line))
    this.#writtenUntil = rows.at(-1)?.erased_at ?? this.#writtenUntil
    await this.#writeSuppressions(db)
    return fresh.length
  }

  /** Whoever is erased again is suppressed again by that; what is practised is forgotten. */
  async #writeSuppressions(db: Db): Promise<void> {
    const rows = await registeredSuppressions(db, new Date(this.#suppressedUntil.getTime() - marginMs))
    const fresh = rows.map(suppressionAsLine).filter((line) => !this.#known.has(line))
    if (fresh.length > 0) await append(this.#file, fresh.join(''))
    for (const line of fresh) this.#known.add(line)
    this.#suppressedUntil = rows.at(-1)?.since ?? this.#suppressedUntil
  }
}

/**
 * Erases again whom a register has and this database does not know to be erased: it is a copy from before. What is on its way and was
 * handed in before they asked goes when it is settled. Returns how many people went.
 */
export async function eraseAgain(db: Db, keys: Keys, lines: Erasure[], now: Date): Promise<number> {
  let gone = 0
  for (let from = 0; from < lines.length; from += mostAtOnce) {
    const some = await unknownOf(db, lines.slice(from, from + mostAtOnce))
    if (some.length === 0) continue
    const { rows } = await sql<{ id: string }>`
      select distinct people.id from unnest(${some.map((line) => line.emailIndex)}::bytea[], ${some.map((line) => line.keyId)}::smallint[], ${some.map((line) => line.erasedAt)}::timestamptz[]) as line (email_index, key_id, erased_at)
      join email_indexes known using (email_index, key_id) join people on people.id = known.person_id and people.created_at <= line.erased_at
      union select id from people where sha256(uuid_send(id)) = any (${some.map((line) => line.personHash)}::bytea[])`.execute(db)
    for (const outcome of (await erasePeople(db, keys, rows.map((row) => row.id), now)).values()) gone += outcome === 'erased' ? 1 : 0
    await inTransaction(db, (tx) => sql`
      insert into erasures (person_hash, email_index, key_id, erased_at)
      select * from unnest(${some.map((line) => line.personHash)}::bytea[], ${some.map((line) => line.emailIndex)}::bytea[], ${some.map((line) => line.keyId)}::smallint[], ${some.map((line) => line.erasedAt)}::timestamptz[])
      on conflict (person_hash, key_id) do update set erased_at = excluded.erased_at`.execute(tx))
  }
  return gone
}

async function unknownOf(db: Db, lines: Erasure[]): Promise<Erasure[]> {
  const { rows } = await sql<{ person_hash: Buffer, key_id: number }>`
    select person_hash, key_id from erasures where person_hash = any (${lines.map((line) => line.personHash)}::bytea[])`.execute(db)
  const known = new Set(rows.map((row) => `${row.key_id} ${row.person_hash.toString('base64')}`))
  return lines.filter((line) => !known.has(nameOf(line)))
}

/** The lines of a register; none where there is no such file. What a crash cut off in the last line is not lost: the database writes it again. */
export function readRegister(file: string): Erasure[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').flatMap((text): Erasure[] => {
    try {
      const line = JSON.parse(text) as { person: string, index: string, key: number, at: string }
      const erasure = { personHash: Buffer.from(line.person, 'base64'), emailIndex: Buffer.from(line.index, 'base64'), keyId: line.key, erasedAt: new Date(line.at) }
      return erasure.personHash.length === 32 && erasure.emailIndex.length === 32 && Number.isInteger(line.key) && !Number.isNaN(erasure.erasedAt.getTime()) ? [erasure] : []
    } catch {
      return []
    }
  })
}

function asLine({ personHash, emailIndex, keyId, erasedAt }: Erasure): string {
  return `${JSON.stringify({ at: erasedAt.toISOString(), key: keyId, index: emailIndex.toString('base64'), person: personHash.toString('base64') })}\n`
}

function nameOf({ keyId, personHash }: Erasure): string {
  return `${keyId} ${personHash.toString('base64')}`
}

async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.from('\n')
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    // A line that a crash cut short must not swallow the next one.
    await handle.appendFile(`${last.toString() === '\n' ? '' : '\n'}${text}`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
