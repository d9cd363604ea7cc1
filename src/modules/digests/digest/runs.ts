import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { isHappened } from '#modules/publishing/index.ts'
import type { DateOrder } from '../lexicon/dates.ts'
import { withFixes } from './apply.ts'
import { DigestFault } from './fault.ts'
import { readDigestFiles } from './file-kinds.ts'
import { importEntries, undoImport, type Imported, type Undone } from './importing.ts'
import { houseOf } from './known-names.ts'
import { readPages, type ReadDigest } from './read.ts'
import type { DigestReport } from './report.ts'
import { entriesOf } from './to-words.ts'

export type DigestState = 'waiting' | 'read' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'

/** What somebody chose for an entry of a file, by its place: a date, what it is, to leave it out, and which of its findings are put right by their first suggestion. */
export type DigestChoices = Record<string, { date?: string, kind?: string, leave?: boolean, fixes?: number[] }>

/** One run of bringing a page over, without its file. */
export interface DigestRun {
  id: string
  fileName: string
  /** What its first entry is called, once it was read. */
  title: string | null
  language: string
  dateOrder: DateOrder | null
  subjectId: string | null
  state: DigestState
  fault: string | null
  choices: DigestChoices
  tally: Partial<Imported & Undone>
  madeAt: Date
}

/** Keeps a file until its entries are made. The worker reads it. */
export async function startDigest(tx: Tx, given: { fileName: string, file: Buffer, language: string, dateOrder: DateOrder | null, subjectId: string | null, staffId: string | null }, now: Date): Promise<string> {
  const id = randomUUID()
  const file = given.file[0] === 0x1f && given.file[1] === 0x8b ? given.file : gzipSync(given.file)
  await tx.insertInto('digest_imports').values({ id, file_name: given.fileName.slice(0, 200), file, language: given.language, date_order: given.dateOrder, subject_id: given.subjectId, state: 'waiting', staff_id: given.staffId, made_at: now }).execute()
  return id
}

/** Runs, the newest first. */
export async function digestRuns(db: Db, id?: string): Promise<DigestRun[]> {
  const rows = await db.selectFrom('digest_imports').select(['id', 'file_name', 'language', 'date_order', 'subject_id', 'state', 'fault', 'choices', 'tally', 'made_at'])
    .select(sql<string | null>`coalesce(report -> 'threads' -> 0 ->> 'title', (select words ->> 'title' from imported_items made join item_revisions on item_revisions.id = made.revision_id where made.import_id = digest_imports.id order by item_revisions.created_at, item_revisions.id limit 1))`.as('title'))
    .$if(id !== undefined, (query) => query.where('id', '=', id!)).orderBy('made_at', 'desc').limit(50).execute()
  return rows.map((row) => ({
    id: row.id, fileName: row.file_name, title: row.title, language: row.language, dateOrder: row.date_order as DateOrder | null, subjectId: row.subject_id, state: row.state as DigestState, fault: row.fault,
    choices: row.choices as DigestChoices, tally: row.tally as DigestRun['tally'], madeAt: row.made_at,
  }))
}

/** What was read from a run's file. */
export async function digestReport(db: Db, id: string): Promise<DigestReport | null> {
  const row = await db.selectFrom('digest_imports').select('report').where('id', '=', id).executeTakeFirst()
  return (row?.report ?? null) as DigestReport | null
}

