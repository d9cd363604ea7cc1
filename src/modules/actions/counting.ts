import { randomUUID } from 'node:crypto'
import { findsAny, inTransaction, sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'

const mostAtOnce = 20_000
// One count at a time, whatever the number of workers. The number is arbitrary and used for nothing else.
const countLock = 740113

/**
 * Whether a participation belongs to the public count. Used by the tick and by the recount alike. The planner cannot know how few
 * differ from it; asked for in the order of the index that has just those, it does not read the whole table.
 */
const counts = sql`(state = 'confirmed' and rehearsal_id is null)`

/** Those whose mark says something else than whether they count. */
const misMarked = (atMost: number) => sql<{ person_id: string, id: string }>`select person_id, id from participations where counted is distinct from ${counts} order by action_id limit ${atMost}`

/** The numbers that are kept of a counted participation: one row for each. */
const dimensions = sql`
  cross join lateral (values ('all', ''), ('country', country), ('area', area_id), ('day', to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD')),
    ('source', source), ('language', language)) as cut (dimension, value)`

/** Notes for the next tick those of a statement's rows that it marked as counted: part of that statement, which calls them `rows`. */
export function arriving(rows: 'inserted' | 'confirmed'): RawBuilder<unknown> {
  return sql`arriving as (
      insert into count_arrivals (action_id, country, area_id, source, language, confirmed_at)
      select action_id, country, area_id, source, language, confirmed_at from ${sql.ref(rows)} where counted)`
}

/**
 * Counts what has changed since the last tick: who has just been confirmed waits in `count_arrivals`, marked as counted already; every other change
 * shows in the participation itself, and is marked here. Additions and removals are written in an order that tells nothing, and the totals moved,
 * all in one transaction. This is the only writer of numbers. Returns how many changes there were; none while another worker counts, unless `wait` is asked for.
 */
export async function countTick(db: Db, now: Date, { wait = false } = {}): Promise<number> {
  if (!wait && !await findsAny(db, sql`(select 1 from count_arrivals limit 1) union all (select 1 from (${misMarked(1)}) those)`)) return 0
  return inTransaction(db, async (tx) => {
    if (!await takeLock(tx, wait)) return 0
    // Found first, then changed by their keys if it is still so: in one statement the planner, who cannot know how few there are, reads the whole table.
    const { rows: due } = await misMarked(mostAtOnce).execute(tx)
    if (due.length === 0 && !await findsAny(tx, sql`select from count_arrivals`)) return 0
    const { rows } = await sql<{ changes: number }>`
      with changed as (
        update participations p set counted = not counted
        from unnest(${due.map((row) => row.person_id)}::uuid[], ${due.map((row) => row.id)}::uuid[]) as found (person_id, id)
        where p.person_id = found.person_id and p.id = found.id and p.counted <> (p.state = 'confirmed' and p.rehearsal_id is null)
        returning p.action_id, p.country, p.area_id, p.source, p.language, p.confirmed_at, case when p.counted then 1 else -1 end as change,
          -- Put back by a removal's undoing, or taken out by it: the count's history says so.
          case when p.counted or p.state = 'removed' then p.removal_id end as removal_id),
      arrived as (
        -- By their places: nobody else takes rows from here, and there are no statistics of a table that is empty most of the time.
        delete from count_arrivals where ctid = any (array(select ctid from count_arrivals limit ${mostAtOnce}))
        returning action_id, country, area_id, source, language, confirmed_at),
      due as (select * from changed union all select *, 1, null::uuid from arrived),
      tick as (insert into count_ticks (ticked_at) values (${now}) returning id),
      entries as (
        insert into count_entries (tick_id, position, action_id, change, removal_id)
        select tick.id, row_number() over (order by random()), due.action_id, due.change, due.removal_id from due, tick),
      moved as (
        insert into tallies (action_id, dimension, value, total)
        select action_id, cut.dimension, cut.value, sum(change) from due ${dimensions}
        where cut.value is not null group by 1, 2, 3
        on conflict (action_id, dimension, value) do update set total = tallies.total + excluded.total)
      select count(*)::int as changes from due`.execute(tx)
    return rows[0]!.changes
  })
}

/**
 * How many participations of some actions there are in each state. Of those who count, who may be millions, the totals are asked, with what waits for
 * the next tick: to the unit what counting the rows would give. The others are few, and have indexes of their own.
 */
export async function countStates(db: Db, among: RawBuilder<unknown>): Promise<{ state: string, count: number }[]> {
  const { rows } = await sql<{ state: string, count: number }>`
    with its as materialized (${among})
    select state, count(*)::int as count from participations where state not in ('waiting', 'confirmed') and action_id in (select id from its) group by 1
    union all select 'waiting', count(*)::int from participations where state = 'waiting' and action_id in (select id from its)
    union all select 'confirmed', (
      (select coalesce(sum(total), 0) from tallies where dimension = 'all' and action_id in (select id from its)) + (select count(*) from count_arrivals where action_id in (select id from its))
      + (select coalesce(sum(case when counted then -1 else 1 end), 0) from (select action_id, counted from participations where counted is distinct from ${counts} order by action_id) differing where action_id in (select id from its))
      + (select count(*) from participations where rehearsal_id is not null and state = 'confirmed' and action_id in (select id from its)))::int`.execute(db)
  return rows.filter(({ count }) => count > 0)
}

async function takeLock(tx: Tx, wait: boolean): Promise<boolean> {
  if (wait) {
    await sql`select pg_advisory_xact_lock(${countLock})`.execute(tx)
    return true
  }
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${countLock}) as taken`.execute(tx)
  return rows[0]!.taken
}

export interface Drift {
  actionId: string
  dimension: string
  value: string
  was: number
  isNow: number
}

/**
 * Counts everything again from the participations themselves. The totals must agree to the unit; where they do not, they are
 * put right, the difference is recorded, and the caller is told, because it means that something is broken.
 */
export async function recount(db: Db, now: Date): Promise<Drift[]> {
  return inTransaction(db, async (tx) => {
    await takeLock(tx, true)
    const rows = await drifts(tx)
    for (const drift of rows) {
      await sql`
        insert into tallies (action_id, dimension, value, total) values (${drift.actionId}, ${drift.dimension}, ${drift.value}, ${drift.isNow})
        on conflict (action_id, dimension, value) do update set total = excluded.total`.execute(tx)
      if (drift.dimension === 'all') await sql`insert into recounts (id, counted_at, action_id, was, is_now) values (${randomUUID()}, ${now}, ${drift.actionId}, ${drift.was}, ${drift.isNow})`.execute(tx)
    }
    return rows
  })
}

/** Where the totals differ from the participations, but for those whose arrival waits for the next tick; one look at one moment, which changes nothing. */
export async function drifts(db: Db): Promise<Drift[]> {
  const { rows } = await sql<Drift>`
    with every_total as (
      select action_id, cut.dimension, cut.value, count(*) as should, 0 as has from participations ${dimensions} where counted and cut.value is not null group by 1, 2, 3
      union all select action_id, cut.dimension, cut.value, -count(*), 0 from count_arrivals ${dimensions} where cut.value is not null group by 1, 2, 3
      union all select action_id, dimension, value, 0, total from tallies)
    select action_id as "actionId", dimension, value, sum(has)::bigint as was, sum(should)::bigint as "isNow" from every_total group by 1, 2, 3 having sum(has) <> sum(should)`.execute(db)
  return rows
}
