import { isHappened } from '#modules/publishing/index.ts'
import { datesIn } from './dates.ts'

/** Dates whose year is not written whole are asked for, so it does not matter what day it is. */
const anyDay = '2100-01-01'

/** A date as people write it, in EDTF: "3 June 2014", "late 2014", "about 1998", "the 2010s". Nothing where it is none, or could be read in two ways: it is never guessed. */
export function writtenDate(text: string): string | undefined {
  const given = text.trim()
  return isHappened(given) ? given : beginning(given, (rest) => rest === '')?.date
}

/** A line that begins with a date, parted from what follows it. */
export function datedLine(line: string): { date: string, rest: string } | undefined {
  const [first = ''] = line.split(/\s/)
  if (isHappened(first)) return { date: first, rest: line.slice(first.length).trim() }
  return beginning(line, (rest) => /^(?:$|[\s:.,;–—-])/.test(rest))
}

function beginning(text: string, fits: (rest: string) => boolean): { date: string, rest: string } | undefined {
  const found = datesIn(text, undefined, anyDay).find(({ start }) => start === 0)
  if (!found?.edtf || found.misread || found.fault !== null || !fits(text.slice(found.end))) return undefined
  const date = found.edtf.endsWith('X') ? `${found.edtf.slice(0, 3)}0/${found.edtf.slice(0, 3)}9` : found.edtf
  return isHappened(date) ? { date, rest: text.slice(found.end).replace(/^[\s:.,;–—-]+/, '') } : undefined
}
