import { nativeName } from '#platform/formats.ts'
import { html, type Html } from '#platform/html/html.ts'
import { fileName } from '#platform/document-types.ts'
import { directionOf } from '#platform/words.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import type { Found, Piece, Query, Stands, Term } from '#modules/search/index.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { dayMark, itemPath, wordsFor } from '../reading/readable.ts'
import { folders, subjectName, subjectPath } from '../reading/subjects.ts'

export const perPage = 10

/** What the address asks. */
export interface Asked {
  text: string
  query: Query
  kind?: string
  subject?: ShownSubject
  year?: number
  /** What was typed for a year and is none: it narrows nothing down. */
  noYear?: string
  within?: string
  page: number
  /** All kinds there are to choose from. */
  kinds: string[]
}

export type Outcome =
  | { outcome: 'off' | 'busy' | 'nothing-asked' }
  /** `instead` is what was looked for in the place of what was typed. */
  | { outcome: 'found', all: number, found: Found[], instead?: Term[] }
  /** Nothing that was narrowed down to, but something without that. */
  | { outcome: 'elsewhere', all: number, instead?: Term[] }
  /** `single` are words that are said somewhere, only not together; of frequent ones it is not known how often. */
  | { outcome: 'nothing', single: { term: Term, all: number | undefined }[] }

/** The form, and what came of it. */
export function searchPage(frame: Frame, asked: Asked, subjects: ShownSubject[], its: Outcome): PageParts {
  const { t } = frame
  const title = asked.text ? t('search.title-for', { text: asked.text.length > 60 ? `${asked.text.slice(0, 60).toWellFormed()}…` : asked.text }) : t('search.title')
  return {
    title, path: pathTo(asked, { page: asked.page }), reading: true, narrow: true, head: html`<meta name="robots" content="noindex, follow">`,
    body: html`<h1>${t('search.title')}</h1>${form(frame, asked, subjects)}${asked.query.cut && html`<p class="fine">${t('search.cut')}</p>`}${outcome(frame, asked, subjects, its)}`,
  }
}

function form(frame: Frame, asked: Asked, subjects: ShownSubject[]): Html {
  const { t, publisher } = frame
  const narrowed = asked.kind !== undefined || asked.subject !== undefined || asked.year !== undefined || asked.noYear !== undefined || asked.within !== undefined
  const named = subjects.map((subject) => ({ value: subjectPath(subject).slice(1), label: subjectName(frame, subject).name, chosen: subject.id === asked.subject?.id })).toSorted((a, b) => a.label.localeCompare(b.label, t.language))
  return html`<form method="get" action="${localPath(frame, '/search')}" role="search" class="finder">${frame.textOnly && html`<input type="hidden" name="view" value="text">`}
<div class="field"><label for="q">${t('search.words')} <span class="hint" id="q-hint">${t('search.words.hint')}</span></label> <input id="q" name="q" type="search" value="${asked.text}" maxlength="1000" dir="auto" aria-describedby="q-hint" autocomplete="off" enterkeyhint="search"></div>
<details${narrowed && html` open`}><summary>${t('search.narrow')}</summary><div class="pair">
${select('kind', t('search.kind'), t('search.any'), asked.kinds.map((kind) => ({ value: kind, label: kindName(frame, kind), chosen: kind === asked.kind })))}
${named.length > 0 && select('about', t('search.about'), t('search.any'), named)}
<div class="field"><label for="year">${t('search.year')}</label> <input id="year" name="year" inputmode="numeric" maxlength="4" value="${asked.year ?? asked.noYear ?? ''}"${asked.noYear !== undefined && html` aria-invalid="true" aria-describedby="year-wrong"`}>${asked.noYear !== undefined && html`<p class="wrong" id="year-wrong">${t('search.no-year')}</p>`}</div>
${publisher.languages.length > 1 && select('in', t('search.language'), t('search.any'), publisher.languages.map((language) => ({ value: language, label: nativeName(language), chosen: language === asked.within })))}</div></details>
<button class="go">${t('search.go')}</button></form>`
}

