import { isDay } from '#platform/days.ts'
import { datedLine, writtenDate } from '#modules/digests/index.ts'
import { endsBeforeItBegins, firstDayOf, publishingWords, sayHappened } from '#modules/publishing/index.ts'
import type { DeskWords } from '../words/index.ts'

/** A date as it is kept. What is none stays as it was typed, and is refused; so is a stretch of time that ends before it begins, which comes back as no date. */
export function asWritten(text: string): string {
  return noneIfBackward(writtenDate(text) ?? text)
}

/** What to say of a date that was refused, by what was typed. */
export function dateFault(t: DeskWords, typed: string): string {
  return t(typed.split('\n').some((line) => endsBeforeItBegins(writtenDate(line) ?? datedLine(line.trim())?.date ?? '')) ? 'fault.ends-before' : 'fault.happened')
}

// What is kept may be such a stretch from before and has to be readable: so it is no date here, where it is typed, and a date where it is read.
function noneIfBackward(date: string): string {
  return endsBeforeItBegins(date) ? `${date}/` : date
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

/** The same at the beginning of a line. What follows it and could be taken for its end is parted from it by a colon. */
export function lineInWords(t: DeskWords, date: string, rest: string): string {
  const as = (said: string) => `${said}${rest && ` ${rest}`}`
  const readBack = (line: string) => {
    const read = datedLine(line)
    return read?.date === date && read.rest === rest
  }
  return [as(inWords(t, date)), as(date)].find(readBack) ?? as(`${date}:`)
}

/** A line with its date first as that is kept. */
export function lineAsWritten(line: string): string {
  const read = datedLine(line)
  return read ? `${noneIfBackward(read.date)} ${read.rest}`.trim() : line
}
