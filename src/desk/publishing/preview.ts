import { html, raw, type Html } from '#platform/html/html.ts'
import { dayIn } from '#platform/days.ts'
import { sendPage } from '#platform/http/server.ts'
import { directionOf } from '#platform/words.ts'
import { explain, lintItem } from '#modules/digests/index.ts'
import { mouldFor } from '#modules/mailings/index.ts'
import { actionsIn, asIfPublic, dateOf, findRecords, linksIn, publishingWords, referencesIn, renderItem, sayDate, sayKind, shownRecords, type ItemWords } from '#modules/publishing/index.ts'
import { previewPage } from '#site/reading/preview.ts'
import type { Desk } from '../context.ts'
import { notFoundUnless, orNotFound, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { wordsDrafted } from './drafted.ts'
import { itemCrumbs, itemPath, openItem, sayReference, type Opened } from './parts.ts'

const ways = ['page', 'phone', 'print', 'feed', 'mail'] as const
type Way = typeof ways[number]

/** How the words that were saved last will look, whether they are public or not; and how those of a draft would, as a page. */
export function previewRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items/:id/:language/preview', async (visit) => {
    const { t, query } = visit
    const opened = await openItem(desk, visit)
    const language = visit.params.language!
    const revision = orNotFound(opened.revisions.find((each) => each.language === language))
    const { findings: found } = await lintItem(desk.db, { id: opened.item.id, kind: opened.item.kind, words: revision.words, language }, visit.now)
    const as = ways.find((each) => each === query('as')) ?? 'page'
    const shown = async () => {
      switch (as) {
        case 'mail': return html`<div class="card">${await mailOf(desk, visit, opened, revision.words, language)}</div>`
        case 'feed': return html`<div class="card">${await previewOf(desk, opened, revision.words, language)}</div>`
        default: return previewFrame(visit, opened, language, { as })
      }
    }
    return {
      title: t('items.preview'), section: 'items', crumbs: itemCrumbs(t, opened), frames: true,
      body: html`<ul class="filters">${ways.map((each) => html`<li><a href="${itemPath(opened.item.id, `/${language}/preview?as=${each}`)}"${each === as && html` aria-current="true"`}>${t(`preview.${each}`)}</a></li>`)}</ul>${await missingPart(desk, t, revision.words)}${await shown()}${found.length > 0 && html`<section class="card"><h2>${t('digests.found', { count: found.length })}</h2><ul>${found.slice(0, 200).map((each) => html`<li>${explain(each, t.language)}${each.text.trim() && html` <small dir="auto">${each.text.slice(0, 200)}</small>`}</li>`)}</ul></section>`}`,
    }
  }, ['write-pages', 'translate'], { limited: true })

  pages.get('/items/:id/:language/preview/page', async (visit) => {
    const opened = await openItem(desk, visit)
    const language = notFoundUnless(visit.params.language!, (code) => opened.publisher.languages.includes(code))
    const words = orNotFound(visit.query('draft') ? await wordsDrafted(desk, visit, opened, language) : opened.revisions.find((each) => each.language === language)?.words)
    const { page, policy } = await previewPage(desk.db, { item: opened.item, words, language, publisher: opened.publisher, origin: desk.siteOrigin }, { print: visit.query('as') === 'print' }, visit.now)
    return sendPage(visit.reply.header('cache-control', 'no-store').header('content-security-policy', policy), page)
  }, ['write-pages', 'translate'], { limited: true })
}

/** The page that words would make, for a page of the desk that `frames`: it runs nothing, and its links open beside it. */
export function previewFrame({ t }: Visit, { item }: Pick<Opened, 'item'>, language: string, { as = 'page', draft }: { as?: Exclude<Way, 'feed' | 'mail'>, draft?: string }): Html {
  const asked = new URLSearchParams({ ...(as === 'print' && { as }), ...(draft && { draft }) }).toString()
  return html`<iframe class="seen ${as}" src="${itemPath(item.id, `/${language}/preview/page`)}${asked && `?${asked}`}" title="${t('items.preview')}: ${t(`preview.${as}`)}" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>`
}

/** An item as a reader of feeds shows it. What it refers to and is not public is said to be missing, as publishing would say. */
export async function previewOf(desk: Desk, { item, publisher }: Pick<Opened, 'item' | 'publisher'>, words: ItemWords, language: string): Promise<Html> {
  const { records, actions, items } = await shownRecords(desk.db, referencesIn(words))
  const rendered = renderItem(words, { language, fallback: publisher.defaultLanguage, records, actions: actionsIn(actions, language, publisher.defaultLanguage, (slug) => `${desk.siteOrigin}/actions/${slug}`), items: linksIn(items, language, publisher.defaultLanguage, (its) => `${desk.siteOrigin}/items/${its.slug}`), localPath: (path) => `${desk.siteOrigin}${path}`, filePath: (hash) => `/files/${hash}`, still: true, today: dayIn(publisher.zone, desk.now()) })
  const own = publishingWords(language)
  return html`<article lang="${language}" dir="${directionOf(language)}"><p class="soft">${sayKind(own, item.kind, words.labels)}</p><h2>${words.title}</h2>${words.summary && html`<p><strong>${words.summary}</strong></p>`}${rendered.notices}${rendered.lead}${rendered.facts}${rendered.body}${rendered.blocksAlone}${rendered.more}${rendered.paragraphs.map((each) => html`<section><p class="soft">${sayDate(own, dateOf(each))}</p>${each.html}${each.shownLinks}</section>`)}${rendered.figures()}</article>`
}

/** Says what words refer to that is not public now, as publishing would. */
export async function missingPart(desk: Desk, t: DeskWords, words: ItemWords): Promise<Html | false> {
  const references = referencesIn(words)
  const found = await findRecords(desk.db, references, desk.now())
  const missing = references.filter(({ key }) => !found.has(key))
  return missing.length > 0 && html`<p class="notice">${t('preview.missing', { references: t.list(missing.map((each) => sayReference(t, each))) })}</p>`
}

/** An item as the bulletin of its first place or topic tells of it, to somebody who reads it there for the first time. */
async function mailOf(desk: Desk, { t, now }: Visit, { item, its: [subject], publisher }: Opened, words: ItemWords, language: string): Promise<Html> {
  if (!subject || item.kind === 'about') return html`<p>${t('preview.no-bulletin')}</p>`
  const fresh = asIfPublic({ item, words, language, zone: publisher.zone }, now)
  const mould = await mouldFor(desk.db, subject, [{ item: fresh, shown: fresh.words[language]!, fresh: true, added: new Set(words.paragraphs.map(({ id }) => id)), corrections: [] }], language, { publisher, origin: desk.siteOrigin }, now)
  const said = mould.of(undefined)
  return html`<div class="phone" dir="${directionOf(language)}" lang="${language}"><p><strong dir="auto">${said.subject}</strong></p>${raw(said.html)}</div><h2>${t('mailing.preview.plain')}</h2><div class="words" dir="${directionOf(language)}" lang="${language}">${said.text}</div>`
}
