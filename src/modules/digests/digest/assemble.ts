import { contactOf, isFurniture, linkPhrase, stampOf } from '../lexicon/phrases.ts'
import { datesIn } from '../lexicon/dates.ts'
import type { Finding, RuleId, Severity } from '../lint/finding.ts'
import type { Block, Page } from './block.ts'
import { readHeader, type Header, type HeaderOptions } from './header.ts'
import { OpenThread } from './open-thread.ts'
import type { Origin, Thread } from './report.ts'

/** A thread with where it came from. */
export interface Assembled {
  thread: Thread
  /** As it was read, where somebody has put something right since. */
  source?: Thread
  origin: Origin
}

const years = /^(?:(?:19|20)\d{2}(?:[\s|,·•/-]+|$)){2,}$/u

/** Puts the blocks of a page together as threads. What belongs to none is reported; nothing is dropped without a word. */
export function assemble(page: Page, options: HeaderOptions): { threads: Assembled[], findings: Finding[] } {
  const maker = new Assembly(page, options)
  maker.run()
  return { threads: maker.threads, findings: [...page.findings, ...maker.findings] }
}

class Assembly {
  readonly threads: Assembled[] = []
  readonly findings: Finding[] = []
  private readonly page: Page
  private readonly options: HeaderOptions
  private open: OpenThread | null = null
  /** What stands before the first header. */
  private before: Block[] = []
  /** How many threads of a list in a row had no paragraph. */
  private listed = 0
  /** Whether the open one is of such a list, and tells of itself in sentences. */
  private told = false

  constructor(page: Page, options: HeaderOptions) {
    this.page = page
    this.options = options
  }

  run(): void {
    const { blocks } = this.page
    // An exported page may be a whole digest.
    const headers = this.page.item ? blocks.filter(({ text }) => isLabelled(readHeader(text, this.options))).length : 0
    const item = headers > 1 ? null : this.page.item
    if (this.page.item && !item) this.report('page-title', 'note', { text: '', anchors: [], level: 0, role: 'text', line: 0 }, this.page.item.title)
    if (item) this.open = OpenThread.ofItem(item, this.page, this.options)
    for (let place = 0; place < blocks.length; place++) {
      const block = blocks[place]!
      if (!block.text.trim() || this.takeOdd(block, blocks, place)) {
        this.open?.keepPictures(block)
        continue
      }
      const taken = item ? 0 : this.takeHeader(blocks, place)
      if (taken) {
        for (const each of blocks.slice(place, place + taken)) this.open!.keepPictures(each)
        place += taken - 1
      } else if (this.open) this.takeBody(block, blocks[place + 1])
      else this.before.push(block)
    }
    this.close()
    if (this.before.length) this.openPage()
    this.close()
  }

  /** Furniture, stamps, strips of years and contacts: no part of any thread. */
  private takeOdd(block: Block, blocks: Block[], place: number): boolean {
    const { text } = block
    if (isFurniture(text)) return this.report('L28', 'note', block, text)
    if (years.test(text)) {
      // The heading of the strip goes with it.
      const heading = place > 0 && blocks[place - 1]!.text.length < 80 ? this.takeBack(blocks[place - 1]!) : ''
      return this.report('archive', 'note', block, [heading, text].filter(Boolean).join('\n'))
    }
    const contact = contactOf(text)
    if (contact) {
      if (contact.reachable && (!contact.plural || contact.several)) return false
      return this.report('L46', 'warning', block, text, { fault: contact.reachable ? 'plural' : 'channel' })
    }
    const stamp = stampOf(text)
    if (!stamp || text.length > 60) return false
    const [date] = datesIn(text, this.options.order, this.options.today)
    if (!date || date.start > stamp.from + 12 || /\p{L}{3}/u.test(text.slice(date.end))) return false
    if (stamp.kind === 'published' && this.open && !this.open.dated) this.open.putDate(date)
    else if (date.edtf) this.report('page-stamp', 'note', block, text, { kind: stamp.kind, date: date.edtf })
    else this.report('page-stamp', 'warning', block, text, { kind: stamp.kind, date: date.text })
    return true
  }

  /** The words of a block that was just taken for a part of a thread, taken back. */
  private takeBack(block: Block): string {
    if (this.before.at(-1) === block) {
      this.before.pop()
      return block.text
    }
    return this.open?.takeBack(block.text) ?? ''
  }

