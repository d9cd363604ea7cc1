import { isDay } from '#platform/days.ts'
import { datedLine, writtenDate } from '#modules/digests/index.ts'
import { firstDayOf, publishingWords, sayHappened } from '#modules/publishing/index.ts'
import type { DeskWords } from '../words/index.ts'

/** A date as it is kept. What is none stays as it was typed, and is refused. */
export function asWritten(text: string): string {
  return writtenDate(text) ?? text
}

/** A day, or what is known of one that nobody knows: the day by which it is put in order, and how exactly it is known where that is less than the day. */
export function readDate(day: string, known: string): { day: string, roughly: string } {
  const date = asWritten(known)
  if (day || !date) return { day, roughly: date }
  return isDay(date) ? { day: date, roughly: '' } : { day: firstDayOf(date) ?? '', roughly: date }
}

/** A kept date as people write it, where that is read as the same date again; as it is kept where it is not. */
export function inWords(t: DeskWords, date: string): string {
  const said = sayHappened(publishingWords(t.language), date)
  return writtenDate(said) === date ? said : date
}

/** The same at the beginning of a line. */
export function lineInWords(t: DeskWords, date: string, rest: string): string {
  const said = `${inWords(t, date)}${rest && ` ${rest}`}`
  const read = datedLine(said)
  return read?.date === date && read.rest === rest ? said : `${date} ${rest}`.trim()
}

/** A line with its date first as that is kept. */
export function lineAsWritten(line: string): string {
  const read = datedLine(line)
  return read ? `${read.date} ${read.rest}`.trim() : line
}
