import type { DateOrder, FoundDate } from '../lexicon/dates.ts'
import { stretchesIn } from '../lexicon/stretches.ts'
import { colonKind, linkKind, linkPhrase, type LinkKind } from '../lexicon/phrases.ts'
import type { Anchor, Block } from './block.ts'
import { safeHref } from './leftovers.ts'
import type { Paragraph } from './report.ts'

export interface FoundLink {
  kind: LinkKind
  text: string
  href: string | null
  /** Where its words begin in the paragraph; null for one that stands apart. */
  at: number | null
}

export interface ReadParagraph {
  /** Null for a block that is nothing but links. */
  paragraph: Paragraph | null
  links: FoundLink[]
  /** A date at its beginning that nobody can be sure of. */
  unsure: FoundDate | null
}

const url = /\b(?:https?:\/\/|www\.)[^\s<>"«»“”]{1,2000}[^\s<>"«»“”.,;:!?)\]’']/gu
const markdownLink = /\[(?<text>[^[\]\n]{1,300})\]\((?<href>[^()\s]{1,2000})\)/gu
const afterPhrase = /^[\s.:!>»›→←«‹…⟩|]*$/u
const opening = /^(?<on>(?:on|le|el|في(?: يوم)?|ביום|ב-)\s+)?/iu

/** Reads a block as a paragraph: the links at its end stand apart with their kind, those within it keep their place, and a date at its beginning is its own. */
export function readParagraph(block: Block, order: DateOrder | undefined, today: string): ReadParagraph {
  const { text, anchors } = withAddresses(block)
  const ends = linksAtEnd(text, anchors)
  const body = text.slice(0, ends.from).trimEnd()
  const inline = anchors.filter(({ end }) => end <= body.length).map(({ start, end, href }): FoundLink => ({ kind: linkKind(text.slice(start, end), href), text: text.slice(start, end), href, at: start }))
  const line = inline.length === 0 && ends.links.length === 0 ? colonKind(body) : null
  if (line) return { paragraph: null, links: [{ kind: line, text: body, href: null, at: null }], unsure: null }
  if (!body) return { paragraph: null, links: ends.links, unsure: null }
  const { date, happened, cut, unsure } = ownDate(body, order, today)
  const shifted = inline.flatMap((link) => (link.at! >= cut ? [{ ...link, at: link.at! - cut }] : []))
  const role = block.level ? 'heading' : block.role
  return { paragraph: { text: body.slice(cut), role, date, happened }, links: [...shifted, ...ends.links], unsure }
}

/** Addresses written out in the text, bare or as Markdown, become anchors. */
function withAddresses({ text, anchors }: Block): { text: string, anchors: Anchor[] } {
  if (!/https?:\/\/|www\.|\]\(/.test(text)) return { text, anchors }
  let made = ''
  let from = 0
  const moved: Anchor[] = []
  const carry = (until: number) => {
    for (const anchor of anchors) if (anchor.start >= from && anchor.end <= until) moved.push({ ...anchor, start: anchor.start - from + made.length, end: anchor.end - from + made.length })
    made += text.slice(from, until)
    from = until
  }
  for (const match of text.matchAll(markdownLink)) {
    const href = safeHref(match.groups!.href!)
    if (!href) continue
    carry(match.index)
    moved.push({ start: made.length, end: made.length + match.groups!.text!.length, href })
    made += match.groups!.text!
    from = match.index + match[0].length
  }
  carry(text.length)
  for (const match of made.matchAll(url)) {
    if (moved.some(({ start, end }) => match.index < end && start < match.index + match[0].length)) continue
    moved.push({ start: match.index, end: match.index + match[0].length, href: safeHref(match[0].startsWith('www.') ? `https://${match[0]}` : match[0]) })
  }
  return { text: made, anchors: moved.toSorted((one, other) => one.start - other.start) }
}

const mostAtEnd = 300

