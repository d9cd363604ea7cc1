import { dayIn } from '#platform/days.ts'
import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { dateOf, itemsBySlug, sayDate, sayWhen, shownItem, shownWordsIn } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { besidePart, readBeside } from './beside.ts'
import { campaignBlocks } from './campaign.ts'
import { cite } from './cite.ts'
import { datedLine, firstDate } from './dates.ts'
import { headOf } from './head.ts'
import { corrections, dayMark, inLanguage, itemPath, readables, wordsFor, type Readable } from './readable.ts'
import { allSubjects, subjectName, subjectPath } from './subjects.ts'
import { paragraphOf } from './thread.ts'
import { calendarLink } from './calendars.ts'
import { machineFacts } from './machine-facts.ts'

/** An item of its own: a thread with all of its paragraphs, or a text. Nothing where there is none at this address. */
export async function itemPage(site: Site, frame: Frame, slug: string, folder: 'items' | 'campaigns' = 'items'): Promise<PageParts | { moved: string } | undefined> {
  const { t, publisher } = frame
  const subjects = await allSubjects(site)
  const read = await reading(site.db, async (tx) => {
    const item = await shownItem(tx, { slug })
    if (!item) return undefined
    const named = shownWordsIn(item, t.language, publisher.defaultLanguage).words.blocks.flatMap((each) => (each.kind === 'items' ? each.items : []))
    const [readable, ...related] = await readables(tx, frame, [item, ...await itemsBySlug(tx, named)])
    return { readable: readable!, related, beside: await readBeside(tx, frame, item) }
  })
  if (!read) return undefined
  const { readable, related, beside } = read
  const number = readable.item.number ?? undefined
  // A campaign has one address, and no other item has one there.
  if ((readable.item.kind === 'campaign') !== (folder === 'campaigns')) return { moved: localPath(frame, itemPath(readable.item)) }
  const { item, shown, rendered, kindLine } = readable
  // The text of a place's page has no page of its own.
  const whose = subjects.find(({ id }) => id === item.subjectId)
  if (whose) return { moved: localPath(frame, subjectPath(whose)) }
  const about = subjects.filter(({ id }) => item.subjects.includes(id))
  const { words } = shown
  const description = words.summary || (rendered.paragraphs[0] ? plain(rendered.paragraphs[0].html) : '')
  return {
    title: words.title, path: itemPath(item), description, reading: true, exit: rendered.notices.length > 0,
    head: headOf(site, frame, {
      path: itemPath(item), title: words.title, description, language: shown.language, published: item.publishedAt, updated: item.updatedAt,
      type: item.kind === 'report' ? 'Report' : item.kind === 'news' || item.kind === 'press-release' || item.kind === 'urgent-action' ? 'NewsArticle' : 'Article',
      picture: readable.lead, revision: shown.revisionId, more: machineFacts(readable),
      corrections: item.corrections.map(({ says, madeIn }) => (says[shown.language] ?? says[madeIn]!).correct),
    }),
    body: html`<p class="crumbs">${item.kind === 'campaign' && html`<a href="${localPath(frame, '/campaigns')}">${t('nav.campaigns')}</a>${about.length > 0 && ' · '}`}${about.map((each, place) => html`${place > 0 && ' · '}<a href="${localPath(frame, subjectPath(each))}">${subjectName(frame, each).name}</a>`)}</p>
<article class="reading item"><p class="kind">${kindLine}</p><h1${inLanguage(frame, shown.language)}>${words.title}</h1>
${shown.language !== t.language && html`<div class="notice"><p>${t('reading.other-language', { language: t.languageName(shown.language) })}</p></div>`}
${item.archivedAt && html`<div class="notice" role="note"><p>${t('reading.archived', { day: t.day(item.archivedAt, publisher.zone) })}</p></div>`}
${words.summary && html`<p class="stand"${inLanguage(frame, shown.language)}>${words.summary}</p>`}${dates(frame, readable, number)}<div${inLanguage(frame, shown.language)}>${rendered.notices}</div>${corrections(frame, readable)}<div${inLanguage(frame, shown.language)}>${rendered.lead}${rendered.facts}</div>${calendarLink(frame, readable)}
<div class="text"${inLanguage(frame, shown.language)}>${item.thread ? rendered.paragraphs.map((each, place) => paragraphOf(frame, readable, each, { day: place > 0 && dateOf(each) === dateOf(rendered.paragraphs[place - 1]!) ? { called: t('reading.paragraph', { day: sayDate(wordsFor(frame), dateOf(each)) }) } : true })) : rendered.body}${rendered.more}</div>${await campaignBlocks(site, frame, readable, related)}<div class="text"${inLanguage(frame, shown.language)}>${rendered.figures()}</div>${besidePart(frame, beside)}
${cite(site, frame, readable, number)}</article>`,
  }
}

/** When it was published, updated and checked, and when what it tells happened: each apart, and none typed by hand. */
function dates(frame: Frame, { item, shown }: Readable, number: string | undefined): Html {
  const { t, publisher } = frame
  const updated = dayIn(publisher.zone, item.updatedAt)
  return html`<p class="fine dates">${[
    datedLine(frame, 'published', firstDate(item, shown.words)),
    item.thread ? item.date !== firstDate(item, shown.words) && datedLine(frame, 'updated', item.date) : item.updatedAt > item.publishedAt && t.html('reading.updated', { day: html`<time datetime="${updated}">${t.day(item.updatedAt, publisher.zone)}</time>` }),
    item.checkedOn !== null && t.html('reading.checked', { day: dayMark(frame, item.checkedOn) }),
    shown.words.happened !== '' && sayWhen(wordsFor(frame), shown.words.happened),
    number !== undefined && t.html('reading.number', { number: html`<bdi class="number">${number}</bdi>` }),
  ].filter(Boolean).map((each, place) => html`${place > 0 && ' · '}${each}`)}</p>`
}

function plain(text: Html): string {
  return text.text.replace(/<[^>]+>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, '’').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim().slice(0, 300)
}
