import { randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import { linkHash } from '#modules/actions/index.ts'
import { notWaiting, sendsNow } from '../sending-times.ts'

/** The hour of the publisher's day from which an office's digest leaves, where no rule says otherwise. */
export const usualDigestHour = 8

/**
 * Plans today's mail with many messages for each office that has some waiting from before its hour: one a day for an office. Found
 * by jumping along the index of waiting messages, however many there are; which ones go in is decided when it leaves. Returns how many were planned.
 */
export async function planDigests(db: Db, { practice, zone, linkKey }: { practice: boolean, zone: string, linkKey: string }, now: Date): Promise<number> {
  const waiting = sql`state = 'queued' and in_digest and practice = ${practice}`
  const { rows } = await sql<{ office_id: string, period: string }>`
    with recursive heads (action_id, office_id) as (
      (select sending.id, first.office_id from (select id from actions where ${sendsNow(now)}) sending
        cross join lateral (select office_id from messages where ${waiting} and action_id = sending.id order by office_id limit 1) first)
      union all
      (select heads.action_id, next.office_id from heads
        cross join lateral (select office_id from messages where ${waiting} and action_id = heads.action_id and office_id > heads.office_id order by office_id limit 1) next)),
    oldest as (
      select heads.office_id, min(first.promised_at) as promised_at from heads
        cross join lateral (select promised_at from messages where ${waiting} and action_id = heads.action_id and office_id = heads.office_id order by promised_at limit 1) first
      where ${notWaiting(now)} group by heads.office_id),
    today as (select (${now}::timestamptz at time zone ${zone})::date as day)
    select oldest.office_id, today.day::text as period from oldest cross join today
    left join sending_rules own on own.scope = 'office' and own.subject = oldest.office_id left join sending_rules usual on usual.scope = 'offices'
    cross join lateral (select (today.day + make_interval(hours => coalesce(own.digest_hour, usual.digest_hour, ${usualDigestHour}))) at time zone ${zone} as leaves) hour
    where ${now} >= hour.leaves and oldest.promised_at < hour.leaves
      and not exists (select from digests where digests.office_id = oldest.office_id and digests.practice = ${practice} and period = today.day)`.execute(db)
  if (rows.length === 0) return 0
  const ids = rows.map(() => randomUUID())
  const { rows: planned } = await sql`
    insert into digests (id, office_id, practice, period, state, token_hash, due_at, planned_at)
    select id, office_id, ${practice}, period, 'queued', token_hash, ${now}, ${now} from unnest(
      ${ids}::uuid[], ${rows.map((row) => row.office_id)}::text[], ${rows.map((row) => row.period)}::date[], ${ids.map((id) => linkHash(linkKey, id))}::bytea[]) as planned (id, office_id, period, token_hash)
    on conflict do nothing returning 1`.execute(db)
  return planned.length
}
