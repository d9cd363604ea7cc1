import type { Db } from '#platform/db.ts'
import { openDrafts, type OpenDraft } from '#modules/publishing/index.ts'

/** What an import made and nobody has published, scheduled or withdrawn yet, the newest day first. */
export async function importedDrafts(db: Db, importId: string): Promise<OpenDraft[]> {
  const rows = await db.selectFrom('imported_items').select(['item_id', 'language']).where('import_id', '=', importId).execute()
  return rows.length === 0 ? [] : (await openDrafts(db, { only: rows.map(({ item_id, language }) => ({ itemId: item_id, language })) })).drafts
}
