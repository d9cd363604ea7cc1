import { sql, type Db, type Tx } from '#platform/db.ts'

type TypedInto = Record<string, string | string[]>

/** Keeps what a staff member has typed so far into the form of a record, for them alone. `form` is its path. */
export async function keepRecordDraft(tx: Tx, { form, staffId, typed }: { form: string, staffId: string, typed: TypedInto }, now: Date): Promise<void> {
  // The database keeps every sign but this one.
  const kept = JSON.stringify(typed, (_, each: unknown) => (typeof each === 'string' ? each.replaceAll('\0', '') : each))
  await tx.insertInto('record_drafts').values({ form, staff_id: staffId, typed: kept, saved_at: now }).onConflict((conflict) => conflict.columns(['form', 'staff_id']).doUpdateSet({ typed: kept, saved_at: now })).execute()
}

export async function findRecordDraft(db: Db, { form, staffId }: { form: string, staffId: string }): Promise<{ typed: TypedInto, savedAt: Date } | undefined> {
  const row = await db.selectFrom('record_drafts').select(['typed', 'saved_at']).where('form', '=', form).where('staff_id', '=', staffId).executeTakeFirst()
  return row && { typed: row.typed as TypedInto, savedAt: row.saved_at }
}

/** Forgets it: it has been saved, or is not wanted. */
export async function dropRecordDraft(tx: Tx, { form, staffId }: { form: string, staffId: string }): Promise<void> {
  await tx.deleteFrom('record_drafts').where('form', '=', form).where('staff_id', '=', staffId).execute()
}

/** What somebody has typed and not saved goes to somebody else, who keeps their own where both have typed. */
export async function handOverRecordDrafts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    with given as (delete from record_drafts where staff_id = ${from} returning form, typed, saved_at)
    insert into record_drafts (form, staff_id, typed, saved_at) select form, ${to}, typed, saved_at from given on conflict do nothing`.execute(tx)
}
