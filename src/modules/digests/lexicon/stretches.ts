import { plainDigits } from '#platform/digits.ts'
import { endsBeforeItBegins, isHappened } from '#modules/publishing/index.ts'
import { datesIn, type DateOrder, type FoundDate } from './dates.ts'
import { monthOf, monthPattern } from './months.ts'

/** What stands between the two ends of a stretch of time, in five languages. */
const words = 'to|until|till|through|a|al|hasta|à|au|jusqu[’\']?(?:à|au)?|إلى|حتى|עד'
const dash = /^\s*[-–—]\s*$/
const between = new RegExp(`^(?:\\s*[-–—]\\s*|\\s+(?:${words})\\s+)$`, 'iu')
/** The same where only the text is known: a hyphen within a date in numbers is none. */
export const untilIn = new RegExp(`\\s*[–—]\\s*|\\s+-\\s+|-(?=\\p{L})|\\s+(?:${words})\\s+`, 'giu')
/** "from", where a stretch is written with two words. */
export const fromWords = /^(?:(?:from|desde|del|de|du|من)\s+|מ־?(?=\p{L}|\d))/iu
const fromBefore = /(?<![\p{L}\d])(?:(?:from|desde|del|de|du|من)\s+|מ־?)$/iu

const bareMonth = new RegExp(`(?<![\\p{L}\\d./-])(?<month>${monthPattern})\\.?(?<gap>\\s*[-–—]\\s*|\\s+(?:${words})\\s+)$`, 'iu')
// "3-1 June 2014": where the days are in their order, they are read as one date already.
const bareDay = { 'day-month-year': /(?<![\p{L}\d./-])[0-3]?\d[-–—]$/u, 'month-year': /(?<![\p{L}\d./-])[0-3]?\d[-–—][0-3]?\d\s+(?:(?:of|de|من)\s+)?$/u }

/**
 * The dates in a text as `datesIn` finds them; two with nothing between them but "until" or a dash are one stretch of time. Where that ends before it begins, its fault is `backward`, and it has no value.
 */
export function stretchesIn(text: string, order: DateOrder | undefined, today: string): FoundDate[] {
  const made: FoundDate[] = []
  for (const to of datesIn(text, order, today)) {
    const from = made.at(-1)
    const joined = (from && joinedOf(text, from, to)) ?? openOf(text, from?.end ?? 0, to)
    if (joined && from && joined.start < from.end) made.pop()
    made.push(joined ?? to)
  }
  return made
}

/** A cell that holds a date and nothing else, as people or machines write it. */
export function cellDate(cell: string, order: DateOrder | undefined, today: string): FoundDate | undefined {
  const text = cell.trim()
  const whole = { start: 0, end: text.length, misread: false }
  // 2014-06 and 2014-36 are dates of machines; so are two with a stroke between them.
  if (/^[12]/.test(text) && isHappened(text)) return stretch(text, whole, whole, text)
  return stretchesIn(text, order, today).find((each) => each.text.length >= text.length - 1)
}

function joinedOf(text: string, from: FoundDate, to: FoundDate): FoundDate | undefined {
  const gap = text.slice(from.end, to.start)
  // "Elections 2014 – 3 May 2015" is a title and its date.
  if (!between.test(gap) || (dash.test(gap) && from.style === 'year' && to.style !== 'year')) return undefined
  if (from.choices.length > 0 && from.choices.length === to.choices.length) return stretch(text, from, to, null, from.choices.map((each, place) => `${each}/${to.choices[place]}`).filter((each) => isHappened(each) && !endsBeforeItBegins(each)))
  if (to.edtf === null) return undefined
  const began = from.edtf ?? (from.yearless && `${to.edtf.slice(0, 4)}-${two(from.yearless.month)}-${two(from.yearless.day)}`)
  const edtf = `${began}/${to.edtf}`
  return isHappened(edtf) ? stretch(text, from, to, edtf) : undefined
}

/** A stretch whose first end has only a month or day, and the rest of it with the second one. */
function openOf(text: string, after: number, to: FoundDate): FoundDate | undefined {
  const before = text.slice(after, to.start)
  const month = to.edtf !== null && /^\d{4}-(?:0|1[0-2])/.test(to.edtf) ? bareMonth.exec(before) : null
  if (month) {
    const edtf = `${to.edtf!.slice(0, 4)}-${two(monthOf(month.groups!.month!)!)}/${to.edtf}`
    return isHappened(edtf) ? stretch(text, { ...to, start: after + month.index }, to, edtf) : undefined
  }
  const day = (to.style === 'day-month-year' || to.style === 'month-year') && bareDay[to.style].exec(before)
  return day ? { ...stretch(text, { ...to, start: after + day.index }, to, null), fault: 'backward' } : undefined
}

function stretch(text: string, from: Pick<FoundDate, 'start' | 'misread'>, to: Pick<FoundDate, 'end' | 'misread'>, edtf: string | null, choices: string[] = []): FoundDate {
  const start = from.start - (fromBefore.exec(text.slice(0, from.start))?.[0].length ?? 0)
  const backward = (edtf !== null && endsBeforeItBegins(edtf)) || (edtf === null && choices.length === 0)
  return { start, end: to.end, text: plainDigits(text).slice(start, to.end), style: 'range', edtf: backward ? null : edtf, choices, yearless: null, misread: from.misread || to.misread, fault: backward ? 'backward' : null }
}

const two = (number: number) => String(number).padStart(2, '0')
