import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nativeName } from '#platform/formats.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { pictureTags, type LinkPicture } from '../cards.ts'
import type { Off } from '../switchboard.ts'
import type { SiteWords } from '../words/index.ts'
import { styleFor, type Look } from './style.ts'

export const script = readFileSync(new URL('../client/site.js', import.meta.url))
export const scriptPath = `/assets/site-${createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`

/** What every page of the site is made with. */
export interface Frame {
  t: SiteWords
  publisher: Publisher
  /** Set until somebody has gone live: where mail arrives instead, on this machine. */
  practice?: { inbox: string }
  /** Set on a rehearsal's pages: their address begins with it, and they say what they are. */
  rehearsal?: string
  /** What is switched off. */
  off: Off
  /** Whether there is a place to read about. */
  places: boolean
  /** Whether there is a campaign. */
  campaigns: boolean
  /** The day that it is by the publisher's clock. */
  today: string
  /** Set where the page's own language is. */
  languageOff?: true
  /** The language of the page that a form came from, where that is switched off and this page answers in its place. */
  movedFrom?: string
  /** Set where a visitor asked for words alone: no picture, no colour, and links that lead on in the same way. */
  textOnly?: true
}

export interface PageParts {
  title: string
  /** The page's address without the language: what the language switch leads to. Absent where a page cannot be fetched again. */
  path?: string
  description?: string
  /** For whoever shows a link to this page. */
  card?: LinkPicture
  narrow?: boolean
  /** More for the head of the page: what it says of itself to machines. */
  head?: Html
  /** A page to read: it carries the style for texts too. */
  reading?: boolean
  /** A page that somebody may have to leave quickly. */
  exit?: boolean
  /** Whether a button on it asks for the visitor's position. */
  asksPosition?: boolean
  /** Where the "skip" link leads. */
  skipTo?: string
  body: Html
}

