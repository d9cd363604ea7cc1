import { statfs } from 'node:fs/promises'
import { sql, type Db } from '#platform/db.ts'
import { readBacklog, secondsSince } from './backlog.ts'
import type { IncidentKind } from './incidents.ts'

/** From when on something is wrong. */
export const bounds = {
  /** Seconds that the oldest entry has waited to be settled. */
  entrySeconds: 60,
  /** Seconds that the oldest mail to a supporter has been due. */
  mailSeconds: 900,
  /** Mails and messages that were refused, or could not be handed in, within a quarter of an hour. */
  refusedMails: 10,
  /** Mails and messages that came back within six hours, and which share of what was sent in a day they are. */
  returnedMails: 10, returnedShare: 0.2,
  /** Share of the disk that must be free, and bytes. */
  freeShare: 0.05, freeBytes: 500_000_000,
  backupDays: 7,
  /** Seconds since the last sign of life of any worker. */
  beatSeconds: 90,
} as const

/** What a worker can see that is wrong. `folder` is on the disk that must not fill up; `live` says whether anybody's data is at stake. */
export async function workerTroubles(db: Db, { folder, live, now }: { folder: string, live: boolean, now: Date }): Promise<Set<IncidentKind>> {
  const backlog = await readBacklog(db)
  const { rows: [row] } = await sql<{ refused: number, backup: Date | null, returned: number }>`
    select (select count(*)::int from (select from mails where state in ('queued', 'failed') and problem is not null and coalesce(ended_at, due_at) > ${new Date(now.getTime() - 900_000)} limit 1000) bad)
        + (select count(*)::int from (select from messages where state in ('queued', 'failed') and problem is not null and coalesce(ended_at, due_at) > ${new Date(now.getTime() - 900_000)} limit 1000) bad) as refused,
      (select count(*)::int from (select from bounces where noticed_at > ${new Date(now.getTime() - 6 * 3_600_000)} and kind in ('hard', 'soft') and not practice limit 100000) back) as returned,
      (select reached_at from milestones where name = 'backup') as backup`.execute(db)
  const wrong = new Set<IncidentKind>()
  if (secondsSince(backlog.oldestEntry, now) > bounds.entrySeconds || secondsSince(backlog.oldestMail, now) > bounds.mailSeconds) wrong.add('lag')
  if (row!.refused >= bounds.refusedMails) wrong.add('mail')
  if (row!.returned >= bounds.returnedMails && row!.returned >= await sentOfADay(db, now) * bounds.returnedShare) wrong.add('returned')
  if (await isNearlyFull(folder)) wrong.add('disk')
  if (live && secondsSince(row!.backup ?? new Date(0), now) > bounds.backupDays * 86_400) wrong.add('backup')
  return wrong
}

/** How many mails have left within a day. Asked only where enough came back to want an answer: it goes through all of them. */
async function sentOfADay(db: Db, now: Date): Promise<number> {
  const since = new Date(now.getTime() - 86_400_000)
  const { rows: [row] } = await sql<{ sent: number }>`
    select (select count(*)::int from (select from mails where state in ('accepted', 'failed') and not practice and ended_at > ${since} limit 500000) sent)
      + (select count(*)::int from (select from messages where state in ('accepted', 'failed') and not practice and ended_at > ${since} limit 500000) sent)
      + (select count(*)::int from (select from mailing_recipients join mailings on mailings.id = mailing_id where mailing_recipients.state in ('accepted', 'failed') and not mailings.practice and mailing_recipients.ended_at > ${since} limit 500000) sent) as sent`.execute(db)
  return row!.sent
}

async function isNearlyFull(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => undefined)
  return disk !== undefined && (disk.bavail / disk.blocks < bounds.freeShare || disk.bavail * disk.bsize < bounds.freeBytes)
}

/** A worker's sign of life. Returns how many there have been, and when the one before was. */
export async function beat(db: Db, now: Date): Promise<{ beats: number, before: Date | undefined }> {
  const { rows: [row] } = await sql<{ beats: number, before: Date | null }>`
    insert into heartbeats (process, beat_at, beats) values ('worker', ${now}, 1) on conflict (process) do update set beat_at = excluded.beat_at, beats = heartbeats.beats + 1
    returning beats, (select beat_at from heartbeats where process = 'worker') as before`.execute(db)
  return { beats: row!.beats, before: row!.before ?? undefined }
}

/** What only somebody else can see: that no worker has given a sign of life. Before the first one nothing is missing. */
export async function workerIsGone(db: Db, now: Date): Promise<boolean> {
  const row = await db.selectFrom('heartbeats').select('beat_at').executeTakeFirst()
  return row !== undefined && secondsSince(row.beat_at, now) > bounds.beatSeconds
}
