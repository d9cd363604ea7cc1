import { setImmediate } from 'node:timers/promises'
import { inTransaction, sql, type Db } from '#platform/db.ts'
import { sealOne, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Export } from './export.ts'
import { prepareLines, readLines, writeLines, type ReadLine } from './lines.ts'

/** Lines that are kept together, unless somebody says otherwise: what an interruption costs at most. */
const usualLines = 2000
/** Lines that are read and opened at once. */
const mostAtOnce = 500
/** Pages that are read at the same time. One by one, opening waited for reading half of the time. */
const readAhead = 2
/** For how long one step goes on, in milliseconds. */
const stepMs = 4000
/** A line in the log is good for two hours; before that there is another one. */
const lineGoodForMs = 100 * 60_000

/** What the making of an export's lines needs. */
export interface MakingTools {
  db: Db
  /** Opens what is sealed for people and for the record. */
  opener: Opener
  record: SealingKey
  /** The lines in the audit log against which this process opens exports. */
  auditLines: Map<string, { id: string, at: Date }>
  linesAtOnce?: number
}

/** Where a part lies sealed until it is downloaded or its time is over. */
export function partPlace(exportId: string, part: number): Place {
  return { purpose: 'record', table: 'export_parts', column: 'bytes', row: `${exportId} ${part}` }
}

/**
 * The next parts of an export that runs, one after the other for some seconds: while lines are written the next are read and what opens them is made
 * ready, and the part before is kept. A part and how far it reaches are one transaction, so that after any end of this process the next one goes on
 * there. Returns how many lines were made.
 */
export async function makeParts(tools: MakingTools, it: Export, now: Date): Promise<number> {
  const { db, opener, linesAtOnce = usualLines } = tools
  const line = await auditLine(tools, it, now)
  const rows = it.done === 0 ? (await sql<{ rows: number }>`select list_export(${line}, ${it.id}) as rows`.execute(db)).rows[0]!.rows : it.rows
  const until = performance.now() + stepMs
  let [from, made] = [it.done, 0]
  let part: string[] = []
  let kept: Promise<boolean> = Promise.resolve(true)
  for await (const { lines, reached } of prepared(opener, pagesOf(db, it, { line, after: from, rows, atMost: Math.min(mostAtOnce, linesAtOnce) }))) {
    part.push(writeLines(opener, it, lines))
    made += lines.length
    const isLast = reached >= rows
    if (!isLast && reached - from < linesAtOnce) continue
    // Whoever was faster, or an erasure or somebody's end of it meanwhile, has changed it: then nothing more is needed.
    if (!await kept) return Math.max(1, made)
    kept = keepPart(tools, it, { from, reached, text: part.join(''), isLast }, now)
    // Awaited before the next part; until then a failure is nobody's.
    kept.catch(() => {})
    if (isLast || performance.now() > until) break
    ;[from, part] = [reached, []]
    // Whoever waits for this process gets it in between.
    await setImmediate()
  }
  await kept
  return Math.max(1, made)
}

interface Page {
  lines: ReadLine[]
  /** The position that it ends with: of those before it there are no more. */
  reached: number
}

/** The lines behind a position, page by page, at least one: the next ones are read, each on a line of its own, while somebody works on this one. */
async function* pagesOf(db: Db, it: Export, { line, after, rows, atMost }: { line: string, after: number, rows: number, atMost: number }): AsyncGenerator<Page> {
  const read = async (from: number): Promise<Page> => ({ lines: await readLines(db, it, { line, after: from, atMost }), reached: Math.max(after, Math.min(from + atMost, rows)) })
  const ahead: Promise<Page>[] = []
  for (let next = after; ;) {
    for (; ahead.length < readAhead && (next === after || next < rows); next += atMost) {
      const page = read(next)
      // Whoever takes it hears of it.
      page.catch(() => {})
      ahead.push(page)
    }
    const page = ahead.shift()
    if (!page) return
    yield await page
  }
}

/** The same pages, one later: what opens a page is worked out, by other threads, while the one before it is written. */
async function* prepared(opener: Opener, pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  let before: { page: Page, ready: Promise<void> } | undefined
  for await (const page of pages) {
    const ready = prepareLines(opener, page.lines)
    ready.catch(() => {})
    if (before) {
      await before.ready
      yield before.page
    }
    before = { page, ready }
  }
  await before!.ready
  yield before!.page
}

/** Keeps a part, sealed, with how far it reaches. False where it is not needed any more. */
async function keepPart({ db, record, auditLines }: MakingTools, it: Export, { from, reached, text, isLast }: { from: number, reached: number, text: string, isLast: boolean }, now: Date): Promise<boolean> {
  // A part is called by how many lines are before it.
  const { table, column, row } = partPlace(it.id, from)
  const bytes = text === '' ? undefined : await sealOne(record, { table, column, row }, text)
  return inTransaction(db, async (tx) => {
    // What a crash takes of it is made again.
    if (!isLast) await sql`set local synchronous_commit = off`.execute(tx)
    const { rows: still } = await sql`
      update exports set done = ${reached}, problem = null, state = case when ${isLast} then 'done' else state end, ended_at = case when ${isLast} then ${now}::timestamptz end
      where id = ${it.id} and state = 'running' and done = ${from} returning 1`.execute(tx)
    if (still.length > 0 && bytes) await tx.insertInto('export_parts').values({ export_id: it.id, part: from, bytes }).execute()
    if (isLast) auditLines.delete(it.id)
    return still.length > 0
  })
}

/** One line for an export, or for each time it is taken up again: with its count, its filter and its reason. */
async function auditLine({ db, auditLines }: MakingTools, it: Export, now: Date): Promise<string> {
  const known = auditLines.get(it.id)
  if (known && now.getTime() - known.at.getTime() < lineGoodForMs) return known.id
  const id = await auditFirst(db, {
    staffId: it.askedBy, verb: 'export', subjectKind: 'export', subjectIds: [it.id], reason: it.reason,
    details: { kind: it.kind, format: it.format, people: it.people, from: it.done, action: it.actionId, controller: it.controllerId, language: it.language, country: it.country },
  })
  auditLines.set(it.id, { id, at: now })
  return id
}
