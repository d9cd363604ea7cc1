import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import type { BulletinFrequency } from '#modules/people/index.ts'
import { readHabits, type Habits } from '../many/habits.ts'
import { toldByMail } from './news.ts'

/** What is published in the last seconds may not be committed yet: an edition ends before that. */
const settledSeconds = 60
/** Where publishing never rests, the first of it waits no longer than this many times the rest that is waited for. */
const mostRests = 8

export interface EditionTools {
  practice: boolean
  /** The publisher's clock. */
  zone: string
}

/**
 * Makes the editions that are due: at once, when what was published has come to rest, and weekly, at its hour. An edition only says of which place, in which
 * rhythm and from when until when; each moment is told once. Returns how many were made.
 */
export async function planEditions(db: Db, { practice, zone }: EditionTools, now: Date): Promise<number> {
  const habits = await readHabits(db)
  const until = new Date(now.getTime() - settledSeconds * 1000)
  const rest = habits.settleMinutes * 60_000
  const { rows: resting } = await sql<{ subject_id: string }>`
    select bulletins.subject_id from bulletins join lateral ${movedSince(sql`bulletins.subject_id`, sql`bulletins.at_once_until`, sql`${until}::timestamptz`)} moved on true
    where bulletins.paused_at is null and exists (select from public_subjects where public_subjects.id = bulletins.subject_id)
      and (moved.last_at <= ${new Date(now.getTime() - rest)} or moved.first_at <= ${new Date(now.getTime() - rest * mostRests)})`.execute(db)
  const moment = lastWeekly(habits, zone, until)
  const { rows: weekly } = await sql<{ subject_id: string }>`
    select subject_id from bulletins where paused_at is null and weekly_until < ${moment} and exists (select from public_subjects where public_subjects.id = bulletins.subject_id)`.execute(db)
  let made = 0
  for (const { subject_id } of resting) made += await inTransaction(db, (tx) => edition(tx, { subjectId: subject_id, frequency: 'at-once', until, practice, zone }, now))
  for (const { subject_id } of weekly) made += await inTransaction(db, (tx) => edition(tx, { subjectId: subject_id, frequency: 'weekly', until: moment, practice, zone }, now))
  return made
}

/** When, of what is about a place or topic, something that readers see as news first and last became public within a stretch of time; no times where nothing did. */
export function movedSince(subject: RawBuilder<unknown>, from: RawBuilder<unknown>, until: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select min(pointer.from_at) as first_at, max(pointer.from_at) as last_at
    from item_publications pointer join item_subjects its on its.item_id = pointer.item_id and its.subject_id = ${subject}
    where pointer.from_at > ${from} and pointer.from_at <= ${until} and ${toldByMail})`
}

interface Due extends EditionTools {
  subjectId: string
  frequency: BulletinFrequency
  until: Date
}

/** One edition, unless another worker was quicker. Where nobody wants it, or nothing is new, only the time is noted. */
async function edition(tx: Tx, { subjectId, frequency, until, practice, zone }: Due, now: Date): Promise<0 | 1> {
  const told = frequency === 'weekly' ? sql`weekly_until` : sql`at_once_until`
  const { rows: [row] } = await sql<{ from: Date }>`select ${told} as from from bulletins where subject_id = ${subjectId} and paused_at is null and ${told} < ${until} for update`.execute(tx)
  if (!row) return 0
  await sql`update bulletins set ${told} = ${until} where subject_id = ${subjectId}`.execute(tx)
  const { rows } = await sql`
    insert into mailings (id, kind, subject_id, frequency, covers_from, covers_until, state, statements, fallback_language, zone, quiet_from, quiet_until, practice, send_at, created_at, changed_at)
    select ${randomUUID()}, 'bulletin', ${subjectId}, ${frequency}, ${row.from}, ${until}, 'scheduled', asked.ids, publisher.default_language, ${zone}, quiet_from, quiet_until, ${practice}, ${now}, ${now}, ${now}
    from mailing_habits cross join publisher cross join (
      select array_agg(statement.id) as ids from consent_statements statement join controllers on controllers.id = statement.controller_id where controllers.publisher and statement.purpose = 'bulletin' and statement.channel = 'email') asked
    where exists (select from preferences wanted where wanted.topic = ${subjectId}::text and wanted.statement_id = any (asked.ids) and wanted.frequency = ${frequency})
      and (select moved.last_at from ${movedSince(sql`${subjectId}::uuid`, sql`${row.from}::timestamptz`, sql`${until}::timestamptz`)} moved) is not null
    on conflict do nothing returning 1`.execute(tx)
  return rows.length > 0 ? 1 : 0
}

/** The last moment before another at which weekly bulletins leave, by the publisher's clock: an hour that a change of clocks leaves out comes when it would have been. */
export function lastWeekly({ weekly }: Pick<Habits, 'weekly'>, zone: string, before: Date): Date {
  return weeklyFrom(weekly, zone, before, -1)
}

/** The next one after a moment. */
export function nextWeekly({ weekly }: Pick<Habits, 'weekly'>, zone: string, after: Date): Date {
  return weeklyFrom(weekly, zone, after, 1)
}

function weeklyFrom({ day, at }: Habits['weekly'], zone: string, moment: Date, step: 1 | -1): Date {
  const here = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone)
  for (let days = 0; ; days++) {
    const on = here.toPlainDate().add({ days: days * step })
    const found = new Date(on.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(at) }).epochMilliseconds)
    if (on.dayOfWeek === day && (step < 0 ? found <= moment : found > moment)) return found
  }
}

/** Holds what of a bulletin has not left, and makes no more editions until it goes on: then it tells what was not told. */
export async function pauseBulletin(tx: Tx, subjectId: string, paused: boolean, now: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into bulletins (subject_id, at_once_until, weekly_until, paused_at) values (${subjectId}, ${now}, ${now}, ${paused ? now : null})
    on conflict (subject_id) do update set paused_at = excluded.paused_at where (bulletins.paused_at is null) = (excluded.paused_at is not null) returning 1`.execute(tx)
  return rows.length > 0
}
