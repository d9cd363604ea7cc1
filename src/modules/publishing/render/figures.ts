import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { saysIn, type Figure } from '../record.ts'
import { sayHappened } from '../say.ts'
import { publishingWords, type PublishingWords } from '../words/index.ts'
import type { Around } from './kinds.ts'
import type { Rendering } from './render.ts'

/** A number with how exact it is and of what, as it stands in a sentence. */
export function sayFigure(t: PublishingWords, figure: Figure, unit: string): string {
  return figure.value === null ? t('figure.unknown', { unit }) : t(`figure.${figure.qualifier}`, { number: t.number(figure.value), unit }).trim()
}

/**
 * A figure within a sentence. Where the page has a list of where its figures are from, it leads there; a link leads to one place, so one that
 * stands within a link does not.
 */
export function figureWithin(t: PublishingWords, handle: string, figure: Figure, { rendering, begins, linked }: { rendering: Rendering, begins: boolean, linked: boolean }): Html | undefined {
  const found = saysIn(figure.says, rendering.language, rendering.fallback)
  if (!found) return undefined
  const said = begins ? capital(sayFigure(t, figure, found.said.unit), t.language) : sayFigure(t, figure, found.said.unit)
  const leads = rendering.figuresAt !== undefined && !linked && isSourced(figure, found.said.source)
  return html`<data value="${figure.value ?? ''}">${leads ? html`<a class="counted" href="${rendering.figuresAt}#figure-${handle}">${said}</a>` : said}</data>`
}

/** A figure on a line of its own, with where it is from. */
export function figureAlone(t: PublishingWords, figure: Figure, rendering: Rendering): Html | undefined {
  const found = saysIn(figure.says, rendering.language, rendering.fallback)
  return found && html`<p class="figure"><b>${capital(sayFigure(t, figure, found.said.unit), t.language)}</b><small>${found.said.source && source(t('figure.source', { source: found.said.source }), figure.sourceUrl)} ${figure.asOf && t('figure.as-of', { when: sayHappened(t, figure.asOf) })}</small></p>`
}

/**
 * Where the figures within sentences are from and of when they are, each once, for the end of a text. `page`: under a heading, and where those
 * sentences lead; `list`: for a text that stands among others.
 */
export function figureSources({ t, ours }: Around, figures: ReadonlyMap<string, Figure>, rendering: Rendering, stands: 'page' | 'list'): Html | false {
  const its = [...figures].flatMap(([handle, figure]) => {
    const found = saysIn(figure.says, rendering.language, rendering.fallback)
    return found && isSourced(figure, found.said.source) ? [{ handle, figure, found }] : []
  })
  const own = publishingWords(rendering.language)
  return its.length > 0 && html`<section class="figures ${stands}">${stands === 'page' ? html`<h2${ours}>${t('figure.sources')}</h2>` : html`<p${ours}><b>${t('figure.sources')}</b></p>`}<ul class="bare">${its.map(({ handle, figure, found: { said, language } }) => html`<li${stands === 'page' && rendering.figuresAt !== undefined && html` id="figure-${handle}"`}${lang(language, rendering)}><b>${capital(sayFigure(own, figure, said.unit), own.language)}</b> <small>${[
    (said.source || figure.sourceUrl) && source(said.source ? own('figure.source', { source: said.source }) : own('quote.source'), figure.sourceUrl), figure.asOf && html`${own('figure.as-of', { when: sayHappened(own, figure.asOf) })}`,
  ].filter(Boolean).map((each, place) => html`${place > 0 && ' · '}${each}`)}</small></li>`)}</ul></section>`
}

function isSourced({ asOf, sourceUrl }: Figure, from: string): boolean {
  return from !== '' || asOf !== '' || sourceUrl !== ''
}

/** As a sentence begins. */
function capital(text: string, language: string): string {
  const [first = ''] = text
  return first.toLocaleUpperCase(language) + text.slice(first.length)
}

/** Who says so, leading there where that has an address. */
export function source(said: string, url: string): Html {
  return url ? html`<a href="${url}" rel="noreferrer">${said}</a>` : html`${said}`
}

/** Marks words that are in another language than those around them. */
export function lang(language: string, rendering: { language: string }): Html | false {
  return language !== rendering.language && html` lang="${language}" dir="${directionOf(language)}"`
}
