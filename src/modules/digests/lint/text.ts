import type { Finding, Fix, RuleId, Severity } from './finding.ts'
import { masked } from './quotations.ts'

export type Role = 'text' | 'heading' | 'item' | 'quote' | 'caption'

/** A text as the rules see it: a thread of a digest, or an item while somebody edits it. */
export interface LintText {
  language: string
  kind: string | null
  labels: string[]
  /** The day it stands under, in EDTF. */
  date: string | null
  title: string
  passages: { text: string, role: Role, date?: string | null, happened?: string | null }[]
  links: { text: string, href: string | null, paragraph: number | null, at?: number | null }[]
  images: { caption: string, credit: string, alt: string }[]
}

/** One part of a text that the rules go through. */
export interface Part {
  part: 'title' | 'passage'
  index: number
  role: Role | 'title'
  text: string
  /** The same, with every quotation, address and directive made unreadable: rules about wording see only what the writer says. Places in it are places in the text. */
  prose: string
}

export interface Prepared extends LintText {
  parts: Part[]
}

export function prepared(text: LintText): Prepared {
  const part = (kind: Part['part'], role: Part['role'], index: number, words: string): Part => ({ part: kind, index, role, text: words, prose: role === 'quote' ? '\ufffc'.repeat(words.length) : masked(words) })
  return { ...text, parts: [...(text.title ? [part('title', 'title', 0, text.title)] : []), ...text.passages.map(({ text: words, role }, index) => part('passage', role, index, words.slice(0, mostLooked)))] }
}

/** How an organisation writes in one language. Everything is left open unless it chose. */
export interface HouseStyle {
  /** -ise or -ize, -our or -or. */
  spelling?: 'british' | 'oxford' | 'american'
  /** How a day is written in prose. */
  dates?: 'day-month-year' | 'month-day-year'
  zeroPadded?: boolean
  /** What stands between thousands; empty for nothing. */
  thousands?: ',' | '.' | ' ' | ''
  labels?: 'tone-first' | 'kind-first'
  lists?: 'full-stops' | 'none'
  quotes?: 'double' | 'single' | 'guillemets'
  /** Which digits are written, in languages that have two kinds. */
  numerals?: 'western' | 'eastern'
  /** Terms that are not used, and what is written instead; nothing where there is no other word for it. */
  terms?: Record<string, string>
  /** Kinds that are not published with a figure that has no source. */
  figuresNeedSource?: string[]
  /** After how many months "new" is not new. */
  newForMonths?: number
  /** Rules that the organisation has turned off. */
  off?: string[]
  /** How much the organisation makes of a rule, where that is more or less than usual. */
  levels?: Record<string, Severity>
}

/** What is known beyond the text: how things and people are called, and what day it is. */
export interface Known {
  people: string[]
  places: { preferred: string, others: string[] }[]
  /** The organisation's own names. */
  own: string[]
  /** Titles of courses, reports and the like, as they are. */
  titles: string[]
  /** Who held an office and does not any more. */
  formerHolders: { name: string, office: string }[]
  addressees: string[]
}

export const nothingKnown: Known = { people: [], places: [], own: [], titles: [], formerHolders: [], addressees: [] }

export interface Context {
  house: HouseStyle
  known: Known
  today: string
  order?: 'dmy' | 'mdy' | 'ymd' | undefined
  /** How often each word is used in all that is looked at together, and in the organisation's texts if they are given. */
  usage: ReadonlyMap<string, number>
}

/** One of the fifty: what it is called, and what it finds in a text. It alters nothing. */
export interface Rule {
  id: RuleId
  find(text: Prepared, context: Context): Finding[]
}

/** A finding from one place of a part to another. */
export function at(rule: RuleId, severity: Severity, part: Part, start: number, end: number, values: Record<string, string> = {}, ...replacements: string[]): Finding {
  const fixes = replacements.map((each): Fix => ({ do: 'replace', start, end, with: each }))
  return { rule, severity, where: { part: part.part, index: part.index, start, end }, text: part.text.slice(start, end), values, fixes }
}

/** Of a passage that is longer than any that people read, its beginning is looked at. */
const mostLooked = 5000
/** Whoever has so many of one kind in one passage knows by then. */
const mostOfOne = 100

/** What a pattern finds in the prose of every part; the pattern is global. `make` says what it is, or null for nothing. */
export function matches(text: Prepared, pattern: RegExp, make: (match: RegExpExecArray, part: Part) => Finding | null, parts = text.parts): Finding[] {
  const found: Finding[] = []
  for (const part of parts) {
    let left = mostOfOne
    let from = 0
    // Not by matchAll, which makes the pattern anew for each part: there are sixty patterns for every paragraph.
    while (left > 0) {
      pattern.lastIndex = from
      const match = pattern.exec(part.prose)
      if (!match) break
      from = match[0] === '' ? pattern.lastIndex + 1 : pattern.lastIndex
      const made = make(match, part)
      if (made) {
        found.push(made)
        left -= 1
      }
    }
  }
  return found
}
