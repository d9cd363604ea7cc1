import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'

export interface OptOutRecord {
  id: string
  reason: string
  notes: Record<string, string>
  until: string | null
  decidedAt: Date
  decidedBy: string | null
  resumedAt: Date | null
  resumedBy: string | null
  resumedReason: string
}

/**
 * Staff decide that an office is not written to by e-mail: until a day, or until they decide otherwise. An earlier decision that
 * still holds gives way to this one. What is in the queue waits from the next turn of the worker on.
 */
export async function optOut(tx: Tx, officeId: string, decision: { reason: string, notes: Record<string, string>, until: string | null, staffId: string }, now: Date): Promise<void> {
  await resumeWriting(tx, officeId, { reason: 'decided anew', staffId: decision.staffId }, now)
  await tx.insertInto('office_opt_outs').values({
    id: randomUUID(), office_id: officeId, reason: decision.reason, notes: JSON.stringify(decision.notes), until: decision.until, decided_at: now, decided_by: decision.staffId,
  }).execute()
}

/** Changes what supporters read of the decision that holds now, and until when it holds. Returns whether there is one. */
export async function changeOptOut(tx: Tx, officeId: string, { notes, until }: Pick<OptOutRecord, 'notes' | 'until'>): Promise<boolean> {
  const changed = await tx.updateTable('office_opt_outs').set({ notes: JSON.stringify(notes), until }).where('office_id', '=', officeId).where('resumed_at', 'is', null).returning('id').executeTakeFirst()
  return changed !== undefined
}

/** Staff decide that the office is written to again. What waited for that leaves at the office's pace. Returns whether it was opted out. */
export async function resumeWriting(tx: Tx, officeId: string, decision: { reason: string, staffId: string }, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update office_opt_outs set resumed_at = ${now}, resumed_by = ${decision.staffId}, resumed_reason = ${decision.reason}
    where office_id = ${officeId} and resumed_at is null returning 1`.execute(tx)
  return rows.length > 0
}

/** All decisions about an office, newest first. */
export async function optOutsOf(db: Db, officeId: string): Promise<OptOutRecord[]> {
  const rows = await db.selectFrom('office_opt_outs').selectAll().where('office_id', '=', officeId).orderBy('decided_at', 'desc').execute()
  return rows.map((row) => ({
    id: row.id, reason: row.reason, notes: row.notes as Record<string, string>, until: row.until, decidedAt: row.decided_at, decidedBy: row.decided_by, resumedAt: row.resumed_at, resumedBy: row.resumed_by, resumedReason: row.resumed_reason,
  }))
}
