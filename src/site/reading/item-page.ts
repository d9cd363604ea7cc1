import { reading } from '#platform/db.ts'
import type { Html } from '#platform/html/html.ts'
import { itemsBySlug, shownItem, shownWordsIn } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { articleOf } from './article.ts'
import { readBeside } from './beside.ts'
import { headOf } from './head.ts'
import { machineFacts } from './machine-facts.ts'
import { itemPath, readables } from './readable.ts'
import { allSubjects, subjectPath } from './subjects.ts'

/** An item of its own: a thread with all of its paragraphs, or a text. Nothing where there is none at this address. */
export async function itemPage(site: Site, frame: Frame, slug: string, folder: 'items' | 'campaigns' = 'items'): Promise<PageParts | { moved: string } | undefined> {
  const { t, publisher } = frame
  const subjects = await allSubjects(site)
  const read = await reading(site.db, async (tx) => {
    const item = await shownItem(tx, { slug })
    if (!item) return undefined
    const named = shownWordsIn(item, t.language, publisher.defaultLanguage).words.blocks.flatMap((each) => (each.kind === 'items' ? each.items : []))
    const [readable, ...related] = await readables(tx, frame, [item, ...await itemsBySlug(tx, named)])
    return { readable: readable!, related, beside: await readBeside(tx, frame, item) }
  })
  if (!read) return undefined
  const { readable, related, beside } = read
  // A campaign has one address, and no other item has one there.
  if ((readable.item.kind === 'campaign') !== (folder === 'campaigns')) return { moved: localPath(frame, itemPath(readable.item)) }
  const { item, shown, rendered } = readable
  // The text of a place's page has no page of its own.
  const whose = subjects.find(({ id }) => id === item.subjectId)
  if (whose) return { moved: localPath(frame, subjectPath(whose)) }
  const { words } = shown
  const description = words.summary || (rendered.paragraphs[0] ? plain(rendered.paragraphs[0].html) : '')
  return {
    title: words.title, path: itemPath(item), description, reading: true, exit: rendered.notices.length > 0,
    head: headOf(site, frame, {
      path: itemPath(item), title: words.title, description, language: shown.language, published: item.publishedAt, updated: item.updatedAt,
      type: item.kind === 'report' ? 'Report' : item.kind === 'news' || item.kind === 'press-release' || item.kind === 'urgent-action' ? 'NewsArticle' : 'Article',
      picture: readable.lead, revision: shown.revisionId, more: machineFacts(readable),
      corrections: item.corrections.map(({ says, madeIn }) => (says[shown.language] ?? says[madeIn]!).correct),
    }),
    body: articleOf(frame, readable, { about: subjects.filter(({ id }) => item.subjects.includes(id)), actions: await site.list.get(''), related, beside, origin: site.origin }),
  }
}

function plain(text: Html): string {
  return text.text.replace(/<[^>]+>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, '’').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim().slice(0, 300)
}
