import { html, raw, type Html } from '#platform/html/html.ts'
import type { DeskWords } from '../words/index.ts'

export interface DayTotal {
  day: string
  total: number
}

/** Every day of a stretch, also those on which nothing happened. */
function everyDay(totals: DayTotal[], from: Date, days: number): DayTotal[] {
  const known = new Map(totals.map((each) => [each.day, each.total]))
  return Array.from({ length: days }, (_, place) => {
    const day = new Date(from.getTime() + place * 86_400_000).toISOString().slice(0, 10)
    return { day, total: known.get(day) ?? 0 }
  })
}

/** A fortnight as a line, with the same in words for whoever does not see it. */
export function spark(t: DeskWords, totals: DayTotal[], now: Date): Html | false {
  if (totals.length === 0) return false
  const days = everyDay(totals, new Date(now.getTime() - 13 * 86_400_000), 14)
  const most = Math.max(1, ...days.map((each) => each.total))
  const points = days.map((each, place) => `${place ? 'L' : 'M'}${Math.round(place * 126 / 13 + 1)} ${Math.round(27 - each.total / most * 25)}`).join('')
  return html`<svg class="spark" viewBox="0 0 128 28" role="img" aria-label="${t('plot.fortnight', { least: Math.min(...days.map((each) => each.total)), most, sum: days.reduce((sum, each) => sum + each.total, 0) })}"><path d="${raw(points)}"></path></svg>`
}

/** Days as columns. */
export function dayPlot(t: DeskWords, totals: DayTotal[], now: Date): Html {
  if (totals.length === 0) return html`<p class="soft">${t('plot.nothing')}</p>`
  const first = new Date(`${totals[0]!.day}T00:00:00Z`)
  const count = Math.min(120, Math.max(14, Math.round((now.getTime() - first.getTime()) / 86_400_000) + 1))
  const days = everyDay(totals, new Date(now.getTime() - (count - 1) * 86_400_000), count)
  const most = Math.max(1, ...days.map((each) => each.total))
  const width = 640 / count
  // Time runs the same way everywhere; the words beside it are text, which scales with the page.
  return html`<div class="days" dir="ltr"><small aria-hidden="true">${t.number(most)}</small><svg class="plot" viewBox="0 0 640 136" preserveAspectRatio="none" role="img" aria-label="${t('plot.days', { first: t.day(days[0]!.day), last: t.day(days.at(-1)!.day), most, sum: days.reduce((sum, each) => sum + each.total, 0) })}">
<line x1="0" y1="135.5" x2="640" y2="135.5"></line>${days.map((each, place) => html`<rect class="bar" x="${(place * width + 1).toFixed(1)}" y="${(135 - each.total / most * 135).toFixed(1)}" width="${Math.max(1, width - 2).toFixed(1)}" height="${(each.total / most * 135).toFixed(1)}"></rect>`)}</svg>
<p class="ends" aria-hidden="true"><bdi>${t.day(days[0]!.day)}</bdi><bdi>${t.day(days.at(-1)!.day)}</bdi></p></div>`
}

/** Values as rows of bars, the longest first. */
export function barTable(t: DeskWords, caption: string, rows: { label: string, total: number }[]): Html | false {
  if (rows.length === 0) return false
  const most = Math.max(1, ...rows.map((row) => row.total))
  return html`<div class="card scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption><tbody>${rows.map((row) => html`<tr><th scope="row"><bdi>${row.label}</bdi></th><td class="n">${t.number(row.total)}</td><td><svg viewBox="0 0 200 12" width="200" height="12" aria-hidden="true" class="plot"><rect class="bar" x="0" y="1" width="${(row.total / most * 200).toFixed(1)}" height="10"></rect></svg></td></tr>`)}</tbody></table></div>`
}
