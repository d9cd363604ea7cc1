import type { Db, Tx } from '#platform/db.ts'

/** Rules that are not heard of again at an item in a language, because somebody said so. */
export async function ignoredAt(db: Db, itemId: string, language: string): Promise<string[]> {
  const rows = await db.selectFrom('ignored_findings').select('rule').distinct().where('item_id', '=', itemId).where('language', 'in', ['', language]).orderBy('rule').execute()
  return rows.map(({ rule }) => rule)
}

/** Says no more of a rule at an item in a language: what is right in one can be wrong in another. False where that was so before. */
export async function ignoreAt(tx: Tx, { itemId, language, rule, staffId }: { itemId: string, language: string, rule: string, staffId: string }, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.insertInto('ignored_findings').values({ item_id: itemId, language, rule, staff_id: staffId, made_at: now }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Looks at all of them again. False where none was ignored. */
export async function lookAgainAt(tx: Tx, itemId: string, language: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('ignored_findings').where('item_id', '=', itemId).where('language', 'in', ['', language]).executeTakeFirst()
  return numDeletedRows > 0n
}
