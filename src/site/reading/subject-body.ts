import { dayIn } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import { aboutSubject, byYear, countItems, itemsById, listItems, renderDemand, sumOf, type AboutSubject, type Count, type ShownItem, type ShownSubject } from '#modules/publishing/index.ts'
import { kindLine, viewOf, type ActionView } from '../actions/parts.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { shownAction } from '../switchboard.ts'
import { chronologiesPart } from './beside.ts'
import { contactList } from './contact.ts'
import { datedLine } from './dates.ts'
import { feedFormats, feedNames } from './feeds.ts'
import { mattersPart } from './matters.ts'
import { corrections, dayMark, inLanguage, otherLanguage, readables, wordsFor, type Readable } from './readable.ts'
import { around, folders, subjectName, subjectPath } from './subjects.ts'
import { entry } from './thread.ts'

const latest = 12
const documents = 6

/** The texts on the page of a place or topic. */
export interface SubjectTexts {
  /** Its own words; nothing where there are none that anybody may see. */
  text: Readable | undefined
  /** Its threads, the newest first, and what else is about it. */
  entries: Readable[]
  others: Readable[]
  /** Whether it has more threads than these. */
  more: boolean
}

/** Reads the texts on the page of a place or topic; `instead` of its own words that are public, others. */
export async function readTexts(db: Db, frame: Frame, subject: ShownSubject, instead?: ShownItem): Promise<SubjectTexts> {
  const [threads, others] = await listItems(db, [{ subjectId: subject.id, thread: true, most: latest }, { subjectId: subject.id, thread: false, most: documents }])
  const items = await itemsById(db, [...instead ? [] : [subject.itemId], ...threads!.ids, ...others!.ids])
  const found = await readables(db, frame, instead ? [instead, ...items] : items)
  const text = found[0]?.item.id === subject.itemId ? found.shift() : undefined
  return { text, entries: found.filter(({ item }) => item.thread), others: found.filter(({ item }) => !item.thread), more: threads!.more }
}

/** What else that page shows: how much there is of each year and kind, and the records about it. */
export type SubjectRecords = AboutSubject & { counts: Count[] }

/** Reads what that page shows besides its texts. */
export async function readRecords(db: Db, subject: ShownSubject): Promise<SubjectRecords> {
  return { counts: await countItems(db, { subjectId: subject.id }), ...await aboutSubject(db, subject.id) }
}

/** What stands around a place or topic. */
export interface SubjectAround {
  /** All places and topics that have a page. */
  all: ShownSubject[]
  /** What can be done now: what this page leads to is found among it. */
  actions: PublicAction[]
  /** Whether its news can be had by mail. */
  byMail: boolean
}

