import { parseFeed } from 'feedsmith'
import { isDay } from '#platform/days.ts'
import type { Page } from './block.ts'
import { DigestFault } from './fault.ts'
import { readHtml } from './html.ts'
import { readText } from './text.ts'

interface Entry {
  key: string
  title: string
  url: string | null
  date: string | null
  categories: string[]
  content: string
  language: string | null
}

/** Reads RSS, Atom, RDF or JSON feeds: each entry is a page of one item. Throws a DigestFault for what is none, and for XML that defines entities of its own. */
export function readFeed(file: string, content: string, pictures: ReadonlySet<string>): Page[] {
  refuseEntities(file, content)
  return entriesOf(file, content).map((entry) => itemPage(file, entry, pictures))
}

/** XML may define words that stand for more words, and those for more: nothing that we read needs any. */
export function refuseEntities(file: string, content: string): void {
  if (/<!ENTITY/i.test(content)) throw new DigestFault('entities', file)
}

/** One item of a feed or an export as a page: its body is HTML, or text where it has no tag. */
export function itemPage(file: string, { key, title, url, date, categories, content, language }: Entry, pictures: ReadonlySet<string>): Page {
  const page = /<\/?[a-z][^<>]{0,2000}>/i.test(content) ? readHtml(content, { file, pictures }) : readText(file, content)
  const heading = readHtml(title, { file, pictures: new Set() }).blocks.map(({ text }) => text).join(' ')
  return { ...page, url, language, item: { title: heading, categories, date, key } }
}

function entriesOf(file: string, content: string): Entry[] {
  const read = parsed(file, content)
  switch (read.format) {
    case 'rss': return (read.feed.items ?? []).map((item) => ({
      key: item.guid?.value ?? item.link ?? item.title ?? '', title: item.title ?? '', url: item.link ?? null, date: dayOf(item.pubDate ?? item.dc?.dates?.[0]),
      categories: (item.categories ?? []).flatMap(({ name }) => name ?? []), content: item.content?.encoded ?? item.description ?? '', language: read.feed.language?.slice(0, 2).toLowerCase() ?? null,
    }))
    case 'atom': return (read.feed.entries ?? []).map((entry) => ({
      key: entry.id ?? '', title: entry.title?.value ?? '', url: (entry.links?.find(({ rel }) => !rel || rel === 'alternate') ?? entry.links?.[0])?.href ?? null, date: dayOf(entry.published ?? entry.updated),
      categories: (entry.categories ?? []).flatMap(({ label, term }) => label ?? term ?? []), content: entry.content?.value ?? entry.summary?.value ?? '', language: null,
    }))
    case 'json': return (read.feed.items ?? []).map((item) => ({
      key: item.id ?? item.url ?? '', title: item.title ?? '', url: item.url ?? null, date: dayOf(item.date_published), categories: item.tags ?? [], content: item.content_html ?? item.content_text ?? item.summary ?? '', language: item.language?.slice(0, 2).toLowerCase() ?? null,
    }))
    case 'rdf': return (read.feed.items ?? []).map((item) => ({
      key: item.link ?? item.title ?? '', title: item.title ?? '', url: item.link ?? null, date: dayOf(item.dc?.dates?.[0]), categories: item.dc?.subjects ?? [], content: item.content?.encoded ?? item.description ?? '', language: null,
    }))
  }
}

function parsed(file: string, content: string) {
  try {
    return parseFeed(content)
  } catch {
    throw new DigestFault('not-xml', file)
  }
}

/** The day of a moment as feeds write it (RFC 822 or RFC 3339), as it was where it was written. */
export function dayOf(moment: string | undefined): string | null {
  if (!moment) return null
  const written = moment.slice(0, 10)
  if (isDay(written)) return written
  const [, day, month, year] = /(\d{1,2})\s+(\p{L}{3})\p{L}*\s+(\d{4})/u.exec(moment) ?? []
  const number = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').indexOf(month?.toLowerCase() ?? '') + 1
  const text = `${year}-${String(number).padStart(2, '0')}-${day?.padStart(2, '0')}`
  return isDay(text) ? text : null
}
