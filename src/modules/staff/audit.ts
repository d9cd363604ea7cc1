import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'

/** A line of the log of who did what. It names people by id only. */
export interface AuditLine {
  staffId: string | null
  /** Whose deputy did it, where it took what only they may do. */
  behalfOf?: string | null
  verb: string
  subjectKind: 'action' | 'participation' | 'person' | 'staff' | 'settings' | 'targets' | 'import' | 'statement' | 'backup' | 'session' | 'mailing' | 'export' | 'approval' | 'item' | 'subject'
  subjectIds: string[]
  reason?: string
  details?: Record<string, string | number | boolean | null>
}

/** Writes a line in the transaction of what it is about. */
export async function audit(tx: Tx, line: AuditLine, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('audit_log').values({
    id, happened_at: now, staff_id: line.staffId, verb: line.verb, subject_kind: line.subjectKind, subject_ids: line.subjectIds, reason: line.reason ?? '', details: JSON.stringify({ ...line.details, ...(line.behalfOf && { behalfOf: line.behalfOf }) }),
  }).execute()
  return id
}

/**
 * Writes a line and commits it, before what it speaks of happens: opening sealed data needs that. The database's clock dates
 * the line, because the database itself checks that it is fresh.
 */
export async function auditFirst(db: Db, line: AuditLine): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows: [clock] } = await sql<{ now: Date }>`select now()`.execute(tx)
    return audit(tx, line, clock!.now)
  })
}

export interface AuditEntry {
  id: string
  happenedAt: Date
  staffId: string | null
  verb: string
  subjectKind: string
  subjectIds: string[]
  reason: string
}

export async function auditPage(db: Db, page: { verb?: string, staffId?: string, after: number, size: number }): Promise<AuditEntry[]> {
  const rows = await db.selectFrom('audit_log').selectAll()
    .$if(page.verb !== undefined, (query) => query.where('verb', '=', page.verb!)).$if(page.staffId !== undefined, (query) => query.where('staff_id', '=', page.staffId!))
    .orderBy('happened_at', 'desc').orderBy('id').offset(page.after).limit(page.size).execute()
  return rows.map((row) => ({ id: row.id, happenedAt: row.happened_at, staffId: row.staff_id, verb: row.verb, subjectKind: row.subject_kind, subjectIds: row.subject_ids, reason: row.reason }))
}
