import type { FoundDate } from '../lexicon/dates.ts'
import { cellDate } from '../lexicon/stretches.ts'
import { contactOf, linkPhrase } from '../lexicon/phrases.ts'
import { credit, related } from '../lexicon/speech.ts'
import type { Finding, Fix, RuleId, Severity } from '../lint/finding.ts'
import type { Block, Page, PageItem } from './block.ts'
import { readHeader, type Header, type HeaderOptions } from './header.ts'
import { readParagraph } from './paragraph.ts'
import type { Assembled } from './assemble.ts'
import type { Origin, Thread } from './report.ts'

/** Where an item's title stands that is no line of a page. */
const itemLine = -1

/** In a text without marks: a short line that no sentence is, right above a long paragraph. A speaker's name has a comma, and who took a picture is no headline. */
function isHeadline({ text, level, role }: Block, next: Block): boolean {
  if (level > 0 || role !== 'text' || next.role !== 'text' || next.level > 0 || text.length > 80 || next.text.length < 100 || credit.test(text) || contactOf(text)) return false
  return /^[\p{Lu}\p{Lo}]/u.test(text) && text.trim().split(/\s+/).length > 1 && !/[,;@]|:.|[.!?؟…>»›→”"’)\p{N}]$/u.test(text.trim()) && (related.test(text) || !text.trim().endsWith(':')) && /[.!?؟…]["”’»)]?\s*\S{0,30}$/u.test(next.text)
}

/** A thread while its blocks are read. */
export class OpenThread {
  private readonly thread: Thread
  private readonly page: Page
  private readonly options: HeaderOptions
  private readonly line: number
  private readonly style: Header['style']
  private readonly entry: boolean
  private readonly labelOrder: Header['labelOrder']
  private key: string | null = null
  private writtenDate = ''
  private readonly lines: number[] = []
  private readonly linkLines: number[] = []
  private readonly pictures: Origin['pictures'] = []
  /** The last block's words, while they could still be a title that stands above its date. */
  private last: { text: string, isParagraph: boolean } | null = null

  constructor(header: Header, block: Block, page: Page, options: HeaderOptions) {
    this.thread = { title: header.title, kind: header.kind, labels: header.labels, date: null, paragraphs: [], links: [], findings: [] }
    this.page = page
    this.options = options
    this.line = block.line
    this.style = header.style
    this.entry = header.style === 'line' && (header.kind !== null || header.labels.length + header.unknown.length > 0) && block.line !== itemLine
    this.labelOrder = header.labelOrder
    if (header.date) this.putDate(header.date)
    for (const label of header.unknown) this.report('unknown-label', 'warning', label, { label })
    this.keepPictures(block)
    if (header.turned && header.style === 'line') this.report('L04', 'note', block.text, { fault: 'turned' })
    const whole = block.anchors.find(({ start, end }) => end - start >= header.title.length && start <= 2)
    if (whole) this.thread.links.push({ kind: 'read-more', text: header.title, href: whole.href, paragraph: null, at: null })
  }

  /** A page that is one item; its title may be a header too, as in a feed made of a digest. */
  static ofItem(item: PageItem, page: Page, options: HeaderOptions): OpenThread {
    const said = readHeader(item.title, options)
    const header = said?.title && said.style === 'line' && (said.kind || said.labels.length) ? said : { title: item.title, kind: null, labels: [], unknown: [], date: null, style: 'line' as const, turned: false, labelOrder: null }
    const filed = item.categories.flatMap((each) => options.labels.read(each) ?? [])
    const kind = header.kind ?? filed.find((each) => each.kind)?.kind ?? null
    const labels = [...new Set([...header.labels, ...filed.flatMap((each) => each.labels)])]
    const written = item.written ? cellDate(item.written, options.order, options.today) : undefined
    const made = new OpenThread({ ...header, kind, labels, date: item.date ? null : (written ?? header.date), turned: false }, { text: item.title, anchors: [], level: 1, role: 'text', line: itemLine }, page, options)
    if (item.date) {
      made.thread.date = item.date
      made.writtenDate = item.date
    }
    if (item.written && !written) made.report('impossible-date', 'warning', item.written, { date: item.written })
    if (item.notPublic) made.report('not-public', 'warning', item.notPublic, {})
    const others = item.categories.filter((each) => !options.labels.read(each))
    if (others.length) made.report('unknown-label', 'note', others.join(', '), { label: others.join(', ') })
    for (const { kind: sort, href } of item.links ?? []) made.thread.links.push({ kind: sort, text: item.title, href, paragraph: null, at: null })
    made.key = item.key || null
    if (page.blocks.length === 0) made.keepPictures({ pictures: page.pictures.filter(({ given }) => given) })
    return made
  }

  get isLine(): boolean {
    return this.style === 'line'
  }

  get isList(): boolean {
    return this.style !== 'line'
  }

  get isEmpty(): boolean {
    return this.thread.paragraphs.length === 0 && this.thread.links.every(({ paragraph, text }) => paragraph === null && text === this.thread.title)
  }

  get dated(): boolean {
    return this.thread.date !== null || this.thread.findings.some(({ rule }) => rule === 'L02')
  }

