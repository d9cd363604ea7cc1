import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'

export const undoSeconds = 30

/** What can be taken back, and what that needs to know. */
export interface Undoable {
  verb: string
  details: Record<string, unknown>
}

/** Remembers for half a minute how to take something back. Returns the id of the offer. */
export async function offerUndo(tx: Tx, staffId: string, undo: Undoable, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('undos').values({ id, staff_id: staffId, verb: undo.verb, details: JSON.stringify(undo.details), expires_at: new Date(now.getTime() + undoSeconds * 1000) }).execute()
  return id
}

/** Takes an offer up, once, by whoever it was made to, in time. */
export async function takeUndo(tx: Tx, id: string, staffId: string, now: Date): Promise<Undoable | undefined> {
  const row = await tx.updateTable('undos').set({ used_at: now }).where('id', '=', id).where('staff_id', '=', staffId).where('used_at', 'is', null).where('expires_at', '>', now)
    .returning(['verb', 'details']).executeTakeFirst()
  return row && { verb: row.verb, details: row.details as Record<string, unknown> }
}