  /** Opens a thread if a header begins here; says how many blocks it took. */
  private takeHeader(blocks: Block[], place: number): number {
    const block = blocks[place]!
    const single = readHeader(block.text, this.options)
    // A paragraph of an open thread may begin with its own date.
    if (single?.title && !(this.open?.isLine && isDatedParagraph(single, block))) return this.openWith(single, block, 1)
    if (single && !single.title) {
      const above = this.titleAbove(blocks, place)
      const { header, taken } = together(single, blocks.slice(place + 1, place + 3).map((each) => readHeader(each.text, this.options)))
      if (above) {
        this.takeBack(above)
        return this.openWith({ ...header, title: above.text }, above, taken)
      }
      const below = blocks[place + taken]
      if (below && below.text.length <= 200 && !linkPhrase(below.text)) return this.openWith({ ...header, title: below.text, turned: true }, below, taken + 1)
    }
    return 0
  }

  /** A short line above label and date, if it is not the title of a thread already. */
  private titleAbove(blocks: Block[], place: number): Block | undefined {
    const above = blocks[place - 1]
    if (!above || above.text.length > 200 || (above.level === 0 && /[.;:]$/.test(above.text)) || linkPhrase(above.text) || above.role === 'item') return undefined
    return this.before.at(-1) === above || this.open?.endsWith(above.text) ? above : undefined
  }

  private openWith(header: Header, block: Block, taken: number): number {
    const inList = header.style !== 'line' && this.open?.isList && (this.open.isEmpty || this.told)
    this.told = false
    this.listed = inList ? this.listed + 1 : 0
    this.close()
    if (this.before.length) this.openPage()
    this.close()
    this.open = new OpenThread(header, block, this.page, this.options)
    return taken
  }

  private takeBody(block: Block, next: Block | undefined): void {
    // In a list of works, a line without label or date is a work too.
    if (this.listed > 0 && (this.open!.isEmpty || this.told) && block.role === 'text') {
      this.close()
      // One that is told of in sentences has a name for its headline, and its sentences as text.
      const told = block.text.length > 150 && /[.!?؟]\s/u.test(block.text)
      this.open = new OpenThread({ title: told ? beginningOf(block.text) : block.text.replace(/(?<=[^.])\.$/, ''), kind: null, labels: [], unknown: [], date: null, style: 'list', turned: false, labelOrder: null }, block, this.page, this.options)
      this.told = told
      if (told) this.open.add(block, next)
      return
    }
    this.open!.add(block, next)
  }

  /** What stands before the first header: a page's title alone, or a text without a header. */
  private openPage(): void {
    const [first, ...rest] = this.before
    this.before = []
    if (rest.length === 0 && this.threads.length + (this.open ? 1 : 0) === 0 && first!.text.length <= 200 && this.page.blocks.length > 1) {
      this.report('page-title', 'note', first!, first!.text)
      for (const { source, alt } of first!.pictures ?? []) this.report('image', 'note', first!, [source, alt].filter(Boolean).join(' '), { what: 'img', fault: 'page' })
      return
    }
    const headline = first!.text.length <= 200 && (first!.level > 0 || !/[.:;]$/.test(first!.text))
    const title = headline ? first!.text : beginningOf(first!.text)
    this.open = new OpenThread({ title, kind: null, labels: [], unknown: [], date: null, style: 'bare', turned: false, labelOrder: null }, first!, this.page, this.options)
    const body = headline ? rest : [first!, ...rest]
    for (const [place, block] of body.entries()) this.open.add(block, body[place + 1])
  }

  private close(): void {
    if (this.open) this.threads.push(this.open.closed())
    this.open = null
  }

  private report(rule: RuleId, severity: Severity, { line }: Block, text: string, values: Record<string, string> = {}): true {
    this.findings.push({ rule, severity, where: { part: 'page', index: 0, start: 0, end: 0, line, file: this.page.file }, text, values, fixes: [] })
    return true
  }
}

/** Joins what stands on lines of its own: a label, then a date. */
function together(first: Header, next: (Header | null)[]): { header: Header, taken: number } {
  const [second] = next
  if (!second || second.title || (first.date && second.date) || (first.kind && second.kind)) return { header: first, taken: 1 }
  return { header: { ...first, kind: first.kind ?? second.kind, labels: [...new Set([...first.labels, ...second.labels])], date: first.date ?? second.date, turned: Boolean(first.date) }, taken: 2 }
}

function isLabelled(header: Header | null): boolean {
  return header !== null && header.title !== '' && header.date !== null && (header.kind !== null || header.labels.length > 0)
}

function isDatedParagraph(header: Header, block: Block): boolean {
  return header.turned && header.kind === null && header.labels.length === 0 && block.level === 0
}

/** The first words of a text, as a name for it. */
export function beginningOf(text: string): string {
  const words = text.slice(0, 90).split(/\s+/)
  return text.length <= 90 ? text : `${words.slice(0, -1).join(' ')}…`
}
