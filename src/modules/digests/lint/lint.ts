import { folded } from '../lexicon/labels.ts'
import { firstDay } from '../lexicon/imprecise.ts'
import type { Finding } from './finding.ts'
import { dateRules } from './rules/dates.ts'
import { figureRules } from './rules/figures.ts'
import { textRules } from './rules/leftovers.ts'
import { nameRules } from './rules/names.ts'
import { peopleRules } from './rules/people.ts'
import { punctuationRules } from './rules/punctuation.ts'
import { spellingRules } from './rules/spelling.ts'
import { prepared, type Context, type HouseStyle, type Known, type LintText, nothingKnown, type Rule } from './text.ts'

export const rules: Rule[] = [...dateRules, ...nameRules, ...spellingRules, ...punctuationRules, ...figureRules, ...textRules, ...peopleRules]

export interface LintOptions {
  house?: HouseStyle
  known?: Partial<Known>
  today: string
  dateOrder?: Context['order']
  /** How often the organisation uses each word; that of the text itself where nothing is given. */
  usage?: ReadonlyMap<string, number>
}

/** What the rules find in a text, in the order of the text. They say what they see and alter nothing; within quotations they are silent. */
export function lint(text: LintText, options: LintOptions): Finding[] {
  const context = contextOf([text], options)
  return found(text, context)
}

function found(text: LintText, context: Context): Finding[] {
  const ready = prepared(text)
  const all = rules.flatMap((rule) => rule.find(ready, context))
  return all.filter((each) => each.rule !== 'L12' || !all.some((other) => isName(other) && sameWords(each, other))).flatMap((each) => asTheHouse(each, context.house)).toSorted((one, other) => order(one) - order(other))
}

// What is known to be a name is said to be one, and not a slip besides.
const isName = ({ rule }: Finding) => rule === 'L09' || rule === 'L10' || rule === 'L11'
const sameWords = ({ where: one }: Finding, { where: other }: Finding) => one.part === other.part && one.index === other.index && one.start === other.start

/** A finding as much as the house makes of it: nothing at all, or with another level. */
function asTheHouse(finding: Finding, { off, levels }: HouseStyle): Finding[] {
  return off?.includes(finding.rule) ? [] : [{ ...finding, severity: levels?.[finding.rule] ?? finding.severity }]
}

function order({ where }: Finding): number {
  return ({ header: 0, title: 1, passage: 2, link: 3, image: 4, page: 5 }[where.part] * 100_000 + where.index) * 100_000 + where.start
}

function contextOf(texts: LintText[], { house = {}, known = {}, today, dateOrder, usage }: LintOptions): Context {
  return { house, known: { ...nothingKnown, ...known }, today, order: dateOrder, usage: usage ?? usageOf(texts) }
}

/** How often each word of seven letters or more is used. */
export function usageOf(texts: LintText[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { title, passages } of texts) {
    for (const words of [title, ...passages.map(({ text }) => text)]) for (const [word] of words.toLowerCase().matchAll(/[\p{L}\p{M}]{7,}/gu)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** A thread among others, as far as the rules about a whole digest need it. */
export interface Listed {
  text: LintText
  labelOrder: 'tone-first' | 'kind-first' | null
}

/** Lints the threads of a digest: each by itself, and all of them together. The findings of each are in its place. */
export function lintThreads(threads: Listed[], options: LintOptions): Finding[][] {
  const context = contextOf(threads.map(({ text }) => text), options)
  const each = threads.map(({ text }) => found(text, context))
  for (const together of [outOfOrder(threads), labelOrders(threads, context), sameItem(threads)]) {
    for (const { place, finding } of together) each[place]!.push(...asTheHouse(finding, context.house))
  }
  return each
}

type Placed = { place: number, finding: Finding }
const inHeader = { part: 'header' as const, index: 0, start: 0, end: 0 }

/** L07: a thread above one that is newer. */
function outOfOrder(threads: Listed[]): Placed[] {
  const dated = threads.flatMap(({ text }, place) => (text.date ? [{ day: firstDay(text.date), place, text }] : []))
  if (dated.length <= 2) return []
  const newestFirst = dated.filter((one, n) => n > 0 && one.day <= dated[n - 1]!.day).length * 2 >= dated.length - 1
  return dated.flatMap(({ day, place, text }, at): Placed[] => {
    const next = dated[at + 1]
    const wrong = next && (newestFirst ? next.day > day : next.day < day)
    return wrong ? [{ place, finding: { rule: 'L07', severity: 'note', where: inHeader, text: text.title, values: { date: text.date!, next: next.text.date! }, fixes: [] } }] : []
  })
}

/** L06: labels in another order than the house has them, or than most of this digest does. */
function labelOrders(threads: Listed[], { house }: Context): Placed[] {
  const orders = threads.flatMap(({ labelOrder }) => labelOrder ?? [])
  const wanted = house.labels ?? (new Set(orders).size > 1 ? (orders.filter((each) => each === 'tone-first').length * 2 >= orders.length ? 'tone-first' : 'kind-first') : undefined)
  if (!wanted) return []
  return threads.flatMap(({ labelOrder, text }, place): Placed[] => (labelOrder && labelOrder !== wanted ? [{ place, finding: { rule: 'L06', severity: 'note', where: inHeader, text: text.title, values: { wanted }, fixes: [] } }] : []))
}

const most = 3000

/** L48: two titles for what seems to be one item. Nothing is merged: somebody says whether they are the same. */
function sameItem(threads: Listed[]): Placed[] {
  const words = threads.slice(0, most).map(({ text }) => new Set(folded(text.title).split(/[^\p{L}\p{N}]+/u).filter((each) => each.length > 2).map((each) => each.replace(/s$/, ''))))
  const byWord = new Map<string, number[]>()
  for (const [place, set] of words.entries()) for (const word of set) byWord.set(word, [...(byWord.get(word) ?? []).slice(-200), place])
  return words.flatMap((set, place): Placed[] => {
    const shared = new Map<number, number>()
    for (const word of set) for (const other of byWord.get(word)!) if (other < place) shared.set(other, (shared.get(other) ?? 0) + 1)
    const [same] = [...shared].filter(([other, count]) => set.size >= 3 && count / (set.size + words[other]!.size - count) >= 0.7)
    if (!same) return []
    const { title } = threads[same[0]]!.text
    return [{ place, finding: { rule: 'L48', severity: 'warning', where: { part: 'title', index: 0, start: 0, end: threads[place]!.text.title.length }, text: threads[place]!.text.title, values: { other: title, fault: title === threads[place]!.text.title ? 'same' : 'alike' }, fixes: [] } }]
  })
}
