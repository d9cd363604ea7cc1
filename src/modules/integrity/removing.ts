import { findsAny, inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { askAgain, domainIndex, type Keys, type KindHooks, type ParticipationRef } from '#modules/actions/index.ts'
import { domainPlace, type RemovalState } from './removals.ts'

export interface RemovingTools {
  db: Db
  keys: Keys
  hooks: KindHooks
}

interface AtWork {
  id: string
  action_id: string
  state: RemovalState
  domain: Buffer | null
}

// Each step passes over those that earlier ones have moved: fewer and larger steps pass over less.
const mostAtOnce = 2000

/**
 * One step of the oldest removal that has something to do: its preview counted, or some thousand participations taken out or
 * put back, in one transaction with the note of how far it is. Whoever is interrupted goes on where the last one ended; a removal
 * that is cancelled stops before its next step. Returns how many participations were moved, or one for another step.
 */
export async function workOnRemovals({ db, keys, hooks }: RemovingTools, now: Date): Promise<number> {
  const next = sql`select id, action_id, state, domain from removals where state in ('counting', 'running', 'restoring') order by created_at, id limit 1`
  if (!await findsAny(db, next)) return 0
  return inTransaction(db, async (tx) => {
    const { rows: [removal] } = await sql<AtWork>`${next} for update`.execute(tx)
    // Another worker had it first, and it has come further since.
    if (!removal || !['counting', 'running', 'restoring'].includes(removal.state)) return 0
    switch (removal.state) {
      case 'counting': return preview(tx, keys, removal)
      case 'running': return remove(tx, hooks, removal, now)
      default: return putBack(tx, keys, hooks, removal, now)
    }
  })
}

/** Those that fit a removal and that it has not dealt with. */
const fitting = sql`
  participations p join removals r on r.id = wanted.id and p.action_id = r.action_id and p.taken_at >= r.taken_from and p.taken_at < r.taken_until
  and p.rehearsal_id is null and p.state in ('waiting', 'held', 'confirmed')
  and (r.country is null or p.country = r.country) and (r.language is null or p.language = r.language) and (r.source is null or p.source = r.source)
  and (r.held_reason is null or p.held_reason = r.held_reason)
  and (not r.by_domain or r.domain_index is not null)
  and (r.domain_index is null or p.domain_index = r.domain_index) and (r.pattern_index is null or p.pattern_index = r.pattern_index)`

async function preview(tx: Tx, keys: Keys, { id, domain }: AtWork): Promise<number> {
  const index = domain && domainIndex(keys.indexKeys, await keys.opener.open<string>(domainPlace(id), domain))
  await sql`
    update removals set domain = null,
      domain_index = coalesce(${index}, (select alike from surges where surges.id = removals.surge_id and kind = 'domain'), (select earlier.domain_index from removals earlier where earlier.id = removals.continues)),
      pattern_index = coalesce((select alike from surges where surges.id = removals.surge_id and kind = 'pattern'), (select earlier.pattern_index from removals earlier where earlier.id = removals.continues))
    where id = ${id}`.execute(tx)
  await sql`
    update removals set state = 'counted', matched = found.every_one, matched_confirmed = found.confirmed
    from (select count(*)::int as every_one, count(*) filter (where p.state = 'confirmed')::int as confirmed from (values (${id}::uuid)) as wanted (id) cross join lateral (select p.state from ${fitting}) p) found
    where removals.id = ${id}`.execute(tx)
  return 1
}

async function remove(tx: Tx, hooks: KindHooks, { id }: AtWork, now: Date): Promise<number> {
  const { rows } = await sql<{ person_id: string, id: string }>`
    select chosen.person_id, chosen.id from (values (${id}::uuid)) as wanted (id)
    cross join lateral (select p.person_id, p.id from ${fitting} order by p.taken_at desc limit ${mostAtOnce} for update of p) chosen`.execute(tx)
  if (rows.length > 0) {
    const [people, ids] = [rows.map((row) => row.person_id), rows.map((row) => row.id)]
    await sql`
      update participations p set removed_from = state, state = 'removed', removal_id = ${id}, ended_at = ${now}
      from unnest(${people}::uuid[], ${ids}::uuid[]) as chosen (person_id, id) where p.person_id = chosen.person_id and p.id = chosen.id`.execute(tx)
    await sql`update public_names set state = 'hidden' where person_id = any (${people}::uuid[]) and participation_id = any (${ids}::uuid[])`.execute(tx)
    await hooks.ended(tx, rows.map((row) => ({ personId: row.person_id, id: row.id })), now)
  }
  const over = rows.length < mostAtOnce
  await sql`update removals set removed = removed + ${rows.length}, state = ${over ? 'done' : 'running'}, ended_at = ${over ? now : null} where id = ${id}`.execute(tx)
  return Math.max(1, rows.length)
}

interface PutBack {
  person_id: string
  id: string
  state: string
  language: string
  area_id: string | null
  country: string | null
}

/** Each goes back to what it was. Whoever has taken the action again in the meantime repeats it now, and is not counted twice. */
async function putBack(tx: Tx, keys: Keys, hooks: KindHooks, { id, action_id }: AtWork, now: Date): Promise<number> {
  const { rows } = await sql<PutBack>`
    update participations p set ended_at = null, removed_from = null, removal_id = case when removed_from = 'confirmed' then removal_id end,
      state = case when removed_from = 'confirmed' and exists (
        select from participations other where other.person_id = p.person_id and other.action_id = p.action_id and other.place = p.place and other.state = 'confirmed' and other.rehearsal_id is null)
        then 'repeated' else removed_from end
    where (person_id, id) in (select person_id, id from participations where removal_id = ${id} and state = 'removed' limit ${mostAtOnce})
    returning person_id, id, state, language, area_id, country`.execute(tx)
  const of = (state: string) => rows.filter((row) => row.state === state)
  const refs = (some: PutBack[]): ParticipationRef[] => some.map((row) => ({ personId: row.person_id, id: row.id }))
  await sql`
    update public_names set state = 'waiting' where state = 'hidden' and person_id = any (${of('confirmed').map((row) => row.person_id)}::uuid[]) and participation_id = any (${of('confirmed').map((row) => row.id)}::uuid[])`.execute(tx)
  await hooks.confirmed(tx, of('confirmed').map((row) => ({ personId: row.person_id, id: row.id, actionId: action_id, language: row.language, areaId: row.area_id, country: row.country, rehearsal: false })), now)
  await askAgain(tx, keys, refs(of('waiting')), now)
  const over = rows.length < mostAtOnce
  await sql`update removals set restored = restored + ${rows.length}, state = ${over ? 'restored' : 'restoring'}, ended_at = ${over ? now : null} where id = ${id}`.execute(tx)
  return Math.max(1, rows.length)
}
