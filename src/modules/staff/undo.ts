import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#platform/db.ts'

const undoSeconds = 30

/** What can be taken back, and what that needs to know. */
interface Undoable {
  verb: string
  details: Record<string, unknown>
}

/** Remembers for half a minute how to take something back. Returns the id of the offer. */
export async function offerUndo(tx: Tx, staffId: string, undo: Undoable, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('undos').values({ id, staff_id: staffId, verb: undo.verb, details: JSON.stringify(undo.details), expires_at: new Date(now.getTime() + undoSeconds * 1000) }).execute()
  return id
}

/** An offer that was made to this staff member, with the seconds for which it still stands; none where they are over or it was taken up. */
export async function findUndo(db: Db, id: string, staffId: string, now: Date): Promise<Undoable & { seconds: number } | undefined> {
  const row = await db.selectFrom('undos').selectAll().where('id', '=', id).where('staff_id', '=', staffId).executeTakeFirst()
  return row && { verb: row.verb, details: row.details as Record<string, unknown>, seconds: row.used_at ? 0 : Math.max(0, Math.floor((row.expires_at.getTime() - now.getTime()) / 1000)) }
}

/** Takes an offer up, once, by whoever it was made to, in time. */
export async function takeUndo(tx: Tx, id: string, staffId: string, now: Date): Promise<Undoable | undefined> {
  const row = await tx.updateTable('undos').set({ used_at: now }).where('id', '=', id).where('staff_id', '=', staffId).where('used_at', 'is', null).where('expires_at', '>', now)
    .returning(['verb', 'details']).executeTakeFirst()
  return row && { verb: row.verb, details: row.details as Record<string, unknown> }
}
