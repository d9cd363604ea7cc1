import { isDay } from '#platform/days.ts'
import type { Finding, RuleId, Severity } from '../lint/finding.ts'
import type { Anchor, Block, Page, Picture } from './block.ts'
import { active, addressOf, blocks, decodeURIComponentOr, isFurnitureTag, isVoid, plainAddress, silent } from './html-tags.ts'
import { isTracker, safeHref } from './leftovers.ts'
import { givenAs } from './pictures.ts'
import { longest, pieces } from './pieces.ts'
import { Spaces, tidied } from './spaces.ts'

const mostAnchors = 200

export interface HtmlOptions {
  file: string
  /** The names of the pictures that were given with the page. */
  pictures: ReadonlySet<string>
}

/** Takes the tags and words of a page as they come, and makes blocks of them. */
export class HtmlReader {
  private readonly options: HtmlOptions
  private readonly done: Block[] = []
  private readonly pictures: Picture[] = []
  private readonly findings: Finding[] = []
  private readonly spaces: Spaces
  private written = ''
  private anchors: Anchor[] = []
  private anchor: { start: number, href: string | null } | null = null
  private level = 0
  private item = 0
  private wordItem = false
  private quote = 0
  private caption = 0
  private title = ''
  private inTitle = false
  private language: string | null = null
  private url: string | null = null
  /** What is being left out: how deep in it we are, and its words. */
  private out: { depth: number, rule: RuleId | null, words: string } | null = null
  private time: { from: number, day: string } | null = null

