import { isDay } from '#platform/days.ts'

/**
 * When something happened, as far as anybody knows: a part of EDTF (ISO 8601-2:2019). `2014`, `2014-06`, `2014-06-03`, a season or part of a year
 * (`2014-21` spring … `2014-24` winter, `2014-33` … `2014-36` quarters, `2014-38` the middle third, `2014-40` and `2014-41` halves), each with `~` for about or `?` for
 * uncertain behind it, and two of them with `/` between.
 */
export interface Happened {
  year: number
  month?: number
  day?: number
  /** 21 to 24, 33 to 36, 38, 40 or 41. */
  part?: number
  about: boolean
  uncertain: boolean
}

const parts = new Set([21, 22, 23, 24, 33, 34, 35, 36, 38, 40, 41])

/** Whether a text is such a date. */
export function isHappened(text: string): boolean {
  return readHappened(text) !== undefined
}

/** One date, or the two ends of a stretch of time; nothing where it is none. */
export function readHappened(text: string): [Happened] | [Happened, Happened] | undefined {
  const read = text.split('/').map(readOne)
  if (read.length > 2 || read.some((each) => each === undefined)) return undefined
  return read as [Happened]
}

function readOne(text: string): Happened | undefined {
  const found = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%])?$/.exec(text)
  if (!found) return undefined
  const [, year, second, day, mark] = found
  const read = { year: Number(year), about: mark === '~' || mark === '%', uncertain: mark === '?' || mark === '%' }
  if (second === undefined) return read
  const number = Number(second)
  if (day !== undefined) return isDay(`${year}-${second}-${day}`) ? { ...read, month: number, day: Number(day) } : undefined
  if (number >= 1 && number <= 12) return { ...read, month: number }
  return parts.has(number) ? { ...read, part: number } : undefined
}

/** The first month of each part of a year. */
const begins: Record<number, number> = { 21: 3, 22: 6, 23: 9, 24: 12, 33: 1, 34: 4, 35: 7, 36: 10, 38: 5, 40: 1, 41: 7 }

/** The first day that such a date can mean, by which it stands among exact ones: 2014-10-01 for late 2014. Nothing of what is none. */
export function firstDayOf(text: string): string | undefined {
  const [from] = readHappened(text) ?? []
  const two = (number: number) => String(number).padStart(2, '0')
  return from && `${String(from.year).padStart(4, '0')}-${two(from.part === undefined ? from.month ?? 1 : begins[from.part]!)}-${two(from.day ?? 1)}`
}

/** Whether a stretch of time is certain to end before it begins, as 2015/2014: no date that somebody means. One that was kept before this was asked is shown as it was said. */
export function endsBeforeItBegins(text: string): boolean {
  const [from, to] = readHappened(text) ?? []
  return from !== undefined && to !== undefined && lastOf(to) < earliestOf(from)
}

/** Seasons lie elsewhere in the year on the other half of the world, and winter in two years: they can be anywhere in theirs. */
const isSeason = (part: number) => part <= 24

function earliestOf({ year, month = 1, day = 1, part }: Happened): number {
  return numbered(year, part === undefined ? month : isSeason(part) ? 1 : begins[part]!, day)
}

function lastOf({ year, month = 12, day = 31, part }: Happened): number {
  if (part === undefined) return numbered(year, month, day)
  return isSeason(part) ? numbered(year + 1, 2, day) : numbered(year, begins[part]! + (part >= 40 ? 5 : part === 38 ? 3 : 2), day)
}

function numbered(year: number, month: number, day: number): number {
  return year * 10_000 + month * 100 + day
}

/** A number by which such dates are put in order: by when each begins, and one that is less exact before those that lie in it. */
export function happenedOrder(text: string): number {
  const [from] = readHappened(text) ?? []
  return from ? from.year * 10_000 + (from.part === undefined ? from.month ?? 0 : begins[from.part]!) * 100 + (from.day ?? 0) : 0
}
