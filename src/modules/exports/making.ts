import { inTransaction, isOutage, sql, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { approvalOf } from '#modules/staff/index.ts'
import { dropExports, exportFingerprint, exportFrom, exportNeedsSecondPerson, keptHours, startExport, type Export } from './export.ts'
import { makeParts, type MakingTools } from './parts.ts'

export interface ExportTools extends MakingTools {
  log: Log
}

/**
 * One step of the exports' work: what was agreed to is started, the oldest that runs gets its next parts, and what has lain for long enough goes. `make`
 * makes these, in another process where there is one. Returns how many lines were made.
 */
export async function workOnExports(tools: ExportTools, now: Date, make = (it: Export) => makeParts(tools, it, now)): Promise<number> {
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
    return await make(it)
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

/** Starts what waited for a second person or for its delay; ends what was refused. */
async function startAgreed(db: Db, now: Date): Promise<void> {
  const rows = await db.selectFrom('exports').selectAll().where('state', '=', 'waiting').execute()
  for (const it of rows.map(exportFrom)) {
    const { state } = await approvalOf(db, { kind: 'export', subjectId: it.id, fingerprint: exportFingerprint(it) }, now)
    if (state === 'approved' || !await exportNeedsSecondPerson(db, it)) await inTransaction(db, (tx) => startExport(tx, it.id, 'running'))
    else if (state === 'refused') await db.updateTable('exports').set({ state: 'cancelled', ended_at: now }).where('id', '=', it.id).where('state', '=', 'waiting').execute()
  }
}

/** What was made, or planned and not started, is good for three days; what failed is gone on with as long. */
async function endOld(db: Db, now: Date): Promise<void> {
  const since = new Date(now.getTime() - keptHours * 3_600_000)
  const { rows } = await sql<{ id: string }>`
    update exports set state = 'ended', ended_at = ${now} where (state = 'done' and ended_at < ${since}) or (state in ('planned', 'waiting') and asked_at < ${since} and not exists (
      select from approvals where kind = 'export' and subject_id = exports.id and answer is null))
      or (state = 'running' and problem = 'failed' and greatest(asked_at, (select max(coalesce(answered_at, stands_from)) from approvals where kind = 'export' and subject_id = exports.id)) < ${since}) returning id`.execute(db)
  if (rows.length > 0) await inTransaction(db, (tx) => dropExports(tx, rows.map((row) => row.id)))
}
