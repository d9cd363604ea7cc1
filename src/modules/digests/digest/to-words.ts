import { createHash } from 'node:crypto'
import { isDay } from '#platform/days.ts'
import { firstDayOf, isHappened, itemKinds, itemLabels, linkKinds, oldPath, wordsWith, type ItemKind, type ItemLabel, type ItemWords, type LinkKind } from '#modules/publishing/index.ts'
import { folded } from '../lexicon/labels.ts'
import { linkPhrase } from '../lexicon/phrases.ts'
import type { Assembled } from './assemble.ts'
import { picturesAt, placedPictures, withoutCaptions, type GivenPicture } from './pictures.ts'
import type { Paragraph, Thread, ThreadLink } from './report.ts'
import { stated, type Stated } from './stated.ts'

/** An entry as it is kept: what it is, and its words in one language. */
export interface Entry {
  kind: ItemKind
  thread: boolean
  words: ItemWords
  /** The source's own name for it: the same in every import of the same page. */
  key: string
  /** Of the entry as it stands in its source: what somebody put right here does not make it another. */
  hash: string
  oldPath: string | null
  pictures: GivenPicture[]
}

/**
 * What the threads of an import become. An entry of a digest with a day is a thread; anything else is an item with a body. A date that somebody still has to give
 * is left open: nothing is guessed. Two entries of one title are two.
 */
export function entriesOf(assembled: Assembled[], language: string): Entry[] {
  const entriesIn = new Map<string, number>()
  for (const { origin } of assembled) if (origin.entry) entriesIn.set(origin.file, (entriesIn.get(origin.file) ?? 0) + 1)
  const seen = new Map<string, number>()
  return assembled.map(({ thread, source = thread, origin }) => {
    const asThread = origin.entry && entriesIn.get(origin.file)! > 1 && thread.paragraphs.length > 0 && dated(thread.date) !== undefined
    const kind = kindOf(thread.kind)
    const pictures = placedPictures(origin.pictures)
    const words = asThread ? threadWords(thread, kind, origin.url, pictures) : itemWords(thread, kind, origin.url, pictures)
    const name = `${language} ${origin.itemKey ?? folded(thread.title)}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return { kind, thread: asThread, words, key: times > 1 ? `${name} #${times}` : name, hash: createHash('sha256').update(JSON.stringify([source.title, source.kind, source.labels, origin.written, source.paragraphs, source.links, ...pictures.map(({ handle, at }) => [handle, at])])).digest('hex'), oldPath: origin.url === null ? null : oldPath(origin.url), pictures }
  })
}

function kindOf(kind: string | null): ItemKind {
  return itemKinds.find((each) => each === kind && each !== 'about') ?? 'news'
}

function labelsOf(labels: string[]): ItemLabel[] {
  return itemLabels.filter((each) => labels.includes(each))
}

const mostParagraphs = 500
const mostText = 20_000

function threadWords(source: Thread, kind: ItemKind, url: string | null, pictures: GivenPicture[]): ItemWords {
  const used = new Set<string>()
  const whole = withoutCaptions(source, pictures)
  const apart = statedIn(whole, kind, url)
  // A thread of which nothing would be left stays one.
  const { thread, words } = apart.thread.paragraphs.some(({ text }) => text) ? apart : { thread: whole, words: {} }
  const paragraphs = together(thread.paragraphs).slice(0, mostParagraphs).flatMap(({ from, until }) => {
    const within = thread.paragraphs.slice(from, until)
    const links = thread.links.filter(({ paragraph }) => (paragraph === null ? from === 0 : paragraph >= from && paragraph < until))
    const text = within.flatMap((each, place) => [
      ...(from + place === 0 ? picturesAt(pictures, 0) : []), markdownOf(each, thread.links.filter(({ paragraph }) => paragraph === from + place), url), ...picturesAt(pictures, from + place + 1),
    ]).filter(Boolean).join('\n\n').slice(0, mostText)
    if (!text && links.length === 0) return []
    return [{ id: idOf(within[0]!.text, used), ...(dated(within[0]!.date) ?? dated(thread.date)!), happened: happenedOf(within[0]!.happened), text, links: keptLinks(links, url) }]
  })
  return wordsWith({ title: thread.title.slice(0, 300), labels: labelsOf(thread.labels), paragraphs, ...words })
}

function itemWords(source: Thread, kind: ItemKind, url: string | null, pictures: GivenPicture[]): ItemWords {
  const { thread, words } = statedIn(withoutCaptions(source, pictures), kind, url)
  const body = [
    ...picturesAt(pictures, 0),
    ...thread.paragraphs.flatMap((each, place) => [markdownOf(each, thread.links.filter(({ paragraph }) => paragraph === place), url, true), ...picturesAt(pictures, place + 1)]),
  ].filter(Boolean)
  const date = dated(thread.date)
  // What stands apart in a thread stands at its paragraph's end here.
  const loose = thread.links.filter(({ paragraph }) => paragraph === null).flatMap((link) => linkMarkdown(link, url))
  return wordsWith({
    title: thread.title.slice(0, 300), labels: labelsOf(thread.labels), body: [...body, ...loose].join('\n\n').slice(0, 500_000),
    ...(date ? { publishedOn: date.day, ...(date.roughly !== undefined && { publishedRoughly: date.roughly }) } : { undated: true }), ...words,
  })
}