  endsWith(text: string): boolean {
    return this.last?.text === text
  }

  /** Takes the words of the last block out again; empty where they are not the last. */
  takeBack(text: string): string {
    if (!this.endsWith(text)) return ''
    if (this.last!.isParagraph) this.thread.paragraphs.pop()
    else this.thread.links.pop()
    this.last = null
    return text
  }

  /** The header's date; what cannot be known is asked. */
  putDate(date: FoundDate): void {
    this.writtenDate = date.text
    this.thread.date = date.edtf
    const set = date.choices.map((value): Fix => ({ do: 'date', value }))
    if (date.choices.length) this.report('L02', 'warning', date.text, { date: date.text, fault: 'ambiguous' }, set)
    if (date.fault === 'other-order') this.report('L02', 'warning', date.text, { date: date.text, fault: 'other-order' }, [{ do: 'date', value: date.edtf! }])
    if (date.fault === 'short-year' && date.edtf) this.report('L02', 'note', date.text, { date: date.text, fault: 'short-year' }, [{ do: 'date', value: date.edtf }])
    if (date.fault === 'impossible') this.report('impossible-date', 'warning', date.text, { date: date.text })
    if (date.fault === 'backward') this.report('backward-date', 'warning', date.text, { date: date.text })
    if (date.misread && date.edtf) this.report('L01', 'warning', date.text, { date: date.text }, [{ do: 'date', value: date.edtf }])
    if (date.yearless) this.yearless = date
  }

  /** A date without a year, to be worked out from the threads beside this one. */
  private yearless: FoundDate | null = null

  /** Pictures stand behind the words that were read so far, each once. */
  keepPictures({ pictures = [] }: Pick<Block, 'pictures'>): void {
    for (const { source, alt, caption, bytes } of pictures) if (!this.pictures.some((each) => each.source === source)) this.pictures.push({ source, alt, caption, bytes, at: this.thread.paragraphs.length })
  }

  add(block: Block, next: Block | undefined): void {
    this.addWords(block, next)
    this.keepPictures(block)
  }

  private addWords(block: Block, next: Block | undefined): void {
    const said = linkPhrase(block.text)
    // "Take Action Now" in the capitals of a title, without an arrow, is what the next block is headed by.
    const heading = block.anchors.length === 0 && next !== undefined && (said === null ? isHeadline(block, next) : /^\p{Lu}\S*(?:\s+\p{Lu}\S*)+$/u.test(block.text.trim()) && !/[.>»›→:!]$/u.test(block.text.trim()))
    if (heading) {
      this.putParagraph({ text: block.text.replace(/\s*:$/u, ''), role: 'heading', date: null, happened: null }, block)
      this.last = { text: block.text, isParagraph: true }
      return
    }
    const { paragraph, links, unsure } = readParagraph(block, this.options.order, this.options.today)
    const index = this.thread.paragraphs.length
    if (unsure) this.unsure(unsure, index)
    if (paragraph) this.putParagraph(paragraph, block)
    const belongs = paragraph ? index : index > 0 ? index - 1 : null
    for (const link of links) {
      this.linkLines[this.thread.links.length] = block.line
      this.thread.links.push({ kind: link.kind, text: link.text, href: link.href, paragraph: belongs, at: link.at })
    }
    this.last = links.length === 0 && paragraph ? { text: block.text, isParagraph: true } : links.length === 1 && !paragraph ? { text: block.text, isParagraph: false } : null
  }

  private putParagraph(paragraph: Thread['paragraphs'][number], { line }: Block): void {
    this.lines[this.thread.paragraphs.length] = line
    this.thread.paragraphs.push(paragraph)
  }

  private unsure(date: FoundDate, index: number): void {
    const where = { part: 'passage' as const, index, start: 0, end: 0, ...this.placed() }
    const ambiguous = date.choices.length > 0
    this.thread.findings.push({ rule: ambiguous ? 'L02' : date.fault === 'backward' ? 'backward-date' : 'impossible-date', severity: 'warning', where, text: date.text, values: { date: date.text, ...(ambiguous && { fault: 'ambiguous' }) }, fixes: date.choices.map((value) => ({ do: 'date', value })) })
  }

  /** An item of a feed, an export or a table stands on no line. */
  private placed(): Pick<Finding['where'], 'line' | 'file'> {
    return { ...(this.line > 0 && { line: this.line }), file: this.page.file }
  }

  private report(rule: RuleId, severity: Severity, text: string, values: Record<string, string> = {}, fixes: Fix[] = []): void {
    this.thread.findings.push({ rule, severity, where: { part: 'header', index: 0, start: 0, end: 0, ...this.placed() }, text, values, fixes })
  }

  closed(): Assembled {
    const { thread, page, pictures } = this
    return { thread, origin: { file: page.file, url: page.url, itemKey: this.key, entry: this.entry, language: page.language, pictures, yearless: this.yearless, labelOrder: this.labelOrder, written: this.writtenDate, line: Math.max(0, this.line), lines: this.lines, linkLines: this.linkLines } }
  }
}
