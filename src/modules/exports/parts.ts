import { setImmediate } from 'node:timers/promises'
import { inTransaction, sql, type Db } from '#platform/db.ts'
import { sealOne, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Export } from './export.ts'
import { readLines, writeLines } from './lines.ts'

/** Lines that are kept together, unless somebody says otherwise: with those that are being made, what an interruption costs at most. */
const usualLines = 2000
/** Lines that are read and opened at once. */
const mostAtOnce = 500
/** Parts that are made at the same time: while one waits for the database, or for what opens it, another one is opened and written. */
const sideBySide = 3
/** For how long one step begins more, in milliseconds. */
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

/** The lines behind a position, up to another one, sealed as they are kept. No bytes where all who were in it have been erased. */
interface Part {
  from: number
  reached: number
  bytes: Buffer | undefined
  lines: number
}

/**
 * The next parts of an export that runs, for some seconds: several are made at the same time and kept one after the other. A part and how far it reaches
 * are one transaction, so that after any end of this process the next one goes on there. Returns how many lines were made.
 */
export async function makeParts(tools: MakingTools, it: Export, now: Date): Promise<number> {
  const { db, auditLines, linesAtOnce = usualLines } = tools
  const line = await auditLine(tools, it, now)
  const rows = it.done === 0 ? (await sql<{ rows: number }>`select list_export(${line}, ${it.id}) as rows`.execute(db)).rows[0]!.rows : it.rows
  const until = performance.now() + stepMs
  let [next, made] = [it.done, 0]
  const underWay: Promise<Part>[] = []
  const begin = (): void => {
    const from = next
    next = Math.max(from, Math.min(from + linesAtOnce, rows))
    const part = makePart(tools, it, { line, from, reached: next })
    // Awaited in its turn; until then a failure is nobody's.
    part.catch(() => {})
    underWay.push(part)
  }
  for (begin(); underWay.length < sideBySide && next < rows;) begin()
  while (underWay.length > 0) {
    const part = await underWay.shift()!
    if (next < rows && performance.now() < until) begin()
    made += part.lines
    const isLast = part.reached >= rows
    // Whoever was faster, or an erasure or somebody's end of it meanwhile, has changed it: then nothing more is needed.
    if (!await keepPart(db, it, part, isLast ? now : null)) break
    if (isLast) auditLines.delete(it.id)
  }
  return Math.max(1, made)
}

async function makePart({ db, opener, record }: MakingTools, it: Export, { line, from, reached }: { line: string, from: number, reached: number }): Promise<Part> {
  const texts: string[] = []
  let lines = 0
  for (let after = from; after < reached; after += mostAtOnce) {
    const page = await readLines(db, it, { line, after, atMost: Math.min(mostAtOnce, reached - after) })
    texts.push(await writeLines(opener, it, page))
    lines += page.length
    // Whoever waits for this process gets it in between.
    await setImmediate()
  }
  const text = texts.join('')
  const { table, column, row } = partPlace(it.id, from)
  return { from, reached, lines, bytes: text === '' ? undefined : await sealOne(record, { table, column, row }, text) }
}

/** Keeps a part with how far it reaches; the last one ends the export. A part is called by how many lines are before it. False where it is not needed any more. */
async function keepPart(db: Db, it: Export, { from, reached, bytes }: Part, endedAt: Date | null): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    // What a crash takes of it is made again.
    if (!endedAt) await sql`set local synchronous_commit = off`.execute(tx)
    const { rows: still } = await sql`
      update exports set done = ${reached}, problem = null, state = case when ${endedAt !== null} then 'done' else state end, ended_at = ${endedAt}::timestamptz
      where id = ${it.id} and state = 'running' and done = ${from} returning 1`.execute(tx)
    if (still.length > 0 && bytes) await tx.insertInto('export_parts').values({ export_id: it.id, part: from, bytes }).execute()
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
