import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { freeHandle, keptRecords, linkIn, linkedItems, type Kept, type RecordContent } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { strayFaults } from '../stray-faults.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { chronologyFieldList, chronologyFields, readChronology, typedChronology, type Choices } from './chronology-form.ts'
import { typedIn } from './item-form.ts'
import { chosenSubjects, codesWithin, subjectChoices, subjectsBegun } from './parts.ts'
import { begunForm, recordDraftRoutes } from './record-drafts.ts'
import { historyLink, recordHistoryRoutes, theirsOf, type Reads } from './record-history.ts'
import { begunField, draftButton, keepRecord, markOf, readWish, recordLifeRoutes, recordRights, saidOf, standingPart, whenField, withdrawCard } from './record-life.ts'
import { titleOf, titlePart } from './record-picker.ts'
import { handedField } from './unsaved.ts'

type KeptChronology = Kept & { record: Extract<RecordContent, { kind: 'chronology' }> }

const limited = { limited: true }

/** Chronologies: what happened in one matter, kept apart from the texts beside which it stands. */
export function chronologyRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/chronologies', (visit) => listPage(desk, visit), 'write-pages', limited)
  pages.get('/chronologies/new', async (visit) => {
    const { typed, unsaved } = await begunForm(desk, visit, { entries: [], item_about: await subjectsBegun(desk, visit) })
    return chronologyPage(desk, visit, undefined, typed, {}, undefined, unsaved)
  }, 'publish-pages', limited)
  pages.post('/chronologies/new', (visit) => saved(pages, desk, visit, undefined), 'publish-pages', limited)
  pages.get('/chronologies/:id', async (visit) => {
    const kept = await find(desk, visit)
    const { typed, unsaved } = await begunForm(desk, visit, { ...await typedChronology(desk.db, visit.t, kept.record.content), item_about: kept.subjects })
    return chronologyPage(desk, visit, kept, typed, {}, undefined, unsaved)
  }, 'publish-pages', limited)
  pages.post('/chronologies/:id', async (visit) => saved(pages, desk, visit, await find(desk, visit)), 'publish-pages', limited)
  recordDraftRoutes(pages, desk, '/chronologies/new', () => true)
  recordDraftRoutes(pages, desk, '/chronologies/:id', (visit) => find(desk, visit))
  recordLifeRoutes(pages, '/chronologies', (visit) => find(desk, visit))
  recordHistoryRoutes(pages, desk, '/chronologies', { find: (visit) => find(desk, visit), reads: readsOf(desk) })
}

function readsOf(desk: Desk): Reads {
  return { typed: (t, record) => (record.kind === 'chronology' ? typedChronology(desk.db, t, record.content) : {}), fields: (_, __, languages, all) => chronologyFieldList(languages, all) }
}

async function find(desk: Desk, visit: Visit): Promise<KeptChronology> {
  return orNotFound((await keptRecords(desk.db, { id: idOf(visit), kind: 'chronology', within: codesWithin(visit.reach) }))[0]) as KeptChronology
}

async function saved(pages: DeskPages, desk: Desk, visit: Visit, kept: KeptChronology | undefined): Promise<Answer> {
  const { t, body, zone } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const typed = typedIn(body)
  const { record, faults, choices } = await readChronology(desk.db, t, typed, languages, codesWithin(visit.reach))
  const { wish, fault } = readWish(visit, zone)
  if (fault) faults.publish_at = fault
  Object.assign(faults, strayFaults(t, body))
  const about = await chosenSubjects(desk, visit, kept?.subjects)
  if (!about) faults.item_about = t('fault.own-place')
  const again = async (more: Faults = {}) => ({ ...await chronologyPage(desk, visit, kept, typed, { ...faults, ...more }, choices), status: 422 })
  if (record?.kind !== 'chronology' || !about || Object.keys(faults).length > 0) return again()
  const handle = kept?.handle ?? await freeHandle(desk.db, record.content.says[defaultLanguage]?.title ?? Object.values(record.content.says)[0]!.title)
  const done = await keepRecord(pages, visit, { kept, handle, record, about, wish })
  if (done.outcome === 'changed-meanwhile') {
    const theirs = await theirsOf(desk, visit, readsOf(desk), done.theirs, { record, about })
    return { ...await chronologyPage(desk, visit, done.theirs as KeptChronology, { ...typed, begun: undefined }, {}, choices, theirs), status: 409 }
  }
  if ('id' in done) return { to: `/chronologies/${done.id}`, said: saidOf[done.outcome] }
  return done.outcome === 'taken' ? again({ [`chronology_title.${languages[0]}`]: t('fault.taken') }) : again(await missingFaults(desk, visit, record.content.entries, done.missing, defaultLanguage))
}

