import { sql, type Db, type Tx } from '#platform/db.ts'
import { asKept, type Draft, type TypedDraft } from './drafts.ts'

interface RecordForm {
  /** Its path. */
  form: string
  staffId: string
}

/** Keeps what a staff member has typed so far into the form of a record, for them alone: as their own, or as the one that was handed over and that they go on with (`of`). */
export async function keepRecordDraft(tx: Tx, { form, staffId, of, typed }: RecordForm & { of?: string, typed: TypedDraft }, now: Date): Promise<void> {
  const kept = { typed: asKept(typed), saved_at: now }
  if (of !== undefined) {
    await tx.updateTable('record_drafts').set(kept).where('id', '=', of).where('form', '=', form).where('staff_id', '=', staffId).execute()
    return
  }
  await tx.insertInto('record_drafts').values({ form, staff_id: staffId, ...kept }).onConflict((conflict) => conflict.columns(['form', 'staff_id']).where('typed_by', 'is', null).doUpdateSet(kept)).execute()
}

/** What they have typed there and not saved, and what was handed over to them; their own first. */
export async function findRecordDrafts(db: Db, { form, staffId }: RecordForm): Promise<Draft[]> {
  const rows = await db.selectFrom('record_drafts').select(['id', 'typed', 'saved_at', 'typed_by']).where('form', '=', form).where('staff_id', '=', staffId).orderBy(sql`typed_by is not null`).orderBy('saved_at', 'desc').execute()
  return rows.map((row) => ({ id: row.id, typed: row.typed as TypedDraft, savedAt: row.saved_at, typedBy: row.typed_by }))
}

/** Forgets one, their own or the one that is named: it has been saved, or is not wanted. */
export async function dropRecordDraft(tx: Tx, { form, staffId, of }: RecordForm & { of?: string }): Promise<void> {
  await tx.deleteFrom('record_drafts').where('form', '=', form).where('staff_id', '=', staffId).where((is) => (of === undefined ? is('typed_by', 'is', null) : is('id', '=', of))).execute()
}

/** What somebody has typed and not saved goes to somebody else, beside what they have typed into the same form themselves. */
export async function handOverRecordDrafts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`update record_drafts set staff_id = ${to}, typed_by = coalesce(typed_by, staff_id) where staff_id = ${from}`.execute(tx)
}
