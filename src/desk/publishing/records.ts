import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isSlug } from '#platform/slug.ts'
import { checkRecord, freeHandle, keptRecords, recordKinds, type Kept } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { strayFaults } from '../stray-faults.ts'
import { button, form, formField, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { addresseeFieldList, addresseeRows, readAddressees, withOfficesCalled } from './addressee-rows.ts'
import { typedIn } from './item-form.ts'
import { chosenSubjects, codesWithin, subjectChoices, subjectsBegun } from './parts.ts'
import type { DeskWords } from '../words/index.ts'
import { isMatter } from './matter-form.ts'
import { readRecord, recordFieldList, recordFields, typedRecord, type WrittenKind } from './record-form.ts'
import { begunField, draftButton, keepRecord, readWish, recordLifeRoutes, saidOf, standingPart, usesPart, whenField, withdrawCard } from './record-life.ts'
import { begunForm, recordDraftRoutes } from './record-drafts.ts'
import { historyLink, recordHistoryRoutes, theirsOf, type Reads } from './record-history.ts'
import { recordList } from './record-list.ts'
import { titleOf } from './record-picker.ts'
import { handedField } from './unsaved.ts'

// Pictures have a library of their own, and chronologies a form.
const writtenKinds = recordKinds.filter((kind): kind is WrittenKind => kind !== 'image' && kind !== 'chronology')

const limited = { limited: true }

const reads: Reads = { typed: typedRecord, fields: (t, { kind }, languages, all) => [...recordFieldList(t, kind as WrittenKind, languages), ...(kind === 'demand' ? addresseeFieldList(t, languages, all) : [])] }

/** Figures, quotes, demands, notices and standing texts: kept once, referred to by many texts. */
export function recordRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/records', (visit) => recordList(desk, visit, writtenKinds), 'write-pages', limited)
  pages.get('/records/new/:kind', async (visit) => {
    const { typed, unsaved } = await begunForm(desk, visit, { item_about: await subjectsBegun(desk, visit) })
    return recordPage(desk, visit, kindOf(visit), undefined, typed, {}, unsaved)
  }, 'publish-pages', limited)
  pages.post('/records/new/:kind', (visit) => saved(pages, desk, visit, kindOf(visit), undefined), 'publish-pages', limited)

  pages.get('/records/:id', async (visit) => {
    const kept = await find(desk, visit)
    const { typed, unsaved } = await begunForm(desk, visit, { ...typedRecord(visit.t, kept.record), item_about: kept.subjects })
    return recordPage(desk, visit, kept.kind, kept, typed, {}, unsaved)
  }, 'publish-pages', limited)
  pages.post('/records/:id', async (visit) => {
    const kept = await find(desk, visit)
    return saved(pages, desk, visit, kept.kind, kept)
  }, 'publish-pages', limited)
  recordDraftRoutes(pages, desk, '/records/new/:kind', kindOf)
  recordDraftRoutes(pages, desk, '/records/:id', (visit) => find(desk, visit))
  recordLifeRoutes(pages, '/records', (visit) => find(desk, visit))
  recordHistoryRoutes(pages, desk, '/records', { find: (visit) => find(desk, visit), reads })
  // Nobody is called to find out: whoever looks says what they saw.
  pages.post('/records/:id/check', async (visit): Promise<Answer> => {
    const kept = await find(desk, visit)
    await pages.change(visit, { verb: 'check-record', subjectKind: 'record', subjectIds: [kept.handle] }, (tx) => checkRecord(tx, kept.id, dayIn(visit.zone, visit.now)))
    return { to: `/records/${kept.id}`, said: 'said.saved' }
  }, 'publish-pages', limited)
}

