import { reading, type Tx } from '#platform/db.ts'
import { mapItems, mapPages, shownChronologies } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { itemPath } from './readable.ts'
import { allSubjects, folders, subjectPath } from './subjects.ts'

interface Listed {
  path: string
  languages: string[]
  changed?: Date
}

/** The map for search engines: an index, one page of all that there is once, and all items, a thousand on a page. Each page stands in it in every language in which it is published. */
export function sitemapRoutes(pages: Pages, site: Site): void {
  const type = 'application/xml; charset=utf-8'
  pages.getText('/sitemap.xml', () => reading(site.db, async (tx) => ({ type, body: indexOf(site, await mapPages(tx)) })))
  pages.getText('/sitemap/pages.xml', (frame) => reading(site.db, async (tx) => ({ type, body: mapOf(site, frame, await ownPages(tx, site, frame)) })))
  pages.getText('/sitemap/:page(^[0-9a-f-]+).xml', async (frame, request) => {
    const { page } = request.params as { page: string }
    const items = await reading(site.db, (tx) => mapItems(tx, page))
    if (!items) return undefined
    const of = new Map((await allSubjects(site)).map((subject) => [subject.itemId, subject]))
    return { type, body: mapOf(site, frame, items.map((item) => ({ path: of.has(item.id) ? subjectPath(of.get(item.id)!) : itemPath(item), languages: item.languages, changed: item.updatedAt }))) }
  })
}

/** What there is besides items: lists, actions, chronologies. */
async function ownPages(tx: Tx, site: Site, frame: Frame): Promise<Listed[]> {
  const { languages } = frame.publisher
  const subjects = await allSubjects(site)
  return [
    { path: '', languages }, { path: '/actions', languages }, ...(['place', 'topic'] as const).filter((kind) => subjects.some((each) => each.kind === kind)).map((kind) => ({ path: folders[kind], languages })),
    ...(frame.campaigns ? [{ path: '/campaigns', languages }] : []),
    ...(await shownChronologies(tx)).map((each) => ({ path: `/chronologies/${each.handle}`, languages: each.languages, changed: each.changedAt })),
    ...(await site.list.get('')).map((action) => ({ path: `/actions/${action.slug}`, languages: Object.keys(action.words) })),
  ]
}

function indexOf({ origin }: Site, items: Awaited<ReturnType<typeof mapPages>>): string {
  const all = [{ name: 'pages', changed: '' }, ...items.map(({ key, changedAt }) => ({ name: key, changed: `<lastmod>${changedAt.toISOString()}</lastmod>` }))]
  return `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${all.map(({ name, changed }) => `<sitemap><loc>${origin}/sitemap/${name}.xml</loc>${changed}</sitemap>`).join('\n')}
</sitemapindex>
`
}

function mapOf({ origin }: Site, frame: Frame, pages: Listed[]): string {
  const { languages: known, defaultLanguage } = frame.publisher
  const address = (path: string, language: string) => `${origin}${localPath(frame, path, language)}`
  const urls = pages.flatMap(({ path, languages, changed }) => {
    const own = languages.filter((language) => known.includes(language))
    const others = own.length > 1 ? own.map((language) => `<xhtml:link rel="alternate" hreflang="${language}" href="${address(path, language)}"/>`).join('') : ''
    return (own.length > 0 ? own : [defaultLanguage]).map((language) => `<url><loc>${address(path, language)}</loc>${changed ? `<lastmod>${changed.toISOString()}</lastmod>` : ''}${others}</url>`)
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${urls.join('\n')}
</urlset>
`
}
