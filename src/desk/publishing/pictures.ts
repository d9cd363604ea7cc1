import { inTransaction } from '#platform/db.ts'
import { dayIn } from '#platform/days.ts'
import { directionOf } from '#platform/words.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { encodePicture, ImageFault } from '#platform/images.ts'
import { isSlug } from '#platform/slug.ts'
import { storeImage } from '#modules/files/index.ts'
import { creditOf, freeHandle, keptPicture, keptRecords, pictureLacks, renderPicture, type Kept, type Picture, type RecordContent } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { strayFaults } from '../stray-faults.ts'
import { form, formField, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { typedIn } from './item-form.ts'
import { chosenSubjects, codesWithin, subjectChoices, subjectsBegun } from './parts.ts'
import { pictureFieldList, pictureFields, readPicture, typedPicture } from './picture-form.ts'
import { begunForm, recordDraftRoutes } from './record-drafts.ts'
import { historyLink, recordHistoryRoutes, theirsOf, type Reads } from './record-history.ts'
import { begunField, draftButton, keepRecord, markOf, readWish, recordLifeRoutes, recordRights, saidOf, standingPart, usesPart, whenField, withdrawCard } from './record-life.ts'
import { handedField } from './unsaved.ts'
import { titleOf } from './record-picker.ts'

export type KeptPicture = Kept & { record: Extract<RecordContent, { kind: 'image' }> }
type Stored = Pick<Picture, 'imageId' | 'files'>

const unreadable: Record<ImageFault['reason'], DeskWord> = { 'no-image': 'fault.picture-unreadable', 'too-small': 'fault.picture-small', 'too-large': 'fault.picture-large' }

const limited = { limited: true }

const reads: Reads = {
  typed: (t, record) => (record.kind === 'image' ? typedPicture(t, record.content) : {}), fields: (t, _, languages) => pictureFieldList(t, languages), shown: (record) => record.kind === 'image' && thumbnail(record.content, ''),
}

/** The library of pictures: uploaded once, with credit and description, and shown by many texts. */
export function pictureRecordRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/pictures', (visit) => libraryPage(desk, visit), 'write-pages', limited)
  pages.get('/pictures/new', async (visit) => {
    const { typed, unsaved } = await begunForm(desk, visit, { item_about: await subjectsBegun(desk, visit) })
    return picturePage(desk, visit, undefined, typed, {}, readStored(field(typed, 'stored')), unsaved)
  }, 'publish-pages', limited)
  pages.post('/pictures/new', (visit) => saved(pages, desk, visit, undefined), 'publish-pages', limited)
  pages.get('/pictures/:id', async (visit) => {
    const kept = await find(desk, visit)
    const { typed, unsaved } = await begunForm(desk, visit, { ...typedPicture(visit.t, kept.record.content), item_about: kept.subjects })
    return picturePage(desk, visit, kept, typed, {}, readStored(field(typed, 'stored')), unsaved)
  }, 'publish-pages', limited)
  pages.post('/pictures/:id', async (visit) => saved(pages, desk, visit, await find(desk, visit)), 'publish-pages', limited)
  recordDraftRoutes(pages, desk, '/pictures/new', () => true)
  recordDraftRoutes(pages, desk, '/pictures/:id', (visit) => find(desk, visit))
  recordLifeRoutes(pages, '/pictures', (visit) => find(desk, visit))
  recordHistoryRoutes(pages, desk, '/pictures', { find: (visit) => find(desk, visit), reads })
}

async function find(desk: Desk, visit: Visit): Promise<KeptPicture> {
  return orNotFound((await keptRecords(desk.db, { id: idOf(visit), kind: 'image', within: codesWithin(visit.reach) }))[0]) as KeptPicture
}

