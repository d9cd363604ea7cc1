import { isDay } from '#platform/days.ts'
import { plainDigits } from '#platform/digits.ts'
import { isHappened } from '#modules/publishing/index.ts'
import { datesIn } from './dates.ts'
import { fromWords, untilIn } from './stretches.ts'

/** Dates whose year is not written whole are asked for, so it does not matter what day it is. */
const anyDay = '2100-01-01'
/** Where the first end of a stretch is over at the latest. */
const longestEnd = 80

/** A date as people write it, in EDTF: "3 June 2014", "late 2014", "about 1998", "the 2010s", "June 2014 – January 2015". Nothing where it is none, or could be read in two ways: it is never guessed. A stretch may end before it begins. */
export function writtenDate(text: string): string | undefined {
  const given = text.trim()
  if (isHappened(given)) return given
  const stretch = stretchAt(given)
  if (stretch) return stretch.rest === '' ? stretch.date : undefined
  return beginning(given, (rest) => rest === '')?.date
}

/** A line that begins with a date, parted from what follows it. */
export function datedLine(line: string): { date: string, rest: string } | undefined {
  const found = stretchAt(line) ?? single(line)
  return found && { date: found.date, rest: found.rest }
}

function single(line: string): { date: string, rest: string, end: number } | undefined {
  const [first = ''] = line.split(/[:.,;]*(?:\s|$)/)
  if (isHappened(first)) return { date: first, rest: line.slice(first.length).replace(/^[:.,;]*/, '').trim(), end: first.length }
  return beginning(line, (rest) => /^(?:$|[\s:.,;–—-])/.test(rest))
}

/** Two dates with "to" or a dash between them. What the first lacks is as with the second: "3 June – 5 July 2014". */
function stretchAt(text: string): { date: string, rest: string } | undefined {
  const line = text.replace(fromWords, '')
  const least = single(line)?.end ?? 0
  for (const { 0: sign, index } of line.slice(0, longestEnd).matchAll(untilIn)) {
    const to = index >= least && single(line.slice(index + sign.length))
    if (!to || to.date.includes('/')) continue
    const from = firstEnd(line.slice(0, index).trim(), to.date)
    if (from && !from.includes('/')) return { date: `${from}/${to.date}`, rest: to.rest }
  }
  return undefined
}

function firstEnd(text: string, to: string): string | undefined {
  const plain = plainDigits(text)
  if (/^\d{1,2}$/.test(plain)) return isDay(to) ? `${to.slice(0, 8)}${plain.padStart(2, '0')}` : undefined
  const whole = (each: string) => (isHappened(each) ? each : beginning(each, (rest) => rest === '')?.date)
  return whole(text) ?? (/\d{4}/.test(plain) ? undefined : whole(`${text} ${to.slice(0, 4)}`))
}

function beginning(text: string, fits: (rest: string) => boolean): { date: string, rest: string, end: number } | undefined {
  const found = datesIn(text, undefined, anyDay).find(({ start }) => start === 0)
  if (!found?.edtf || found.misread || found.fault !== null || !fits(text.slice(found.end))) return undefined
  const date = found.edtf.endsWith('X') ? `${found.edtf.slice(0, 3)}0/${found.edtf.slice(0, 3)}9` : found.edtf
  return isHappened(date) ? { date, rest: text.slice(found.end).replace(/^\s*[:.,;–—-]*\s*/, ''), end: found.end } : undefined
}
