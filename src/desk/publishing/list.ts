import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { allSubjects, nameIn } from '#modules/places/index.ts'
import { chosenKinds, createItem, itemList, itemOrders, publishingWords, saveItem, wordsWith, type ItemKind, type ItemOrder, type ItemState } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { pageOf, pager, sortLink } from '../table.ts'
import { chosenSubjects, codesWithin, itemPath, stateOf, subjectChoices, subjectNames, subjectsBegun, within } from './parts.ts'

const size = 25
const states: readonly ItemState[] = ['draft', 'review', 'approved', 'scheduled', 'published', 'corrected', 'withdrawn', 'archived']
/** What can be seen to together: nothing of it is public. */
const open: readonly ItemState[] = ['draft', 'review', 'approved']

export function itemListRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items', (visit) => listPage(desk, visit), ['write-pages', 'translate'], { limited: true })
  pages.get('/items/new', async (visit) => newPage(desk, visit, await begun(desk, visit), {}), 'write-pages', { limited: true })
  pages.post('/items/new', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const title = field(body, 'title').trim().slice(0, 300)
    const kind = chosenKinds.find((each) => each === field(body, 'item_kind'))
    const form = field(body, 'item_form')
    const chosen = await chosenSubjects(desk, visit)
    const faults: Faults = {
      ...(!title && { title: t('fault.title') }), ...(!kind && { item_kind: t('fault.choose') }), ...(form !== 'thread' && form !== 'text' && { item_form: t('fault.choose') }),
      ...(!chosen && { item_about: t('fault.own-place') }),
    }
    if (Object.keys(faults).length > 0 || !kind || !chosen) return { ...await newPage(desk, visit, { title, item_kind: kind, item_form: form, item_about: fields(body, 'item_about') }, faults), status: 422 }
    const language = (await readPublisher(desk.db)).defaultLanguage
    const id: string = await pages.change(visit, { verb: 'create-item', subjectKind: 'item', subjectIds: [] }, async (tx) => {
      const itemId = await createItem(tx, { kind, thread: form === 'thread', wanted: title, subjects: chosen }, now)
      await saveItem(tx, { itemId, language, words: wordsWith({ title }), staffId: staff.id }, now)
      return itemId
    })
    return { to: itemPath(id, `/${language}`) }
  }, 'write-pages', { limited: true })
}

/** What stands in the form already: a thread about the place whose page it was asked for on; and where somebody looks after one place only, that place. */
async function begun(desk: Desk, visit: Visit): Promise<Typed> {
  const about = await subjectsBegun(desk, visit)
  return { item_about: about, ...(about.includes(visit.query('about')) && { item_form: 'thread', item_kind: 'news' }) }
}

