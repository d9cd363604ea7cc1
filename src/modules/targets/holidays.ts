import { randomUUID } from 'node:crypto'
import { isDay } from '#platform/days.ts'
import { sql, type Tx } from '#platform/db.ts'

export interface Holiday {
  day: string
  name: string
}

/** What a pasted list or a calendar file says, and the numbers of the lines that could not be read, or where the events begin that could not. */
export interface ReadHolidays {
  holidays: Holiday[]
  unread: number[]
}

const most = 1000
/** What comes again each year is written down for this year and the next ones, so that a list can be looked through. */
const yearsAhead = 5

/**
 * Reads days on which an office is closed: one on each line, as YYYY-MM-DD and perhaps a name behind it, or a calendar file as
 * calendar programs write it (iCalendar, RFC 5545: whole-day events, of one or of several days, once or each year: on the same date, or on
 * a weekday such as the last Monday of May). What comes again each year is read from this year on.
 */
export function readHolidays(text: string, today: string): ReadHolidays {
  return /^\s*BEGIN:VCALENDAR/i.test(text) ? readCalendarFile(text, Number(today.slice(0, 4))) : readLines(text)
}

function readLines(text: string): ReadHolidays {
  const holidays: Holiday[] = []
  const unread: number[] = []
  text.split(/\r?\n/).forEach((line, place) => {
    if (!line.trim()) return
    const [, day = '', name = ''] = /^\s*"?(\d{4}-\d{2}-\d{2})"?[\s,;\t]*(.*?)\s*$/.exec(line) ?? []
    if (isDay(day) && holidays.length < most) holidays.push({ day, name: name.replace(/^"|"$/g, '').slice(0, 200) })
    else unread.push(place + 1)
  })
  return { holidays: distinct(holidays), unread }
}

interface CalendarEvent {
  from?: string
  until?: string
  name: string
  line: number
  rule?: string
  except: string[]
  cancelled?: true
}

function readCalendarFile(text: string, thisYear: number): ReadHolidays {
  // RFC 5545 section 3.1: a line that begins with a space belongs to the one before it.
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  const holidays: Holiday[] = []
  const unread: number[] = []
  let event: CalendarEvent | undefined
  lines.forEach((line, place) => {
    const [, property = '', value = ''] = /^([A-Z-]+)[^:]*:(.*)$/i.exec(line) ?? []
    if (line.toUpperCase() === 'BEGIN:VEVENT') event = { name: '', line: place + 1, except: [] }
    else if (event && property === 'DTSTART') event.from = dayOf(value)
    else if (event && property === 'DTEND') event.until = dayOf(value)
    else if (event && property === 'RRULE') event.rule = value
    else if (event && property === 'EXDATE') event.except.push(...value.split(',').flatMap((each) => dayOf(each) ?? []))
    else if (event && property === 'STATUS' && value.toUpperCase() === 'CANCELLED') event.cancelled = true
    else if (event && property === 'SUMMARY') event.name = value.replace(/\\([,;\\])/g, '$1').slice(0, 200)
    else if (event && line.toUpperCase() === 'END:VEVENT') {
      const days = datesOf(event, thisYear)
      if (!days || holidays.length + days.length > most) unread.push(event.line)
      else if (!event.cancelled) holidays.push(...days.map((day) => ({ day, name: event!.name })))
      event = undefined
    }
  })
  return { holidays: distinct(holidays), unread }
}

/** The days of an event; nothing if it is not of whole days, or comes again in a way that we do not read. */
function datesOf({ from, until, rule, except }: CalendarEvent, thisYear: number): string[] | undefined {
  if (!from) return undefined
  const first = daysOf(from, until)
  const begins = rule === undefined ? [Temporal.PlainDate.from(from)] : eachYear(rule, Temporal.PlainDate.from(from), thisYear)
  return begins?.filter((day) => !except.includes(day.toString())).flatMap((day) => first.map((_, ahead) => day.add({ days: ahead }).toString()))
}

