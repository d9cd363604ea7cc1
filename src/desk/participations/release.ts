import { sql, type Tx } from '#platform/db.ts'
import type { Queue } from '#platform/queue.ts'

/** Lets a held participation go its way: the mailbox's owner is asked to confirm it, like everybody else's was. */
export async function releaseParticipation(tx: Tx, queue: Queue, id: string): Promise<void> {
  const { rows } = await sql<{ person_id: string }>`update participations set state = 'waiting', held_reason = null where id = ${id} and state = 'held' returning person_id`.execute(tx)
  if (rows[0]) await queue.enqueue(tx, 'participations.ask', { personId: rows[0].person_id, participationId: id })
}
