import { reading } from '#platform/db.ts'
import { field } from '#platform/http/server.ts'
import type { SubjectKind } from '#modules/places/index.ts'
import { chosenKinds, findBulletinSheet, itemWithNumber } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { eventCalendar, subjectCalendar } from './calendars.ts'
import { archivePage, archivePath, type ArchivePart } from './archive-page.ts'
import { chronologyPage } from './beside.ts'
import { campaignsPage } from './campaigns-page.ts'
import { contactRoutes } from './contact.ts'
import { demandsPage } from './demands-page.ts'
import { feedFormats, feedOf, type FeedFormat } from './feeds.ts'
import { indexPage } from './index-page.ts'
import { itemPage } from './item-page.ts'
import { itemPath } from './readable.ts'
import { picturePage } from './picture-page.ts'
import { sitemapRoutes } from './sitemap.ts'
import { bulletinLinkRoutes, byMailRoutes } from './by-mail.ts'
import { bulletinPage } from './bulletin-page.ts'
import { subjectPage } from './subject-page.ts'
import { allSubjects, findSubject, folders, movedTo } from './subjects.ts'
import { takenBack } from './taken-back.ts'

/** Everything to read: places and topics, their archives and feeds, items, and the map for search engines. */
export function readingRoutes(pages: Pages, site: Site): void {
  for (const kind of ['place', 'topic'] as const) subjectRoutes(pages, site, kind)
  bulletinLinkRoutes(pages, site)

  pages.getCached('/items/:slug', async (frame, request) => {
    const { slug } = request.params as { slug: string }
    return (/^[a-z0-9-]{1,80}$/.test(slug) ? await itemPage(site, frame, slug) : undefined) ?? await movedTo(site, frame, 'item', slug)
  }, takenBack(site, 'item'))

  pages.getText('/items/:slug(^[a-z0-9-]+).ics', async (frame, request) => {
    const { slug } = request.params as { slug: string }
    return await eventCalendar(site, frame, slug) ?? movedTo(site, frame, 'item', slug, '.ics')
  }, takenBack(site, 'item'))

  pages.getCached('/pictures/:handle', async (frame, request) => {
    const { handle } = request.params as { handle: string }
    return /^[a-z0-9-]{1,60}$/.test(handle) ? picturePage(site, frame, handle) : undefined
  })

  pages.getCached('/chronologies/:handle', async (frame, request) => {
    const { handle } = request.params as { handle: string }
    return /^[a-z0-9-]{1,60}$/.test(handle) ? chronologyPage(site, frame, handle) : undefined
  })

  pages.getCached('/campaigns', async (frame) => campaignsPage(frame, await site.campaigns.get('')))

  pages.getCached('/campaigns/:slug', async (frame, request) => {
    const { slug } = request.params as { slug: string }
    return (/^[a-z0-9-]{1,80}$/.test(slug) ? await itemPage(site, frame, slug, 'campaigns') : undefined) ?? await movedTo(site, frame, 'item', slug, '', '/campaigns')
  }, takenBack(site, 'item'))

  // An address that lasts, whatever becomes of the title: it is what citations give.
  pages.getCached('/id/:number', async (frame, request) => {
    const { number } = request.params as { number: string }
    const slug = await reading(site.db, (tx) => itemWithNumber(tx, number))
    return slug === undefined ? undefined : { moved: localPath(frame, itemPath({ slug })) }
  }, takenBack(site, 'item', 'number'))

  for (const format of feedFormats) {
    pages.getText(`/feed.${format}`, (frame) => feedOf(site, frame, format, { path: '' }))
    pages.getText(`/kinds/:kind/feed.${format}`, async (frame, request) => {
      const { kind } = request.params as { kind: string }
      return (chosenKinds as string[]).includes(kind) ? feedOf(site, frame, format, { path: `/kinds/${kind}`, kind }) : undefined
    })
  }
  sitemapRoutes(pages, site)
}

function subjectRoutes(pages: Pages, site: Site, kind: SubjectKind): void {
  const folder = folders[kind]
  const gone = takenBack(site, kind)
  pages.getCached(folder, async (frame) => indexPage(frame, kind, await allSubjects(site)))

  pages.getCached(`${folder}/:slug`, async (frame, request) => {
    const { slug } = request.params as { slug: string }
    const subject = await findSubject(site, kind, slug)
    return (subject && await subjectPage(site, frame, subject)) ?? movedTo(site, frame, kind, slug)
  }, gone)

  contactRoutes(pages, site, kind)
  byMailRoutes(pages, site, kind)

  pages.getCached(`${folder}/:slug/bulletin`, async (frame, request) => {
    const { slug } = request.params as { slug: string }
    const subject = await findSubject(site, kind, slug)
    return subject ? bulletinPage(site, frame, subject) : movedTo(site, frame, kind, slug, '/bulletin')
  }, gone)

  // Made ahead by the worker; nothing is set here.
  pages.getText(`${folder}/:slug/bulletin.pdf`, async (frame, request) => {
    const { slug } = request.params as { slug: string }
    const subject = await findSubject(site, kind, slug)
    if (!subject) return movedTo(site, frame, kind, slug, '/bulletin.pdf')
    const pdf = await reading(site.db, (tx) => findBulletinSheet(tx, subject.id, frame.t.language))
    return pdf && { type: 'application/pdf', body: pdf, compress: false }
  }, gone)
  for (const rest of ['', '/:year', '/:year/:kind', '/:year/:kind/:page']) {
    pages.getCached(`${folder}/:slug/archive${rest}`, async (frame, request) => {
      const { slug, ...part } = request.params as { slug: string } & ArchivePart
      const subject = await findSubject(site, kind, slug)
      return subject ? archivePage(site, frame, subject, { ...part, about: field(request.query, 'about') || undefined }) : movedTo(site, frame, kind, slug, archivePath({ ...part, about: field(request.query, 'about') || undefined }))
    }, gone)
  }

  for (const rest of ['', '/:by']) {
    pages.getCached(`${folder}/:slug/demands${rest}`, async (frame, request) => {
      const { slug, by } = request.params as { slug: string, by?: string }
      const subject = await findSubject(site, kind, slug)
      return subject ? demandsPage(site, frame, subject, by) : movedTo(site, frame, kind, slug, `/demands${by === undefined ? '' : `/${encodeURIComponent(by)}`}`)
    }, gone)
  }

  pages.getText(`${folder}/:slug/events.ics`, async (frame, request) => {
    const { slug } = request.params as { slug: string }
    const subject = await findSubject(site, kind, slug)
    return subject ? subjectCalendar(site, frame, subject) : movedTo(site, frame, kind, slug, '/events.ics')
  }, gone)

  for (const format of feedFormats) {
    pages.getText(`${folder}/:slug/feed.${format}`, async (frame, request) => {
      const { slug } = request.params as { slug: string }
      const subject = await findSubject(site, kind, slug)
      return subject ? feedOf(site, frame, format, { path: `${folder}/${slug}`, subject }) : movedTo(site, frame, kind, slug, `/feed.${format satisfies FeedFormat}`)
    }, gone)
  }
}
