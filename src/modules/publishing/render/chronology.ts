import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { asItHappened, type Chronology, type ChronologyEntry } from '../chronology.ts'
import { saysIn } from '../record.ts'
import { sayHappened } from '../say.ts'
import type { PublishingWords } from '../words/index.ts'
import type { Rendering } from './render.ts'

/** An item as a text leads to it. */
export interface ShownLink {
  title: string
  /** The language of the title. */
  language: string
  kind: string
  path: string
}

/** How an entry shows a record that it leads to; nothing where that is not public. */
type ShowRecord = (kind: string, handle: string) => Html | undefined

/** The entries of a chronology as they happened. One whose other end is not public keeps its own words; without any it is not shown. */
export function renderChronology(t: PublishingWords, its: Chronology, rendering: Pick<Rendering, 'language' | 'fallback' | 'items' | 'localPath'>, record: ShowRecord): Html | undefined {
  const entries = asItHappened(its).flatMap((each) => entry(t, each, rendering, record) ?? [])
  const about = saysIn(its.says, rendering.language, rendering.fallback)
  return entries.length > 0 ? html`${about?.said.about && html`<p${lang(about.language, rendering)}>${about.said.about}</p>`}<ol class="chronology">${entries}</ol>` : undefined
}

function entry(t: PublishingWords, { id, on, leadsTo, says, sourceUrl }: ChronologyEntry, rendering: Pick<Rendering, 'language' | 'fallback' | 'items' | 'localPath'>, record: ShowRecord): Html | undefined {
  const found = saysIn(says, rendering.language, rendering.fallback)
  const item = leadsTo && 'item' in leadsTo ? rendering.items?.get(leadsTo.item) : undefined
  const shown = leadsTo && 'kind' in leadsTo ? record(leadsTo.kind, leadsTo.handle) : undefined
  if (!found && !item && !shown) return undefined
  const source = found?.said.source
  return html`<li id="entry-${id}"><p class="when">${sayHappened(t, on)}</p>${found && html`<p${lang(found.language, rendering)}>${found.said.text}</p>`}${shown}
${item && html`<p><a href="${item.path}"${lang(item.language, rendering)}>${item.title}</a> <small>${item.kind}</small></p>`}${(source || sourceUrl) && html`<p class="fine">${sourceUrl ? html`<a href="${sourceUrl.startsWith('/') ? rendering.localPath(sourceUrl) : sourceUrl}"${!sourceUrl.startsWith('/') && html` rel="noreferrer"`}>${source ? t('figure.source', { source }) : t('quote.source')}</a>` : t('figure.source', { source: source! })}</p>`}</li>`
}

function lang(language: string, { language: around }: Pick<Rendering, 'language'>): Html | false {
  return language !== around && html` lang="${language}" dir="${directionOf(language)}"`
}
