import type { Db } from '#platform/db.ts'
import type { ItemKind, ItemWords } from '#modules/publishing/index.ts'
import { knownNames } from '../digest/known-names.ts'
import type { Finding } from './finding.ts'
import { lint } from './lint.ts'
import type { LintText } from './text.ts'

/** What the rules find in an item's words, compared with the names that are known here. */
export async function lintItem(db: Db, { kind, words, language }: { kind: ItemKind, words: ItemWords, language: string }, now: Date): Promise<Finding[]> {
  return lint(textOfItem(kind, words, language), { today: now.toISOString().slice(0, 10), known: await knownNames(db, language) })
}

/** An item as the rules see it: a passage for each paragraph, item and heading of its text. */
function textOfItem(kind: ItemKind, words: ItemWords, language: string): LintText {
  const texts = [words.summary, words.body, ...words.paragraphs.map(({ text }) => text)].flatMap((text) => text.split(/\n{2,}|\n(?=[-*] )/)).map((each) => each.trim()).filter((each) => each && !each.startsWith('::'))
  const days = words.paragraphs.map(({ day }) => day).toSorted()
  return {
    language, kind, labels: words.labels, date: days.at(-1) ?? (words.publishedOn || words.happened || null), title: words.title, links: [], images: [],
    passages: texts.map((text) => ({ text: text.replace(/^(?:#{1,6}|[-*>])\s+/, ''), role: text.startsWith('#') ? 'heading' : /^[-*] /.test(text) ? 'item' : text.startsWith('>') ? 'quote' : 'text' })),
  }
}
