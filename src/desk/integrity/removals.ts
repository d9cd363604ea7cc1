import type { Tx } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { findAction, newestRevisions, type Action } from '#modules/actions/index.ts'
import { cancelRemoval, findRemoval, goOnWithRemoval, leftOf, planRemoval, removals, restorableUntil, restoreRemoval, startRemoval, type Removal } from '#modules/integrity/index.ts'
import { titleOf } from '../actions/naming.ts'
import type { Desk } from '../context.ts'
import { button, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { readRemoval, removalForm } from './removal-form.ts'

/** Takes out of a count what has something in common: a preview, a start, its progress, and the way back. */
export function removalRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/removals', async (visit) => listPage(desk, visit, {}, {}), 'guard-counts')

  pages.post('/actions/:id/removals', async (visit): Promise<Answer> => {
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    const { condition, typed, faults } = readRemoval(visit, action)
    if (!condition) return { ...await listPage(desk, visit, typed, faults), status: 422 }
    const line = { verb: 'plan-removal', subjectKind: 'action' as const, subjectIds: [action.id], reason: condition.reason }
    const id = await pages.change(visit, line, (tx) => planRemoval(tx, desk.contactKey, { ...condition, staffId: visit.staff.id }, visit.now))
    return { to: `/removals/${id}` }
  }, 'guard-counts')

  pages.get('/removals/:id', async (visit) => {
    const removal = orNotFound(await findRemoval(desk.db, idOf(visit)))
    // What is at work is looked at again by the browser itself, also without a script.
    if (atWork(removal)) void visit.reply.header('refresh', '2')
    return removalPage(desk, visit, removal)
  }, 'guard-counts')

  pages.post('/removals/:id/go-on', async (visit) => {
    const removal = orNotFound(await findRemoval(desk.db, idOf(visit)))
    const line = { verb: 'plan-removal', subjectKind: 'action' as const, subjectIds: [removal.actionId], reason: removal.reason }
    const next = await pages.change(visit, line, (tx) => goOnWithRemoval(tx, removal.id, visit.staff.id, visit.now), (id) => id !== undefined)
    return next ? { to: `/removals/${next}` } : { to: `/removals/${removal.id}`, said: 'said.moved-on' }
  }, 'guard-counts')

  const moves = { start: (tx: Tx, id: string) => startRemoval(tx, id), cancel: cancelRemoval, restore: restoreRemoval }
  for (const name of ['start', 'cancel', 'restore'] as const) {
    pages.post(`/removals/:id/${name}`, async (visit) => {
      const removal = orNotFound(await findRemoval(desk.db, idOf(visit)))
      const moved = await pages.change(visit, lineFor(name, removal), (tx) => moves[name](tx, removal.id, visit.now))
      return { to: `/removals/${removal.id}`, ...(!moved && { said: 'said.moved-on' as const }) }
    }, 'guard-counts')
  }
}

function lineFor(name: 'start' | 'cancel' | 'restore', { actionId, reason }: Removal) {
  const about = { subjectIds: [actionId], reason }
  switch (name) {
    case 'start': return { verb: 'start-removal', subjectKind: 'action' as const, ...about }
    case 'cancel': return { verb: 'cancel-removal', subjectKind: 'action' as const, ...about }
    case 'restore': return { verb: 'restore-removal', subjectKind: 'action' as const, ...about }
  }
}

async function crumbsOf(desk: Desk, { t }: Visit, action: Action) {
  return [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, await newestRevisions(desk.db, action.id), t.language) }]
}

async function listPage(desk: Desk, visit: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const earlier = await removals(desk.db, { actionId: action.id })
  return {
    title: t('removals.title'), section: 'actions', crumbs: await crumbsOf(desk, visit, action),
    body: html`<p>${t('removals.why')}</p>${earlier.length > 0 && html`<section class="card"><h2>${t('removals.earlier')}</h2><ul class="todo">${earlier.map((each) => html`<li><a href="/removals/${each.id}">${t.moment(each.createdAt, action.zone)}</a> ${stateOf(t, each)} <small dir="auto">${each.reason}</small></li>`)}</ul></section>`}
${await removalForm(desk, visit, action, typed, faults)}`,
  }
}