  constructor(options: HtmlOptions) {
    this.options = options
    this.spaces = new Spaces(options.file)
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.out) {
      if (!isVoid(name)) this.out.depth += 1
      if (name === 'img') this.picture(attributes, true)
      if (name === 'br' || blocks.has(name)) this.out.words += ' '
      return
    }
    if (name === 'title') this.inTitle = true
    if (name === 'html') this.language = /^[a-z]{2,3}\b/i.exec(attributes.lang ?? '')?.[0].toLowerCase() ?? null
    if (name === 'link' && /\bcanonical\b/i.test(attributes.rel ?? '')) this.url = safeHref(attributes.href ?? '')
    if (name === 'meta' && attributes.property === 'og:url') this.url ??= safeHref(attributes.content ?? '')
    if (name === 'img') return this.picture(attributes)
    if (name === 'br') return void (this.written += '\n')
    if (active.has(name) || silent.has(name) && name !== 'head') return this.leave(name, attributes)
    if (isFurnitureTag(name, attributes)) {
      this.flush()
      this.out = { depth: 1, rule: isVoid(name) ? null : 'L28', words: '' }
      if (isVoid(name)) this.out = null
      return
    }
    if (blocks.has(name)) this.openBlock(name, attributes)
    if (name === 'a' && attributes.href !== undefined) {
      this.endAnchor()
      if (this.anchors.length >= mostAnchors) this.flush()
      this.anchor = { start: this.written.length, href: addressOf(attributes) }
    }
    const hidden = attributes['data-cfemail'] && plainAddress(attributes['data-cfemail'])
    if (hidden) {
      this.text(hidden)
      this.out = { depth: 1, rule: null, words: '' }
    }
    if (name === 'time' && isDay((attributes.datetime ?? '').slice(0, 10))) this.time = { from: this.written.length, day: attributes.datetime!.slice(0, 10) }
  }

  private openBlock(name: string, attributes: Record<string, string>): void {
    if ((name === 'td' || name === 'th') && this.written.trim()) return void (this.written += '\t')
    this.flush()
    const style = attributes.class ?? ''
    if (/^h[1-6]$/.test(name)) this.level = Number(name[1])
    else if (/\bMso(?:Title|Heading\d?)\b/.test(style)) this.level = 2
    if (name === 'li') this.item += 1
    this.wordItem = /\bMsoListParagraph/.test(style)
    if (name === 'blockquote') this.quote += 1
    if (name === 'figcaption') this.caption += 1
  }

  /** Scripts, frames and the like go, and are reported; styles go without a word. */
  private leave(name: string, attributes: Record<string, string>): void {
    this.out = { depth: 1, rule: null, words: '' }
    if (isVoid(name)) this.out = null
    if (!active.has(name) || name === 'svg' || name === 'math') return
    const source = attributes.src ?? attributes.data ?? ''
    const tracker = name === 'script' ? /analytics|googletag|gtag|gtm\.js|fbevents|pixel|hotjar|matomo|piwik|doubleclick|addthis|sharethis|track/i.test(source) : isTracker(`<${name} ${Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(' ')}>`)
    this.report(tracker ? 'L26' : 'active-content', tracker ? 'warning' : 'note', source || name, { what: name })
  }

  text(text: string): void {
    if (this.inTitle) this.title += text
    else if (this.out) {
      if (this.out.rule && this.out.words.length < 20_000_000) this.out.words += text
    } else {
      this.written += text
      // No paragraph that anybody wrote is so long or has so many links: a block ends here, so that what is done for each stays short.
      if (this.written.length > longest && (/\s$/.test(text) || this.written.length > 2 * longest)) this.flush()
    }
  }

  close(name: string): void {
    if (this.out) {
      if (isVoid(name)) return
      this.out.depth -= 1
      if (this.out.depth > 0) return
      const { rule, words } = this.out
      this.out = null
      if (rule && /[\p{L}\p{N}]/u.test(words)) this.report(rule, 'note', words.replace(/\s+/g, ' ').trim())
      return
    }
    if (name === 'title') this.inTitle = false
    if (name === 'a') this.endAnchor()
    if (name === 'time') this.endTime()
    if (!blocks.has(name) || name === 'td' || name === 'th') return
    this.flush()
    if (/^h[1-6]$/.test(name)) this.level = 0
    if (name === 'li') this.item = Math.max(0, this.item - 1)
    if (name === 'p') this.wordEnd()
    if (name === 'blockquote') this.quote = Math.max(0, this.quote - 1)
    if (name === 'figcaption') this.caption = Math.max(0, this.caption - 1)
  }

  /** What a word processor makes a heading or an item of a list is a paragraph by its tag. */
  private wordEnd(): void {
    this.wordItem = false
    if (this.level === 2 && this.done.at(-1)?.level === 2) this.level = 0
  }

  private endAnchor(): void {
    if (this.anchor && this.written.length > this.anchor.start) this.anchors.push({ ...this.anchor, end: this.written.length })
    this.anchor = null
  }

  /** A date that the page says in numbers and for machines is not asked about. */
  private endTime(): void {
    if (!this.time) return
    const shown = this.written.slice(this.time.from)
    if (/\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(shown) && this.anchors.every(({ end }) => end <= this.time!.from)) this.written = this.written.slice(0, this.time.from) + this.time.day
    this.time = null
  }

  /** One in a menu or the like is part of that, whether it was given or not. */
  private picture({ src = '', alt = '', ...rest }: Record<string, string>, inFurniture = false): void {
    const markup = `<img src="${src}" ${Object.entries(rest).map(([key, value]) => `${key}="${value}"`).join(' ')}>`
    if (isTracker(markup)) return this.report('L26', 'warning', markup, { what: 'img' })
    const given = inFurniture ? undefined : givenAs(decodeURIComponentOr(src.split(/[?#]/)[0]!), this.options)
    if (!given) this.report('image', 'note', [src.slice(0, 2000), alt].filter(Boolean).join(' '), { what: 'img' })
    this.pictures.push({ source: given ?? src.slice(0, 2000), given: Boolean(given), alt, caption: '', block: this.done.length + (this.written.trim() ? 1 : 0) })
  }

  private report(rule: RuleId, severity: Severity, text: string, values: Record<string, string> = {}): void {
    this.findings.push({ rule, severity, where: { part: 'page', index: 0, start: 0, end: 0, file: this.options.file }, text, values, fixes: [] })
  }

  /** After the deepest nesting: whatever was open is taken for closed. */
  flatten(): void {
    this.flush()
    Object.assign(this, { level: 0, item: 0, wordItem: false, quote: 0, caption: 0, inTitle: false, time: null })
    if (this.out) {
      this.out.depth = 1
      this.close('div')
    }
  }

  /** Ends the block: its lines are blocks of their own, with single spaces and with the anchors where they then are. */
  private flush(): void {
    if (!this.written) return
    const open = this.anchor
    this.endAnchor()
    const role = this.caption ? 'caption' : this.quote ? 'quote' : this.item || this.wordItem ? 'item' : 'text'
    let from = 0
    for (const line of this.written.split('\n')) {
      for (const piece of pieces(line)) {
        const [text, anchors] = this.line(piece, from)
        if (text) this.done.push({ text, anchors, level: this.level, role, line: 0 })
        from += piece.length
      }
      from += 1
    }
    if (role === 'caption' && this.pictures.length && this.written.trim()) this.pictures.at(-1)!.caption = this.written.replace(/\s+/g, ' ').trim()
    this.written = ''
    this.anchors = []
    this.anchor = open && { ...open, start: 0 }
  }

  private line(line: string, from: number): [text: string, anchors: Anchor[]] {
    const within = this.anchors.filter(({ start, end }) => start < from + line.length && end > from)
    let text = ''
    let at = 0
    const anchors: Anchor[] = []
    const put = (until: number) => {
      const piece = line.slice(at, until)
      const tidy = tidied(`\u2063${piece.replaceAll('\t', ' \ue001 ')}\u2063`, this.spaces).replaceAll('\u2063', '').replaceAll(' \ue001 ', '\t')
      text += /\s$/.test(text) || text === '' ? tidy.trimStart() : tidy
      at = until
    }
    for (const { start, end, href } of within) {
      put(Math.max(0, start - from))
      const begins = text.length
      put(Math.min(line.length, end - from))
      const shown = text.slice(begins)
      const trimmed = shown.trim()
      if (trimmed) anchors.push({ start: begins + shown.indexOf(trimmed), end: begins + shown.indexOf(trimmed) + trimmed.length, href })
    }
    put(line.length)
    const bullet = /^(?:[•◦▪·●○§]|\d{1,2}[.)])\s+/u.exec(text)
    const lead = (this.item || this.wordItem) && bullet ? bullet[0].length : text.length - text.trimStart().length
    text = text.slice(lead).trimEnd()
    return [text, anchors.map(({ start, end, href }) => ({ start: Math.max(0, start - lead), end: Math.min(text.length, end - lead), href })).filter(({ start, end }) => end > start)]
  }

  /** The words of a page that has too many tags. */
  passOver(rest: string): void {
    this.flatten()
    this.report('cut-off', 'warning', '', { what: 'tags' })
    for (const piece of pieces(rest.replace(/<[^<>]{0,5000}>/g, ' '))) this.text(piece)
  }

  page(): Page {
    this.flush()
    const { file } = this.options
    const title = this.title.replace(/\s+/g, ' ').trim()
    for (const picture of this.pictures.filter(({ given }) => given)) {
      const before = this.done[Math.max(0, picture.block! - 1)]
      if (before) (before.pictures ??= []).push(picture)
    }
    if (title && !this.done.some(({ text }) => text === title)) this.report('page-title', 'note', title)
    return { file, url: this.url, language: this.language, blocks: this.done, pictures: this.pictures, findings: [...this.findings, ...this.spaces.findings()], item: null }
  }
}