const weekdays = 'MO TU WE TH FR SA SU'.split(' ')

/** On which days of this year and the next ones an event comes again that is repeated each year (RFC 5545 section 3.3.10). */
function eachYear(rule: string, first: Temporal.PlainDate, thisYear: number): Temporal.PlainDate[] | undefined {
  const { FREQ, INTERVAL = '1', COUNT = 'Infinity', UNTIL, BYMONTH, BYMONTHDAY, BYDAY, WKST: _weekStart, ...others } = Object.fromEntries(rule.toUpperCase().split(';').map((part) => part.split('=') as [string, string]))
  const [, nth, weekday = ''] = /^([+-]?[1-5])([A-Z]{2})$/.exec(BYDAY ?? '') ?? []
  const sameDate = BYDAY === undefined && Number(BYMONTHDAY ?? first.day) === first.day
  const onWeekday = weekdays.includes(weekday) && BYMONTH !== undefined && BYMONTHDAY === undefined
  if (FREQ !== 'YEARLY' || Object.keys(others).length > 0 || Number(BYMONTH ?? first.month) !== first.month || !(sameDate || onWeekday) || !(Number(INTERVAL) >= 1)) return undefined
  const until = UNTIL ? dayOf(UNTIL.slice(0, 8)) ?? '' : '9999'
  return Array.from({ length: yearsAhead }, (_, ahead) => Math.max(thisYear, first.year) + ahead)
    .filter((year) => (year - first.year) % Number(INTERVAL) === 0 && (year - first.year) / Number(INTERVAL) < Number(COUNT))
    .flatMap((year) => (onWeekday ? nthWeekday(first.with({ year, day: 1 }), Number(nth), weekdays.indexOf(weekday) + 1) : first.with({ year })))
    // The 29th of February comes in leap years only.
    .filter((day) => (onWeekday || day.day === first.day) && day.toString() <= until)
}

/** The first, second … such weekday of a month, or counted from its end; none where a month has no fifth one. */
function nthWeekday(month: Temporal.PlainDate, nth: number, weekday: number): Temporal.PlainDate | [] {
  const all = Array.from({ length: month.daysInMonth }, (_, ahead) => month.add({ days: ahead })).filter((day) => day.dayOfWeek === weekday)
  return all.at(nth > 0 ? nth - 1 : nth) ?? []
}

/** The day of a whole-day event: what has a time of day is something else than a holiday. */
function dayOf(value: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})(?:T000000Z?)?$/.exec(value.trim()) ?? []
  const text = `${year}-${month}-${day}`
  return isDay(text) ? text : undefined
}

/** RFC 5545 section 3.6.1: an event of whole days ends before its end. */
function daysOf(from: string, until: string | undefined): string[] {
  const first = Temporal.PlainDate.from(from)
  const length = until ? first.until(Temporal.PlainDate.from(until)).days : 1
  return Array.from({ length: Math.min(62, Math.max(1, length)) }, (_, ahead) => first.add({ days: ahead }).toString())
}

function distinct(holidays: Holiday[]): Holiday[] {
  return [...new Map(holidays.map((holiday) => [holiday.day, holiday])).values()].toSorted((one, other) => one.day.localeCompare(other.day))
}

/** Puts a list in the place of the one that a body or an office had. */
export async function setHolidays(tx: Tx, of: { bodyId: string } | { officeId: string }, holidays: Holiday[]): Promise<void> {
  const bodyId = 'bodyId' in of ? of.bodyId : null
  const officeId = 'officeId' in of ? of.officeId : null
  await sql`delete from holidays where body_id is not distinct from ${bodyId} and office_id is not distinct from ${officeId}`.execute(tx)
  await sql`
    insert into holidays (id, body_id, office_id, day, name)
    select id, ${bodyId}, ${officeId}, day, name from unnest(${holidays.map(() => randomUUID())}::uuid[], ${holidays.map((each) => each.day)}::date[], ${holidays.map((each) => each.name)}::text[])
      as holiday (id, day, name)`.execute(tx)
}