/** A place or topic as its own page shows it. */
export function subjectBody(frame: Frame, subject: ShownSubject, text: Readable, { entries, others, more, counts, demands, matters, chronologies }: Omit<SubjectTexts, 'text'> & SubjectRecords, { all, actions, byMail }: SubjectAround): Html {
  const { t, publisher } = frame
  const { name } = subjectName(frame, subject)
  const path = subjectPath(subject)
  const changed = (item: ShownItem) => dayIn(publisher.zone, item.updatedAt)
  const updated = [text, ...entries, ...others].map(({ item }) => (item.thread ? item : { dated: changed(item), date: changed(item) })).toSorted((a, b) => b.dated.localeCompare(a.dated))[0]!.date
  const views = actions.filter(({ id }) => subject.actions.includes(id)).map((action) => viewOf(frame, shownAction(action, frame.off)))
  return html`<p class="crumbs"><a href="${localPath(frame, folders[subject.kind])}">${t(`nav.${subject.kind === 'place' ? 'places' : 'topics'}`)}</a>${around(subject, all).map((each) => html` › <a href="${localPath(frame, subjectPath(each))}">${subjectName(frame, each).name}</a>`)}</p>
<div class="cols place"><div class="lede"><h1>${name}</h1>${otherNames(frame, subject, name)}<p class="stand"${inLanguage(frame, text.shown.language)}>${text.shown.words.summary}</p>${otherLanguage(frame, text)}
<p class="fine">${datedLine(frame, 'updated', updated)}${text.item.checkedOn && html` · ${t.html('reading.checked', { day: dayMark(frame, text.item.checkedOn) })}`}</p></div>
${actionsPart(frame, views)}
<div class="story reading"><div${inLanguage(frame, text.shown.language)}>${text.rendered.notices}</div>${corrections(frame, text)}<div${inLanguage(frame, text.shown.language)}>${text.rendered.lead}${text.rendered.body}${text.rendered.figures()}</div>
${counts.length === 0 && demands.length === 0 && !text.shown.words.body && html`<p>${t('reading.none')}</p>`}${entries.length > 0 && html`<section aria-labelledby="latest"><h2 id="latest">${t('reading.latest')}</h2>${entries.map((each) => entry(frame, each))}
${more && html`<p><a class="plain" href="${localPath(frame, `${path}/archive`)}">${t('reading.all', { count: sumOf(counts) })}</a></p>`}</section>`}
${demands.length > 0 && html`<section aria-labelledby="demands"><h2 id="demands">${t('reading.demands')}</h2><ul class="demands">${demands.map(({ record, handle }) => html`<li id="demand-${handle}">${renderDemand(wordsFor(frame), record.content, { language: t.language, fallback: publisher.defaultLanguage })}</li>`)}</ul>${demands.length > 2 && html`<p><a class="plain" href="${localPath(frame, `${path}/demands`)}">${t('demands.all')}</a></p>`}</section>`}
${mattersPart(frame, matters)}${chronologiesPart(frame, chronologies)}
${others.length > 0 && html`<section aria-labelledby="documents"><h2 id="documents">${t('reading.documents')}</h2>${others.map((each) => entry(frame, each))}</section>`}</div><aside class="further">${contactsPart(frame, subject)}${archivePart(frame, subject, counts, byMail)}</aside></div>`
}

function otherNames({ t }: Frame, { names }: ShownSubject, shown: string): Html | false {
  const others = names.filter((each) => each.language === t.language && each.name !== shown).map((each) => each.name)
  return others.length > 0 && html`<p class="fine">${t('reading.also', { names: t.list(others) })}</p>`
}

function actionsPart(frame: Frame, views: ActionView[]): Html | false {
  const open = views.filter(({ action }) => action.standing === 'open' || action.standing === 'adjourned')
  return open.length > 0 && html`<aside class="do"><h2>${frame.t('reading.act')}</h2><ul class="calls">${open.map((view) => html`<li><p class="kind">${kindLine(view)}</p><a class="go" href="${localPath(frame, `/actions/${view.action.slug}`)}"${inLanguage(frame, view.words.language)}>${view.words.words.title}</a></li>`)}</ul></aside>`
}

/** Who to turn to, by role. They are reached by a form: nobody's own address stands here. */
function contactsPart(frame: Frame, subject: ShownSubject): Html {
  return html`<section id="contact"><h2>${frame.t('reading.contact')}</h2>${contactList(frame, subject)}</section>`
}

function archivePart(frame: Frame, subject: ShownSubject, counts: Count[], byMail: boolean): Html {
  const years = byYear(counts)
  const { t } = frame
  const to = (rest: string) => localPath(frame, subjectPath(subject, rest))
  return html`<section class="noprint">${years.length > 0 && html`<h2>${t('reading.archive')}</h2><ul class="years">${years.map(({ year, count }) => html`<li><a href="${to(`/archive/${year}`)}">${year}</a> <small>${t('reading.items', { count })}</small></li>`)}</ul>`}
<h2>${t('reading.feeds')}</h2><p class="fine">${feedFormats.map((format, place) => html`${place > 0 && ' · '}<a href="${to(`/feed.${format}`)}">${feedNames[format]}</a>`)}</p>${counts.some(({ kind }) => kind === 'event') && html`<p><a href="${to('/events.ics')}">${t('reading.calendar')}</a></p>`}${byMail && html`<p><a href="${to('/bulletin/by-mail')}">${t('reading.by-mail')}</a></p>`}<p><a href="${to('/bulletin')}">${t('reading.bulletin')}</a></p></section>`
}
