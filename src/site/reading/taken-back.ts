import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { SubjectKind } from '#modules/places/index.ts'
import { linkedItems, linkIn, listItems, takenBackBeside, type LinkedItem, type ShownSubject } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import type { TakenBack } from '../pages/page.ts'
import { dayMark, inLanguage, itemPath } from './readable.ts'
import { allSubjects, subjectName, subjectPath } from './subjects.ts'

/** So many of the newest are named. */
const mostNamed = 5

/** What is asked where a page of this kind is not there: whether it was taken back. `part` is the part of the address that names it. */
export function takenBack(site: Site, kind: SubjectKind | 'item', part: 'slug' | 'number' = 'slug'): TakenBack {
  return async (frame, request) => takenBackPage(site, frame, kind, (request.params as Record<string, string>)[part]!)
}

/** The page in the place of what was taken back: that it was, not a word of what it said, and the newest about the same. Nothing where nothing was. Other languages are led to by their first page: the address that was asked for has words of what was taken back. */
export async function takenBackPage(site: Site, frame: Frame, kind: SubjectKind | 'item', asked: string): Promise<PageParts | undefined> {
  const { t, off } = frame
  const ids = await reading(site.db, (tx) => takenBackBeside(tx, kind, asked))
  if (!ids) return undefined
  // What happened is told of by place; of several, that which lies within the others says it best.
  const subjects = (await allSubjects(site)).filter(({ id }) => ids.includes(id)).toSorted((one, other) => Number(other.kind === 'place') - Number(one.kind === 'place') || Number(one.id === other.parentId) - Number(other.id === one.parentId))
  const items = await newestAbout(site, subjects[0])
  const others = [...subjects.map((subject) => ({ path: subjectPath(subject), label: subjectName(frame, subject).name })), ...(off.has('search') ? [] : [{ path: '/search', label: t('nav.search') }]), { path: '/actions', label: t('action.others') }, { path: '', label: t('taken-back.home') }]
  return {
    title: t('taken-back'), path: '', narrow: true, reading: true, head: html`<meta name="robots" content="noindex">`,
    body: html`<h1>${t('taken-back')}</h1><p>${t('taken-back.why')}</p>${newestPart(frame, items, subjects[0])}<nav class="row" aria-label="${t('search.other-ways')}">${others.map((each) => html`<a class="plain" href="${localPath(frame, each.path)}">${each.label}</a>`)}</nav>`,
  }
}

/** The newest about a place or topic, or of the whole site where there is none. */
async function newestAbout(site: Site, subject: ShownSubject | undefined): Promise<LinkedItem[]> {
  return reading(site.db, async (tx) => {
    const [list] = await listItems(tx, [{ ...(subject ? { subjectId: subject.id } : { news: true }), most: mostNamed }])
    const found = await linkedItems(tx, list!.ids)
    return list!.ids.flatMap((id) => found.get(id) ?? [])
  })
}

function newestPart(frame: Frame, items: LinkedItem[], about: ShownSubject | undefined): Html | false {
  const { t, publisher } = frame
  return items.length > 0 && html`<section aria-labelledby="latest"><h2 id="latest">${about ? t('taken-back.latest', { name: subjectName(frame, about).name }) : t('reading.latest')}</h2><ul class="bare">${items.map((item) => {
    const { title, language, path, kind } = linkIn(item, t.language, publisher.defaultLanguage, localPath(frame, itemPath(item)))
    return html`<li><p class="kind">${kind} · ${dayMark(frame, item.date)}</p><a href="${path}"${inLanguage(frame, language)}>${title}</a></li>`
  })}</ul></section>`
}
