import type { DateOrder, FoundDate } from '../lexicon/dates.ts'
import { firstDay } from '../lexicon/imprecise.ts'
import { Labels, type Vocabulary } from '../lexicon/labels.ts'
import type { Finding } from '../lint/finding.ts'
import { lint, lintThreads, usageOf, type Listed } from '../lint/lint.ts'
import type { HouseStyle, Known, LintText } from '../lint/text.ts'
import { assemble, type Assembled } from './assemble.ts'
import type { Page } from './block.ts'
import type { DigestReport, Origin, Thread } from './report.ts'

export interface DigestOptions {
  dateOrder?: DateOrder | undefined
  today: string
  /** The organisation's own words for kinds and labels, beside the usual ones. */
  vocabulary?: Partial<Vocabulary>
  /** The language of pages that do not say theirs. */
  language?: string
  house?: HouseStyle
  known?: Partial<Known>
}

export interface ReadDigest extends DigestReport {
  assembled: Assembled[]
}

/** Makes threads of pages, by the grammar of digests. Nothing in them is guessed: what can be read in several ways is asked by a finding. */
export function readPages(pages: Page[], { dateOrder, today, vocabulary, language = 'en', house, known }: DigestOptions): ReadDigest {
  const options = { labels: new Labels(vocabulary), order: dateOrder, today }
  const findings: Finding[] = []
  const assembled: Assembled[] = []
  for (const page of pages) {
    const made = assemble(page, options)
    inferYears(made.threads, today)
    for (const each of made.threads) assembled.push(each)
    for (const each of made.findings) findings.push(each)
  }
  const listed = assembled.map(({ thread, origin }): Listed => ({ text: textOf(thread, origin.language ?? language, origin.pictures), labelOrder: origin.labelOrder }))
  for (const [place, found] of lintThreads(listed, { today, dateOrder, house, known }).entries()) {
    const { thread, origin } = assembled[place]!
    // What was asked about the header need not be asked again, and a day that is asked about is not missing.
    const asked = thread.findings.some(({ rule }) => ['L02', 'L03', 'impossible-date', 'backward-date'].includes(rule))
    for (const each of found) if (!(each.rule === 'L47' && asked)) thread.findings.push({ ...each, where: { ...each.where, ...(lineOf(each, origin) > 0 && { line: lineOf(each, origin) }), file: origin.file } })
  }
  findings.push(...inPageTitles(findings, listed.map(({ text }) => text), { today, house, known, language }))
  return { threads: assembled.map(({ thread }) => thread), findings, assembled }
}

function lineOf({ where: { part, index } }: Finding, { line, lines, linkLines }: Origin): number {
  return (part === 'passage' ? lines[index] : part === 'link' ? linkLines[index] : undefined) || line
}

/** A page's own title becomes no entry, and its place may be named after it: what is misspelt in it is said. */
function inPageTitles(findings: Finding[], texts: LintText[], { language, ...options }: { today: string, house: HouseStyle | undefined, known: Partial<Known> | undefined, language: string }): Finding[] {
  const titles = findings.filter(({ rule }) => rule === 'page-title')
  const usage = titles.length > 0 ? usageOf([...texts, ...titles.map(({ text }) => titled(text, language))]) : undefined
  return titles.flatMap(({ text, where }) => lint(titled(text, language), { ...options, usage }).filter(({ rule }) => misspelt.has(rule)).map((each): Finding => ({ ...each, where, fixes: [] })))
}

const misspelt = new Set(['L09', 'L10', 'L11', 'L12', 'L13', 'L15'])
const titled = (title: string, language: string): LintText => ({ language, kind: null, labels: [], date: null, title, passages: [], links: [], images: [] })

/** A date without a year lies near its neighbours; it is marked as inferred and asked about. With no neighbour it stays open. */
function inferYears(threads: Assembled[], today: string): void {
  for (const [place, { thread, origin }] of threads.entries()) {
    const date = origin.yearless
    if (!date || thread.date) continue
    const near = [...threads.slice(0, place).toReversed(), ...threads.slice(place + 1)].find((other) => other.thread.date)?.thread.date
    const after = threads.slice(place + 1).find((other) => other.thread.date)?.thread.date
    const choices = yearsNear(date, [after, near].flatMap((each) => each ?? []), today)
    thread.findings.push({ rule: 'L03', severity: 'warning', where: { part: 'header', index: 0, start: 0, end: 0, ...(origin.line > 0 && { line: origin.line }), file: origin.file }, text: date.text, values: choices[0] ? { date: date.text, inferred: choices[0], fault: 'inferred' } : { date: date.text, fault: 'open' }, fixes: choices.map((value) => ({ do: 'date', value })) })
  }
}

/** Lists go from new to old: the nearest year that keeps to that, then the one of any neighbour. */
function yearsNear({ yearless }: FoundDate, neighbours: string[], today: string): string[] {
  const { month, day } = yearless!
  const inYear = (year: number) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const possible = neighbours.flatMap((each) => {
    const year = Number(firstDay(each).slice(0, 4))
    return inYear(year) >= firstDay(each) ? [inYear(year), inYear(year + 1)] : [inYear(year + 1), inYear(year)]
  })
  return [...new Set(possible)].filter((each) => each <= today)
}

/** A thread as the rules see it. */
export function textOf(thread: Thread, language: string, pictures: Origin['pictures'] = []): LintText {
  const { kind, labels, date, title, paragraphs, links } = thread
  return { language, kind, labels, date, title, passages: paragraphs, links, images: pictures.map(({ alt, caption }) => ({ alt, caption, credit: '' })) }
}
