import { dayIn } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { contentPolicy } from '#platform/http/security.ts'
import { publicActions } from '#modules/actions/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { asIfPublic, itemsBySlug, shownItem, shownSubjects, type Item, type ItemWords } from '#modules/publishing/index.ts'
import type { Frame } from '../look/layout.ts'
import { styleFor } from '../look/style.ts'
import { nothingOff } from '../switchboard.ts'
import { siteWords } from '../words/index.ts'
import { articleOf } from './article.ts'
import { readBeside } from './beside.ts'
import { readables } from './readable.ts'

/** Words that nobody may see yet, of an item that may be public with others. */
export interface Previewed {
  item: Item
  words: ItemWords
  language: string
  publisher: Publisher
  /** Where the public site is reached: links lead there. */
  origin: string
}

/**
 * The page of an item as it would be with these words: the same article in the same style, without the site's menu around it; `print` as it comes out of a printer.
 * Pictures are asked for where this page stands. Returned with the policy that lets its style through, and lets a page of the same place frame it.
 */
export async function previewPage(db: Db, { item, words, language, publisher, origin }: Previewed, { print = false }: { print?: boolean }, now: Date): Promise<{ page: Html, policy: string }> {
  const t = siteWords(language)
  const frame: Frame = { t, publisher, off: nothingOff, places: true, campaigns: true, today: dayIn(publisher.zone, now) }
  const fresh = asIfPublic({ item, words, language, zone: publisher.zone }, now)
  // One that is public keeps its days, its number, its corrections and its other languages.
  const shown = await shownItem(db, { slug: item.slug })
  const [readable, ...related] = await readables(db, frame, [shown ? { ...shown, words: { ...shown.words, ...fresh.words } } : fresh, ...await itemsBySlug(db, words.blocks.flatMap((each) => (each.kind === 'items' ? each.items : [])))])
  const article = articleOf(frame, readable!, {
    about: (await shownSubjects(db)).filter(({ id }) => item.subjects.includes(id)), actions: await publicActions(db, now), related, beside: await readBeside(db, frame, { id: item.id, beside: true }), origin,
  })
  const { sheet } = styleFor(publisher.accent, 'reading')
  // On paper there are margins, what its links lead to as far as that is elsewhere, and nothing to press.
  const style = print ? `${sheet.replaceAll('@media print{', '@media all{')}main.wrap{padding:15mm}a{pointer-events:none}` : sheet
  return {
    policy: contentPolicy({ styles: [style], framed: true }),
    page: html`<html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${words.title}</title><base target="_blank"><style>${raw(style)}</style></head>
<body><main class="wrap">${print ? article : raw(article.text.replaceAll(' href="/', ` href="${origin}/`))}</main></body></html>`,
  }
}
