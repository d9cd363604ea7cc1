import { sql, type Db, type Tx } from '#platform/db.ts'

export type TypedDraft = Record<string, string | string[]>

/** What somebody has typed into a form and not saved. */
export interface Draft {
  id: string
  typed: TypedDraft
  savedAt: Date
  /** Who typed it, where it was handed over; nothing for one's own. */
  typedBy: string | null
}

interface Text {
  itemId: string
  language: string
  staffId: string
}

/** Keeps what a staff member has typed so far, for them alone: as their own, or as the one that was handed over and that they go on with (`of`). */
export async function keepDraft(tx: Tx, { of, ...draft }: Text & { of?: string, baseId: string | null, typed: TypedDraft }, now: Date): Promise<void> {
  const kept = { base_id: draft.baseId, typed: asKept(draft.typed), saved_at: now }
  if (of !== undefined) {
    await tx.updateTable('item_drafts').set(kept).where('id', '=', of).where('item_id', '=', draft.itemId).where('language', '=', draft.language).where('staff_id', '=', draft.staffId).execute()
    return
  }
  await tx.insertInto('item_drafts').values({ item_id: draft.itemId, language: draft.language, staff_id: draft.staffId, ...kept })
    .onConflict((conflict) => conflict.columns(['item_id', 'language', 'staff_id']).where('typed_by', 'is', null).doUpdateSet(kept)).execute()
}

/** What a staff member has typed at a text and not saved, and what was handed over to them; their own first. `baseId` is the version that it began with. */
export async function findDrafts(db: Db, { itemId, language, staffId }: Text): Promise<(Draft & { baseId: string | null })[]> {
  const rows = await db.selectFrom('item_drafts').selectAll().where('item_id', '=', itemId).where('language', '=', language).where('staff_id', '=', staffId).orderBy(sql`typed_by is not null`).orderBy('saved_at', 'desc').execute()
  return rows.map((row) => ({ id: row.id, baseId: row.base_id, typed: row.typed as TypedDraft, savedAt: row.saved_at, typedBy: row.typed_by }))
}

/** Forgets one, their own or the one that is named: it has been saved, or is not wanted. */
export async function dropDraft(tx: Tx, { itemId, language, staffId, of }: Text & { of?: string }): Promise<void> {
  await tx.deleteFrom('item_drafts').where('item_id', '=', itemId).where('language', '=', language).where('staff_id', '=', staffId).where((is) => (of === undefined ? is('typed_by', 'is', null) : is('id', '=', of))).execute()
}

/** What somebody has typed and not saved goes to somebody else, beside what they have typed at the same text themselves. */
export async function handOverDrafts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`update item_drafts set staff_id = ${to}, typed_by = coalesce(typed_by, staff_id) where staff_id = ${from}`.execute(tx)
}

/** As the database takes it: it keeps every sign but one. */
export function asKept(typed: TypedDraft): string {
  return JSON.stringify(typed, (_, each: unknown) => (typeof each === 'string' ? each.replaceAll('\0', '') : each))
}
