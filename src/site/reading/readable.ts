import type { Db } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import {
  actionsIn, linksIn, publishingWords, referencesIn, renderItem, sayDate, sayKind, shownRecords, shownWordsIn, type PublishingWords, type Rendering, type Picture, type RenderedItem, type ShownItem, type ShownWords,
} from '#modules/publishing/index.ts'
import { fileName } from '#platform/document-types.ts'
import { localPath, type Frame } from '../look/layout.ts'

/** An item as a page in one language shows it. */
export interface Readable {
  item: ShownItem
  /** Its words, in the page's language or in another one where it has none in this one. */
  shown: ShownWords
  rendered: RenderedItem
  /** Kind and labels in the language of the page. */
  kindLine: string
  /** The picture that stands before it, where anybody may see it unasked. */
  lead?: Picture
}

export function itemPath({ slug, kind }: Pick<ShownItem, 'slug'> & { kind?: string }, rest = ''): string {
  return `/${kind === 'campaign' ? 'campaigns' : 'items'}/${slug}${rest}`
}

/** Items as a page shows them, with all that their texts refer to; `still` for what is no page. */
export async function readables(db: Db, frame: Frame, items: ShownItem[], { still = false }: { still?: boolean } = {}): Promise<Readable[]> {
  const { t, publisher } = frame
  const chosen = items.map((item) => ({ item, shown: shownWordsIn(item, t.language, publisher.defaultLanguage) }))
  const { records, actions, items: linked } = await shownRecords(db, chosen.flatMap(({ shown }) => referencesIn(shown.words)))
  return chosen.map(({ item, shown }) => {
    const rendering: Rendering = {
      language: shown.language, around: t.language, fallback: publisher.defaultLanguage, records, ...picturesIn(frame), still, documentPath: (document) => `/items/${item.slug}/files/${document.id}/${fileName(document)}`, today: frame.today,
      // What a program reads later has no page to go to; the text of a place stands on the page of that place alone.
      ...(!still && { figuresAt: item.kind === 'about' ? '' : localPath(frame, itemPath(item)) }),
      actions: actionsIn(actions, shown.language, publisher.defaultLanguage, (slug) => localPath(frame, `/actions/${slug}`)),
      items: linksIn(linked, shown.language, publisher.defaultLanguage, (its) => localPath(frame, itemPath(its))),
    }
    const lead = records.get(`image ${shown.words.picture}`)
    return {
      item, shown, rendered: renderItem(shown.words, rendering), kindLine: sayKind(wordsFor(frame), item.kind, shown.words.labels),
      ...(lead?.kind === 'image' && lead.content.sensitive.length === 0 && !frame.off.has('images') && { lead: lead.content }),
    }
  })
}

/** Where pictures and pages are; while pictures are switched off, only what is said of them is shown. */
export function picturesIn(frame: Frame): Pick<Rendering, 'localPath' | 'filePath' | 'wordsOnly'> {
  return { localPath: (path) => localPath(frame, path), filePath: (hash) => `/files/${hash}`, wordsOnly: frame.off.has('images') }
}

/** The words that published texts are given, in the page's language. */
export function wordsFor({ t }: Pick<Frame, 't'>): PublishingWords {
  return publishingWords(t.language)
}

/** Marks words that are in another language than the page. */
export function inLanguage({ t }: Pick<Frame, 't'>, language: string): Html | false {
  return language !== t.language && html` lang="${language}" dir="${directionOf(language)}"`
}

/** Says that a text is in another language, where it is. */
export function otherLanguage({ t }: Frame, { shown }: Readable): Html | false {
  return shown.language !== t.language && html`<p class="fine">${t('reading.other-language', { language: t.languageName(shown.language) })}</p>`
}

/** What was wrong in an item: in the page's language as far as it is said in it, and where it does not follow yet, that it does not. */
export function corrections(frame: Frame, { item, shown }: Readable): Html | false {
  const { t, publisher } = frame
  return item.corrections.length > 0 && html`<section class="notice" aria-label="${t('correction.title')}">${item.corrections.map((correction) => {
    const language = [shown.language, correction.madeIn].find((each) => correction.says[each])!
    const said = correction.says[language]!
    return html`<p><b>${t('correction.on', { day: t.day(correction.at, publisher.zone) })}</b></p>${correction.pending.includes(shown.language) && html`<p>${t('correction.pending', { language: t.languageName(correction.madeIn) })}</p>`}
<dl class="fix"><div><dt>${t('correction.wrong')}</dt><dd${inLanguage(frame, language)}><del>${said.wrong}</del></dd></div><div><dt>${t('correction.right')}</dt><dd${inLanguage(frame, language)}><ins>${said.correct}</ins></dd></div></dl>`
  })}</section>`
}

/** A date as people write it, as exactly as it is known; for machines too, where HTML has a form for it: a day, a month or a year. */
export function dayMark(frame: Pick<Frame, 't'>, date: string): Html {
  const said = sayDate(wordsFor(frame), date)
  return /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?$/.test(date) ? html`<time datetime="${date}">${said}</time>` : html`<span class="date">${said}</span>`
}
