import { datesIn, type DateOrder, type FoundDate } from '../lexicon/dates.ts'
import { stretchesIn } from '../lexicon/stretches.ts'
import { isConnecting } from '../lexicon/phrases.ts'
import type { Labels } from '../lexicon/labels.ts'

/** How the first line of a thread was read. */
export interface Header {
  /** Empty where the line has label or date alone, and the title stands on another. */
  title: string
  kind: string | null
  labels: string[]
  /** Labels in capitals that nobody has told us about, as they stand. */
  unknown: string[]
  date: FoundDate | null
  /** `line`: parts with separators between them; `list`: as in a list of works, `Title (Report) 7 July 2016`; `bare`: a title and its date alone. */
  style: 'line' | 'list' | 'bare'
  /** The date stands before the label or the label before the title. */
  turned: boolean
  /** Whether a tone stands before or behind the kind that it composes with. */
  labelOrder: 'tone-first' | 'kind-first' | null
}

export interface HeaderOptions {
  labels: Labels
  order?: DateOrder | undefined
  today: string
}

const longest = 400
const sign = '[-–—―−‒|·•/:]'
const separators = new RegExp(`\\s+${sign}+\\s*|\\s*[-–—―|]+\\s+|\\s*[–—―|\\t\\n]+\\s*|:\\s+`, 'gu')
const endSeparator = new RegExp(`(?:\\s+${sign}+|[–—―|\\t,:]|\\s-)\\s*$`, 'u')
const startSeparator = new RegExp(`^\\s*(?:${sign}+\\s+|[–—―|\\t,:])\\s*`, 'u')

/**
 * Reads a line by the grammar of digests, from the right: date, then known labels, and the rest is the title, which may have separators of its own. Label or date may
 * stand in brackets, first, or alone. Null for a line that is no header.
 */
export function readHeader(line: string, options: HeaderOptions): Header | null {
  if (line.length > longest || !/\p{L}|\d/u.test(line)) return null
  const parts = new Parts(line, options)
  for (let before = ''; before !== parts.rest;) {
    before = parts.rest
    parts.takeBracketed()
    parts.takeDate()
    parts.takeLabels()
  }
  return parts.header()
}

class Parts {
  rest: string
  private kind: string | null = null
  private readonly labels: string[] = []
  private readonly unknown: string[] = []
  private date: FoundDate | null = null
  private bracketed = false
  private separated = false
  private turned = false
  private weak = false
  private shouted = false
  private labelOrder: Header['labelOrder'] = null
  private readonly ended: boolean

  private readonly options: HeaderOptions
  constructor(line: string, options: HeaderOptions) {
    this.options = options
    this.rest = line.replaceAll(/[\u00a0\u202f]/g, ' ').trim()
    this.ended = this.rest.endsWith('.')
  }

  /** `(Report)`, `(Question & Answer - July 25, 2014)`, `[21 July]`, at either end. */
  takeBracketed(): void {
    const end = /^(?<rest>.*?)\s*[([](?<inside>[^()[\]]{2,80})[)\]][\s.]*$/su.exec(this.rest)
    const start = end ?? /^[([](?<inside>[^()[\]]{2,80})[)\]]\s*[-–—:|]?\s*(?<rest>.*)$/su.exec(this.rest)
    if (!start) return
    const inner = new Parts(start.groups!.inside!, this.options)
    inner.takeDate()
    inner.takeLabels()
    inner.takeDate()
    if (inner.rest || (this.date && inner.date)) return
    if (!end && inner.date) this.turned = true
    this.take(inner.kind, inner.labels)
    this.date ??= inner.date
    this.bracketed = true
    this.rest = start.groups!.rest!.trim()
  }

