import { html, type Html } from '#platform/html/html.ts'
import { allSubjects, nameIn, type Subject } from '#modules/places/index.ts'
import { itemList, shownSubjects } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'
import { codesWithin, itemPath, stateOf, subjectPath, within } from './parts.ts'

const newest = 8

/** The part of Today for whoever looks after some places: each, with the way to its next entry. */
export async function placesPart(desk: Desk, { t, may, reachOf }: Visit): Promise<Html | false> {
  const reach = reachOf('write-pages')
  if (!may('write-pages') || reach === 'everywhere') return false
  const { defaultLanguage } = await readPublisher(desk.db)
  const own = (await allSubjects(desk.db)).filter((each) => within(reach, [each]))
  return own.length > 0 && html`<section class="card"><h2>${t('today.places')}</h2><ul class="todo">${own.map((each) => html`<li><a href="/subjects/${each.id}"><bdi>${nameIn(each, t.language, defaultLanguage)}</bdi></a> ${newEntry(t, each, nameIn(each, t.language, defaultLanguage))}</li>`)}</ul></section>`
}

/** The part of a place's or topic's page with the threads of its digest, the newest first: each opens where the next paragraph is written. */
export async function entriesPart(desk: Desk, { t, reachOf, now }: Visit, subject: Subject): Promise<Html> {
  const { defaultLanguage } = await readPublisher(desk.db)
  const { items, all } = await itemList(desk.db, { subjects: [subject.id], thread: true, within: codesWithin(reachOf('write-pages')) }, { language: t.language, order: 'day', most: newest, after: 0, now })
  const shown = (await shownSubjects(desk.db)).find(({ id }) => id === subject.id)
  return html`<section class="card"><h2>${t('subjects.entries')}</h2><p class="row">${within(reachOf('write-pages'), [subject]) && html`<a class="btn" href="/items/new?about=${subject.id}">${t('subjects.add-entry')}</a><a class="btn plain" href="/digests/new?about=${subject.id}">${t('digests.new')}</a>`}${shown && html`<a class="btn plain" href="${desk.siteOrigin}${subjectPath(shown)}">${t('items.on-site')}</a>`}</p>
${items.length === 0 ? html`<p>${t('subjects.no-entries')}</p>` : html`<p class="help">${t('subjects.entries.why')}</p><ul class="todo">${items.map((each) => html`<li><a href="${itemPath(each.id, `/${each.languages.includes(defaultLanguage) ? defaultLanguage : each.languages[0] ?? defaultLanguage}`)}"><bdi>${each.title}</bdi></a> ${stateOf(t, each.state)}</li>`)}</ul>`}
${all > items.length && html`<p><a href="/items?about=${subject.id}">${t('subjects.all-entries')}</a></p>`}</section>`
}

function newEntry(t: Visit['t'], { id }: Subject, name: string): Html {
  return html`<a class="btn plain" href="/items/new?about=${id}">${t('subjects.add-entry')}<span class="hidden-words"> (${name})</span></a>`
}