function select(name: string, label: string, any: string, options: { value: string, label: string, chosen: boolean }[]): Html {
  return html`<div class="field"><label for="${name}">${label}</label> <select id="${name}" name="${name}"><option value="">${any}</option>${options.map((each) => html`<option value="${each.value}"${each.chosen && html` selected`}>${each.label}</option>`)}</select></div>`
}

function outcome(frame: Frame, asked: Asked, subjects: ShownSubject[], its: Outcome): Html | false {
  const { t } = frame
  switch (its.outcome) {
    case 'nothing-asked': return asked.text ? said(html`<p>${t('search.only-signs')}</p>`, ways(frame)) : ways(frame)
    case 'off': return said(html`<p>${t('search.off')}</p>`, ways(frame))
    case 'busy': return said(html`<p>${t('search.busy')}</p>`, ways(frame))
    case 'elsewhere': return said(html`${its.instead && instead(frame, asked, its.instead)}<p>${t('search.elsewhere')}</p><p><a class="plain" href="${localPath(frame, pathTo({ ...only(asked), text: its.instead ? spelled(its.instead) : asked.text }, {}))}">${t('search.everywhere', { count: its.all })}</a></p>`)
    case 'nothing': return said(html`<p>${t.html('search.nothing', { text: html`<q dir="auto">${asked.text}</q>` })}</p>${its.single.length > 0 && html`<p>${t('search.not-together')}</p><ul class="bare">${its.single.map(({ term, all }) => html`<li><a href="${localPath(frame, pathTo({ ...only(asked), text: term.quoted ? `"${term.text}"` : term.text }, {}))}"><bdi>${term.text}</bdi></a> ${all !== undefined && html`<small>${t('search.count', { count: all })}</small>`}</li>`)}</ul>`}<p>${t('search.tips')}</p>`, ways(frame))
    case 'found': return html`${its.instead && said(instead(frame, asked, its.instead))}<p role="status" class="fine">${t('search.count', { count: its.all })}</p>
${its.found.length === 0 ? html`<p><a class="plain" href="${localPath(frame, pathTo(asked, { page: 1 }))}">${t('search.first-page')}</a></p>` : html`<ol class="found" start="${(asked.page - 1) * perPage + 1}">${its.found.map((each) => hit(frame, each, subjects))}</ol>${pager(frame, asked, its.all)}`}`
  }
}

function said(...parts: (Html | false)[]): Html {
  return html`<div role="status">${parts}</div>`
}

function instead(frame: Frame, asked: Asked, terms: Term[]): Html {
  return html`<p>${frame.t.html('search.instead', { text: html`<b dir="auto">${spelled(terms)}</b>`, typed: html`<q dir="auto">${asked.text}</q>` })}</p>`
}

function spelled(terms: Term[]): string {
  return terms.map(({ quoted, text }) => (quoted ? `"${text}"` : text)).join(' ')
}

/** Other ways to find something: the lists from A to Z, and what can be done. */
function ways(frame: Frame): Html {
  const { t } = frame
  return html`<h2>${t('search.other-ways')}</h2><ul class="bare">${frame.places && html`<li><a href="${localPath(frame, folders.place)}">${t('search.all-places')}</a></li>`}<li><a href="${localPath(frame, folders.topic)}">${t('search.all-topics')}</a></li><li><a href="${localPath(frame, '/actions')}">${t('action.others')}</a></li></ul>`
}

