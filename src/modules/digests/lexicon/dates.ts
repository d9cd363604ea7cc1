import { isDay } from '#platform/days.ts'
import { plainDigits } from '#platform/digits.ts'
import { decade, imprecise, season } from './imprecise.ts'
import { misread, monthOf, monthPattern } from './months.ts'

/** In which order the numbers of a date such as 07/06/2024 stand: nobody can tell from the date alone. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd'

export type DateStyle = 'iso' | 'numeric' | 'day-month-year' | 'month-day-year' | 'day-month' | 'month-year' | 'imprecise' | 'range' | 'year'

/** A date found in a text. */
export interface FoundDate {
  start: number
  end: number
  text: string
  style: DateStyle
  /** In EDTF (ISO 8601-2): a day, a month, a year, `2014-36` for late 2014, an interval. Null if it cannot be known from the text. */
  edtf: string | null
  /** For a date that can be read in several ways: each of them. */
  choices: string[]
  /** Month and day without a year. */
  yearless: { month: number, day: number } | null
  /** A digit stands for a letter or a letter for a digit. */
  misread: boolean
  /** Its numbers fit no order, or none but another than was declared; or it is a stretch of time that ends before it begins. */
  fault: 'impossible' | 'other-order' | 'short-year' | 'backward' | null
}

const day = '(?<day>(?:[0-3]?\\d|[lIO]\\d|[12][lIO]))(?!\\d)'
const ordinal = '(?:st|nd|rd|th|er|ère|º|°|ª|\\.)?'
const year = '(?<year>[12][\\dOolI]{3})(?![\\p{L}\\d])'
const before = '(?<![\\p{L}\\d./-])'
const of = '(?:(?:of|de|del|d’|d\'|من)\\s+|[בל]־?)?'
const month = `(?<month>${monthPattern})(?!\\p{L})\\.?`

const written = (pattern: string) => new RegExp(pattern, 'giu')
const placed = (pattern: string) => new RegExp(pattern, 'iuy')
const monthBegins = written(`${before}(?=${monthPattern}(?!\\p{L}))`)
/** `afterMonth`: it begins with the name of a month, so it is tried where one stands, and nowhere else: looking for all their names is what takes time. */
const patterns: { style: DateStyle, pattern: RegExp, afterMonth?: true }[] = [
  { style: 'iso', pattern: written(`${before}(?<year>[12]\\d{3})-(?<m>\\d{2})-(?<day>\\d{2})(?:T[\\d:.]+(?:Z|[+-]\\d{2}:?\\d{2})?)?(?![\\d-])`) },
  { style: 'range', pattern: written(`${before}${day}${ordinal}\\s?(?:[-–—]|to|and|al|au|إلى|עד)\\s?(?<last>[0-3]?\\d)${ordinal}\\s+${of}${month},?\\s+${of}${year}`) },
  { style: 'range', pattern: written(`${before}(?<year>[12]\\d{3})\\s?[-–—/]\\s?(?<lastyear>[12]\\d{3})(?![\\p{L}\\d])`) },
  { style: 'numeric', pattern: written(`${before}(?<a>\\d{1,4})\\s?(?<sign>[./-])\\s?(?<b>\\d{1,2})\\s?\\k<sign>\\s?(?<c>\\d{4}|\\d{1,2})(?![\\p{L}\\d/-])`) },
  { style: 'imprecise', pattern: imprecise(year, monthPattern) },
  { style: 'day-month-year', pattern: written(`${before}${day}${ordinal}[\\s./-]*${of}${month}(?:,?\\s*${of}|[./-])(?:[’'](?<short>\\d{2})(?!\\d)|${year})`) },
  { style: 'month-day-year', pattern: placed(`${month}\\s?${day}${ordinal},?\\s+${year}`), afterMonth: true },
  { style: 'month-year', pattern: placed(`${month},?[\\s./-]+${of}${year}`), afterMonth: true },
  { style: 'day-month', pattern: written(`${before}${day}${ordinal}\\s+${of}${month}(?!\\p{L})`) },
  { style: 'day-month', pattern: placed(`${month}\\s${day}(?:st|nd|rd|th)?(?![\\p{L}\\d:]|\\.\\d|\\s?\\d)`), afterMonth: true },
  { style: 'year', pattern: written(`${before}${year}`) },
]

/** A text with more dates than this is none that anybody wrote. */
const mostDates = 300

/**
 * All dates in a text, in the order in which they stand; where two readings overlap, the longer one. Digits of other scripts are read too. Without a
 * declared order a date whose numbers could be exchanged has no value but choices: it is never guessed.
 */
