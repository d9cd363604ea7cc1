import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { byKind, byYear, chosenKinds, countAlsoAbout, countItems, formerAddress, shownItems, sumOf, type ItemKind, type ShownSubject } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { readables, wordsFor } from './readable.ts'
import { allSubjects, subjectName, subjectPath } from './subjects.ts'
import { entry } from './thread.ts'

const perPage = 20

/** Which part of everything about a place or topic is looked at, as it stands in the address. */
export interface ArchivePart {
  year?: string
  kind?: string
  page?: string
  /** The address of a topic that it is about too; of a topic's archive, of a place. */
  about?: string
}

/** The same as the end of an address. */
export function archivePath({ year, kind, page, about }: ArchivePart): string {
  return `/archive${[year, kind, page].flatMap((each) => (each === undefined ? [] : [`/${encodeURIComponent(each)}`])).join('')}${about ? `?about=${encodeURIComponent(about)}` : ''}`
}

/** Everything that was published about a place or topic, by year and kind. Nothing where the address is none. */
export async function archivePage(site: Site, frame: Frame, subject: ShownSubject, part: ArchivePart): Promise<PageParts | { moved: string } | undefined> {
  const { t } = frame
  const year = part.year === undefined || part.year === 'all' ? undefined : Number(part.year)
  const kind = part.kind === undefined || part.kind === 'all' ? undefined : part.kind
  const page = Number(part.page ?? '1')
  if ((part.year !== undefined && !/^(all|\d{4})$/.test(part.year)) || (kind !== undefined && !(chosenKinds as string[]).includes(kind)) || !/^[1-9]\d{0,4}$/.test(part.page ?? '1')) return undefined
  const others = (await allSubjects(site)).filter((each) => each.kind !== subject.kind)
  const also = others.find(({ slug }) => slug === part.about)
  if (part.about && !also) return renamed(site, frame, subject, part)
  const wanted = { subjectId: subject.id, alsoAbout: also?.id }
  // On two connections at once: counting takes as long as reading.
  const [entries, { counts, about }] = await Promise.all([
    reading(site.db, async (tx) => readables(tx, frame, (await shownItems(tx, { ...wanted, year, kind }, { most: perPage, after: (page - 1) * perPage })).items)),
    reading(site.db, async (tx) => ({ counts: await countItems(tx, wanted), about: await countAlsoAbout(tx, { subjectId: subject.id, year, kind }, others.map(({ id }) => id)) })),
  ])
  const ofKind = counts.filter((each) => kind === undefined || each.kind === kind)
  const ofYear = counts.filter((each) => year === undefined || each.year === year)
  if (entries.length === 0 && page > 1) return undefined
  const pages = Math.ceil(sumOf(ofKind.filter((each) => year === undefined || each.year === year)) / perPage)
  const name = subjectName(frame, subject).name
  const words = wordsFor(frame)
  const pathTo = (to: { year?: number | string, kind?: string, page?: number, about?: string }) => subjectPath(subject, `/archive/${to.year ?? 'all'}/${to.kind ?? 'all'}${to.page !== undefined && to.page > 1 ? `/${to.page}` : ''}${(to.about ?? also?.slug) ? `?about=${to.about ?? also!.slug}` : ''}`)
  const link = (to: Parameters<typeof pathTo>[0], label: string, here: boolean, count: number): Html => html`<li><a href="${localPath(frame, pathTo(to))}"${here && html` aria-current="true"`}>${label}</a> <small>${t.number(count)}</small></li>`
  const abouts = others.filter(({ id }) => about.has(id) || id === also?.id).map((each) => ({ each, name: subjectName(frame, each).name })).toSorted((a, b) => a.name.localeCompare(b.name, t.language))
  const titled = [also && subjectName(frame, also).name, kind && words(`kind.${kind as ItemKind}`), year && String(year)].filter(Boolean).join(' · ')
  return {
    title: titled ? `${name} – ${titled}` : t('reading.archive-of', { name }), path: pathTo({ year, kind, page }), reading: true,
    body: html`<p class="crumbs"><a href="${localPath(frame, subjectPath(subject))}">${name}</a></p><h1>${t('reading.archive-of', { name })}</h1>
${counts.length > 0 && html`<nav class="filters" aria-label="${t('reading.filter')}"><ul>${link({ kind }, t('reading.every-year'), year === undefined, sumOf(ofKind))}${byYear(ofKind).map((each) => link({ year: each.year, kind }, String(each.year), each.year === year, each.count))}</ul>
<ul>${link({ year }, t('reading.every-kind'), kind === undefined, sumOf(ofYear))}${byKind(ofYear).map((each) => link({ year, kind: each.kind }, words(`kind.${each.kind}`), each.kind === kind, each.count))}</ul>
${abouts.length > 0 && html`<ul>${also && html`<li><a href="${localPath(frame, subjectPath(subject, `/archive/${year ?? 'all'}/${kind ?? 'all'}`))}">${t(subject.kind === 'place' ? 'reading.every-topic' : 'reading.every-place')}</a></li>`}${abouts.map(({ each, name: its }) => link({ year, kind, about: each.slug }, its, each.id === also?.id, about.get(each.id) ?? 0))}</ul>`}</nav>`}
<div class="reading">${entries.length === 0 ? html`<p>${t('reading.none')}</p>` : entries.map((each) => entry(frame, each))}</div>
${pages > 1 && html`<nav class="row" aria-label="${t('reading.pages')}">${page > 1 && html`<a class="plain" rel="prev" href="${localPath(frame, pathTo({ year, kind, page: page - 1 }))}">${t('reading.newer')}</a>`} <span>${t('reading.page', { page, pages })}</span>${page < pages && html`<a class="plain" rel="next" href="${localPath(frame, pathTo({ year, kind, page: page + 1 }))}">${t('reading.older')}</a>`}</nav>`}`,
  }
}

/** The same part where what it is about too has another address by now. */
async function renamed(site: Site, frame: Frame, subject: ShownSubject, part: ArchivePart): Promise<{ moved: string } | undefined> {
  if (!/^[a-z0-9-]{1,80}$/.test(part.about!)) return undefined
  const about = await reading(site.db, (tx) => formerAddress(tx, subject.kind === 'place' ? 'topic' : 'place', part.about!))
  return about === undefined ? undefined : { moved: localPath(frame, subjectPath(subject, archivePath({ ...part, about }))) }
}