/** Notes what was chosen, and asks the worker to make the entries. False where it is not the time for it. */
export async function runDigest(tx: Tx, id: string, choices: DigestChoices): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('digest_imports').set({ state: 'running', choices: JSON.stringify(choices) }).where('id', '=', id).where('state', '=', 'read').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Asks for the file to be read again, with another order of dates. */
export async function readDigestAgain(tx: Tx, id: string, dateOrder: DateOrder | null): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('digest_imports').set({ state: 'waiting', date_order: dateOrder, report: null }).where('id', '=', id).where('state', '=', 'read').executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function undoDigest(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('digest_imports').set({ state: 'undoing' }).where('id', '=', id).where('state', '=', 'done').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Forgets a file of which nothing was made. False where it is not the time for it. */
export async function discardDigest(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('digest_imports').where('id', '=', id).where('state', 'in', ['waiting', 'read', 'failed']).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Does what is next for a run: reads its file, makes its entries, or takes them back. Each is one transaction, and doing it twice does it once. */
export async function workOnDigest(db: Db, id: string, now: Date): Promise<void> {
  const [run] = await digestRuns(db, id)
  if (run?.state === 'waiting') await read(db, run, now)
  if (run?.state === 'running') await inTransaction(db, (tx) => make(tx, id, now))
  if (run?.state === 'undoing') await inTransaction(db, (tx) => takeBack(tx, id, now))
}

async function read(db: Db, run: DigestRun, now: Date): Promise<void> {
  try {
    const { threads, findings } = await readFile(db, run, now)
    await db.updateTable('digest_imports').set({ state: 'read', report: JSON.stringify({ threads, findings }) }).where('id', '=', run.id).where('state', '=', 'waiting').execute()
  } catch (error) {
    if (!(error instanceof DigestFault)) throw error
    await db.updateTable('digest_imports').set({ state: 'failed', fault: error.reason, file: null, ended_at: now }).where('id', '=', run.id).execute()
  }
}

async function readFile(db: Db, run: DigestRun, now: Date): Promise<ReadDigest> {
  const { file } = await db.selectFrom('digest_imports').select('file').where('id', '=', run.id).executeTakeFirstOrThrow()
  return readPages(await readDigestFiles([{ name: run.fileName, content: file! }]), { dateOrder: run.dateOrder ?? undefined, language: run.language, today: now.toISOString().slice(0, 10), ...await houseOf(db, run.language) })
}

async function make(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await tx.selectFrom('digest_imports').select(['state', 'staff_id']).where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.state !== 'running') return
  const [run] = await digestRuns(tx, id)
  const { assembled } = await readFile(tx, run!, now)
  const report = await digestReport(tx, id)
  const tally = await importEntries(tx, entriesOf(chosen(assembled, run!.choices, report), run!.language), { importId: id, subjectId: run!.subjectId, language: run!.language, staffId: row.staff_id }, now)
  await tx.updateTable('digest_imports').set({ state: 'done', tally: JSON.stringify(tally), file: null, report: null, ended_at: now }).where('id', '=', id).execute()
}

/** The threads that are wanted, with the dates that were given to them and with what was put right. What was shown is what counts: the findings are those of the report. */
function chosen(assembled: ReadDigest['assembled'], choices: DigestChoices, report: DigestReport | null): ReadDigest['assembled'] {
  return assembled.flatMap(({ thread, origin }, place) => {
    const choice = choices[String(place)]
    if (choice?.leave) return []
    const shown = report?.threads[place]?.findings ?? []
    const mended = choice?.fixes ? withFixes(thread, choice.fixes.flatMap((each) => shown[each] ?? [])) : thread
    return [{ origin, source: thread, thread: { ...mended, ...(choice?.date && isHappened(choice.date) && { date: choice.date }), ...(choice?.kind && { kind: choice.kind }) } }]
  })
}

async function takeBack(tx: Tx, id: string, now: Date): Promise<void> {
  const row = await tx.selectFrom('digest_imports').select(['state', 'staff_id']).where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.state !== 'undoing') return
  const tally = await undoImport(tx, id, row.staff_id, now)
  await tx.updateTable('digest_imports').set({ state: 'undone', tally: JSON.stringify(tally), ended_at: now }).where('id', '=', id).execute()
}

/** Reads, makes and notes an import at once, as the command does it: all of it in one transaction. Where nothing is new, nothing is noted either. */
export async function importAtOnce(tx: Tx, read: ReadDigest, given: { fileName: string, language: string, dateOrder: DateOrder | null, subjectId: string | null }, now: Date): Promise<Imported & { importId: string | null }> {
  const importId = randomUUID()
  await tx.insertInto('digest_imports').values({ id: importId, file_name: given.fileName.slice(0, 200), file: null, language: given.language, date_order: given.dateOrder, subject_id: given.subjectId, state: 'done', staff_id: null, made_at: now, ended_at: now }).execute()
  const tally = await importEntries(tx, entriesOf(read.assembled, given.language), { importId, subjectId: given.subjectId, language: given.language, staffId: null }, now)
  if (tally.added + tally.changed === 0) await tx.deleteFrom('digest_imports').where('id', '=', importId).execute()
  else await tx.updateTable('digest_imports').set({ tally: JSON.stringify(tally) }).where('id', '=', importId).execute()
  return { ...tally, importId: tally.added + tally.changed === 0 ? null : importId }
}

/** The place or topic at an address, with the names of all that there are where it is none. */
export async function findSubjectAt(db: Db, slug: string): Promise<{ id: string } | { known: string[] }> {
  const { rows } = await sql<{ id: string, slug: string }>`select id, slug from subjects order by kind, slug`.execute(db)
  const found = rows.find((row) => row.slug === slug)
  return found ? { id: found.id } : { known: rows.map((row) => row.slug) }
}