async function saved(pages: DeskPages, desk: Desk, visit: Visit, kind: WrittenKind, kept: Kept | undefined): Promise<Answer> {
  const { t, body, zone } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const { addressees, faults: wrong } = kind === 'demand' ? await readAddressees(desk, t, typedIn(body), languages) : { addressees: [], faults: {} }
  const { record, faults } = readRecord(t, kind, body, languages, addressees)
  Object.assign(faults, wrong)
  const { wish, fault } = readWish(visit, zone)
  const typed = field(body, 'handle').trim()
  const handle = kept?.handle ?? (typed || (record ? await freeHandle(desk.db, titleOf({ handle: kind, record }, t.language, defaultLanguage)) : kind))
  const about = await chosenSubjects(desk, visit, kept?.subjects)
  if (!about) faults.item_about = t('fault.own-place')
  if (!isSlug(handle, 60)) faults.handle = t('fault.slug')
  if (fault) faults.publish_at = fault
  Object.assign(faults, strayFaults(t, body))
  const again = async (more: Faults = {}) => ({ ...await recordPage(desk, visit, kind, kept, typedIn(body), { ...faults, ...more }), status: 422 })
  if (!record || !about || Object.keys(faults).length > 0) return again()
  const done = await keepRecord(pages, visit, { kept, handle, record, about, wish })
  if (done.outcome === 'changed-meanwhile') return { ...await recordPage(desk, visit, kind, done.theirs, { ...typedIn(body), begun: undefined }, {}, await theirsOf(desk, visit, reads, done.theirs, { record, about })), status: 409 }
  return 'id' in done ? { to: `/records/${done.id}`, said: saidOf[done.outcome] } : again(done.outcome === 'taken' ? { handle: t('fault.taken') } : { publish_at: t('fault.references', { references: t.list(done.missing) }) })
}


function kindOf(visit: Visit): WrittenKind {
  return orNotFound(writtenKinds.find((each) => each === visit.params.kind))
}

async function find(desk: Desk, visit: Visit): Promise<Kept & { kind: WrittenKind }> {
  return notFoundUnless(orNotFound((await keptRecords(desk.db, { id: idOf(visit), within: codesWithin(visit.reach) }))[0]), ({ kind }) => writtenKinds.includes(kind as WrittenKind)) as Kept & { kind: WrittenKind }
}

async function recordPage(desk: Desk, visit: Visit, kind: WrittenKind, kept: Kept | undefined, given: Typed, faults: Faults, theirs: Html | false = false): Promise<DeskPage> {
  const { t, zone } = visit
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  const typed = kind === 'demand' ? await withOfficesCalled(desk, given) : given
  return {
    title: kept ? t('choices.kind', { kind: t(`record.${kind}`), title: titleOf(kept, t.language, defaultLanguage) }) : t('records.new', { what: t(`record.${kind}`) }), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/records', label: t('nav.records') }],
    body: html`${theirs}${kept && html`<div class="card">${standingPart(t, kept, { path: `/records/${kept.id}`, zone })}<p><code dir="ltr">${kind === 'figure' ? `:figure[${kept.handle}]` : `::${kind}[${kept.handle}]`}</code></p>${await usesPart(desk, visit, kept)}${historyLink(t, `/records/${kept.id}`)}</div>`}
${form(t, { action: kept ? `/records/${kept.id}` : `/records/new/${kind}`, faults, keep: true, autosave: true, button: t('items.publish'), more: draftButton(t), fields: html`${handedField(typed)}${kept && begunField(typed, kept)}${!kept && formField(t, { name: 'handle', kind: 'line', direction: 'ltr', maxLength: 60 }, typed, faults)}${recordFields(t, kind, languages, typed, faults)}${kind === 'demand' && await addresseeRows(desk, t, languages, typed, faults)}
${formFields(t, [{ name: 'item_about', kind: 'ticks', choices: await subjectChoices(desk, visit) }], typed, faults)}${whenField(t, typed, faults)}` })}
${kept && kept.shown !== 'none' && isMatter(kind) && checkCard(t, kept)}
${kept && withdrawCard(t, kept, `/records/${kept.id}`)}`,
  }
}

/** What somebody saw who looked: that it still holds, or is gone. */
function checkCard(t: DeskWords, kept: Kept): Html {
  const elsewhere = kept.record.kind === 'elsewhere' ? kept.record.content : undefined
  return html`<div class="card"><h2>${t('f.checked_today')}</h2><p>${kept.checkedOn ? t('records.checked', { day: t.day(kept.checkedOn) }) : t('records.never-checked')}</p><p>${t(elsewhere ? 'records.gone.why' : 'records.still-right.why')}</p>
${elsewhere && html`<p><a href="${elsewhere.url}" rel="noreferrer" dir="ltr">${elsewhere.url}</a></p>`}<div class="row">${button(`/records/${kept.id}/check`, t(elsewhere ? 'records.works' : 'records.still-right'))}${elsewhere && button(`/records/${kept.id}/withdraw`, t('records.gone'), {}, 'stop')}</div></div>`
}