async function saved(pages: DeskPages, desk: Desk, visit: Visit, kept: KeptPicture | undefined): Promise<Answer> {
  const { t, body, now, zone } = visit
  const { languages } = await readPublisher(desk.db)
  const { stored, fault } = await storedFor(desk, visit, kept?.record.content)
  const { record, faults } = readPicture(t, body, languages, stored, dayIn(zone, now))
  if (fault) faults.picture = fault
  const { wish, fault: wrongMoment } = readWish(visit, zone)
  if (wrongMoment) faults.publish_at = wrongMoment
  Object.assign(faults, strayFaults(t, body))
  const typed = field(body, 'handle').trim()
  const handle = kept?.handle ?? (typed || (record ? await freeHandle(desk.db, said(record.content, t.language)?.caption || said(record.content, t.language)?.alt || record.content.author) : 'image'))
  const about = await chosenSubjects(desk, visit, kept?.subjects)
  if (!about) faults.item_about = t('fault.own-place')
  if (!isSlug(handle, 60)) faults.handle = t('fault.slug')
  const again = async (more: Faults = {}): Promise<DeskPage> => ({ ...await picturePage(desk, visit, kept, typedIn(body), { ...faults, ...more }, stored), status: 422 })
  if (!record || !about || Object.keys(faults).length > 0) return again()
  const done = await keepRecord(pages, visit, { kept, handle, record, about, wish })
  if (done.outcome === 'changed-meanwhile') return { ...await picturePage(desk, visit, done.theirs as KeptPicture, { ...typedIn(body), begun: undefined }, {}, stored, await theirsOf(desk, visit, reads, done.theirs, { record, about })), status: 409 }
  return 'id' in done ? { to: `/pictures/${done.id}`, said: saidOf[done.outcome] } : again({ handle: t('fault.taken') })
}

/** The files of the picture that came with the form; of the one that came with it before something else was wrong; or of the version before. */
async function storedFor(desk: Desk, { t, body }: Visit, former: Picture | undefined): Promise<{ stored?: Stored, fault?: string }> {
  const file = await upload(body, 'picture')
  const before = readStored(field(body, 'stored')) ?? (former && { imageId: former.imageId, files: former.files })
  if (!file) return before ? { stored: before } : { fault: t('fault.picture') }
  const files = await encodePicture(file.bytes).catch((error: unknown) => {
    if (error instanceof ImageFault) return error
    throw error
  })
  if (files instanceof ImageFault) return { stored: before, fault: t(unreadable[files.reason]) }
  // Its credit stands with every version; the bytes only know that they have one.
  const image = await inTransaction(desk.db, (tx) => storeImage(tx, { credit: field(body, 'credit').trim().slice(0, 300) || '–', files }))
  return { stored: { imageId: image.id, files: files.map(({ use, mediaType, width, height, bytes }, place) => ({ use, mediaType, width, height, size: bytes.length, hash: image.hashes[place]! })) } }
}

function readStored(text: string): Stored | undefined {
  if (text === '') return undefined
  try {
    return keptPicture.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** A picture as it is seen at the desk: small, and blurred where it can hurt. */
export function thumbnail(its: Stored & { sensitive?: string[] }, alt: string): Html {
  const wanted = its.sensitive?.length ? its.files.find(({ use }) => use === 'veil') : its.files.find(({ use, mediaType }) => use === 'shown' && mediaType === 'image/webp')
  const large = its.files.find(({ use }) => use === 'shown')
  return html`${wanted && large && html`<img class="thumb" src="/files/${wanted.hash}" width="${Math.round(160 * large.width / large.height)}" height="160" alt="${alt}" loading="lazy">`}`
}

async function libraryPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, query, reach, now, zone } = visit
  const { mayAdd, mayOpen } = await recordRights(desk, visit)
  const about = (await subjectChoices(desk, visit)).find(({ value }) => value === query('about'))
  const { defaultLanguage } = await readPublisher(desk.db)
  const all = await keptRecords(desk.db, { kind: 'image', subjectId: about?.value, within: codesWithin(reach), orPublic: about === undefined }) as KeptPicture[]
  const wanted = query('q').trim().toLocaleLowerCase(t.language)
  const fits = ({ handle, record: { content } }: KeptPicture) => [handle, creditOf(content), ...Object.values(content.says).flatMap(({ alt, caption, place }) => [alt, caption, place])].some((text) => text.toLocaleLowerCase(t.language).includes(wanted))
  const shown = wanted ? all.filter(fits) : all
  return {
    title: about ? t('pictures.about', { name: about.label }) : t('nav.pictures'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, ...(about ? [{ href: `/subjects/${about.value}`, label: about.label }] : [])],
    buttons: html`${mayAdd && html`<a class="btn" href="/pictures/new${about && `?about=${about.value}`}">${t('pictures.new')}</a>`}`,
    body: html`<form class="filters" method="get" action="/pictures" role="search">${about && html`<input type="hidden" name="about" value="${about.value}">`}<label for="q">${t('pictures.find')}</label><input id="q" name="q" value="${query('q')}" dir="auto"><button class="plain">${t('pictures.find-go')}</button></form>
${shown.length === 0 ? html`<div class="card"><p>${t('pictures.none')}</p></div>` : html`<ul class="pictures">${shown.map((each) => pictureEntry(t, each, { mayOpen: mayOpen(each), today: dayIn(zone, now), fallback: defaultLanguage }))}</ul>`}`,
  }
}