async function removalPage(desk: Desk, visit: Visit, it: Removal): Promise<DeskPage> {
  const { t, now } = visit
  const action = orNotFound(await findAction(desk.db, { id: it.actionId }))
  const until = restorableUntil(it, now)
  const left = leftOf(it)
  const press = (name: 'start' | 'cancel' | 'restore' | 'go-on', label: string, className?: string) => button(`/removals/${it.id}/${name}`, label, {}, className)
  const progress = it.state === 'running' ? { done: it.removed, all: it.matched ?? 0 } : it.state === 'restoring' ? { done: it.restored, all: it.removed } : undefined
  return {
    title: t('removals.title'), section: 'actions', crumbs: [...await crumbsOf(desk, visit, action), { href: `/actions/${action.id}/removals`, label: t('removals.title') }],
    body: html`<section class="card" role="status"><p>${stateOf(t, it)}</p>${progress && html`<p>${t('removals.progress', progress)}</p><progress value="${progress.done}" max="${Math.max(1, progress.all)}" aria-label="${t('removals.progress', progress)}"></progress>`}
${it.matched !== null && html`<p class="big">${t.number(it.matched)}</p><p>${t(it.state === 'counted' ? 'removals.matched' : 'removals.fitted', { count: it.matched, confirmed: it.matchedConfirmed ?? 0 })}</p>`}${it.state === 'cancelled' && it.removed > 0 && html`<p>${t('removals.stopped')}</p>`}${it.continues && html`<p><a href="/removals/${it.continues}">${t('removals.continues')}</a></p>`}${it.continuedBy && html`<p><a href="/removals/${it.continuedBy}">${t('removals.continued')}</a></p>`}
<dl class="facts">${conditions(t, action, it).map(([label, value]) => html`<dt>${label}</dt><dd><bdi>${value}</bdi></dd>`)}<dt>${t('f.removal_reason')}</dt><dd dir="auto">${it.reason}</dd>
${it.removed > 0 && html`<dt>${t('removals.removed')}</dt><dd>${t.number(it.removed)}</dd>`}${it.restored > 0 && html`<dt>${t('removals.restored')}</dt><dd>${t.number(it.restored)}</dd>`}</dl>
<div class="row">${it.state === 'counted' && (it.matched ?? 0) > 0 && press('start', t('removals.start'), 'stop')}${['counting', 'counted', 'running'].includes(it.state) && press('cancel', t('removals.cancel'))}
${left !== undefined && press('go-on', t('removals.go-on', { count: left }))}${until && press('restore', t('removals.restore'))}</div>${left !== undefined && html`<p class="soft">${t('removals.go-on.how')}</p>`}${until && html`<p class="soft">${t('removals.restorable', { moment: t.moment(until, action.zone) })}</p>`}</section>
<p><a href="${desk.siteOrigin}/actions/${action.slug}/count-history">${t('removals.public')}</a></p>`,
  }
}

function conditions(t: DeskWords, { zone }: Action, it: Removal): [string, string][] {
  return ([
    [t('removals.when'), t('removals.between', { from: t.moment(it.takenFrom, zone), until: t.moment(it.takenUntil, zone) })],
    [t('f.removal_country'), it.country && t.countryName(it.country)], [t('f.removal_language'), it.language && t.languageName(it.language)], [t('f.removal_source'), it.source],
    [t('f.removal_held'), it.heldReason && t(`held.${it.heldReason}` as DeskWord)], [t('f.removal_surge'), it.surgeId && t('removals.alike')], [t('f.removal_domain'), it.byDomain && t('removals.domain-locked')],
  ] as [string, string | false | null][]).filter((each): each is [string, string] => Boolean(each[1]))
}

function atWork({ state }: Removal): boolean {
  return state === 'counting' || state === 'running' || state === 'restoring'
}

function stateOf(t: DeskWords, it: Removal): Html {
  return html`<span class="state ${it.state === 'done' ? 'ok' : it.state === 'cancelled' || it.state === 'restored' ? 'off' : 'wait'}">${t(`removals.state.${it.state}`)}</span>`
}