async function listPage(desk: Desk, { t, query, reach, now, may, zone }: Visit): Promise<DeskPage> {
  const words = publishingWords(t.language)
  const state = states.find((each) => each === query('state'))
  const kind = chosenKinds.find((each) => each === query('kind'))
  const order: ItemOrder = itemOrders.find((each) => each === query('order')) ?? 'newest'
  const search = query('search').trim().slice(0, 100)
  const subjects = await allSubjects(desk.db)
  const subject = subjects.find(({ id }) => id === query('about'))
  const page = pageOf(query)
  const { defaultLanguage } = await readPublisher(desk.db)
  const list = await itemList(desk.db, { state, kind, subjects: subject && [subject.id], search: search || undefined, within: codesWithin(reach) }, { language: t.language, order, most: size, after: page * size, now })
  const link = (changes: Record<string, string>) => `/items?${new URLSearchParams({ ...(state && { state }), ...(kind && { kind }), ...(subject && { about: subject.id }), ...(search && { search }), order, ...changes })}`
  const all = [...list.states.values()].reduce((sum, count) => sum + count, 0)
  const waiting = open.reduce((sum, each) => sum + (list.states.get(each) ?? 0), 0)
  return {
    title: t('nav.items'), section: 'items',
    buttons: html`${may('write-pages') && html`<a class="btn" href="/items/new">${t('items.new')}</a><a class="btn plain" href="/digests">${t('digests.title')}</a><a class="btn plain" href="/subjects">${t('nav.subjects')}</a>${may('publish-pages') && html`<a class="btn plain" href="/contact-messages">${t('contact-messages.title')}</a>`}<a class="btn plain" href="/records">${t('nav.records')}</a><a class="btn plain" href="/pictures">${t('nav.pictures')}</a>`}`,
    body: html`<ul class="filters"><li><a href="${link({ state: '', page: '0' })}"${!state && html` aria-current="true"`}>${t('filter.all', { count: all })}</a></li>${[...list.states].toSorted(([a], [b]) => states.indexOf(a) - states.indexOf(b)).map(([each, count]) => html`<li><a href="${link({ state: each, page: '0' })}"${each === state && html` aria-current="true"`}>${t(`item-state.${each}`)} ${t.number(count)}</a></li>`)}</ul>
<form method="get" action="/items" class="row"><label>${t('items.search')} <input type="search" name="search" value="${search}" dir="auto"></label><label>${t('f.item_kind')} <select name="kind"><option value="">${t('items.any')}</option>${chosenKinds.map((each) => html`<option value="${each}"${each === kind && html` selected`}>${words(`kind.${each as ItemKind}`)}</option>`)}</select></label>
<label>${t('f.item_about')} <select name="about"><option value="">${t('items.any')}</option>${subjects.filter((each) => each.kind === 'topic' || within(reach, [each])).map((each) => html`<option value="${each.id}"${each.id === subject?.id && html` selected`}>${nameIn(each, t.language, defaultLanguage)}</option>`)}</select></label><button class="plain">${t('items.show')}</button>${may('write-pages') && waiting > 1 && html`<a class="btn plain" href="/items/together?${new URLSearchParams({ ...(state && open.includes(state) && { state }), ...(subject && { about: subject.id }) }).toString()}">${t('items.together')}</a>`}</form>
${list.items.length === 0 ? html`<div class="card"><p>${t('items.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('nav.items')}"><table><thead><tr>${sortLink(t('items.item'), 'title', order, link)}<th scope="col">${t('actions.state')}</th><th scope="col">${t('f.item_about')}</th>${sortLink(t('items.scheduled'), 'scheduled', order, link)}${sortLink(t('f.review_by'), 'review', order, link)}</tr></thead>
<tbody>${list.items.map((item) => html`<tr><td><a href="${itemPath(item.id)}"><bdi>${item.title}</bdi></a><small>${[words(`kind.${item.kind}`), item.thread && t('items.thread'), item.languages.map((language) => t.languageName(language)).join(', ')].filter(Boolean).join(' · ')}</small></td>
<td>${stateOf(t, item.state)}${item.stale > 0 && html`<small>${t('items.stale', { count: item.stale })}</small>`}</td><td>${t.list(subjectNames(t, subjects, item.subjects, defaultLanguage))}</td><td>${item.scheduledFor && t.moment(item.scheduledFor, zone)}</td><td>${item.reviewBy && t.day(item.reviewBy)}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: list.all, link })}`,
  }
}

async function newPage(desk: Desk, visit: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const words = publishingWords(t.language)
  const asked: Field[] = [
    { name: 'title', kind: 'line', required: true, maxLength: 300 },
    { name: 'item_form', kind: 'choice', choices: [{ value: 'thread', label: t('items.thread'), help: t('items.thread.help') }, { value: 'text', label: t('items.text'), help: t('items.text.help') }] },
    { name: 'item_kind', kind: 'select', required: true, empty: t('items.choose'), choices: chosenKinds.map((value) => ({ value, label: words(`kind.${value}`) })) },
    { name: 'item_about', kind: 'ticks', choices: await subjectChoices(desk, visit) },
  ]
  return { title: t('items.new'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }], body: form(t, { action: '/items/new', fields: formFields(t, asked, typed, faults), button: t('items.write'), faults }) }
}
