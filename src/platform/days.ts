/** Whether a text is a day that there is, as YYYY-MM-DD: `Date.parse` takes the 30th of February for the 1st of March. There is no year 0 before the year 1, and the database has none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))]
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return year >= 1 && day >= 1 && day <= (lengths[month - 1] ?? 0) + (leap ? 1 : 0)
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The answer that was given last: every page asks for today, and working it out takes five hundredths of what taking in a form does. */
let latest: { zone: string, minute: number, day: string } | undefined

/** The day on the calendar of a zone at a moment, as YYYY-MM-DD. Throws where there is no such zone. */
export function dayIn(zone: string, moment: Date): string {
  const minute = Math.floor(moment.getTime() / 60_000)
  if (latest?.zone === zone && latest.minute === minute) return latest.day
  const day = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString()
  // No zone changes its day in the middle of a minute since 1972.
  if (moment.getTime() > 63_072_000_000) latest = { zone, minute, day }
  return day
}

/** Which day a question is about: a day on every calendar, or the day that it is at this moment on each office's own. */
export type On = string | Date

/** The days that it can be somewhere at a moment: from the day before to the day after that of UTC. A day is itself. */
export function daysAround(on: On): { first: string, usual: string, last: string } {
  if (typeof on === 'string') return { first: on, usual: on, last: on }
  const day = (shift: number) => new Date(on.getTime() + shift * 86_400_000).toISOString().slice(0, 10)
  return { first: day(-1), usual: day(0), last: day(1) }
}

/** Says the day in any zone, working each zone out once: for lists in which few zones come often. */
export function calendar(on: On): (zone: string) => string {
  if (typeof on === 'string') return () => on
  const days = new Map<string, string>()
  return (zone) => {
    const known = days.get(zone) ?? dayIn(zone, on)
    days.set(zone, known)
    return known
  }
}

/** The moment at which a day begins in a zone: not always midnight, where clocks change then. */
export function startOfDay(day: string, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds)
}

/** The moment at which a day is over in a zone: not always a day of hours after it began, where clocks change in it. */
export function endOfDay(day: string, zone: string): Date {
  return startOfDay(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), zone)
}
