import { dayIn } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { contentPolicy } from '#platform/http/security.ts'
import { publicActions } from '#modules/actions/index.ts'
import { bulletinQuestions } from '#modules/mailings/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { asIfPublic, itemsBySlug, listItems, shownItem, shownSubjects, subjectAsIfPublic, type Item, type ItemWords, type ShownSubject } from '#modules/publishing/index.ts'
import { siteBar, siteFoot, type Frame } from '../look/layout.ts'
import { styleFor } from '../look/style.ts'
import { nothingOff } from '../switchboard.ts'
import { siteWords } from '../words/index.ts'
import { articleOf } from './article.ts'
import { readBeside } from './beside.ts'
import { itemPath, readables } from './readable.ts'
import { readRecords, readTexts, subjectBody } from './subject-body.ts'
import { subjectPath } from './subjects.ts'

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
 * The page of an item, or of a place or topic whose text it is, as it would be with these words, in the same style and between the same menu and foot; `print` as it comes out of a printer.
 * Pictures are asked for where this page stands. Returned with the policy that lets its style through, and lets a page of the same place frame it.
 */
export async function previewPage(db: Db, { item, words, language, publisher, origin }: Previewed, { print = false }: { print?: boolean }, now: Date): Promise<{ page: Html, policy: string }> {
  const t = siteWords(language)
  const all = await shownSubjects(db)
  const actions = await publicActions(db, now)
  const frame: Frame = { t, publisher, off: nothingOff, places: all.some(({ kind }) => kind === 'place'), campaigns: item.kind === 'campaign' || (await listItems(db, [{ kind: 'campaign', most: 1 }]))[0]!.ids.length > 0, today: dayIn(publisher.zone, now) }
  const fresh = asIfPublic({ item, words, language, zone: publisher.zone }, now)
  // One that is public keeps its days, its number, its corrections and its other languages.
  const shown = await shownItem(db, { slug: item.slug })
  const its = shown ? { ...shown, words: { ...shown.words, ...fresh.words } } : fresh
  const subject = item.subjectId === null ? undefined : all.find(({ id }) => id === item.subjectId) ?? await subjectAsIfPublic(db, item.subjectId, item.id)
  const body = subject ? await subjectPart(subject) : await articlePart()
  const path = subject ? subjectPath(subject) : itemPath(item)
  const { sheet } = styleFor(publisher.accent, 'reading')
  // On paper there are margins, what its links lead to as far as that is elsewhere, and nothing to press.
  const style = print ? `${sheet.replaceAll('@media print{', '@media all{')}body{padding:15mm}.wrap{padding-inline:0}a{pointer-events:none}` : sheet
  const whole = html`${siteBar(frame, { path })}
<main class="wrap">${body}</main>
${siteFoot(frame, { path })}`
  return {
    policy: contentPolicy({ styles: [style], framed: true }),
    page: html`<html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${words.title}</title><base target="_blank"><style>${raw(style)}</style></head>
<body>${print ? whole : raw(whole.text.replaceAll(' href="/', ` href="${origin}/`))}</body></html>`,
  }

  async function articlePart(): Promise<Html> {
    const [readable, ...related] = await readables(db, frame, [its, ...await itemsBySlug(db, words.blocks.flatMap((each) => (each.kind === 'items' ? each.items : [])))])
    return articleOf(frame, readable!, { about: all.filter(({ id }) => item.subjects.includes(id)), actions, related, beside: await readBeside(db, frame, { id: item.id, beside: true }), origin })
  }

  async function subjectPart(of: ShownSubject): Promise<Html> {
    const { text, ...texts } = await readTexts(db, frame, of, its)
    return subjectBody(frame, of, text!, { ...texts, ...await readRecords(db, of) }, { all, actions, byMail: (await bulletinQuestions(db)).length > 0 })
  }
}
