import { z } from 'zod'
import { sql, type Db } from '#platform/db.ts'
import { timeOfDay } from '#platform/local-time.ts'
import { zoneOf } from './body-states.ts'

const time = z.string().regex(timeOfDay)

/** On which days of the week (1 is Monday, ISO 8601) an office is open, and from when until when on the clock on its wall. */
export const openHours = z.object({
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: time,
  /** No later than midnight, 24:00. */
  until: time.or(z.literal('24:00')),
}).refine(({ from, until }) => from < until)
export type OpenHours = z.infer<typeof openHours>

/** When an office can be reached: its clock, its hours, the days on which it is closed. Without hours it is always open, but on holidays. */
export interface OfficeHours {
  zone: string
  hours: OpenHours | undefined
  /** Days as YYYY-MM-DD. */
  holidays: ReadonlySet<string>
}

const always: OpenHours = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }
/** Nobody is closed for longer than that: somebody typed the wrong year. */
const daysAhead = 400

/**
 * The first moment from `now` on at which the clock on the office's wall shows opening hours of a day that is no holiday; `now`
 * itself if it does. Where a clock change skips the opening, that is the moment of the change; where it repeats an hour, the
 * clock decides each time. Undefined if there is none within 400 days.
 */
export function nextOpening({ zone, hours = always, holidays }: OfficeHours, now: Date): Date | undefined {
  const start = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone)
  const openAt = (at: Temporal.ZonedDateTime) => {
    const clock = at.toPlainTime().toString({ smallestUnit: 'minute', roundingMode: 'floor' })
    return opensOn(at.toPlainDate()) && clock >= hours.from && clock < hours.until
  }
  const opensOn = (day: Temporal.PlainDate) => hours.weekdays.includes(day.dayOfWeek) && !holidays.has(day.toString())
  if (openAt(start)) return now
  for (let ahead = 0; ahead < daysAhead; ahead++) {
    const day = start.toPlainDate().add({ days: ahead })
    if (!opensOn(day)) continue
    const openings = candidates(day, hours.from, zone).filter((at) => at.epochMilliseconds >= now.getTime() && openAt(at)).map((at) => at.epochMilliseconds)
    if (openings.length) return new Date(Math.min(...openings))
  }
  return undefined
}

/** Moments of a day at which its opening hours can begin: when the clock shows that time, first or for the second time, and when somebody moves the clock. */
function candidates(day: Temporal.PlainDate, from: string, zone: string): Temporal.ZonedDateTime[] {
  const opening = day.toPlainDateTime(from)
  const begin = day.toZonedDateTime(zone)
  const end = day.add({ days: 1 }).toZonedDateTime(zone)
  const changes: Temporal.ZonedDateTime[] = [begin]
  for (let change = begin.getTimeZoneTransition('next'); change && Temporal.ZonedDateTime.compare(change, end) < 0; change = change.getTimeZoneTransition('next')) changes.push(change)
  return [opening.toZonedDateTime(zone, { disambiguation: 'earlier' }), opening.toZonedDateTime(zone, { disambiguation: 'later' }), ...changes]
}

/** The hours of offices by their ids: their own, and where they have none those of their body. Holidays of both hold. */
export async function hoursOfOffices(db: Db, ids: string[]): Promise<Map<string, OfficeHours>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string, zone: string, hours: unknown, holidays: string[] }>`
    select offices.id, coalesce(offices.zone, ${zoneOf('bodies')}) as zone, coalesce(offices.open_hours, bodies.open_hours) as hours,
      array(select day::text from holidays where holidays.office_id = offices.id or holidays.body_id = bodies.id) as holidays
    from offices join bodies on bodies.id = offices.body_id where offices.id = any (${ids}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.id, { zone: row.zone, hours: row.hours === null ? undefined : openHours.parse(row.hours), holidays: new Set(row.holidays) }]))
}
