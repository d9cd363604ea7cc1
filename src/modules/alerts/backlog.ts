import { sql, type Db } from '#platform/db.ts'
import { notSwitchedOff } from '#modules/mails/index.ts'

/** What waits, and since when the oldest of it has been due. Counts end at a hundred thousand where counting more would itself be a burden. */
export interface Backlog {
  /** Entries that were taken in and not settled. */
  entries: number
  oldestEntry: Date | undefined
  /** Participations whose change the public count does not have yet. */
  uncounted: number
  mails: number
  /** Of those that no switch holds. */
  oldestMail: Date | undefined
  messages: number
  oldestMessage: Date | undefined
  /** Jobs that failed for good. */
  deadJobs: number
  /** Entries that could not be settled. */
  setAside: number
}

interface Row {
  entries: number
  oldest_entry: Date | null
  uncounted: number
  mails: number
  oldest_mail: Date | null
  messages: number
  oldest_message: Date | null
  dead: number
  set_aside: number
}

export async function readBacklog(db: Db): Promise<Backlog> {
  const { rows: [row] } = await sql<Row>`
    select (select coalesce(sum(entries), 0)::int from intake_batches where settled_at is null) as entries, (select min(received_at) from intake_batches where settled_at is null) as oldest_entry,
      (select count(*)::int from (select from participations where counted is distinct from (state = 'confirmed' and rehearsal_id is null) order by action_id limit 100000) changed) + (select count(*)::int from count_arrivals) as uncounted,
      (select count(*)::int from (select from mails where state = 'queued' limit 100000) queued) as mails, (select min(due_at) from mails where state = 'queued' and ${notSwitchedOff}) as oldest_mail,
      -- Those by themselves and those of a digest have an index each, and together none.
      (select count(*)::int from (select from messages where state = 'queued' and not in_digest limit 100000) queued) + (select count(*)::int from (select from messages where state = 'queued' and in_digest limit 100000) queued) as messages,
      least((select min(due_at) from messages where state = 'queued' and not in_digest), (select min(due_at) from messages where state = 'queued' and in_digest)) as oldest_message,
      (select count(*)::int from pgboss.job where name = 'dead') as dead, (select count(*)::int from intake_refused) as set_aside`.execute(db)
  return {
    entries: row!.entries, oldestEntry: row!.oldest_entry ?? undefined, uncounted: row!.uncounted, mails: row!.mails, oldestMail: row!.oldest_mail ?? undefined,
    messages: row!.messages, oldestMessage: row!.oldest_message ?? undefined, deadJobs: row!.dead, setAside: row!.set_aside,
  }
}

/** Seconds since a moment that has passed; 0 for one that is still to come, or for none. */
export function secondsSince(moment: Date | undefined, now: Date): number {
  return moment ? Math.max(0, (now.getTime() - moment.getTime()) / 1000) : 0
}

/** The backlog as numbers for whoever watches the machine. */
export async function backlogNumbers(db: Db, now: Date): Promise<Record<string, number>> {
  const it = await readBacklog(db)
  const { rows: [more] } = await sql<{ incidents: number, switches: number }>`select (select count(*)::int from incidents where ended_at is null) as incidents, (select count(*)::int from switches) as switches`.execute(db)
  return {
    clarion_waiting_entries: it.entries, clarion_oldest_entry_seconds: secondsSince(it.oldestEntry, now), clarion_uncounted: it.uncounted,
    clarion_queued_mails: it.mails, clarion_oldest_mail_seconds: secondsSince(it.oldestMail, now), clarion_queued_messages: it.messages, clarion_oldest_message_seconds: secondsSince(it.oldestMessage, now),
    clarion_dead_jobs: it.deadJobs, clarion_set_aside: it.setAside, clarion_incidents: more!.incidents, clarion_switched_off: more!.switches,
  }
}
