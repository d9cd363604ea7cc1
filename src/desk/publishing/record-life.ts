import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readLocal } from '#platform/local-time.ts'
import { allSubjects } from '#modules/places/index.ts'
import { addRecord, begunWith, cancelRecord, changedMeanwhile, dropRecordDraft, lacksToBePublic, publishRecord, saveRecord, setRecordSubjects, usesOf, type Kept, type RecordContent } from '#modules/publishing/index.ts'
import { tooFar } from '../actions/times.ts'
import type { Desk } from '../context.ts'
import { button, formField, type Faults, type Typed } from '../forms.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { codesWithin, itemPath, within } from './parts.ts'
import { handedIn } from './unsaved.ts'
import { formPath } from './record-drafts.ts'

/** When what stands in the form of a record is to become public: now, from a moment on, or not yet. */
export interface Wish {
  draft: boolean
  from?: Date
}

/** What was pressed and when it shall be, or what is wrong with the moment. */
export function readWish({ t, body, now }: Visit, zone: string): { wish: Wish, fault?: string } {
  const draft = field(body, 'then') === 'draft'
  const at = field(body, 'publish_at').trim()
  if (draft || !at) return { wish: { draft } }
  const read = readLocal(at, zone)
  const from = read?.reading === 'once' ? read.moment : undefined
  if (from && from > now) return { wish: { draft, from }, fault: tooFar(t, from, now) }
  return { wish: { draft }, fault: read?.reading === 'skipped' ? t('fault.skipped') : read?.reading === 'twice' ? t('fault.twice') : t('fault.later') }
}

export type Done =
  | { outcome: 'draft' | 'published' | 'scheduled' | 'withdrawn', id: string }
  | { outcome: 'taken' }
  /** Somebody else has changed it since the form was opened; nothing was saved. */
  | { outcome: 'changed-meanwhile', theirs: Kept }
  /** What keeps it from being public by then; nothing was saved. */
  | { outcome: 'missing', missing: string[] }

/** Saves a record, new or changed, and makes it public as was wished. `begun` is what its form began with. */
export function keepRecord(pages: DeskPages, visit: Visit, { kept, begun = field(visit.body, 'begun'), handle, record, about, wish }: { kept?: Kept, begun?: string, handle: string, record: RecordContent, about: string[], wish: Wish }): Promise<Done> {
  const { staff: { id: staffId }, now } = visit
  return pages.change<Done>(visit, { verb: wish.draft ? 'save-record' : wish.from ? 'schedule-record' : 'publish-record', subjectKind: 'record', subjectIds: [handle] }, async (tx) => {
    const theirs = kept && await changedMeanwhile(tx, { id: kept.id, begun, record, about })
    if (theirs) return { outcome: 'changed-meanwhile', theirs }
    const missing = wish.draft ? [] : await lacksToBePublic(tx, record, wish.from ?? now)
    if (missing.length > 0) return { outcome: 'missing', missing }
    const id = kept?.id ?? await addRecord(tx, { handle, record, staffId }, now)
    if (id === undefined) return { outcome: 'taken' }
    const revisionId = await saveRecord(tx, { id, record, staffId }, now)
    await setRecordSubjects(tx, id, about)
    await dropRecordDraft(tx, { form: formPath(visit), staffId, of: handedIn(visit.body) })
    if (wish.draft) return { outcome: 'draft', id }
    const { outcome } = await publishRecord(tx, { id, revisionId, staffId, from: wish.from }, now)
    return { outcome: outcome as 'published' | 'scheduled' | 'withdrawn', id }
  }, ({ outcome }) => outcome !== 'taken' && outcome !== 'missing' && outcome !== 'changed-meanwhile')
}

/** What to say on the page of a record after it was kept. */
export const saidOf = { draft: 'said.saved', published: 'said.published', scheduled: 'said.scheduled', withdrawn: 'said.withdrawn' } as const satisfies Record<Extract<Done, { id: string }>['outcome'], DeskWord>

/** What the form of a record began with, so that nobody saves over what somebody else has saved since. */
export function begunField(typed: Typed, kept: Kept): Html {
  return html`<input type="hidden" name="begun" value="${typed.begun ?? begunWith(kept)}">`
}

