import { setImmediate } from 'node:timers/promises'
import { inTransaction, isOutage, sql, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { sealOne, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { approvalOf, auditFirst } from '#modules/staff/index.ts'
import { dropExports, exportFingerprint, exportFrom, exportNeedsSecondPerson, keptHours, startExport, type Export } from './export.ts'
import { readLines, writeLines, type ReadLine } from './lines.ts'

/** Lines that are kept together, unless somebody says otherwise: what an interruption costs at most. */
const usualLines = 2000
/** Lines that are read and opened at once: of more, most live long enough for the collector to move them. */
const mostAtOnce = 250
/** For how long one step goes on, in milliseconds. */
const stepMs = 1000
/** A line in the log is good for two hours; before that there is another one. */
const lineGoodForMs = 100 * 60_000

export interface ExportTools {
  db: Db
  /** Opens what is sealed for people and for the record; without the record key exports wait. */
  opener: Opener
  record: SealingKey
  log: Log
  /** The lines in the audit log against which this process opens exports. */
  auditLines: Map<string, { id: string, at: Date }>
  linesAtOnce?: number
}

/** Where a part lies sealed until it is downloaded or its time is over. */
export function partPlace(exportId: string, part: number): Place {
  return { purpose: 'record', table: 'export_parts', column: 'bytes', row: `${exportId} ${part}` }
}

/**
 * One step of the exports' work, by the process that has the keys: what was agreed to is started, the oldest that runs gets its next parts, and what has
 * lain for long enough goes. A part and how far it reaches are one transaction, so that after any end of this process the next one goes on
 * there. Returns how many lines were made.
 */
export async function workOnExports(tools: ExportTools, now: Date): Promise<number> {
  await startAgreed(tools.db, now)
  await endOld(tools.db, now)
  const row = await tools.db.selectFrom('exports').selectAll().where('state', '=', 'running').where('problem', 'is distinct from', 'failed').orderBy('asked_at').executeTakeFirst()
  if (!row) return 0
  const it = exportFrom(row)
  if (!tools.opener.opens('record')) {
    if (it.problem === null) await note(tools.db, it, 'no-key')
    return 0
  }
  try {
    return await nextParts(tools, it, now)
  } catch (error) {
    if (isOutage(error)) throw error
    tools.log.error('an export failed', { error })
    await note(tools.db, it, 'failed')
    return 0
  }
}

async function note(db: Db, it: Export, problem: Export['problem']): Promise<void> {
  await db.updateTable('exports').set({ problem }).where('id', '=', it.id).execute()
}

/** Parts, one after the other for about a second: while one is opened the next lines are read, and the part before is kept. Returns how many lines were made. */
async function nextParts(tools: ExportTools, it: Export, now: Date): Promise<number> {
  const { db, opener, linesAtOnce = usualLines } = tools
  const line = await auditLine(tools, it, now)
  const rows = it.done === 0 ? (await sql<{ rows: number }>`select list_export(${line}, ${it.id}) as rows`.execute(db)).rows[0]!.rows : it.rows
  const until = performance.now() + stepMs
  let [from, made] = [it.done, 0]
  let part: string[] = []
  let kept: Promise<boolean> = Promise.resolve(true)
  const atOnce = Math.min(mostAtOnce, linesAtOnce)
  for await (const page of pagesOf(db, it, { line, after: from, atMost: atOnce })) {
    part.push(await writeLines(opener, it, page))
    made += page.length
    const isLast = page.length < atOnce
    const reached = isLast ? Math.max(rows, from) : page.at(-1)!.position
    if (!isLast && reached - from < linesAtOnce) continue
    // Whoever was faster, or an erasure or somebody's end of it meanwhile, has changed it: then nothing more is needed.
    if (!await kept) return Math.max(1, made)
    kept = keepPart(tools, it, { from, reached, text: part.join(''), isLast: isLast || reached >= rows }, now)
    // Awaited before the next part; until then a failure is nobody's.
    kept.catch(() => {})
    if (isLast || reached >= rows || performance.now() > until) break
    ;[from, part] = [reached, []]
    // Whoever waits for a page of the desk gets it in between.
    await setImmediate()
  }
  await kept
  return Math.max(1, made)
}

/** The lines behind a position, page by page: the next one is read while somebody works on this one. The last page is not full. */
async function* pagesOf(db: Db, it: Export, { line, after, atMost }: { line: string, after: number, atMost: number }): AsyncGenerator<ReadLine[]> {
  for (let next = readLines(db, it, { line, after, atMost }); ;) {
    const page = await next
    if (page.length < atMost) return yield page
    next = readLines(db, it, { line, after: page.at(-1)!.position, atMost })
    // Whoever takes it hears of it.
    next.catch(() => {})
    yield page
  }
}

/** Keeps a part, sealed, with how far it reaches. False where it is not needed any more. */
async function keepPart({ db, record, auditLines }: ExportTools, it: Export, { from, reached, text, isLast }: { from: number, reached: number, text: string, isLast: boolean }, now: Date): Promise<boolean> {
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
async function auditLine({ db, auditLines }: ExportTools, it: Export, now: Date): Promise<string> {
  const known = auditLines.get(it.id)
  if (known && now.getTime() - known.at.getTime() < lineGoodForMs) return known.id
  const id = await auditFirst(db, {
    staffId: it.askedBy, verb: 'export', subjectKind: 'export', subjectIds: [it.id], reason: it.reason,
    details: { kind: it.kind, format: it.format, people: it.people, from: it.done, action: it.actionId, controller: it.controllerId, language: it.language, country: it.country },
  })
  auditLines.set(it.id, { id, at: now })
  return id
}

/** Starts what waited for a second person or for its delay; ends what was refused. */
async function startAgreed(db: Db, now: Date): Promise<void> {
  const rows = await db.selectFrom('exports').selectAll().where('state', '=', 'waiting').execute()
  for (const it of rows.map(exportFrom)) {
    const { state } = await approvalOf(db, { kind: 'export', subjectId: it.id, fingerprint: exportFingerprint(it) }, now)
    if (state === 'approved' || !await exportNeedsSecondPerson(db, it)) await inTransaction(db, (tx) => startExport(tx, it.id, 'running'))
    else if (state === 'refused') await db.updateTable('exports').set({ state: 'cancelled', ended_at: now }).where('id', '=', it.id).where('state', '=', 'waiting').execute()
  }
}

/** What was made, or planned and not started, is good for three days. */
async function endOld(db: Db, now: Date): Promise<void> {
  const since = new Date(now.getTime() - keptHours * 3_600_000)
  const { rows } = await sql<{ id: string }>`
    update exports set state = 'ended', ended_at = ${now} where (state = 'done' and ended_at < ${since}) or (state in ('planned', 'waiting') and asked_at < ${since} and not exists (
      select from approvals where kind = 'export' and subject_id = exports.id and answer is null)) returning id`.execute(db)
  if (rows.length > 0) await inTransaction(db, (tx) => dropExports(tx, rows.map((row) => row.id)))
}