export function datesIn(text: string, order: DateOrder | undefined, today: string): FoundDate[] {
  if (!/[\d\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/.test(text)) return []
  const plain = plainDigits(text)
  const found: FoundDate[] = []
  let months: number[] | undefined
  for (const { style, pattern, afterMonth } of patterns) {
    for (const match of afterMonth ? at(plain, pattern, months ??= [...plain.matchAll(monthBegins)].map(({ index }) => index)) : plain.matchAll(pattern)) {
      const start = match.index
      const end = start + withoutStop(match[0], plain.slice(start + match[0].length)).length
      if (found.length >= mostDates) break
      if (found.some((other) => start < other.end && other.start < end)) continue
      const read = readers[style](match.groups!, order, today)
      if (read) found.push({ start, end, text: text.slice(start, end), style, edtf: null, choices: [], yearless: null, misread: false, fault: null, ...read })
    }
  }
  return found.toSorted((one, other) => one.start - other.start)
}

/** What was found, without a full stop behind it that ends the sentence and no month's short name: what goes on behind that one is small or a number. */
function withoutStop(found: string, behind: string): string {
  return found.endsWith('.') && !/^\s*[\p{Ll}\d,;:]/u.test(behind) ? found.slice(0, -1) : found
}

/** What a pattern finds that begins at one of these places, one after the other. */
function* at(text: string, pattern: RegExp, places: number[]): Generator<RegExpExecArray> {
  let from = 0
  for (const place of places) {
    if (place < from) continue
    pattern.lastIndex = place
    const match = pattern.exec(text)
    if (!match) continue
    from = place + match[0].length
    yield match
  }
}

type Groups = Record<string, string | undefined>
type Read = Partial<FoundDate> | null

const readers: Record<DateStyle, (groups: Groups, order: DateOrder | undefined, today: string) => Read> = {
  iso: ({ year, m, day }) => dayOrFault(`${year}-${m}-${day}`, {}),
  numeric: readNumeric,
  'day-month-year': (groups, _order, today) => readDay(groups, today),
  'month-day-year': (groups, _order, today) => readDay(groups, today),
  'day-month': ({ day, month }) => {
    const [m, d] = [monthOf(month!)!, number(day!)]
    return isDay(`2024-${two(m)}-${two(d)}`) ? { yearless: { month: m, day: d }, misread: misread(month!) || hasLetter(day!) } : null
  },
  'month-year': ({ month, year }) => ({ edtf: `${number(year!)}-${two(monthOf(month!)!)}`, misread: misread(month!) || hasLetter(year!) }),
  imprecise: ({ part, year, month, decade: ten, about }) => {
    const edtf = ten ? decade(ten) : season(part, about, month && monthOf(month), String(number(year!)))
    return edtf ? { edtf } : null
  },
  range: ({ day, last, month, year, lastyear }) => {
    if (lastyear) return Number(year) < Number(lastyear) ? { edtf: `${year}/${lastyear}` } : null
    const [from, to] = [day!, last!].map((each) => `${number(year!)}-${two(monthOf(month!)!)}-${two(number(each))}`)
    return isDay(from!) && isDay(to!) && from! < to! ? { edtf: `${from}/${to}`, misread: misread(month!) } : null
  },
  year: ({ year }, _order, today) => (number(year!) >= 1800 && number(year!) <= Number(today.slice(0, 4)) + 20 ? { edtf: String(number(year!)), misread: hasLetter(year!) } : null),
}

function readDay({ day, month, year, short }: Groups, today: string): Read {
  const whole = short ? fullYear(Number(short), today) : number(year!)
  return dayOrFault(`${whole}-${two(monthOf(month!)!)}-${two(number(day!))}`, { misread: misread(month!) || hasLetter(day!) || hasLetter(year ?? ''), ...(short && { fault: 'short-year' }) })
}

function dayOrFault(text: string, more: Partial<FoundDate>): Read {
  return isDay(text) ? { edtf: text, ...more } : { ...more, fault: 'impossible' }
}

/** Numbers with points, strokes or hyphens between them. The year is where four digits are; where there are none, the declared order says. */
function readNumeric({ a, b, c, sign }: Groups, order: DateOrder | undefined, today: string): Read {
  const [one, two_, three] = [a!, b!, c!]
  if (one.length === 3 || (one.length === 4 && three.length === 4)) return null
  const long = one.length === 4 || three.length === 4
  const orders: DateOrder[] = one.length === 4 ? ['ymd'] : three.length === 4 ? ['dmy', 'mdy'] : ['dmy', 'mdy', 'ymd']
  const value = (as: DateOrder) => {
    const [y, m, d] = as === 'ymd' ? [one, two_, three] : as === 'dmy' ? [three, two_, one] : [three, one, two_]
    const text = `${y.length === 4 ? y : fullYear(Number(y), today)}-${two(Number(m))}-${two(Number(d))}`
    return isDay(text) ? text : null
  }
  const possible = [...new Set(orders.flatMap((each) => value(each) ?? []))]
  // Three short numbers are a version or a score as often as a date: of single digits with points only a declared order makes one.
  if (!long && !(order && value(order))) return possible.length && (sign === '/' || [one, two_, three].every((each) => each.length === 2)) ? { choices: possible } : null
  if (possible.length === 0) return { fault: 'impossible' }
  const declared = order && orders.includes(order) ? value(order) : null
  if (declared) return { edtf: declared, ...(!long && { fault: 'short-year' }) }
  if (possible.length === 1) return { edtf: possible[0]!, ...(order && orders.includes(order) && { fault: 'other-order' }) }
  return { choices: possible }
}

/** A year of two digits: the latest that is not more than a year ahead. */
function fullYear(short: number, today: string): number {
  const century = Math.floor((Number(today.slice(0, 4)) + 1) / 100) * 100
  return century + short > Number(today.slice(0, 4)) + 1 ? century - 100 + short : century + short
}

const two = (value: number) => String(value).padStart(2, '0')
const hasLetter = (text: string) => /[^\d]/.test(text)
/** A number in which a letter may have been read for a digit. */
const number = (text: string) => Number(text.replace(/[Oo]/g, '0').replace(/[lI]/g, '1'))
