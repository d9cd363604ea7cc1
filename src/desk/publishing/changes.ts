import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { difference, newestFirst, type ItemWords } from '#modules/publishing/index.ts'

/** All words of an item as one text, for comparing. */
export function whole(words: ItemWords): string {
  return [words.title, words.summary, words.body, ...newestFirst(words.paragraphs).map(({ text }) => text), ...words.blocks.flatMap((each) => [each.title, each.kind === 'text' ? each.text : each.kind === 'count' ? `${each.value} ${each.unit}` : ''])].filter(Boolean).join('\n\n')
}

/** What has changed between two texts, by marks that are read out too. */
export function changesBetween(former: string, later: string, language: string): Html {
  return html`<div class="words" lang="${language}" dir="${directionOf(language)}">${difference(former, later).map(({ in: where, text }, place, all) => (where === 'both' ? text : where === 'former' ? html`<del>${text}</del>` : html`${all[place - 1]?.in === 'former' && ' '}<ins>${text}</ins>`))}</div>`
}
