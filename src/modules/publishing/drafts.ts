import { sql, type Db, type Tx } from '#platform/db.ts'

/** What somebody has typed into an editor and not saved. */
export interface Draft {
  baseId: string | null
  typed: Record<string, string | string[]>
  savedAt: Date
}

/** Keeps what a staff member has typed so far, for them alone. */
export async function keepDraft(tx: Tx, draft: { itemId: string, language: string, staffId: string, baseId: string | null, typed: Record<string, string | string[]> }, now: Date): Promise<void> {
  // The database keeps every sign but this one.
  const typed = JSON.stringify(draft.typed, (_, each: unknown) => (typeof each === 'string' ? each.replaceAll('\0', '') : each))
  await tx.insertInto('item_drafts').values({ item_id: draft.itemId, language: draft.language, staff_id: draft.staffId, base_id: draft.baseId, typed, saved_at: now })
    .onConflict((conflict) => conflict.columns(['item_id', 'language', 'staff_id']).doUpdateSet({ base_id: draft.baseId, typed, saved_at: now })).execute()
}

export async function findDraft(db: Db, where: { itemId: string, language: string, staffId: string }): Promise<Draft | undefined> {
  const row = await db.selectFrom('item_drafts').selectAll().where('item_id', '=', where.itemId).where('language', '=', where.language).where('staff_id', '=', where.staffId).executeTakeFirst()
  return row && { baseId: row.base_id, typed: row.typed as Record<string, string | string[]>, savedAt: row.saved_at }
}

/** Forgets it: it has been saved, or is not wanted. */
export async function dropDraft(tx: Tx, where: { itemId: string, language: string, staffId: string }): Promise<void> {
  await tx.deleteFrom('item_drafts').where('item_id', '=', where.itemId).where('language', '=', where.language).where('staff_id', '=', where.staffId).execute()
}

/** What somebody has typed and not saved goes to somebody else, who keeps their own where both have typed. */
export async function handOverDrafts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    with given as (delete from item_drafts where staff_id = ${from} returning item_id, language, base_id, typed, saved_at)
    insert into item_drafts (item_id, language, staff_id, base_id, typed, saved_at) select item_id, language, ${to}, base_id, typed, saved_at from given on conflict do nothing`.execute(tx)
}
