import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { wordIn, type Elsewhere, type Measure, type Proceeding } from '../matter.ts'
import { saysIn } from '../record.ts'
import { sayHappened } from '../say.ts'
import type { PublishingWords } from '../words/index.ts'

interface In {
  language: string
  fallback: string
  localPath: (path: string) => string
}

const marked = (language: string, { language: around }: In): Html | false => language !== around && html` lang="${language}" dir="${directionOf(language)}"`

/** A bill or the like: what it is, where it stands since when, and what is asked about it. */
export function renderMeasure(t: PublishingWords, its: Measure, within: In): Html | undefined {
  const found = saysIn(its.says, within.language, within.fallback)
  if (!found) return undefined
  const { title, body, asks, source } = found.said
  const where = [its.number, body].filter(Boolean)
  return html`<div class="matter"${marked(found.language, within)}><p class="asked">${title}</p>${where.length > 0 && html`<p class="fine">${where.map((each, place) => html`${place > 0 && ' · '}<bdi>${each}</bdi>`)}</p>`}
<p><b class="state">${t(`measure.${its.status}`)}</b>${its.statusOn && html` <time datetime="${its.statusOn}">${t('measure.since', { day: t.day(its.statusOn) })}</time>`}</p>${asks && html`<p>${t('measure.asks', { asks })}</p>`}${from(t, source, its.sourceUrl, within)}</div>`
}

/** What is before a court: who stands there, what comes next, and all that has happened, in order. `today` keeps a hearing that is past from being announced. */
export function renderProceeding(t: PublishingWords, its: Proceeding, within: In, today: string): Html | undefined {
  const found = saysIn(its.says, within.language, within.fallback)
  if (!found) return undefined
  const { title, body, parties, source } = found.said
  const where = [its.number, body].filter(Boolean)
  return html`<div class="matter"${marked(found.language, within)}><p class="asked">${title}</p>${where.length > 0 && html`<p class="fine">${where.map((each, place) => html`${place > 0 && ' · '}<bdi>${each}</bdi>`)}</p>`}
${parties && html`<p>${t('proceeding.parties', { parties })}</p>`}${its.nextHearing >= today && its.nextHearing !== '' && html`<p><b>${t('proceeding.next', { day: t.day(its.nextHearing) })}</b></p>`}
${its.steps.length > 0 && html`<ol class="steps">${its.steps.map(({ on, what }) => {
    const said = wordIn(what, found.language, within.fallback)
    return said && html`<li>${on && html`<span class="when">${sayHappened(t, on)}</span> `}<span${said.language !== found.language && html` lang="${said.language}" dir="${directionOf(said.language)}"`}>${said.word}</span></li>`
  })}</ol>`}${its.documents.length > 0 && html`<ul class="bare">${its.documents.map(({ url, names }) => html`<li>${link(url, wordIn(names, found.language, within.fallback)?.word || url, within)}</li>`)}</ul>`}${from(t, source, its.sourceUrl, within)}</div>`
}

/** Something on another organisation's site, which the link says. */
export function renderElsewhere(t: PublishingWords, its: Elsewhere, within: In): Html | undefined {
  const found = saysIn(its.says, within.language, within.fallback)
  if (!found) return undefined
  const { title, by, about } = found.said
  return html`<div class="elsewhere"${marked(found.language, within)}><p class="kind">${t(`elsewhere.${its.what}`)} · ${t('elsewhere.other-site')}</p><p><a class="plain" href="${its.url}" rel="noreferrer"><bdi>${title}</bdi></a>${by && html` <bdi>${by}</bdi>`}</p>
${about && html`<p>${about}</p>`}<p class="fine"><bdi dir="ltr">${new URL(its.url).hostname}</bdi>${its.expiresOn && html` · ${t('elsewhere.until', { day: t.day(its.expiresOn) })}`}</p></div>`
}

function from(t: PublishingWords, source: string, url: string, within: In): Html | false {
  return (source || url) !== '' && html`<p class="fine">${url ? link(url, source ? t('figure.source', { source }) : t('quote.source'), within) : t('figure.source', { source })}</p>`
}

function link(url: string, said: string, within: In): Html {
  return url.startsWith('/') ? html`<a href="${within.localPath(url)}">${said}</a>` : html`<a href="${url}" rel="noreferrer"><bdi>${said}</bdi></a>`
}
