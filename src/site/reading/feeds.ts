import { isDay } from '#platform/days.ts'
import { reading } from '#platform/db.ts'
import { escapeHtml, html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { plainFile, shownItems, type ShownSubject } from '#modules/publishing/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { datedLine, firstDate } from './dates.ts'
import { corrections, itemPath, readables, type Readable } from './readable.ts'
import { allSubjects, subjectName } from './subjects.ts'
import { paragraphOf } from './thread.ts'

export const feedFormats = ['atom', 'rss', 'json'] as const
export type FeedFormat = (typeof feedFormats)[number]
/** What readers of feeds call them, in every language. */
export const feedNames: Record<FeedFormat, string> = { atom: 'Atom', rss: 'RSS', json: 'JSON' }

const most = 30

/** Which items a feed carries, and the address below which it is. */
export interface FeedPart {
  path: string
  subject?: ShownSubject
  kind?: string
}

interface Feed {
  title: string
  language: string
  direction: string
  page: string
  self: string
  updated: Date
  author: string
  entries: FeedEntry[]
}

interface FeedEntry {
  id: string
  url: string
  title: string
  language: string
  kind: string
  summary: string
  content: string
  /** Left out where nobody knows the day: these formats have no form for less. */
  published: Date | undefined
  updated: Date
  picture?: { url: string, type: string, size: number }
}

/**
 * The newest of what is published in the page's language, as Atom (RFC 4287), RSS 2.0 or JSON Feed 1.1. Corrections are part of what an item says, and move it to the top: readers of feeds are told too.
 * What is not translated is not repeated here: its readers have the feed of its own language.
 */
export async function feedOf(site: Site, frame: Frame, format: FeedFormat, { path, subject, kind }: FeedPart): Promise<{ type: string, body: string }> {
  const { t, publisher } = frame
  const entries = await reading(site.db, async (tx) => {
    const { items } = await shownItems(tx, { subjectId: subject?.id, kind, language: t.language }, { most, by: 'updated' })
    return readables(tx, frame, items, { still: true })
  })
  const subjects = await allSubjects(site)
  const name = publisherTexts(publisher, t.language).name
  const feed: Feed = {
    title: subject ? `${subjectName(frame, subject).name} – ${name}` : name, language: t.language, direction: t.direction, page: `${site.origin}${localPath(frame, kind ? '' : path)}`,
    self: `${site.origin}${localPath(frame, `${path}/feed.${format}`)}`, author: name, entries: entries.map((each) => entryOf(site, frame, each, subject?.kind === 'place' ? [] : subjects.filter((its) => its.kind === 'place' && each.item.subjects.includes(its.id)))),
    updated: entries.map(({ item }) => item.updatedAt).toSorted((a, b) => b.getTime() - a.getTime())[0] ?? new Date(0),
  }
  switch (format) {
    case 'atom': return { type: 'application/atom+xml; charset=utf-8', body: atom(feed) }
    case 'rss': return { type: 'application/rss+xml; charset=utf-8', body: rss(feed) }
    case 'json': return { type: 'application/feed+json; charset=utf-8', body: json(feed) }
  }
}

/** Where its place does not follow from the feed itself, an entry's title begins with it. */
function entryOf(site: Site, frame: Frame, readable: Readable, places: ShownSubject[]): FeedEntry {
  const { item, shown, rendered, kindLine } = readable
  const url = `${site.origin}${localPath(frame, itemPath(item))}`
  const first = firstDate(item, shown.words)
  const text = html`${!item.thread && !isDay(item.date) && html`<p>${datedLine(frame, 'published', item.date)}</p>`}${rendered.notices}${corrections(frame, readable)}${rendered.lead}${rendered.facts}${item.thread ? rendered.paragraphs.map((each) => paragraphOf(frame, readable, each, { path: url, day: true })) : rendered.body}${rendered.blocksAlone}${rendered.more}${rendered.figures()}`.text
  return {
    // An address can change; this does not.
    id: `urn:uuid:${item.id}`, url, title: `${places.length > 0 ? `${places.map((each) => subjectName(frame, each).name).join('/')}: ` : ''}${shown.words.title}`, language: shown.language, kind: kindLine, summary: shown.words.summary,
    // Programs that read feeds ask nobody which way a text goes.
    content: `<div lang="${shown.language}" dir="${directionOf(shown.language)}">${text.replace(/ (href|src)="\/(?!\/)/g, ` $1="${site.origin}/`)}</div>`, ...pictureOf(site, readable), published: isDay(first) ? new Date(Math.min(Date.parse(first), item.publishedAt.getTime())) : undefined, updated: item.updatedAt,
  }
}

function pictureOf(site: Site, { lead }: Readable): Pick<FeedEntry, 'picture'> {
  const file = lead && plainFile(lead)
  return file ? { picture: { url: `${site.origin}/files/${file.hash}`, type: file.mediaType, size: file.size } } : {}
}

/** Text within XML: what XML 1.0 cannot hold is left out. */
function xml(text: string): string {
  // eslint-disable-next-line no-control-regex
  return escapeHtml(text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ''))
}

function atom(feed: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.language}"><title>${xml(feed.title)}</title><id>${xml(feed.self)}</id><link rel="self" href="${xml(feed.self)}"/><link href="${xml(feed.page)}"/><updated>${feed.updated.toISOString()}</updated><author><name>${xml(feed.author)}</name></author>
${feed.entries.map((each) => `<entry xml:lang="${each.language}"><title>${xml(each.title)}</title><id>${each.id}</id><link href="${xml(each.url)}"/>${each.published ? `<published>${each.published.toISOString()}</published>` : ''}<updated>${each.updated.toISOString()}</updated><category term="${xml(each.kind)}"/>${each.picture ? `<link rel="enclosure" href="${xml(each.picture.url)}" type="${each.picture.type}" length="${each.picture.size}"/>` : ''}${each.summary && `<summary>${xml(each.summary)}</summary>`}<content type="html">${xml(each.content)}</content></entry>`).join('\n')}
</feed>
`
}

function rss(feed: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${xml(feed.title)}</title><link>${xml(feed.page)}</link><description>${xml(feed.title)}</description><language>${feed.language}</language><atom:link rel="self" type="application/rss+xml" href="${xml(feed.self)}"/><lastBuildDate>${feed.updated.toUTCString()}</lastBuildDate>
${feed.entries.map((each) => `<item><title>${xml(each.title)}</title><link>${xml(each.url)}</link><guid isPermaLink="false">${each.id}</guid>${each.published ? `<pubDate>${each.published.toUTCString()}</pubDate>` : ''}<category>${xml(each.kind)}</category>${each.picture ? `<enclosure url="${xml(each.picture.url)}" type="${each.picture.type}" length="${each.picture.size}"/>` : ''}<description>${xml(each.content)}</description></item>`).join('\n')}
</channel></rss>
`
}

function json(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1', title: feed.title, home_page_url: feed.page, feed_url: feed.self, language: feed.language, authors: [{ name: feed.author }],
    items: feed.entries.map((each) => ({ id: each.id, url: each.url, title: each.title, language: each.language, summary: each.summary || undefined, content_html: each.content, image: each.picture?.url, date_published: each.published, date_modified: each.updated, tags: [each.kind] })),
  })
}
