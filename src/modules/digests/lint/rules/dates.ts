import { dateFormat } from '#platform/formats.ts'
import { datesIn, type FoundDate } from '../../lexicon/dates.ts'
import { firstDay } from '../../lexicon/imprecise.ts'
import { monthName } from '../../lexicon/months.ts'
import { nextStep, relative } from '../../lexicon/speech.ts'
import type { Finding } from '../finding.ts'
import { at, matches, type Context, type Part, type Prepared, type Rule } from '../text.ts'

const found = new WeakMap<Part, FoundDate[]>()

/** The dates that the writer wrote, not those in quotations. */
export function datesOf(part: Part, { order, today }: Context): FoundDate[] {
  let dates = found.get(part)
  if (!dates) found.set(part, dates = datesIn(part.prose, order, today))
  return dates
}

function each(text: Prepared, context: Context, make: (date: FoundDate, part: Part) => Finding | null): Finding[] {
  return text.parts.flatMap((part) => datesOf(part, context).flatMap((date) => make(date, part) ?? []))
}

/** A day as the house writes it in prose; as the language does, where it chose nothing. */
export function inProse(day: string, language: string, { house }: Context): string {
  const [year, month, number] = day.split('-').map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, number))
  if (house.dates === 'month-day-year' && language === 'en') return `${monthName(month, language)} ${number}, ${year}`
  return dateFormat(language, { dateStyle: 'long', numberingSystem: 'latn' }).format(date)
}

/** L01: a digit where a letter should be, as `26 0ctober 2023`. */
const misread: Rule = { id: 'L01', find: (text, context) => each(text, context, (date, part) => (date.misread && date.edtf?.length === 10 ? at('L01', 'warning', part, date.start, date.end, { date: date.text }, inProse(date.edtf, text.language, context)) : null)) }

/** L02: a date in numbers that can be read in two ways; and several ways of writing dates in one text. */
const styles: Rule = {
  id: 'L02',
  find(text, context) {
    const written = (value: string) => inProse(value, text.language, context)
    const unsure = each(text, context, (date, part) => {
      if (date.choices.length) return at('L02', 'warning', part, date.start, date.end, { date: date.text, fault: 'ambiguous' }, ...date.choices.map(written))
      if (date.fault === 'impossible') return at('impossible-date', 'warning', part, date.start, date.end, { date: date.text })
      return date.style === 'numeric' && date.edtf ? at('L02', 'note', part, date.start, date.end, { date: date.text, fault: 'numbers' }, written(date.edtf)) : null
    })
    const days = text.parts.flatMap((part) => datesOf(part, context).filter(({ style }) => style === 'day-month-year' || style === 'month-day-year').map((date) => ({ date, part })))
    const wanted = context.house.dates ?? mostCommon(days.map(({ date }) => date.style))
    return [...unsure, ...days.filter(({ date }) => date.style !== wanted && date.edtf).map(({ date, part }) => at('L02', 'note', part, date.start, date.end, { date: date.text, fault: 'mixed' }, ...(text.language === 'en' && wanted === 'month-day-year' ? [inProse(date.edtf!, 'en', { ...context, house: { dates: 'month-day-year' } })] : [written(date.edtf!)])))]
  },
}

function mostCommon(values: string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0]
}

/** L03: a day without its year, which a reader of later years cannot know; the year is taken from the date of the text. */
const yearless: Rule = {
  id: 'L03',
  find(text, context) {
    if (!text.date) return each(text, context, (date, part) => (date.yearless ? at('L03', 'note', part, date.start, date.end, { date: date.text, fault: 'open' }) : null))
    const stands = firstDay(text.date)
    return each(text, context, (date, part) => {
      if (!date.yearless) return null
      const { month, day } = date.yearless
      const year = Number(stands.slice(0, 4)) - (`${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` > stands.slice(5) ? 1 : 0)
      return at('L03', 'note', part, date.start, date.end, { date: date.text, inferred: String(year), fault: 'inferred' }, `${date.text} ${year}`)
    })
  },
}

/** L08: an entry tells of a day that is not the day it is dated; the two are kept apart. */
const apart: Rule = {
  id: 'L08',
  find: (text) => text.passages.flatMap(({ happened, text: words, date }, index): Finding[] => {
    const stands = date ?? text.date
    if (!happened || !stands || happened === stands) return []
    return [{ rule: 'L08', severity: 'note', where: { part: 'passage', index, start: 0, end: Math.min(words.length, 40) }, text: words.slice(0, 40), values: { happened, date: stands }, fixes: [{ do: 'happened', value: happened }] }]
  }),
}

const relativePattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${relative})(?![\\p{L}\\p{N}])`, 'giu')

/** L37: words that are true for a while only. They are fine in news of the day; on a page without a date, or once it is old, they mislead. */
const passing: Rule = {
  id: 'L37',
  find(text, context) {
    const months = context.house.newForMonths ?? 3
    const old = text.date ? monthsBetween(firstDay(text.date), context.today) >= months : true
    if (!old) return []
    return matches(text, relativePattern, (match, part) => (isUrging(match, part) ? null : at('L37', text.date ? 'note' : 'warning', part, match.index, match.index + match[0].length, { words: match[0], date: text.date ?? '', fault: text.date ? 'old' : 'undated' })), text.parts.filter(({ part }) => part === 'passage'))
  },
}

const urging = /^(?:please )?(?:take|act|read|sign|join|write|call|e-?mail|send|donate|register|enrol|download|watch|share|help|learn|see|visit|find|tell|add|speak|stand|order|book|actúa|firma|únete|lee|escribe|dona|signez|agissez|lisez|écrivez|rejoignez)(?!\p{L})/iu

/** "Take action now" is no time of day. */
function isUrging({ 0: words, index }: RegExpExecArray, { prose, role }: Part): boolean {
  if (!/^(?:now|today|hoy|aujourd[’']hui)$/iu.test(words)) return false
  return role === 'heading' || urging.test(sentenceAround(prose, index).trimStart())
}

export function monthsBetween(from: string, until: string): number {
  return (Number(until.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(until.slice(5, 7)) - Number(from.slice(5, 7))
}

/** L40: something that is yet to happen, on a day that has passed. */
const overtaken: Rule = {
  id: 'L40',
  find: (text, context) => each(text, context, (date, part) => {
    if (!date.edtf || date.style === 'year' || firstDay(date.edtf) >= context.today) return null
    const sentence = sentenceAround(part.prose, date.start)
    return nextStep.test(sentence) && firstDay(date.edtf) >= (text.date ? firstDay(text.date) : '0000') ? at('L40', 'warning', part, date.start, date.end, { date: date.text }) : null
  }),
}

/** The sentence around a place. */
export function sentenceAround(text: string, place: number): string {
  const before = Math.max(text.lastIndexOf('. ', place - 1), text.lastIndexOf('! ', place - 1), text.lastIndexOf('؟ ', place - 1))
  const [end] = [text.indexOf('. ', place)].filter((each) => each >= 0)
  return text.slice(before < 0 ? 0 : before + 2, end === undefined ? text.length : end + 1)
}

/** L50: a nought before a day in prose: `02 May`. */
const padded: Rule = {
  id: 'L50',
  find: (text, context) => (context.house.zeroPadded ? [] : each(text, context, (date, part) => (/^0\d\s/.test(date.text) ? at('L50', 'note', part, date.start, date.start + 2, { date: date.text }, date.text[1]!) : null))),
}

export const dateRules: Rule[] = [misread, styles, yearless, apart, passing, overtaken, padded]
