import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { mapping as mappingSchema, type Mapping } from './mapping.ts'
import type { ImportReport, Tally } from './report.ts'
import { OlderFile } from './loaded-files.ts'
import { runImport } from './run.ts'
import { FileFault, type FileSource } from './source.ts'

export interface StoredImport {
  id: string
  mapping: Mapping
  fileName: string
  asOf: string
  dryRun: boolean
  newBoundaries: boolean
  state: 'waiting' | 'running' | 'done' | 'failed'
  rowsRead: number
  rowsTotal: number | null
  tally: Partial<Tally>
  /** `unreadable`, `older` (by its day), `loaded-before` (by its bytes), or `failed`. */
  fault: string | null
  /** Of a file that cannot be read: where reading ended, if that is known. */
  faultLine: number | null
  createdAt: Date
}

/** Keeps an uploaded file until the worker imports it. */
export async function storeImport(tx: Tx, given: { mapping: Mapping, fileName: string, file: Buffer, asOf: string, dryRun: boolean, newBoundaries: boolean, staffId: string }, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('imports').values({
    id, kind: given.mapping.kind, mapping: JSON.stringify(given.mapping), file_name: given.fileName.slice(0, 200), file: packed(given.file), as_of: given.asOf,
    dry_run: given.dryRun, new_boundaries: given.newBoundaries, state: 'waiting', staff_id: given.staffId, created_at: now,
  }).execute()
  return id
}

/** Notes in the list of imports what a command has loaded, with its report, within the transaction that loads it. Its file is kept nowhere. */
export async function noteImport(tx: Tx, { mapping, source, asOf, newBoundaries }: { mapping: Mapping, source: string, asOf: string, newBoundaries: boolean }, { report, ...tally }: ImportReport, now: Date): Promise<void> {
  const id = randomUUID()
  await tx.insertInto('imports').values({
    id, kind: mapping.kind, mapping: JSON.stringify(mapping), file_name: source.slice(0, 200), as_of: asOf, dry_run: false, new_boundaries: newBoundaries, state: 'done',
    rows_read: tally.rows, rows_total: tally.rows, tally: JSON.stringify(tally), staff_id: null, created_at: now, ended_at: now,
  }).execute()
  await keepRows(tx, id, report)
}

/** Forgets a file that was only tried, and returns its name and day; nothing where it was loaded for real or is gone. */
export async function discardTrial(tx: Tx, id: string): Promise<{ fileName: string, asOf: string } | undefined> {
  return tx.deleteFrom('imports').where('id', '=', id).where('dry_run', '=', true).returning(['file_name as fileName', 'as_of as asOf']).executeTakeFirst()
}

function packed(file: Buffer): Buffer {
  return file[0] === 0x1f && file[1] === 0x8b ? file : gzipSync(file)
}

export async function findImport(db: Db, id: string): Promise<StoredImport | undefined> {
  return (await imports(db, id))[0]
}

/** Imports, newest first, without their files. */
export async function imports(db: Db, id?: string): Promise<StoredImport[]> {
  const rows = await db.selectFrom('imports').select(['id', 'mapping', 'file_name', 'as_of', 'dry_run', 'new_boundaries', 'state', 'rows_read', 'rows_total', 'tally', 'fault', 'fault_line', 'created_at'])
    .$if(id !== undefined, (query) => query.where('id', '=', id!)).orderBy('created_at', 'desc').limit(50).execute()
  return rows.map((row) => ({
    id: row.id, mapping: mappingSchema.parse(row.mapping), fileName: row.file_name, asOf: row.as_of, dryRun: row.dry_run, newBoundaries: row.new_boundaries, state: row.state as StoredImport['state'],
    rowsRead: row.rows_read, rowsTotal: row.rows_total, tally: row.tally as StoredImport['tally'], fault: row.fault, faultLine: row.fault_line, createdAt: row.created_at,
  }))
}

/** Turns a dry run that somebody has looked at into the real thing, with the same file. */
export async function importForReal(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    update imports set dry_run = false, state = 'waiting', rows_read = 0, ended_at = null where id = ${id} and dry_run and state = 'done' and file is not null returning 1`.execute(tx)
  return rows.length > 0
}

/** Tries a file again that was refused because another was loaded since: somebody says that it is right. */
export async function tryEvenIfOlder(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    update imports set even_if_older = true, state = 'waiting', fault = null, ended_at = null where id = ${id} and dry_run and state = 'failed' and fault = 'loaded-before' and file is not null returning 1`.execute(tx)
  return rows.length > 0
}

