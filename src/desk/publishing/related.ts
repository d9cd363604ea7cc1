import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { itemsTitled, keptChronologies, keptRecords, keptRelations, mayLeadTo, publishingWords, relateItem, relations, sayRelation, setItemChronology, unrelateItem } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { titlePart } from './record-picker.ts'
import { codesWithin, itemCrumbs, itemPath, openItem, type Opened } from './parts.ts'

/** What stands beside an item on its page: other items, each for a reason, and chronologies. Chosen by title. */
export function relatedRoutes(pages: DeskPages, desk: Desk): void {
  const path = '/items/:id/related'
  pages.get(path, async (visit) => relatedPage(desk, visit, await openItem(desk, visit)), 'publish-pages', { limited: true })

  pages.post(path, async (visit): Promise<Answer> => {
    const { item } = await openItem(desk, visit)
    const { body, staff, now, query } = visit
    const other = field(body, 'other')
    const relation = relations.find((each) => each === field(body, 'relation'))
    const back = query('search') ? `${itemPath(item.id, '/related')}?search=${encodeURIComponent(query('search'))}` : itemPath(item.id, '/related')
    // What is neither theirs nor public is not there for them.
    notFoundUnless(await mayLeadTo(desk.db, notFoundUnless(other, isUuid), codesWithin(visit.reach)), Boolean)
    if (field(body, 'remove') === 'yes') {
      await pages.change(visit, { verb: 'unrelate-item', subjectKind: 'item', subjectIds: [item.id, other] }, (tx) => unrelateItem(tx, item.id, other), Boolean)
      return { to: back, said: 'said.saved' }
    }
    notFoundUnless(other, (id) => id !== item.id)
    await pages.change(visit, { verb: 'relate-item', subjectKind: 'item', subjectIds: [item.id, other] }, (tx) => relateItem(tx, { itemId: item.id, otherId: other, relation: notFoundUnless(relation, (each) => each !== undefined)!, staffId: staff.id }, now))
    return { to: back, said: 'said.saved' }
  }, 'publish-pages', { limited: true })

  pages.post(`${path}/chronologies`, async (visit): Promise<Answer> => {
    const { item } = await openItem(desk, visit)
    const [chronology] = await keptRecords(desk.db, { id: notFoundUnless(field(visit.body, 'chronology'), isUuid), kind: 'chronology', within: codesWithin(visit.reach), orPublic: true })
    const recordId = notFoundUnless(chronology, (each) => each !== undefined)!.id
    await pages.change(visit, { verb: 'change-chronologies', subjectKind: 'item', subjectIds: [item.id] }, (tx) => setItemChronology(tx, { itemId: item.id, recordId, shown: field(visit.body, 'shown') === 'yes', staffId: visit.staff.id }, visit.now), Boolean)
    return { to: itemPath(item.id, '/related'), said: 'said.saved' }
  }, 'publish-pages', { limited: true })
}

async function relatedPage(desk: Desk, visit: Visit, opened: Opened): Promise<DeskPage> {
  const { t, query } = visit
  const { item } = opened
  const words = publishingWords(t.language)
  const search = query('search').trim().slice(0, 200)
  const kept = await keptRelations(desk.db, item.id, t.language, codesWithin(visit.reach))
  const found = search ? (await itemsTitled(desk.db, search, t.language, codesWithin(visit.reach))).filter(({ id }) => id !== item.id && !kept.some(({ otherId }) => otherId === id)) : []
  const path = itemPath(item.id, '/related')
  return {
    title: t('related.title'), section: 'items', crumbs: itemCrumbs(t, opened),
    body: html`<p class="soft">${t('related.why')}</p><section class="card"><h2>${t('related.items')}</h2>${kept.length === 0 ? html`<p>${t('related.none')}</p>` : html`<ul class="todo">${kept.map((each) => html`<li><span class="soft">${sayRelation(words, each.relation, each.back)}</span> ${each.mine ? html`<a href="${itemPath(each.otherId)}"><bdi>${each.title}</bdi></a>` : html`<bdi>${each.title}</bdi>`}${!each.shown && html` <small>${t('related.hidden')}</small>`}${button(path, t('related.remove'), { other: each.otherId, remove: 'yes' })}</li>`)}</ul>`}</section>
<section class="card"><h2>${t('related.add')}</h2><form method="get" action="${path}" class="row" role="search"><label>${t('items.search')} <input type="search" name="search" value="${search}" dir="auto"></label><button class="plain">${t('items.show')}</button></form>
${search && (found.length === 0 ? html`<p role="status">${t('related.found-none')}</p>` : html`<ul class="todo">${found.map((each) => html`<li><bdi>${each.title}</bdi> <small>${words(`kind.${each.kind}`)}${!each.shown && html` · ${t('related.hidden')}`}</small><form method="post" action="${path}?search=${encodeURIComponent(search)}" class="row"><input type="hidden" name="other" value="${each.id}"><label>${t('related.as')} <select name="relation">${relations.map((relation) => html`<option value="${relation}"${relation === 'see-also' && html` selected`}>${sayRelation(words, relation, false)}</option>`)}</select></label><button class="plain">${t('related.put')}<span class="hidden-words"> ${each.title}</span></button></form></li>`)}</ul>`)}</section>
${await chronologiesPart(desk, visit, item.id)}`,
  }
}

async function chronologiesPart(desk: Desk, { t, reach }: Visit, itemId: string): Promise<Html> {
  const { defaultLanguage } = await readPublisher(desk.db)
  const all = await keptRecords(desk.db, { kind: 'chronology', within: codesWithin(reach), orPublic: true })
  const beside = await keptChronologies(desk.db, itemId)
  return html`<section class="card"><h2>${t('nav.chronologies')}</h2><p class="help">${t('related.chronologies.why')}</p>${all.length === 0 ? html`<p>${t('chronologies.none')}</p>` : html`<ul class="todo">${all.map((each) => html`<li>${titlePart(t, each, defaultLanguage)}${each.shown === 'none' && html` <small>${t('related.hidden')}</small>`}${button(itemPath(itemId, '/related/chronologies'), t(beside.includes(each.id) ? 'related.remove' : 'related.show'), { chronology: each.id, shown: beside.includes(each.id) ? 'no' : 'yes' })}</li>`)}</ul>`}<p><a href="/chronologies">${t('nav.chronologies')}</a></p></section>`
}
