import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type Place, type SealingKey } from '#platform/sealing/index.ts'

/** What the participations have in common that are to be taken out of a count. Everything that is given must fit. */
export interface RemovalCondition {
  actionId: string
  takenFrom: Date
  takenUntil: Date
  country?: string
  language?: string
  source?: string
  heldReason?: string
  /** Those whose addresses are alike in the way that this surge was noticed by. */
  surgeId?: string
  /** A domain of e-mail addresses. Only the worker can tell which addresses have it. */
  domain?: string
}

export type RemovalState = 'counting' | 'counted' | 'running' | 'cancelled' | 'done' | 'restoring' | 'restored'

export interface Removal extends Omit<RemovalCondition, 'country' | 'language' | 'source' | 'heldReason' | 'surgeId' | 'domain'> {
  id: string
  staffId: string
  /** In words that the public reads. */
  reason: string
  country: string | null
  language: string | null
  source: string | null
  heldReason: string | null
  surgeId: string | null
  /** Whether a domain is a condition, too; which one nobody reads. */
  byDomain: boolean
  state: RemovalState
  /** How many fit, and how many of them are in the count; nothing until they have been counted. */
  matched: number | null
  matchedConfirmed: number | null
  removed: number
  restored: number
  createdAt: Date
  endedAt: Date | null
  /** The removal that was cancelled on its way and that this one goes on with. */
  continues: string | null
  /** The one that goes on with this. */
  continuedBy: string | null
}

/** How long what was removed can be put back: afterwards what was typed is deleted. */
const restorableDays = 14

/** Where a typed domain waits for the worker. */
export function domainPlace(removalId: string): Place {
  return { purpose: 'contact', table: 'removals', column: 'domain', row: removalId }
}

/** Asks the worker how many a removal would take. Nothing is removed before it is started. What is taken after this moment stays. */
export async function planRemoval(tx: Tx, key: SealingKey, plan: RemovalCondition & { reason: string, staffId: string }, now: Date): Promise<string> {
  const id = randomUUID()
  const { table, column, row } = domainPlace(id)
  await tx.insertInto('removals').values({
    id, action_id: plan.actionId, staff_id: plan.staffId, reason: plan.reason, taken_from: plan.takenFrom, taken_until: plan.takenUntil < now ? plan.takenUntil : now,
    country: plan.country ?? null, language: plan.language ?? null, source: plan.source ?? null, held_reason: plan.heldReason ?? null, surge_id: plan.surgeId ?? null,
    domain: plan.domain ? await sealOne(key, { table, column, row }, plan.domain) : null, by_domain: Boolean(plan.domain), state: 'counting', created_at: now,
  }).execute()
  return id
}

/** Lets a removal begin that has been counted. False if it is not at that point. */
export async function startRemoval(tx: Tx, id: string): Promise<boolean> {
  return move(tx, id, ['counted'], 'running', null)
}

/** Ends a removal where it is: what has been removed stays so, and can be put back. */
export async function cancelRemoval(tx: Tx, id: string, now: Date): Promise<boolean> {
  return move(tx, id, ['counting', 'counted', 'running'], 'cancelled', now)
}

/** How many fitted a removal that was cancelled and are still there to go on with, as it was counted; nothing where there is nothing to go on with. */
export function leftOf({ state, matched, removed, continuedBy }: Pick<Removal, 'state' | 'matched' | 'removed' | 'continuedBy'>): number | undefined {
  return state === 'cancelled' && continuedBy === null && matched !== null && matched > removed ? matched - removed : undefined
}

/**
 * Plans a removal of what a cancelled one has left, by the same conditions and for the same reason: it is counted first, and what it takes can be
 * put back by itself. Returns its id, the same one however often it is asked for; nothing where the other had not been counted, or goes on.
 */
export async function goOnWithRemoval(tx: Tx, id: string, staffId: string, now: Date): Promise<string | undefined> {
  // Without its count there is no index of a domain yet, and what is left would be more than it.
  await sql`
    insert into removals (id, action_id, staff_id, reason, taken_from, taken_until, country, language, source, held_reason, surge_id, by_domain, continues, state, created_at)
    select ${randomUUID()}, action_id, ${staffId}, reason, taken_from, taken_until, country, language, source, held_reason, surge_id, by_domain, id, 'counting', ${now}
    from removals where id = ${id} and state = 'cancelled' and matched is not null on conflict do nothing`.execute(tx)
  return (await findRemoval(tx, id))?.continuedBy ?? undefined
}

/** Begins to put back what was removed. False if there is nothing to put back, or it is too late. */
export async function restoreRemoval(tx: Tx, id: string, now: Date): Promise<boolean> {
  const removal = await findRemoval(tx, id)
  return removal !== undefined && restorableUntil(removal, now) !== undefined && move(tx, id, ['done', 'cancelled'], 'restoring', null)
}

/** Until when what was removed can be put back; nothing where that is over, or nothing was removed. */
export function restorableUntil({ state, removed, endedAt }: Pick<Removal, 'state' | 'removed' | 'endedAt'>, now: Date): Date | undefined {
  if ((state !== 'done' && state !== 'cancelled') || removed === 0 || endedAt === null) return undefined
  const until = new Date(endedAt.getTime() + restorableDays * 86_400_000)
  return until > now ? until : undefined
}

async function move(tx: Tx, id: string, from: RemovalState[], to: RemovalState, endedAt: Date | null): Promise<boolean> {
  const moved = await tx.updateTable('removals').set({ state: to, ended_at: endedAt }).where('id', '=', id).where('state', 'in', from).returning('id').executeTakeFirst()
  return moved !== undefined
}

export async function findRemoval(db: Db, id: string): Promise<Removal | undefined> {
  return (await removals(db, { id }))[0]
}

/** Removals of an action, newest first. */
export async function removals(db: Db, which: { id?: string, actionId?: string }): Promise<Removal[]> {
  const { rows } = await sql<Removal>`
    select id, action_id as "actionId", staff_id as "staffId", reason, taken_from as "takenFrom", taken_until as "takenUntil", country, language, source, held_reason as "heldReason",
      surge_id as "surgeId", by_domain as "byDomain", state, matched, matched_confirmed as "matchedConfirmed", removed, restored, created_at as "createdAt", ended_at as "endedAt",
      continues, (select next.id from removals next where next.continues = removals.id) as "continuedBy"
    from removals where (${which.id ?? null}::uuid is null or id = ${which.id ?? null}::uuid) and (${which.actionId ?? null}::uuid is null or action_id = ${which.actionId ?? null}::uuid)
    order by created_at desc, id limit 100`.execute(db)
  return rows
}