/** A path in a language: the publisher's default one has no prefix. Who reads words alone goes on reading them. */
export function localPath({ publisher, t, rehearsal, textOnly }: Pick<Frame, 'publisher' | 't' | 'rehearsal' | 'textOnly'>, path: string, language = t.language): string {
  const prefix = language === publisher.defaultLanguage ? '' : `/${language}`
  const whole = `${rehearsal ?? ''}${prefix}${path}` || '/'
  return textOnly ? whole.replace(/^([^?#]*)(\?[^#]*)?/, (_, before: string, query?: string) => `${before}${query ? `${query}&` : '?'}view=text`) : whole
}

/** The same as the address that a page is known by, however it is read. */
export function ownPath(frame: Frame, path: string, language?: string): string {
  return localPath({ ...frame, textOnly: undefined }, path, language)
}

export function lookOf({ textOnly }: Pick<Frame, 'textOnly'>, { reading }: Pick<PageParts, 'reading'>): Look {
  return textOnly ? 'text' : reading ? 'reading' : 'plain'
}

export function layout(frame: Frame, page: PageParts): Html {
  const { t, publisher, practice, rehearsal } = frame
  const texts = publisherTexts(publisher, t.language)
  return html`<html lang="${t.language}" dir="${t.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title === texts.name ? texts.name : `${page.title} – ${texts.name}`}</title>
${page.description && html`<meta name="description" content="${page.description}">`}
${page.card && html`<meta property="og:title" content="${page.title}">${page.description && html`<meta property="og:description" content="${page.description}">`}<meta property="og:site_name" content="${texts.name}">${!frame.off.has('images') && pictureTags(page.card)}`}
${page.path !== undefined && publisher.languages.length > 1 && publisher.languages.map((language) => html`<link rel="alternate" hreflang="${language}" href="${ownPath(frame, page.path!, language)}">`)}
${page.head}
${(rehearsal || page.path === undefined) && html`<meta name="robots" content="noindex">`}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<style>${raw(styleFor(publisher.accent, lookOf(frame, page)).sheet)}</style></head>
<body>
<a class="skip" href="#${page.skipTo ?? 'main'}">${t(page.skipTo === 'do' ? 'skip.form' : 'skip.content')}</a>
${rehearsal ? html`<div class="practice" role="note"><p class="wrap">${t.html('rehearsal.banner', { strong: (inside) => html`<strong>${inside}</strong>` })}</p></div>`
    : practice && html`<div class="practice" role="note"><p class="wrap">${t.html('practice.banner', { strong: (inside) => html`<strong>${inside}</strong>`, link: (inside) => html`<a href="${practice.inbox}?lang=${t.language}">${inside}</a>` })}</p></div>`}
${publisher.exitUrl && (page.exit || publisher.exitEverywhere) && html`<p class="exit"><a href="${publisher.exitUrl}" rel="noreferrer" data-exit>${t('exit.go')}</a></p>`}
${siteBar(frame, page)}
<main id="main" class="wrap${page.narrow ? ' narrow' : ''}">${page.body}</main>
${siteFoot(frame, page)}
<script src="${scriptPath}" defer></script>
</body></html>`
}

/** What stands above every page: whose site it is, the ways through it, and the page's other languages. */
export function siteBar(frame: Frame, page: Pick<PageParts, 'path'> = {}): Html {
  const { t, publisher, rehearsal } = frame
  const { name } = publisherTexts(publisher, t.language)
  const to = (path: string) => localPath(frame, path)
  return html`<header class="bar"><nav class="wrap" aria-label="${t('nav.main')}"><a class="brand" href="${to('')}">${publisher.logo ? html`<img src="/files/${publisher.logo}" alt="${name}" height="40">` : name}</a>
<div class="ways"><a href="${to('/actions')}">${t('nav.actions')}</a>${frame.campaigns && html`<a href="${to('/campaigns')}">${t('nav.campaigns')}</a>`}${frame.places && html`<a href="${to('/places')}">${t('nav.places')}</a>`}${(publisher.menus[t.language] ?? []).map(({ label, url }) => html`<a href="${url.startsWith('/') ? to(url) : url}"${!url.startsWith('/') && html` rel="noreferrer"`}>${label}</a>`)}${!rehearsal && !frame.off.has('search') && html`<a href="${to('/search')}">${t('nav.search')}</a>`}${publisher.donateUrl && html`<a href="${publisher.donateUrl}" rel="noreferrer">${t('nav.donate')}</a>`}</div>
${page.path !== undefined && publisher.languages.length > 1 && html`<div class="ways langs">${publisher.languages.filter((language) => language !== t.language).map((language) => html`<a href="${localPath(frame, page.path!, language)}" lang="${language}" hreflang="${language}">${nativeName(language)}</a>`)}</div>`}</nav></header>`
}

/** What stands below every page: where to follow the organisation, one's own data, and who is responsible. */
export function siteFoot(frame: Frame, page: Pick<PageParts, 'path'> = {}): Html {
  const { t, publisher, rehearsal } = frame
  const texts = publisherTexts(publisher, t.language)
  const to = (path: string) => localPath(frame, path)
  return html`<footer class="foot"><div class="wrap">
<ul>${publisher.followLinks.map(({ label, url }) => html`<li><a href="${url}" rel="noreferrer me">${label}</a></li>`)}</ul>
<ul><li><a href="${to('/privacy')}">${t('nav.privacy')}</a></li><li><a href="${to('/your-data')}">${t('nav.your-data')}</a></li><li><a href="${to('/contact')}">${t('nav.contact')}</a></li><li><a href="${to('/forget-me')}">${t('nav.forget-me')}</a></li>${page.path !== undefined && !rehearsal && html`<li>${frame.textOnly ? html`<a href="${ownPath(frame, page.path)}">${t('nav.with-pictures')}</a>` : html`<a href="${localPath({ ...frame, textOnly: true }, page.path)}">${t('nav.text-only')}</a>`}</li>`}</ul>
<div>${t('footer.responsible', { responsible: texts.responsible || texts.name })}</div></div></footer>`
}
