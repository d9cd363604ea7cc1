import { html, type Html } from '#platform/html/html.ts'
import type { ItemWords } from '../item.ts'
import { eventTimes } from '../kinds.ts'
import { endings } from '#platform/document-types.ts'
import { numberFormat } from '#platform/formats.ts'
import type { PictureRendering } from './picture.ts'
import type { PublishingWords } from '../words/index.ts'

/** Words of ours in the language of the page, and how they and the item's own are marked where these are in another one. */
export interface Around {
  t: PublishingWords
  ours: Html | false
  own: Html | false
}

/** What stands before the text of an item of its kind: when and where an event is, what a course takes. */
export function renderFacts({ t, ours, own }: Around, { event, course, copublishers }: Pick<ItemWords, 'event' | 'course' | 'copublishers'>): Html | false {
  const rows: [string, Html][] = []
  const said = (text: string) => html`<bdi${own}>${text}</bdi>`
  if (event) {
    const times = eventTimes(event)
    if (times?.days) {
      const day = (each: string) => html`<time datetime="${each}">${t.day(each)}</time>`
      const { first, last } = times.days
      rows.push(...(first === last ? [[t('event.day'), day(first)] as [string, Html]] : [[t('event.starts'), day(first)] as [string, Html], [t('event.ends'), day(last)] as [string, Html]]))
    } else if (times) rows.push([t('event.starts'), html`<time datetime="${times.starts.toISOString()}">${t.moment(times.starts, event.zone)}</time>`])
    if (times?.ends && !times.days) rows.push([t('event.ends'), html`<time datetime="${times.ends.toISOString()}">${t.moment(times.ends, event.zone)}</time>`])
    if (event.place) rows.push([t('event.place'), said(event.place)])
    if (event.online) rows.push([t('event.online'), outside(event.online)])
  }
  if (course) {
    if (course.minutes !== null) rows.push([t('course.takes'), html`${t('course.minutes', { minutes: course.minutes })}`])
    if (course.price) rows.push([t('course.price'), said(course.price)])
    if (course.provider) rows.push([t('course.provider'), said(course.provider)])
    if (course.language) rows.push([t('course.language'), html`${t.languageName(course.language)}`])
    if (course.url) rows.push([t('course.sign-up'), outside(course.url)])
  }
  if (copublishers.length > 0) rows.push([t('report.with'), html`${copublishers.map((each, place) => html`${place > 0 && ' · '}${said(each)}`)}`])
  return rows.length > 0 && html`${event?.cancelled && html`<p class="notice"${ours}><b>${t('event.cancelled')}</b></p>`}<dl class="facts"${ours}>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** What stands after it: questions with their answers, who signed, what editors need and whom they ask. `body` renders a text of the item. */
export function renderMore({ t, ours }: Around, { questions, signatories, editors, contacts, documents }: Pick<ItemWords, 'questions' | 'signatories' | 'editors' | 'contacts' | 'documents'>, { documentPath }: Pick<PictureRendering, 'documentPath'>, body: (text: string) => Html): Html | false {
  return (questions.length > 0 || signatories.length > 0 || editors !== '' || contacts.length > 0 || documents.length > 0) && html`${documentPath && documents.length > 0 && html`<section><h2${ours}>${t('documents.title')}</h2><ul class="bare">${documents.map((each) => html`<li><a href="${documentPath(each)}" hreflang="${each.language}" type="${each.mediaType}"><bdi>${each.title}</bdi></a> <small${ours}>${[t.languageName(each.language), formatOf(each.mediaType), sizeOf(t, each.size)].join(' · ')}</small></li>`)}</ul></section>`}${questions.map(({ id, question, answer }) => html`<section class="question" id="q-${id}"><h2><a href="#q-${id}">${question}</a></h2>${body(answer)}</section>`)}
${signatories.length > 0 && html`<section><h2${ours}>${t('statement.signed', { count: signatories.length })}</h2><ul class="signed">${signatories.map(({ name, country }) => html`<li><bdi>${name}</bdi>${country && html` <small${ours}>${t.countryName(country)}</small>`}</li>`)}</ul></section>`}
${editors && html`<section><h2${ours}>${t('press.editors')}</h2>${body(editors)}</section>`}${contacts.length > 0 && html`<section><h2${ours}>${t('press.contacts')}</h2><ul>${contacts.map(({ role, name }) => html`<li><bdi>${role}</bdi>${name && html`: <bdi>${name}</bdi>`}</li>`)}</ul></section>`}`
}

/** What people call a format: the ending of its files. */
function formatOf(mediaType: string): string {
  return (endings[mediaType] ?? '').toUpperCase()
}

function sizeOf({ language }: PublishingWords, size: number): string {
  return numberFormat(language, { style: 'unit', unit: size < 1_000_000 ? 'kilobyte' : 'megabyte', maximumFractionDigits: size < 1_000_000 ? 0 : 1 }).format(size < 1_000_000 ? Math.max(1, size / 1000) : size / 1_000_000)
}

function outside(url: string): Html {
  return html`<a href="${url}" rel="noreferrer"><bdi>${new URL(url).hostname}</bdi></a>`
}