/** The links that a text ends with: "… said so. Read more. Take action." */
function linksAtEnd(text: string, anchors: Anchor[]): { links: FoundLink[], from: number } {
  const links: FoundLink[] = []
  let from = text.length
  while (links.length < mostAtEnd) {
    const rest = text.slice(0, from).trimEnd()
    if (!rest) break
    const found = addressAtEnd(rest, anchors) ?? anchorAtEnd(rest, anchors) ?? phraseAtEnd(rest)
    if (!found) break
    if (found.link) links.unshift(found.link)
    from = found.start
  }
  return { links, from }
}

interface AtEnd {
  link: FoundLink | null
  start: number
}

/** An address after a phrase belongs to it: "Read more: https://…". One alone after a sentence is a link of its own. */
function addressAtEnd(rest: string, anchors: Anchor[]): AtEnd | null {
  const anchor = anchors.findLast(({ start, end }) => end <= rest.length && start < rest.length && /^[\s)>\].]*$/.test(rest.slice(end)))
  if (!anchor) return null
  const words = rest.slice(anchor.start, anchor.end)
  if (!/^(?:https?:|www\.)/.test(words)) return null
  const before = rest.slice(0, anchor.start).replace(/[\s:(<[>»–—→-]+$/u, '')
  const phrase = phraseAtEnd(before)
  if (phrase?.link) return { link: { ...phrase.link, href: anchor.href }, start: phrase.start }
  if (before && !/[.!?:؟]["”’»)]?$/u.test(before)) return null
  return { link: { kind: linkKind(words, anchor.href), text: words, href: anchor.href, at: null }, start: anchor.start }
}

/** An anchor whose words are a phrase, or that is all of the block. */
function anchorAtEnd(rest: string, anchors: Anchor[]): AtEnd | null {
  const anchor = anchors.findLast(({ start, end }) => end <= rest.length && start < end && afterPhrase.test(rest.slice(end)))
  if (!anchor) return null
  const words = rest.slice(anchor.start, anchor.end)
  const alone = /^[\s|·•>»-]*$/u.test(rest.slice(0, anchor.start))
  const kind = linkKind(words, anchor.href)
  if (!alone && (kind === 'link' || (kind === 'download' && !linkPhrase(words)) || !/[.!?:؟>»|]["”’»)]?\s*$/u.test(rest.slice(0, anchor.start)))) return null
  return { link: { kind, text: words, href: anchor.href, at: null }, start: anchor.start }
}

/** A phrase without an address, as its last sentence. */
function phraseAtEnd(rest: string): AtEnd | null {
  const sentence = /(?:^|[.!?؟:>»|]["”’»)]?\s+|[.!?؟]["”’»)]?(?=\p{Lu}))(?<last>[^.!?؟|]{2,90}[.!:>»›→…\s]*)$/u.exec(rest)
  const last = sentence?.groups!.last
  if (!last) return null
  const kind = linkPhrase(last)
  if (!kind || kind === 'link') return null
  return { link: { kind, text: last.trim(), href: null, at: null }, start: rest.length - last.length }
}

/** `28/05/2024 - text` has a date of its own; `On 24 March 2024, …` tells of a day. */
function ownDate(text: string, order: DateOrder | undefined, today: string): { date: string | null, happened: string | null, cut: number, unsure: FoundDate | null } {
  const nothing = { date: null, happened: null, cut: 0, unsure: null }
  const on = opening.exec(text)!
  const bracket = /^[([]/.test(text) ? 1 : 0
  const head = text.slice(0, 60)
  const [first] = stretchesIn(head, order, today)
  if (!first || first.style === 'year') return nothing
  if (on.groups!.on && first.start === on[0].length) return { ...nothing, happened: first.edtf }
  if (first.start !== bracket) return nothing
  const after = /^[)\]]?\s*(?:[-–—|:]|(?<=[)\]]))\s*/u.exec(text.slice(first.end))
  if (!after || first.yearless) return nothing
  const cut = first.end + after[0].length
  if (!first.edtf) return { ...nothing, cut: first.choices.length ? cut : 0, unsure: first }
  return { date: first.edtf, happened: null, cut, unsure: null }
}