function hit(frame: Frame, each: Found, subjects: ShownSubject[]): Html {
  const { t } = frame
  const other = each.language !== t.language
  const marks = other && html` lang="${each.language}" dir="${directionOf(each.language)}"`
  const dateless = each.kind === 'place' || each.kind === 'topic' || each.stands !== undefined
  const where = each.stands && placeOf(frame, each.stands, subjects)
  return html`<li><p class="kind">${kindName(frame, each.kind)}${!dateless && html` · ${dayMark(frame, each.date)}`}${where && html` · <bdi>${where}</bdi>`}${other && html` · ${t.languageName(each.language)}`}</p>
<h2${marks}><a href="${localPath(frame, pathOf(each))}">${shown(each.title)}</a></h2>${each.excerpt.length > 0 && html`<p${marks}>${shown(each.excerpt)}</p>`}${each.file && html`<p class="fine"><a href="/items/${each.slug}/files/${each.file.id}/${fileName(each.file)}#page=${each.file.page}">${t.html('search.in-file', { title: html`<bdi>${each.file.title}</bdi>`, page: each.file.page })}</a></p>`}</li>`
}

/** What the page is called on which a record or contact stands; nothing of one with a page of its own. */
function placeOf(frame: Frame, { id, title }: Stands, subjects: ShownSubject[]): string | undefined {
  const subject = subjects.find((each) => each.id === id)
  return subject ? subjectName(frame, subject).name : title
}

function shown(pieces: Piece[]): Html {
  return html`${pieces.map(({ text, hit }) => (hit ? html`<mark>${text}</mark>` : text))}`
}

function pathOf({ about, kind, slug, anchor, stands }: Found): string {
  if (about === 'action') return `/actions/${slug}`
  switch (stands?.kind) {
    case 'chronology': return `/chronologies/${slug}`
    case 'place': case 'topic': return subjectPath({ kind: stands.kind, slug }, about === 'contact' ? '#contact' : ownPart(kind, stands))
    case 'item': case 'campaign': return itemPath({ slug, kind: stands.kind })
    case undefined: return kind === 'place' || kind === 'topic' ? subjectPath({ kind, slug }) : itemPath({ slug, kind }, anchor && `#${anchor}`)
  }
}

/** Where on the page of a place or topic a record stands that has a part of it to itself; others stand in its text. */
function ownPart(kind: string, { handle }: Stands): string {
  return kind === 'demand' ? `#demand-${handle}` : kind === 'measure' || kind === 'proceeding' || kind === 'elsewhere' || kind === 'course' ? `#record-${handle}` : ''
}

function kindName(frame: Frame, kind: string): string {
  switch (kind) {
    case 'place': case 'topic': return frame.t(`search.${kind}`)
    case 'petition': case 'message': return frame.t(`kind.${kind}`)
    case 'figure': case 'quote': case 'demand': case 'text': case 'measure': case 'proceeding': case 'elsewhere': case 'image': case 'chronology': case 'contact': return frame.t(`search.kind.${kind}`)
    default: {
      const t = wordsFor(frame)
      const key = `kind.${kind}`
      return t.has(key) ? t(key) : kind
    }
  }
}

/** The same question without what it was narrowed down to. */
function only({ query, kinds }: Asked): Pick<Asked, 'query' | 'page' | 'kinds'> {
  return { query, page: 1, kinds }
}

function pathTo(asked: Asked, { page = 1 }: { page?: number }): string {
  const its = new URLSearchParams({
    ...(asked.text && { q: asked.text }), ...(asked.kind && { kind: asked.kind }), ...(asked.subject && { about: subjectPath(asked.subject).slice(1) }), ...(asked.year && { year: String(asked.year) }),
    ...(asked.within && { in: asked.within }), ...(page > 1 && { page: String(page) }),
  }).toString()
  return `/search${its && `?${its}`}`
}

function pager(frame: Frame, asked: Asked, all: number): Html | false {
  const { t } = frame
  const pages = Math.ceil(all / perPage)
  return pages > 1 && html`<nav class="row" aria-label="${t('reading.pages')}">${asked.page > 1 && html`<a class="plain" rel="prev" href="${localPath(frame, pathTo(asked, { page: Math.min(asked.page - 1, pages) }))}">${t('search.previous')}</a>`} <span>${t('reading.page', { page: asked.page, pages })}</span>${asked.page < pages && html`<a class="plain" rel="next" href="${localPath(frame, pathTo(asked, { page: asked.page + 1 }))}">${t('search.next')}</a>`}</nav>`
}
