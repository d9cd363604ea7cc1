import { plainDigits } from './digits.ts'

/**
 * Whether a name is one of a time zone, as the tz database has it, also where the runtime lists the zone under the name that it had before.
 * A number of hours is none: it knows no summer.
 */
export function isZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name
  } catch {
    return false
  }
}

/** What a date and a time on a clock mean where clocks are changed: a time that the clock skips is none, one that it shows twice is two. */
export type LocalReading =
  | { reading: 'once', moment: Date }
  | { reading: 'skipped', before: Date, after: Date }
  | { reading: 'twice', first: Date, second: Date }
  | { reading: 'none' }

/** Reads what a date-and-time field says in a zone. `before` and `after` of a skipped time are the last and the first minute that the clock does show. */
export function readLocal(text: string, zone: string): LocalReading {
  let local: Temporal.PlainDateTime
  try {
    local = Temporal.PlainDateTime.from(text)
  } catch {
    return { reading: 'none' }
  }
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const second = local.toZonedDateTime(zone, { disambiguation: 'later' })
  if (first.epochMilliseconds === second.epochMilliseconds) return { reading: 'once', moment: new Date(first.epochMilliseconds) }
  if (Temporal.PlainDateTime.compare(first.toPlainDateTime(), local) === 0) return { reading: 'twice', first: new Date(first.epochMilliseconds), second: new Date(second.epochMilliseconds) }
  const change = first.getTimeZoneTransition('next')!.epochMilliseconds
  return { reading: 'skipped', before: new Date(change - 60_000), after: new Date(change) }
}

/** The moment at which a period begins or ends that is given in local time: where a clock change leaves two, the period is the longer one. Undefined if it is no time. */
export function edgeOfPeriod(text: string, zone: string, edge: 'from' | 'until'): Date | undefined {
  const read = readLocal(text, zone)
  switch (read.reading) {
    case 'once': return read.moment
    case 'skipped': return edge === 'from' ? read.before : read.after
    case 'twice': return edge === 'from' ? read.first : read.second
    case 'none': return undefined
  }
}

/** A moment as a date-and-time field shows it in a zone. */
export function toLocal(moment: Date | null, zone: string): string {
  if (!moment) return ''
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
}

/** Which of the two it is, where a moment is shown by a time that its clock shows twice. */
export function whichOfTwo(moment: Date | null, zone: string): 'first' | 'second' | undefined {
  const read = readLocal(toLocal(moment, zone), zone)
  return read.reading !== 'twice' ? undefined : moment!.getTime() < read.second.getTime() ? 'first' : 'second'
}

/** How far a clock is from UTC at a moment: "+02:00". */
export function offsetAt(moment: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).offset
}

/** A time on a clock as people write it ("9", "9:00", "21.30", in digits of any keyboard) as a clock with two digits each shows it; what is none stays as it was typed. */
export function clockTime(text: string): string {
  const [, hour, minute = '00'] = /^(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?$/i.exec(plainDigits(text.normalize('NFKC')).trim()) ?? []
  return hour === undefined ? text : `${hour.padStart(2, '0')}:${minute}`
}

/** A time of a day as a clock with two digits each shows it, from 00:00 to 23:59. */
export const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/
