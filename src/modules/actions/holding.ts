import { sql, type Tx } from '#platform/db.ts'
import type { Queue } from '#platform/queue.ts'

/** Lets a held participation go its way: the mailbox's owner is asked to confirm it, like everybody else's was. */
export async function releaseHeld(tx: Tx, queue: Queue, id: string): Promise<void> {
  const { rows } = await sql<{ person_id: string }>`update participations set state = 'waiting', held_reason = null where id = ${id} and state = 'held' returning person_id`.execute(tx)
  if (rows[0]) await queue.enqueue(tx, 'participations.ask', { personId: rows[0].person_id, participationId: id })
}

/** Turns a held participation away for good. Nobody is written to. */
export async function refuseHeld(tx: Tx, id: string): Promise<void> {
  await sql`update participations set state = 'refused' where id = ${id} and state = 'held'`.execute(tx)
}
