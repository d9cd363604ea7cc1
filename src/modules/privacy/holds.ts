import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'

/** Somebody, or everybody who took part in an action, is not forgotten for now: neither by a clock nor on request. */
export interface Hold {
  id: string
  personId: string | null
  actionId: string | null
  reason: string
  placedBy: string
  placedAt: Date
  lifted: { by: string, at: Date, reason: string } | undefined
}

export type HoldSubject = { personId: string } | { actionId: string }

/** Places a hold. False where there is one on this person or action already. */
export async function placeHold(tx: Tx, subject: HoldSubject, { reason, staffId }: { reason: string, staffId: string }, now: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into legal_holds (id, person_id, action_id, reason, placed_by, placed_at)
    values (${randomUUID()}, ${'personId' in subject ? subject.personId : null}, ${'actionId' in subject ? subject.actionId : null}, ${reason}, ${staffId}, ${now})
    on conflict do nothing returning 1`.execute(tx)
  return rows.length > 0
}

/** A hold on somebody stands for what becomes somebody else's as well, until it is lifted there. */
export async function copyHold(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    insert into legal_holds (id, person_id, reason, placed_by, placed_at) select gen_random_uuid(), ${to}::uuid, reason, placed_by, placed_at from legal_holds where person_id = ${from} and lifted_at is null
    on conflict do nothing`.execute(tx)
}

/** Lifts a hold: the clocks run again, and who asked meanwhile to be erased is erased within a minute. False if somebody has lifted it before. */
export async function liftHold(tx: Tx, id: string, { reason, staffId }: { reason: string, staffId: string }, now: Date): Promise<boolean> {
  const { rows } = await sql`update legal_holds set lifted_by = ${staffId}, lifted_at = ${now}, lifted_reason = ${reason} where id = ${id} and lifted_at is null returning 1`.execute(tx)
  return rows.length > 0
}

/** Holds, those that stand first; of one person or action where that is asked for. A person's are also those of the actions they took part in. */
export async function holds(db: Db, of?: HoldSubject): Promise<Hold[]> {
  const person = of && 'personId' in of ? of.personId : null
  const action = of && 'actionId' in of ? of.actionId : null
  const { rows } = await sql<{ id: string, person_id: string | null, action_id: string | null, reason: string, placed_by: string, placed_at: Date, lifted_by: string | null, lifted_at: Date | null, lifted_reason: string | null }>`
    select * from legal_holds
    where (${person}::uuid is null or person_id = ${person} or action_id in (select action_id from participations where person_id = ${person}))
      and (${action}::uuid is null or action_id = ${action})
    order by lifted_at is not null, placed_at desc limit 200`.execute(db)
  return rows.map((row) => ({
    id: row.id, personId: row.person_id, actionId: row.action_id, reason: row.reason, placedBy: row.placed_by, placedAt: row.placed_at,
    lifted: row.lifted_at ? { by: row.lifted_by!, at: row.lifted_at, reason: row.lifted_reason! } : undefined,
  }))
}

/** Whether this person may not be forgotten for now. */
export async function isHeld(db: Db, personId: string): Promise<boolean> {
  return (await sql<{ held: boolean }>`select is_held(${personId}) as held`.execute(db)).rows[0]!.held
}

/** Since when somebody has been waiting to be erased once no hold stands against it. */
export async function erasureAskedAt(db: Db, personId: string): Promise<Date | undefined> {
  return (await db.selectFrom('erasure_requests').select('asked_at').where('person_id', '=', personId).executeTakeFirst())?.asked_at
}
