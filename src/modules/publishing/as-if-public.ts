import { dayIn } from '#platform/days.ts'
import type { ItemFacts, ItemWords } from './item.ts'
import type { ShownItem } from './public-items.ts'

/** An item as if these words of it, in this language, were published now and for the first time: for showing what would come of it, never for the public. */
export function asIfPublic({ item, words, language, zone }: { item: ItemFacts, words: ItemWords, language: string, zone: string }, now: Date): ShownItem {
  const dated = dayIn(zone, now)
  return {
    ...item, dated, date: words.publishedRoughly || (item.thread ? dated : words.publishedOn || dated), publishedAt: now, updatedAt: now,
    words: { [language]: { language, revisionId: '', words, from: now, dated, sourceId: null } }, corrections: [], number: null, beside: true,
  }
}
