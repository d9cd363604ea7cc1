import { dayIn } from '#platform/days.ts'
import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { aboutSubject, byYear, countItems, itemsById, listItems, renderDemand, sumOf, type Count, type ShownItem, type ShownSubject } from '#modules/publishing/index.ts'
import { viewOf, kindLine, type ActionView } from '../actions/parts.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { shownAction } from '../switchboard.ts'
import { chronologiesPart } from './beside.ts'
import { contactList } from './contact.ts'
import { datedLine } from './dates.ts'
import { feedFormats, feedNames } from './feeds.ts'
import { headOf } from './head.ts'
import { corrections, dayMark, inLanguage, otherLanguage, readables, wordsFor } from './readable.ts'
import { allSubjects, around, folders, subjectName, subjectPath } from './subjects.ts'
import { mattersPart } from './matters.ts'
import { entry } from './thread.ts'

const latest = 12
const documents = 6

/** The page of a place or topic: what it is about, the latest, what to do, what is asked of whom, and the way to everything else. */
export async function subjectPage(site: Site, frame: Frame, subject: ShownSubject): Promise<PageParts | undefined> {
  const { t, publisher } = frame
  // On two connections at once: counting takes as long as reading.
  const [{ text, entries, others, more }, { counts, demands, matters, chronologies }] = await Promise.all([
    reading(site.db, async (tx) => {
      const [threads, others] = await listItems(tx, [{ subjectId: subject.id, thread: true, most: latest }, { subjectId: subject.id, thread: false, most: documents }])
      const [text, ...entries] = await readables(tx, frame, await itemsById(tx, [subject.itemId, ...threads!.ids, ...others!.ids]))
      return { text, entries: entries.filter(({ item }) => item.thread), others: entries.filter(({ item }) => !item.thread), more: threads!.more }
    }),
    reading(site.db, async (tx) => ({ counts: await countItems(tx, { subjectId: subject.id }), ...await aboutSubject(tx, subject.id) })),
  ])
  if (text?.item.id !== subject.itemId) return undefined
  const { name } = subjectName(frame, subject)
  const path = subjectPath(subject)
  const byMail = (await site.bulletinQuestions.get('')).length > 0
  const wider = around(subject, await allSubjects(site))
  const views = (await site.list.get('')).filter(({ id }) => subject.actions.includes(id)).map((action) => viewOf(frame, shownAction(action, frame.off)))
  const changed = (item: ShownItem) => dayIn(frame.publisher.zone, item.updatedAt)
  const updated = [text, ...entries, ...others].map(({ item }) => (item.thread ? item : { dated: changed(item), date: changed(item) })).toSorted((a, b) => b.dated.localeCompare(a.dated))[0]!.date
  return {
    title: name, path, description: text.shown.words.summary, reading: true, exit: text.rendered.notices.length > 0 || entries.some(({ rendered }) => rendered.notices.length > 0),
    head: headOf(site, frame, { path, title: name, description: text.shown.words.summary, language: text.shown.language, published: text.item.publishedAt, updated: text.item.updatedAt, feeds: path, type: 'CollectionPage', picture: text.lead, revision: text.shown.revisionId }),
    body: html`<p class="crumbs"><a href="${localPath(frame, folders[subject.kind])}">${t(`nav.${subject.kind === 'place' ? 'places' : 'topics'}`)}</a>${wider.map((each) => html` › <a href="${localPath(frame, subjectPath(each))}">${subjectName(frame, each).name}</a>`)}</p>
<div class="cols place"><div class="lede"><h1>${name}</h1>${otherNames(frame, subject, name)}<p class="stand"${inLanguage(frame, text.shown.language)}>${text.shown.words.summary}</p>${otherLanguage(frame, text)}
<p class="fine">${datedLine(frame, 'updated', updated)}${text.item.checkedOn && html` · ${t.html('reading.checked', { day: dayMark(frame, text.item.checkedOn) })}`}</p></div>
${actionsPart(frame, views)}
<div class="story reading"><div${inLanguage(frame, text.shown.language)}>${text.rendered.notices}</div>${corrections(frame, text)}<div${inLanguage(frame, text.shown.language)}>${text.rendered.lead}${text.rendered.body}${text.rendered.figures()}</div>
${counts.length === 0 && demands.length === 0 && !text.shown.words.body && html`<p>${t('reading.none')}</p>`}${entries.length > 0 && html`<section aria-labelledby="latest"><h2 id="latest">${t('reading.latest')}</h2>${entries.map((each) => entry(frame, each))}
${more && html`<p><a class="plain" href="${localPath(frame, `${path}/archive`)}">${t('reading.all', { count: sumOf(counts) })}</a></p>`}</section>`}
${demands.length > 0 && html`<section aria-labelledby="demands"><h2 id="demands">${t('reading.demands')}</h2><ul class="demands">${demands.map(({ record, handle }) => html`<li id="demand-${handle}">${renderDemand(wordsFor(frame), record.content, { language: t.language, fallback: publisher.defaultLanguage })}</li>`)}</ul>${demands.length > 2 && html`<p><a class="plain" href="${localPath(frame, `${path}/demands`)}">${t('demands.all')}</a></p>`}</section>`}
${mattersPart(frame, matters)}${chronologiesPart(frame, chronologies)}
${others.length > 0 && html`<section aria-labelledby="documents"><h2 id="documents">${t('reading.documents')}</h2>${others.map((each) => entry(frame, each))}</section>`}</div><aside class="further">${contactsPart(frame, subject)}${archivePart(frame, subject, counts, byMail)}</aside></div>`,
  }
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