/** Below the fields of a record: when it becomes public, folded away, because now is what most want. */
export function whenField(t: DeskWords, typed: Typed, faults: Faults): Html {
  return html`<details${(faults.publish_at !== undefined || Boolean(typed.publish_at)) && html` open`}><summary>${t('items.schedule')}</summary>${formField(t, { name: 'publish_at', kind: 'datetime-local', narrow: true }, typed, faults)}</details>`
}

/** Beside the button that publishes. */
export function draftButton(t: DeskWords): Html {
  return html`<button class="plain" name="then" value="draft">${t('records.keep-draft')}</button>`
}

/** Where a record stands: public or not, changed since, and when a version becomes public, with the way to take that back. */
export function standingPart(t: DeskWords, kept: Kept, { path, zone }: { path: string, zone: string }): Html {
  return html`<p>${markOf(t, kept)}${kept.shown === 'older' && html` <span class="soft">${t('items.changed')}</span>`}</p>
${kept.scheduledFor && html`<div class="row"><p>${t('items.will-be-public', { moment: t.moment(kept.scheduledFor, zone) })}${kept.scheduled === 'older' && html` <span class="soft">${t('records.scheduled-older')}</span>`}</p>${button(`${path}/cancel`, t('items.cancel-schedule'))}</div>`}`
}

/** The state of a record as a mark. */
export function markOf(t: DeskWords, { shown, scheduledFor, wasShown }: Pick<Kept, 'shown' | 'scheduledFor' | 'wasShown'>): Html {
  const [look, state] = shown !== 'none' ? ['ok', 'published'] as const : scheduledFor ? ['wait', 'scheduled'] as const : wasShown ? ['bad', 'withdrawn'] as const : ['off', 'draft'] as const
  return html`<span class="state ${look}">${t(`item-state.${state}`)}</span>`
}

/** Taking a record out of what is public, and a schedule back: the same for all kinds. */
export function recordLifeRoutes(pages: DeskPages, folder: string, find: (visit: Visit) => Promise<Kept>): void {
  pages.post(`${folder}/:id/withdraw`, async (visit): Promise<Answer> => {
    const kept = await find(visit)
    await pages.change(visit, { verb: 'withdraw-record', subjectKind: 'record', subjectIds: [kept.handle] }, (tx) => publishRecord(tx, { id: kept.id, revisionId: null, staffId: visit.staff.id }, visit.now))
    return { to: `${folder}/${kept.id}`, said: 'said.withdrawn' }
  }, 'publish-pages', { limited: true })
  pages.post(`${folder}/:id/cancel`, async (visit): Promise<Answer> => {
    const kept = await find(visit)
    await pages.change(visit, { verb: 'cancel-schedule', subjectKind: 'record', subjectIds: [kept.handle] }, (tx) => cancelRecord(tx, kept.id, visit.now), Boolean)
    return { to: `${folder}/${kept.id}`, said: 'said.saved' }
  }, 'publish-pages', { limited: true })
}

/** What this visit may do with records: keep new ones, and open one to change it. */
export async function recordRights(desk: Desk, { reachOf }: Visit): Promise<{ mayAdd: boolean, mayOpen: (kept: Pick<Kept, 'subjects'>) => boolean }> {
  const reach = reachOf('publish-pages')
  const subjects = await allSubjects(desk.db)
  return { mayAdd: within(reach, subjects), mayOpen: ({ subjects: its }) => within(reach, subjects.filter(({ id }) => its.includes(id))) }
}

/** Which public texts use a record, each with the way to it where this visit may go there. */
export async function usesPart(desk: Desk, { t, reachOf }: Visit, { id }: Kept): Promise<Html> {
  const uses = await usesOf(desk.db, id, codesWithin(reachOf('write-pages')))
  return uses.length === 0 ? html`<p>${t('records.unused')}</p>` : html`<p>${t('records.used', { count: uses.length })}</p><ul class="todo">${uses.map((each) => html`<li>${each.mine ? html`<a href="${itemPath(each.itemId)}"><bdi>${each.title}</bdi></a>` : html`<bdi>${each.title}</bdi>`} <span class="soft">${t.languageName(each.language)}</span></li>`)}</ul>`
}

/** The way to withdraw a record that is public or will be. */
export function withdrawCard(t: DeskWords, kept: Kept, path: string): Html | false {
  return (kept.shown !== 'none' || kept.scheduledFor !== null) && html`<div class="card"><h2>${t('items.withdraw')}</h2><p>${t('records.withdraw.why')}</p>${button(`${path}/withdraw`, t('records.withdraw'), {}, 'stop')}</div>`
}