  takeDate(): void {
    if (this.date) return
    const found = stretchesIn(this.rest, this.options.order, this.options.today)
    const last = found.at(-1)
    if (last && /^[\s.,;)]*$/.test(this.rest.slice(last.end))) {
      const before = this.rest.slice(0, last.start).replace(/(?:\p{L}+day|\p{Lu}\p{Ll}{2}),?\s*$/u, (weekday) => (isWeekday(weekday) ? '' : weekday))
      const separated = endSeparator.test(before) && !/,\s*$/.test(before)
      // "Hearing set for 3 May 2024" is a title; "2014" alone at its end is a part of it too.
      if (!separated && before.trim() && (isConnecting(before) || last.style === 'year' || last.style === 'imprecise' || last.style === 'range')) return
      this.weak = !separated && before.trim() !== ''
      this.separated ||= separated
      this.date = last
      this.rest = cut(before)
      return
    }
    // "12 May 2024 – 3 June 2024 hearing moved" is no stretch: what follows its sign begins the title.
    const [first] = found[0]?.style === 'range' && !startsTitle(this.rest.slice(found[0].end)) ? datesIn(this.rest, this.options.order, this.options.today) : found
    if (!first || this.rest.slice(0, first.start).replace(/^\p{L}+day,?\s*$/u, '').trim()) return
    const after = this.rest.slice(first.end)
    if (!startsTitle(after)) return
    if (first.style === 'year' && !/^\s*[-–—|]/.test(after)) return
    this.date = first
    this.separated = true
    this.turned = true
    this.rest = after.replace(startSeparator, '').trim()
  }

  takeLabels(): void {
    const whole = this.options.labels.read(this.rest.replace(/[\s.:]+$/, ''))
    if (whole) {
      this.labelOrder ??= whole.order
      this.take(whole.kind, whole.labels)
      this.rest = ''
      return
    }
    const cuts = [...this.rest.matchAll(separators)]
    for (const { index, 0: { length } } of cuts) {
      const said = this.rest.slice(index + length)
      // Behind a colon a label is written as one: "The siege: questions and answers" is a title.
      const read = this.rest[index] === ':' && !/^\P{Ll}*\p{Lu}{2}\P{Ll}*$/u.test(said) ? null : this.options.labels.read(said)
      if (read) {
        this.labelOrder ??= read.order
        return this.takeEnd(read, index)
      }
    }
    const [first] = cuts
    const leading = first && first.index > 0 && this.options.labels.read(this.rest.slice(0, first.index))
    if (first && leading && (this.date || isShouted(this.rest.slice(0, first.index)))) {
      this.take(leading.kind, leading.labels)
      this.shouted ||= isShouted(this.rest.slice(0, first.index))
      this.separated = true
      this.turned = true
      this.rest = this.rest.slice(first.index + first[0].length)
      return
    }
    // A label that nobody knows: the last part, in capitals, between title and date.
    const last = cuts.at(-1)
    const word = last && this.rest.slice(last.index + last[0].length)
    if (last && word && this.date && this.separated && word.length <= 50 && isShouted(word) && !isShouted(this.rest.slice(0, last.index))) {
      this.unknown.unshift(word)
      this.rest = this.rest.slice(0, last.index).trim()
    }
  }

  private takeEnd({ kind, labels }: { kind: string | null, labels: string[] }, index: number): void {
    this.take(kind, labels)
    this.shouted ||= isShouted(this.rest.slice(index))
    this.separated = true
    this.rest = this.rest.slice(0, index).trim()
  }

  private take(kind: string | null, labels: string[]): void {
    if (kind && this.kind && kind !== this.kind) this.labels.push(kind)
    else this.kind ??= kind
    this.labels.push(...labels.filter((label) => !this.labels.includes(label)))
  }

  header(): Header | null {
    const labelled = this.kind !== null || this.labels.length + this.unknown.length > 0
    const title = this.rest.replace(/(?<=[^.])\.$/, '').trim()
    const style = this.bracketed ? 'list' : labelled && this.separated ? 'line' : this.weak && !labelled ? 'bare' : labelled || this.separated ? 'line' : 'bare'
    if (title && !/\p{L}/u.test(title)) return null
    if (!labelled && !this.date) return null
    // Without a date only a label that is written as one makes a header: "Title - NEWS" and "Title (Report)", not "Ardenhal: report".
    if (title && !this.date && !(this.bracketed || this.unknown.length > 0 || this.shouted)) return null
    // Prose that ends in a date or begins with one has sentences, and its last one has a point.
    if (title && this.weak && !labelled && this.ended) return null
    const sentences = title.split(/[.!?؟]["”’»)]?\s+(?=\p{Lu}|\p{Lo})/u).length
    if (title && (title.length > 250 || (this.weak && !this.bracketed && (sentences > 1 || title.length > 160)) || sentences > 3)) return null
    return { title, kind: this.kind, labels: this.labels, unknown: this.unknown, date: this.date, style, turned: this.turned, labelOrder: this.labelOrder }
  }
}

/** Without the separator at its end. */
function cut(text: string): string {
  return text.replace(endSeparator, '').trim()
}

/** In capitals throughout, or in a script that has none. */
export function isShouted(text: string): boolean {
  return /\p{Lu}{2}|\p{Lo}{2}/u.test(text) && !/\p{Ll}/u.test(text)
}

const weekdays = new Set(['en-GB', 'fr', 'es', 'ar', 'he'].flatMap((locale) => Array.from({ length: 7 }, (_, day) => ['long', 'short'].map((style) =>
  new Intl.DateTimeFormat(locale, { weekday: style as 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 7 + day)).toLowerCase().replace('.', ''))).flat()))

/** After a date at the beginning: a separator, or a label in brackets. */
function startsTitle(text: string): boolean {
  return startSeparator.test(text) || /^\s*[([]/.test(text)
}

function isWeekday(text: string): boolean {
  return weekdays.has(text.toLowerCase().replace(/[,.\s]+$/, ''))
}
