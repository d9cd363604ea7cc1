import { sql, type Tx } from '#platform/db.ts'
import type { Queue } from '#platform/queue.ts'

export const heldReasons = ['link-in-name', 'surge', 'staff'] as const

/** Which of those that wait for a check: the chosen ones, or all for a reason. */
export type WhichHeld = { ids: string[] } | { actionId: string | undefined, reason: string | undefined }

const mostAtOnce = 10_000
const inOneJob = 500

const chosen = (which: WhichHeld) => ('ids' in which ? sql`id = any (${which.ids}::uuid[])`
  : sql`(${which.actionId ?? null}::uuid is null or action_id = ${which.actionId ?? null}::uuid) and (${which.reason ?? null}::text is null or held_reason = ${which.reason ?? null}::text)`)
const some = (which: WhichHeld) => sql`(person_id, id) in (select person_id, id from participations where state = 'held' and ${chosen(which)} limit ${mostAtOnce}) and state = 'held'`

/** Lets held participations go their way: their mailboxes' owners are asked to confirm, like everybody else's were. Returns how many. */
export async function releaseHeld(tx: Tx, queue: Queue, which: WhichHeld): Promise<number> {
  const { rows } = await sql<{ person_id: string, id: string }>`update participations set state = 'waiting', held_reason = null where ${some(which)} returning person_id, id`.execute(tx)
  const participations = rows.map((row) => ({ personId: row.person_id, id: row.id }))
  for (let from = 0; from < participations.length; from += inOneJob) await queue.enqueue(tx, 'participations.ask-many', { participations: participations.slice(from, from + inOneJob) })
  return participations.length
}

export async function refuseHeld(tx: Tx, which: WhichHeld): Promise<number> {
  return (await sql`update participations set state = 'refused' where ${some(which)} returning id`.execute(tx)).rows.length
}
