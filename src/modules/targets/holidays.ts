import { randomUUID } from 'node:crypto'
import { isDay } from '#platform/days.ts'
import { sql, type Tx } from '#platform/db.ts'

export interface Holiday {
  day: string
  name: string
}

/** What a pasted list or a calendar file says, and the numbers of the lines that could not be read. */
export interface ReadHolidays {
  holidays: Holiday[]
  unread: number[]
}

const most = 1000

/**
 * Reads days on which an office is closed: one on each line, as YYYY-MM-DD and perhaps a name behind it, or a calendar file as
 * calendar programs write it (iCalendar, RFC 5545: whole-day events, of one or of several days; no repetition).
 */
export function readHolidays(text: string): ReadHolidays {
  return /^\s*BEGIN:VCALENDAR/i.test(text) ? readCalendarFile(text) : readLines(text)
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

function readCalendarFile(text: string): ReadHolidays {
  // RFC 5545 section 3.1: a line that begins with a space belongs to the one before it.
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  const holidays: Holiday[] = []
  const unread: number[] = []
  let event: { from?: string, until?: string, name: string, line: number } | undefined
  lines.forEach((line, place) => {
    const [, property = '', value = ''] = /^([A-Z-]+)[^:]*:(.*)$/i.exec(line) ?? []
    if (line.toUpperCase() === 'BEGIN:VEVENT') event = { name: '', line: place + 1 }
    else if (event && property === 'DTSTART') event.from = dayOf(value)
    else if (event && property === 'DTEND') event.until = dayOf(value)
    else if (event && property === 'SUMMARY') event.name = value.replace(/\\([,;\\])/g, '$1').slice(0, 200)
    else if (event && line.toUpperCase() === 'END:VEVENT') {
      const days = event.from ? daysOf(event.from, event.until) : []
      if (days.length === 0 || holidays.length + days.length > most) unread.push(event.line)
      else holidays.push(...days.map((day) => ({ day, name: event!.name })))
      event = undefined
    }
  })
  return { holidays: distinct(holidays), unread }
}

function dayOf(value: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(value) ?? []
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
