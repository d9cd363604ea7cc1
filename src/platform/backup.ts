import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** Tables that a backup leaves out: what only makes sense on the machine and in the hour it was made. */
const leftOut = ['migrations', 'desk_sessions', 'signin_links', 'passkey_challenges', 'code_tries', 'person_searches', 'exports', 'export_rows', 'export_parts']

export interface BackupHeader {
  clarion: 1
  /** The newest migration that the database had. */
  step: number
  createdAt: string
  /** The keys of the installation, where whoever made the backup wanted them in it. */
  secrets?: unknown
}

interface TableHead {
  table: string
  columns: string[]
}

/**
 * A consistent copy of a database while everything runs, as bytes: a header, then each table in an order in which they can be
 * loaded again, in PostgreSQL's COPY format, in frames of a length and that many bytes. Memory stays flat.
 */
export async function* backupBytes(client: pg.Client, given: Omit<BackupHeader, 'clarion' | 'step'>): AsyncGenerator<Buffer> {
  await client.query('begin transaction isolation level repeatable read read only')
  const { rows: [migrations] } = await client.query<{ step: number }>('select max(step) as step from migrations')
  yield frame(Buffer.from(JSON.stringify({ clarion: 1, step: migrations!.step, ...given } satisfies BackupHeader)))
  for (const { table, columns } of await tablesInOrder(client)) {
    yield frame(Buffer.from(JSON.stringify({ table, columns } satisfies TableHead)))
    const rows = client.query(copyTo(`copy ${client.escapeIdentifier(table)} (${columns.map((column) => client.escapeIdentifier(column)).join(', ')}) to stdout`))
    for await (const chunk of rows) yield frame(chunk as Buffer)
    yield frame(Buffer.alloc(0))
    yield frame(Buffer.from(String(rows.rowCount)))
  }
  yield frame(Buffer.from('end'))
  await client.query('commit')
}

function frame(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** All tables, each behind those that its foreign keys point to and those that the arguments of its triggers name. */
async function tablesInOrder(client: pg.Client): Promise<TableHead[]> {
  const { rows } = await client.query<TableHead & { needs: string[] }>(`
    select c.relname as table,
      (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      coalesce((select array_agg(distinct target.relname::text) from pg_constraint join pg_class target on target.oid = confrelid where conrelid = c.oid and contype = 'f' and confrelid <> conrelid), '{}')
        || coalesce((select array_agg(distinct named) from pg_trigger, string_to_table(encode(tgargs, 'escape'), '\\000') named where tgrelid = c.oid and not tgisinternal and named <> ''), '{}') as needs
    from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> all ($1) order by relname`, [leftOut])
  const ordered: TableHead[] = []
  const placed = new Set<string>()
  while (ordered.length < rows.length) {
    const next = rows.find((row) => !placed.has(row.table) && row.needs.every((need) => placed.has(need) || leftOut.includes(need)))
    if (!next) throw new Error('Tables that need each other cannot be put in order')
    placed.add(next.table)
    ordered.push({ table: next.table, columns: next.columns })
  }
  return ordered
}

/** The file is not a whole backup: the message says so to whoever chose it. */
export class BackupFault extends Error {}

/** Reads a backup's frames from its bytes. */
export class BackupReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async frame(): Promise<Buffer> {
    const length = (await this.#take(4)).readUInt32BE()
    return this.#take(length)
  }

  async header(): Promise<BackupHeader> {
    try {
      const header = JSON.parse((await this.frame()).toString()) as BackupHeader
      if (header.clarion === 1) return header
    } catch { /* said below */ }
    throw new BackupFault('This is not a backup of Clarion.')
  }

  async #take(length: number): Promise<Buffer> {
    const parts = [this.#rest]
    let have = this.#rest.length
    while (have < length) {
      const { value, done } = await this.#source.next()
      if (done) throw new BackupFault('The backup is damaged or cut short.')
      parts.push(Buffer.from(value))
      have += value.length
    }
    const all = Buffer.concat(parts)
    this.#rest = all.subarray(length)
    return all.subarray(0, length)
  }
}

/** Loads all tables of a backup into empty ones, in one transaction: all of it or nothing, also where `check` throws at what was loaded. Returns how many rows there were. */
export async function loadBackup(client: pg.Client, reader: BackupReader, check: () => Promise<void>): Promise<number> {
  let total = 0
  await client.query('begin')
  try {
    for (let head = (await reader.frame()).toString(); head !== 'end'; head = (await reader.frame()).toString()) {
      const { table, columns } = JSON.parse(head) as TableHead
      // What the migrations themselves put there comes with the backup.
      await client.query(`delete from ${client.escapeIdentifier(table)}`)
      const target = client.query(copyFrom(`copy ${client.escapeIdentifier(table)} (${columns.map((column) => client.escapeIdentifier(column)).join(', ')}) from stdin`))
      await pipeline(Readable.from(chunks(reader)), target)
      const rows = Number((await reader.frame()).toString())
      if (rows !== target.rowCount) throw new BackupFault(`The table ${table} is not whole.`)
      total += rows
    }
    await client.query(`select setval(pg_get_serial_sequence('count_ticks', 'id'), coalesce((select max(id) from count_ticks), 1))`)
    await check()
    await client.query('commit')
    return total
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function* chunks(reader: BackupReader): AsyncGenerator<Buffer> {
  for (let chunk = await reader.frame(); chunk.length > 0; chunk = await reader.frame()) yield chunk
}
