import { isDay } from '#platform/days.ts'
import type { Html } from '#platform/html/html.ts'
import { dateOf, newestFirst, type ItemWords, type ShownItem } from '#modules/publishing/index.ts'
import type { Frame } from '../look/layout.ts'
import { dayMark } from './readable.ts'

/** The date under which an item was published first, as exactly as it is known: of a thread, that of its oldest paragraph. */
export function firstDate(item: Pick<ShownItem, 'thread' | 'date'>, words: ItemWords): string {
  const oldest = item.thread ? newestFirst(words.paragraphs).at(-1) : undefined
  return oldest ? dateOf(oldest) : item.date
}

/** "Published 3 May 2014"; a date that is no day stands behind a colon, for languages say a day with an article. */
export function datedLine(frame: Frame, what: 'published' | 'updated', date: string): Html {
  return frame.t.html(isDay(date) ? `reading.${what}` : `reading.${what}.roughly`, { day: dayMark(frame, date) })
}
