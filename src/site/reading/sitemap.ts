import type { Db } from '#platform/db.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import { shownChronologies, sitemapItems, type ShownSubject } from '#modules/publishing/index.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { subjectPath } from './subjects.ts'

/** The pages of the site in every language in which they are published, for search engines: 50,000 at most, as the protocol wants. */
export async function sitemap(db: Db, frame: Frame, origin: string, { subjects, actions, campaigns }: { subjects: ShownSubject[], actions: PublicAction[], campaigns: boolean }): Promise<string> {
  const { languages, defaultLanguage } = frame.publisher
  const items = await sitemapItems(db, 50_000)
  const chronologies = await shownChronologies(db)
  const of = new Map(subjects.map((subject) => [subject.itemId, subject]))
  const own = (its: string[]) => its.filter((language) => languages.includes(language))
  const pages = [
    { path: '', languages, changed: undefined }, { path: '/actions', languages, changed: undefined }, ...(['place', 'topic'] as const).filter((kind) => subjects.some((each) => each.kind === kind)).map((kind) => ({ path: `/${kind}s`, languages, changed: undefined })),
    ...(campaigns ? [{ path: '/campaigns', languages, changed: undefined }] : []), ...chronologies.map((each) => ({ path: `/chronologies/${each.handle}`, languages: own(each.languages), changed: each.changedAt })),
    ...actions.map((action) => ({ path: `/actions/${action.slug}`, languages: own(Object.keys(action.words)), changed: undefined })),
    ...items.map((item) => ({ path: of.has(item.id) ? subjectPath(of.get(item.id)!) : item.kind === 'campaign' ? `/campaigns/${item.slug}` : `/items/${item.slug}`, languages: own(item.languages), changed: item.updatedAt })),
  ]
  const address = (path: string, language: string) => `${origin}${localPath({ ...frame, rehearsal: undefined }, path, language)}`
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${pages.flatMap((page) => (page.languages.length > 0 ? page.languages : [defaultLanguage]).map((language) => `<url><loc>${address(page.path, language)}</loc>${page.changed ? `<lastmod>${page.changed.toISOString()}</lastmod>` : ''}${page.languages.length > 1 ? page.languages.map((other) => `<xhtml:link rel="alternate" hreflang="${other}" href="${address(page.path, other)}"/>`).join('') : ''}</url>`)).slice(0, 50_000).join('\n')}
</urlset>
`
}