function statedIn(thread: Thread, kind: ItemKind, url: string | null): Stated {
  return stated(thread, kind, (place) => markdownOf(thread.paragraphs[place]!, thread.links.filter(({ paragraph }) => paragraph === place), url, true))
}

/** Items of a list belong to the paragraph that introduces them, and a heading to what follows it. */
function together(paragraphs: Paragraph[]): { from: number, until: number }[] {
  const groups: { from: number, until: number }[] = []
  for (const [place, { role }] of paragraphs.entries()) {
    const before = paragraphs[place - 1]
    if (before && (role === 'item' || before.role === 'heading')) groups.at(-1)!.until = place + 1
    else groups.push({ from: place, until: place + 1 })
  }
  return groups
}

/** A paragraph as Markdown that shows exactly its words: links in place, and nothing in it taken for a mark or a directive. */
export function markdownOf({ text, role }: Paragraph, links: ThreadLink[], url: string | null, withApart = false): string {
  let made = ''
  let from = 0
  for (const link of links.filter(({ at, href }) => at !== null && href !== null).toSorted((one, other) => one.at! - other.at!)) {
    const href = addressOf(link.href!, url)
    if (link.at! < from || !href) continue
    made += `${escaped(text.slice(from, link.at!))}[${escaped(link.text)}](${href})`
    from = link.at! + link.text.length
  }
  made += escaped(text.slice(from))
  // Words of a link that was lost and that says something of its own are kept as words.
  const apart = links.filter(({ at, href, text: words }) => at === null && (withApart || (href === null && !linkPhrase(words)))).flatMap((link) => linkMarkdown(link, url).map((each) => ({ made: each, own: !linkPhrase(link.text) })))
  // What says by itself what it leads to was a line of its own, and does not end another's sentence.
  const [lines, tails] = [apart.filter(({ own }) => own), apart.filter(({ own }) => !own)].map((all) => all.map(({ made: each }) => each))
  const line = [lineStart(made), ...tails!].join(tails!.length ? ' ' : '')
  return [role === 'heading' ? `## ${made}` : role === 'item' ? `- ${line}` : role === 'quote' ? `> ${line}` : line, ...lines!].join('\n\n')
}

function linkMarkdown({ text, href }: ThreadLink, url: string | null): string[] {
  const address = href && addressOf(href, url)
  if (address) return [`[${escaped(text)}](${address})`]
  return linkPhrase(text) ? [] : [escaped(text)]
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]{}<>~|]/g, '\\$&').replace(/&(?=[a-z#])/gi, '&amp;')
}

/** What would begin a heading, list, rule or directive at the start of a line does not. */
function lineStart(text: string): string {
  return text.replace(/^(\s*)(\d{1,9})([.)])(?=\s|$)/, '$1$2\\$3').replace(/^(\s*)([#+=:-])/, '$1\\$2')
}

function keptLinks(links: ThreadLink[], url: string | null): { kind: LinkKind, url: string, text: string }[] {
  return links.filter(({ at }) => at === null).flatMap(({ kind, href, text }) => {
    const address = href && addressOf(href, url)
    return address && /^(?:https?:\/\/|\/)/.test(address) ? [{ kind: linkKinds.find((each) => each === kind) ?? 'read-more', url: address, text: linkPhrase(text) ? '' : text.slice(0, 200) }] : []
  }).slice(0, 20)
}

/** An address in full; one that is relative needs the page's own. */
function addressOf(href: string, url: string | null): string | null {
  const full = /^(?:https?:|mailto:|tel:)/i.test(href) ? href : url && /^https?:/i.test(url) && URL.canParse(href, url) ? new URL(href, url).href : /^\/(?!\/)\S*$/.test(href) ? href : null
  return full && full.length <= 2000 ? full.replace(/[\s()<>]/g, (sign) => encodeURIComponent(sign).replace('(', '%28').replace(')', '%29')) : null
}

/** The day by which something stands among others, and as much as is known of it where that is less; nothing where nobody has said when. */
function dated(date: string | null): { day: string, roughly?: string } | undefined {
  const day = date === null ? undefined : firstDayOf(date)
  return day === undefined ? undefined : { day, ...(!isDay(date!) && { roughly: date! }) }
}

function happenedOf(date: string | null): string {
  return date && isHappened(date) ? date : ''
}

/** The permalink of a paragraph comes from its words, so that it is the same in the next import. */
function idOf(text: string, used: Set<string>): string {
  const start = createHash('sha256').update(folded(text)).digest('hex').slice(0, 10)
  let id = start
  for (let number = 2; used.has(id); number++) id = `${start}-${number}`
  used.add(id)
  return id
}
