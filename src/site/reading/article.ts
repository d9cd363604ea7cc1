import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import { dateOf, sayDate, sayWhen, type ShownSubject } from '#modules/publishing/index.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { besidePart, type ReadBeside } from './beside.ts'
import { calendarLink } from './calendars.ts'
import { campaignBlocks } from './campaign.ts'
import { cite } from './cite.ts'
import { datedLine, firstDate } from './dates.ts'
import { corrections, dayMark, inLanguage, wordsFor, type Readable } from './readable.ts'
import { subjectName, subjectPath } from './subjects.ts'
import { paragraphOf } from './thread.ts'

/** What an item's page shows besides its own words. */
export interface ArticleParts {
  /** The places and topics that it is about. */
  about: ShownSubject[]
  /** What can be done now: what a campaign asks for is found among it. */
  actions: PublicAction[]
  /** The items that the blocks of a campaign show. */
  related: Readable[]
  beside: ReadBeside
  /** Where the public site is reached: what is cited leads there. */
  origin: string
}

/** An item as its own page shows it. */
export function articleOf(frame: Frame, readable: Readable, { about, actions, related, beside, origin }: ArticleParts): Html {
  const { t, publisher } = frame
  const { item, shown, rendered, kindLine } = readable
  const { words } = shown
  return html`<p class="crumbs">${item.kind === 'campaign' && html`<a href="${localPath(frame, '/campaigns')}">${t('nav.campaigns')}</a>${about.length > 0 && ' · '}`}${about.map((each, place) => html`${place > 0 && ' · '}<a href="${localPath(frame, subjectPath(each))}">${subjectName(frame, each).name}</a>`)}</p>
<article class="reading item"><p class="kind">${kindLine}</p><h1${inLanguage(frame, shown.language)}>${words.title}</h1>
${shown.language !== t.language && html`<div class="notice"><p>${t('reading.other-language', { language: t.languageName(shown.language) })}</p></div>`}
${item.archivedAt && html`<div class="notice" role="note"><p>${t('reading.archived', { day: t.day(item.archivedAt, publisher.zone) })}</p></div>`}
${words.summary && html`<p class="stand"${inLanguage(frame, shown.language)}>${words.summary}</p>`}${dates(frame, readable)}<div${inLanguage(frame, shown.language)}>${rendered.notices}</div>${corrections(frame, readable)}<div${inLanguage(frame, shown.language)}>${rendered.lead}${rendered.facts}</div>${calendarLink(frame, readable)}
<div class="text"${inLanguage(frame, shown.language)}>${item.thread ? rendered.paragraphs.map((each, place) => paragraphOf(frame, readable, each, { day: place > 0 && dateOf(each) === dateOf(rendered.paragraphs[place - 1]!) ? { called: t('reading.paragraph', { day: sayDate(wordsFor(frame), dateOf(each)) }) } : true })) : rendered.body}${rendered.more}</div>${campaignBlocks(frame, readable, actions, related)}<div class="text"${inLanguage(frame, shown.language)}>${rendered.figures()}</div>${besidePart(frame, beside)}
${cite(origin, frame, readable)}</article>`
}

/** When it was published, updated and checked, and when what it tells happened: each apart, and none typed by hand. */
function dates(frame: Frame, { item, shown }: Readable): Html {
  const { t, publisher } = frame
  const updated = dayIn(publisher.zone, item.updatedAt)
  return html`<p class="fine dates">${[
    datedLine(frame, 'published', firstDate(item, shown.words)),
    item.thread ? item.date !== firstDate(item, shown.words) && datedLine(frame, 'updated', item.date) : item.updatedAt > item.publishedAt && t.html('reading.updated', { day: html`<time datetime="${updated}">${t.day(item.updatedAt, publisher.zone)}</time>` }),
    item.checkedOn !== null && t.html('reading.checked', { day: dayMark(frame, item.checkedOn) }),
    shown.words.happened !== '' && sayWhen(wordsFor(frame), shown.words.happened),
    item.number !== null && t.html('reading.number', { number: html`<bdi class="number">${item.number}</bdi>` }),
  ].filter(Boolean).map((each, place) => html`${place > 0 && ' · '}${each}`)}</p>`
}