function pictureEntry(t: DeskWords, kept: KeptPicture, { mayOpen, today, fallback }: { mayOpen: boolean, today: string, fallback: string }): Html {
  const { id, handle, record: { content } } = kept
  const its = said(content, t.language, fallback)
  return html`<li class="card">${thumbnail(content, '')}<p>${mayOpen ? html`<a href="/pictures/${id}" dir="ltr">${handle}</a>` : html`<b dir="ltr">${handle}</b>`}${pictureLacks(content).length > 0 ? html` <b>${t('pictures.lacks')}</b>` : kept.shown === 'none' && content.until && content.until < today ? html` <b>${t('pictures.over')}</b>` : (kept.shown === 'none' || kept.scheduledFor) && html` ${markOf(t, kept)}`}</p>
<p class="soft">${its && html`<bdi${its.language !== t.language && html` lang="${its.language}" dir="${directionOf(its.language)}"`}>${its.caption || its.alt}</bdi>`}</p><p class="soft"><bdi>${creditOf(content)}</bdi>${content.sensitive.length > 0 && html` · ${t('pictures.sensitive')}`}${content.until && html` · ${t('pictures.until', { day: t.day(content.until) })}`}</p></li>`
}

/** What is said of a picture in a language, in the publisher's first, or in any. */
function said({ says }: Picture, language: string, fallback = language): (Picture['says'][string] & { language: string }) | undefined {
  const chosen = [language, fallback, ...Object.keys(says)].find((each) => says[each])
  return chosen === undefined ? undefined : { ...says[chosen]!, language: chosen }
}

async function picturePage(desk: Desk, visit: Visit, kept: KeptPicture | undefined, typed: Typed, faults: Faults, stored?: Stored, theirs: Html | false = false): Promise<DeskPage> {
  const { t, zone } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const content = kept?.record.content
  const fresh = stored && stored.imageId !== content?.imageId ? stored : undefined
  return {
    title: kept ? titleOf(kept, t.language, defaultLanguage) : t('pictures.new'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/pictures', label: t('nav.pictures') }],
    body: html`${theirs}${kept && html`<div class="card">${renderPicture(kept.handle, kept.record.content, { language: t.language, fallback: defaultLanguage, localPath: (path) => `${desk.siteOrigin}${path}`, filePath: (hash) => `/files/${hash}`, still: content!.sensitive.length > 0 })}${standingPart(t, kept, { path: `/pictures/${kept.id}`, zone })}<p><code dir="ltr">::image[${kept.handle}]</code></p>${await usesPart(desk, visit, kept)}${historyLink(t, `/pictures/${kept.id}`)}</div>`}
${form(t, { action: kept ? `/pictures/${kept.id}` : '/pictures/new', faults, files: true, keep: true, autosave: true, button: t('items.publish'), more: draftButton(t), fields: html`${handedField(typed)}${kept && begunField(typed, kept)}${fresh && html`<input type="hidden" name="stored" value="${JSON.stringify({ imageId: fresh.imageId, files: fresh.files })}"><p>${t('pictures.kept')}</p>${thumbnail(fresh, '')}`}
${visit.query('draft') !== '' && !fresh && html`<p class="notice">${t('pictures.file-not-kept')}</p>`}
${formField(t, { name: 'picture', kind: 'file', accept: 'image/jpeg,image/png,image/webp,image/avif,image/heic' }, typed, faults)}${!kept && formField(t, { name: 'handle', kind: 'line', direction: 'ltr', maxLength: 60 }, typed, faults)}${pictureFields(t, languages, typed, faults)}
${formFields(t, [{ name: 'item_about', kind: 'ticks', choices: await subjectChoices(desk, visit) }], typed, faults)}${whenField(t, typed, faults)}` })}
${kept && withdrawCard(t, kept, `/pictures/${kept.id}`)}`,
  }
}
