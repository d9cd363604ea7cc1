import { dayIn, isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { sayDate } from '#modules/publishing/index.ts'
import { ownPath, type Frame } from '../look/layout.ts'
import { firstDate } from './dates.ts'
import { itemPath, wordsFor, type Readable } from './readable.ts'

/** How an item is cited: whose it is, its title and number, when it was published and updated and which version of it this is, and an address that lasts. As plain text, to be copied whole. */
export function cite(origin: string, frame: Frame, { item, shown }: Readable): Html {
  const { t, publisher } = frame
  const { number } = item
  const address = `${origin}${ownPath(frame, number ? `/id/${number}` : itemPath(item))}`
  const published = firstDate(item, shown.words)
  const updated = item.thread ? item.date : item.updatedAt > item.publishedAt ? dayIn(publisher.zone, item.updatedAt) : published
  const dated = (what: 'published' | 'updated', date: string) => t(isDay(date) ? `reading.${what}` : `reading.${what}.roughly`, { day: sayDate(wordsFor(frame), date) })
  const text = [publisherTexts(publisher, t.language).name, shown.words.title, number && t('reading.number', { number }), dated('published', published), updated !== published && dated('updated', updated), t('reading.version', { day: t.day(shown.from, publisher.zone) }), address].filter(Boolean).join('. ')
  return html`<details class="cite"><summary>${t('reading.cite')}</summary><p id="citation" dir="auto">${text}</p><button type="button" class="plain" hidden data-copy="citation" data-done="${t('reading.copied')}">${t('reading.copy')}</button></details>`
}
