import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { Keys } from '#modules/actions/index.ts'
import { ahead, clockDays, clocks, type Clock } from './clocks.ts'
import { forget } from './erase.ts'
import { forgetNobodies } from './nobodies.ts'

const mostAtOnce = 500
// One worker forgets at a time. The number is arbitrary and used for nothing else.
const forgettingLock = 740114

/** One run of a clock: over everything that was due when it began, in batches. What stops it leaves it to go on where it was. */
export interface ForgettingRun {
  clock: Clock
  due: number
  done: number
  startedAt: Date
  endedAt: Date | null
}

/** Begins a run of every clock that has something due and is not running, and returns how much is due in all. Nothing is deleted here: workers do that, by `forgetOn`. */
export async function startForgetting(tx: Tx, now: Date): Promise<number> {
  const days = await clockDays(tx)
  let all = 0
  for (const clock of clocks) {
    const [today] = await ahead(tx, clock, days[clock], now)
    const due = today && today.day <= now.toISOString().slice(0, 10) ? today.people : 0
    if (due === 0) continue
    all += due
    const before = new Date(now.getTime() - days[clock] * 86_400_000)
    await sql`insert into forgetting_runs (id, clock, before, due, started_at) values (${randomUUID()}, ${clock}, ${before}, ${due}, ${now}) on conflict do nothing`.execute(tx)
  }
  return all
}

/** The newest run of each clock. */
export async function forgettingRuns(db: Db): Promise<ForgettingRun[]> {
  const { rows } = await sql<{ clock: Clock, due: number, done: number, started_at: Date, ended_at: Date | null }>`
    select distinct on (clock) clock, due, done, started_at, ended_at from forgetting_runs order by clock, started_at desc`.execute(db)
  return rows.map((row) => ({ clock: row.clock, due: row.due, done: row.done, startedAt: row.started_at, endedAt: row.ended_at }))
}

/**
 * Goes on with a run by one batch, in one transaction: whoever asks the worker to end waits for this batch, and the next worker takes the next.
 * Returns how many it looked at; 0 when nothing runs.
 */
export async function forgetOn(db: Db, keys: Keys, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { rows: [lock] } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${forgettingLock}) as taken`.execute(tx)
    if (!lock!.taken) return 0
    const { rows: [run] } = await sql<{ id: string, clock: Clock, before: Date, after_person: string }>`select id, clock, before, after_person from forgetting_runs where ended_at is null order by started_at, clock limit 1`.execute(tx)
    if (!run) return 0
    const { looked, gone, last } = await batches[run.clock](tx, keys, run, now)
    await sql`
      update forgetting_runs set done = done + ${gone}, after_person = coalesce(${last ?? null}::uuid, after_person), ended_at = case when ${looked < mostAtOnce} then ${now}::timestamptz end where id = ${run.id}`.execute(tx)
    return Math.max(1, looked)
  })
}

/** Runs everything that is due to its end. */
export async function forgetDue(db: Db, keys: Keys, now: Date): Promise<void> {
  await inTransaction(db, (tx) => startForgetting(tx, now))
  while (await forgetOn(db, keys, now)) { /* until no run is left */ }
}

interface Batch {
  looked: number
  gone: number
  /** The last person that was looked at. */
  last?: string
}

type Reach = { before: Date, after_person: string }

const batches: Record<Clock, (tx: Tx, keys: Keys, reach: Reach, now: Date) => Promise<Batch>> = {
  unconfirmed: forgetUnconfirmed,
  'message-text': forgetTexts,
  inactive: forgetInactive,
  'contact-messages': forgetContactMessages,
}

/** What nobody confirmed, also of bulletins, and people of whom nothing else is left. */
async function forgetUnconfirmed(tx: Tx, _keys: Keys, { before }: Reach): Promise<Batch> {
  const { rows } = await sql<{ person_id: string, id: string }>`
    delete from participations where (person_id, id) in (
      select person_id, id from participations
      where (state in ('waiting', 'held', 'refused') or removed_from in ('waiting', 'held')) and taken_at < ${before} and not counted and not is_held(person_id) limit ${mostAtOnce})
    returning person_id, id`.execute(tx)
  const { rows: asked } = await sql<{ person_id: string, id: string }>`
    delete from bulletin_requests where (person_id, id) in (
      select person_id, id from bulletin_requests where state in ('waiting', 'refused') and asked_at < ${before} and not is_held(person_id) limit ${mostAtOnce})
    returning person_id, id`.execute(tx)
  rows.push(...asked)
  const ids = rows.map((row) => row.id)
  for (const table of ['links', 'message_texts', 'mails'] as const) await sql`delete from ${sql.table(table)} where participation_id = any (${ids}::uuid[])`.execute(tx)
  await forgetNobodies(tx, sql`(select id from people where confirmed_at is null and id = any (${rows.map((row) => row.person_id)}::uuid[]))`)
  // Both kinds together, so that it goes on as long as there may be more of one.
  return { looked: Math.max(rows.length - asked.length, asked.length), gone: rows.length }
}

/** What messages said, a while after the last of them has left. */
async function forgetTexts(tx: Tx, _keys: Keys, { before }: Reach): Promise<Batch> {
  const { rows } = await sql`
    delete from message_texts where (person_id, participation_id) in (
      select text.person_id, text.participation_id from message_texts text join participations p on p.person_id = text.person_id and p.id = text.participation_id
      where text.contact is null and p.confirmed_at < ${before} and not is_held(p.person_id)
        and not exists (select from messages m where m.person_id = p.person_id and m.participation_id = p.id and m.ended_at >= ${before}) limit ${mostAtOnce})
    returning 1`.execute(tx)
  return { looked: rows.length, gone: rows.length }
}

/** Whoever has taken part in nothing since. Nobody asked for it, so their addresses are not suppressed. */
async function forgetInactive(tx: Tx, keys: Keys, { before, after_person: after }: Reach, now: Date): Promise<Batch> {
  const { rows } = await sql<{ id: string }>`
    select id from people where id > ${after} and created_at < ${before}
      and not exists (select from participations where participations.person_id = people.id and taken_at >= ${before})
      and not exists (select from bulletin_requests request where request.person_id = people.id and greatest(request.asked_at, request.confirmed_at) >= ${before})
      and not exists (select from contact_messages message where message.person_id = people.id and message.received_at >= ${before}) order by id limit ${mostAtOnce}`.execute(tx)
  const gone = await forget(tx, keys, rows.map((row) => row.id), now)
  return { looked: rows.length, gone: gone.length, last: rows.at(-1)?.id }
}

/** What readers wrote by the form of a place, answered or not. */
async function forgetContactMessages(tx: Tx, _keys: Keys, { before }: Reach): Promise<Batch> {
  const { rows } = await sql`
    delete from contact_messages where id in (select id from contact_messages where received_at < ${before} and (person_id is null or not is_held(person_id)) limit ${mostAtOnce}) returning 1`.execute(tx)
  return { looked: rows.length, gone: rows.length }
}