/** At each entry whose other end will not be public by then, that it will not. */
async function missingFaults(desk: Desk, { t }: Visit, entries: KeptChronology['record']['content']['entries'], missing: string[], fallback: string): Promise<Faults> {
  const items = await linkedItems(desk.db, missing.filter((each) => !each.includes(' ')))
  return Object.fromEntries(entries.flatMap(({ id, leadsTo }) => {
    const key = leadsTo && ('item' in leadsTo ? leadsTo.item : `${leadsTo.kind} ${leadsTo.handle}`)
    if (!key || !missing.includes(key)) return []
    const item = items.get(key)
    return [[`entry_leads.${id}`, t('fault.entry-hidden', { title: item ? linkIn(item, t.language, fallback, '').title : key })]]
  }))
}

async function listPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, reach } = visit
  const { mayAdd, mayOpen } = await recordRights(desk, visit)
  const { defaultLanguage } = await readPublisher(desk.db)
  const all = await keptRecords(desk.db, { kind: 'chronology', within: codesWithin(reach), orPublic: true }) as KeptChronology[]
  return {
    title: t('nav.chronologies'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/records', label: t('nav.records') }],
    buttons: html`${mayAdd && html`<a class="btn" href="/chronologies/new">${t('chronologies.new')}</a>`}`,
    body: html`<p class="soft">${t('chronologies.why')}</p>${all.length === 0 ? html`<div class="card"><p>${t('chronologies.none')}</p></div>` : html`<div class="card"><ul class="todo">${all.map((each) => html`<li>${mayOpen(each) ? html`<a href="/chronologies/${each.id}">${titlePart(t, each, defaultLanguage)}</a>` : titlePart(t, each, defaultLanguage)} <span class="soft">${t('chronologies.count', { count: each.record.content.entries.length })}</span> ${markOf(t, each)}</li>`)}</ul></div>`}`,
  }
}

async function chronologyPage(desk: Desk, visit: Visit, kept: KeptChronology | undefined, typed: Typed, faults: Faults, choices: Choices = new Map(), theirs: Html | false = false): Promise<DeskPage> {
  const { t, zone } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  return {
    title: kept ? titleOf(kept, t.language, defaultLanguage) : t('chronologies.new'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/chronologies', label: t('nav.chronologies') }],
    body: html`${theirs}${kept && html`<div class="card">${standingPart(t, kept, { path: `/chronologies/${kept.id}`, zone })}<p>${t('chronologies.in-texts')} <code dir="ltr">::chronology[${kept.handle}]</code></p>${kept.shown !== 'none' && html`<p><a href="${desk.siteOrigin}/chronologies/${kept.handle}">${t('chronologies.on-site')}</a></p>`}${historyLink(t, `/chronologies/${kept.id}`)}</div>`}
${form(t, { action: kept ? `/chronologies/${kept.id}` : '/chronologies/new', faults, keep: true, autosave: true, button: t('items.publish'), more: draftButton(t), fields: html`${handedField(typed)}${kept && begunField(typed, kept)}${chronologyFields(t, languages, { ...(!kept && { 'happened.new': dayIn(zone, visit.now) }), ...typed }, faults, choices)}
${formFields(t, [{ name: 'item_about', kind: 'ticks', choices: await subjectChoices(desk, visit) }], typed, faults)}${whenField(t, typed, faults)}` })}
${kept && withdrawCard(t, kept, `/chronologies/${kept.id}`)}`,
  }
}
