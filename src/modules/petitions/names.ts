import type { Db, Tx } from '#platform/db.ts'

/** The newest names whose owners wanted them shown and that staff have let through. */
export async function shownNames(db: Db, actionId: string, most = 50): Promise<{ name: string, comment: string }[]> {
  const rows = await db.selectFrom('public_shown_names').select(['shown_name', 'comment']).where('action_id', '=', actionId).orderBy('asked_at', 'desc').limit(most).execute()
  return rows.map((row) => ({ name: row.shown_name, comment: row.comment }))
}

/** Shows a name under its petition, or keeps it off the page. */
export async function decideName(tx: Tx, participationId: string, state: 'shown' | 'hidden'): Promise<void> {
  await tx.updateTable('public_names').set({ state }).where('participation_id', '=', participationId).execute()
}
