import { html, type Html } from '#platform/html/html.ts'
import { dateOf, sayWhen } from '#modules/publishing/index.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { corrections, dayMark, inLanguage, itemPath, otherLanguage, wordsFor, type Readable } from './readable.ts'

/** How many paragraphs of a thread a list shows; the others are on its own page. */
const shownInList = 3

/** A thread or another item as it stands in a list. */
export function entry(frame: Frame, readable: Readable): Html {
  const { item, shown, kindLine, rendered } = readable
  const { t } = frame
  const words = wordsFor(frame)
  const path = localPath(frame, itemPath(item))
  const newest = rendered.paragraphs.slice(0, shownInList)
  return html`<article class="entry" id="${item.slug}"><p class="kind">${kindLine} · ${dayMark(frame, item.date)}${item.pinned && html` · ${t('reading.pinned')}`}</p>
<h3${inLanguage(frame, shown.language)}><a href="${path}">${shown.words.title}</a></h3>${otherLanguage(frame, readable)}${rendered.warns.length > 0 && html`<p class="mark">${words('notice.about', { what: words.list(rendered.warns.map((each) => words(`notice.${each}`))) })}</p>`}${corrections(frame, readable)}
<div${inLanguage(frame, shown.language)}>${item.thread ? newest.map((each, place) => paragraphOf(frame, readable, each, { path, day: place > 0 && dateOf(each) !== dateOf(rendered.paragraphs[place - 1]!) })) : shown.words.summary && html`<p>${shown.words.summary}</p>`}${item.thread && rendered.figures(newest)}</div>
${rendered.paragraphs.length > shownInList && html`<p class="fine"><a href="${path}">${t('reading.earlier', { count: rendered.paragraphs.length - shownInList })}</a></p>`}</article>`
}

/** One paragraph of a thread. `day` says when it was added; one of the same day as that before has a sign that leads to it instead, with what it is called. */
export function paragraphOf(frame: Frame, { shown }: Readable, each: Readable['rendered']['paragraphs'][number], { path = '', day }: { path?: string, day: boolean | { called: string } }): Html {
  const words = wordsFor(frame)
  const ours = shown.language !== frame.t.language && html` lang="${frame.t.language}" dir="${frame.t.direction}"`
  return html`<section class="para"${path === '' && html` id="p-${each.id}"`}>${(day || each.happened) && html`<p class="when"${ours}>${day && html`<a href="${path}#p-${each.id}"${day !== true && html` aria-label="${day.called}"`}>${day !== true ? '#' : dayMark(frame, dateOf(each))}</a>`}${each.happened && html` <span>${sayWhen(words, each.happened)}</span>`}</p>`}${each.html}${each.shownLinks}</section>`
}