/** The source that what an import brings is marked with: the file's name without anything that changes from day to day. */
function sourceOf(fileName: string): string {
  return fileName.replace(/\.gz$/i, '')
}

/** Runs an import that was stored, once: a second call finds it done. Its progress and its report can be watched while it runs. */
export async function runStoredImport(db: Db, id: string, now: () => Date): Promise<void> {
  const { rows: [stored] } = await sql<{ mapping: unknown, file_name: string, as_of: string, dry_run: boolean, new_boundaries: boolean, even_if_older: boolean }>`
    update imports set state = 'running' where id = ${id} and state in ('waiting', 'running') and file is not null returning mapping, file_name, as_of, dry_run, new_boundaries, even_if_older`.execute(db)
  if (!stored) return
  const given = {
    mapping: mappingSchema.parse(stored.mapping), file: storedFile(db, id), source: sourceOf(stored.file_name), asOf: stored.as_of, dryRun: stored.dry_run,
    newBoundaries: stored.new_boundaries, evenIfOlder: stored.even_if_older,
  }
  try {
    const report = await runImport(db, given, (done, total) => noteProgress(db, id, done, total))
    await keepReport(db, id, report, stored.dry_run, now())
  } catch (error) {
    const fault = error instanceof FileFault ? 'unreadable' : error instanceof OlderFile ? error.sameBytes ? 'loaded-before' : 'older' : 'failed'
    const line = error instanceof FileFault ? error.line : undefined
    await sql`update imports set state = 'failed', fault = ${fault}, fault_line = ${line ?? null}, ended_at = ${now()} where id = ${id}`.execute(db)
    if (fault === 'failed') throw error
  }
}

const bytesAtOnce = 1_000_000

/** The stored file, read a piece at a time. */
function storedFile(db: Db, id: string): FileSource {
  return {
    async *open() {
      for (let from = 1; ; from += bytesAtOnce) {
        const { rows: [piece] } = await sql<{ bytes: Buffer | null }>`select substring(file from ${from} for ${bytesAtOnce}) as bytes from imports where id = ${id}`.execute(db)
        if (!piece?.bytes?.length) return
        yield piece.bytes
      }
    },
  }
}

/** Outside the import's own transaction, so that it can be seen before that ends. */
async function noteProgress(db: Db, id: string, done: number, total: number | undefined): Promise<void> {
  await sql`update imports set rows_read = ${done}, rows_total = ${total ?? null} where id = ${id}`.execute(db)
}

async function keepReport(db: Db, id: string, { report, ...tally }: ImportReport, dryRun: boolean, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`delete from import_rows where import_id = ${id}`.execute(tx)
    await keepRows(tx, id, report)
    // Until a dry run is decided upon its file stays; afterwards nobody needs it.
    await sql`
      update imports set state = 'done', tally = ${JSON.stringify(tally)}, rows_read = ${tally.rows}, rows_total = ${tally.rows}, ended_at = ${now},
        file = case when ${dryRun} then file end where id = ${id}`.execute(tx)
  })
}

async function keepRows(tx: Tx, id: string, report: ImportReport['report']): Promise<void> {
  const listed = report.filter((row) => row.outcome !== 'unchanged')
  await sql`
    insert into import_rows (import_id, row_number, outcome, label)
    select ${id}, row_number, outcome, label from unnest(${listed.map((row) => row.row)}::int[], ${listed.map((row) => (row.reason ? `refused:${row.reason}` : row.outcome))}::text[], ${listed.map((row) => row.label)}::text[])
      as row (row_number, outcome, label) on conflict do nothing`.execute(tx)
}

/** A page of an import's report. */
export async function importRows(db: Db, id: string, page: { outcome?: string, after: number, size: number }): Promise<{ row: number, outcome: string, label: string }[]> {
  const rows = await db.selectFrom('import_rows').select(['row_number', 'outcome', 'label']).where('import_id', '=', id)
    .$if(page.outcome !== undefined, (query) => query.where('outcome', 'like', `${page.outcome}%`))
    .orderBy('row_number').orderBy('label').offset(page.after).limit(page.size).execute()
  return rows.map((row) => ({ row: row.row_number, outcome: row.outcome, label: row.label }))
}
