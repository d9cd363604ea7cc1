import { html, type Html } from '#platform/html/html.ts'
import { field, notFound } from '#platform/http/server.ts'
import { actionsByTitle } from '#modules/exports/index.ts'
import { erasureAskedAt, holds, liftHold, placeHold, type Hold } from '#modules/privacy/index.ts'
import { allStaff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, type Answer, type DeskPages, type Visit } from '../pages.ts'

/** What must not be forgotten for now, and why: of one person, or of everybody who took part in an action. */
export function holdRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/holds', (visit) => holdsPage(desk, visit, {}), 'keep-data')

  pages.post('/holds', async (visit): Promise<Answer> => {
    const actionId = (await actionsByTitle(desk.db, visit.t.language)).find(({ id }) => id === field(visit.body, 'hold_action'))?.id
    const reason = reasonOf(visit, 'reason')
    const faults: Faults = { ...(!actionId && { hold_action: visit.t('fault.choose') }), ...(!reason && { reason: visit.t('fault.log-reason') }) }
    if (!actionId || !reason) return { ...await holdsPage(desk, visit, faults), status: 422 }
    await pages.change(visit, { verb: 'place-hold', subjectKind: 'action', subjectIds: [actionId], reason }, (tx) => placeHold(tx, { actionId }, { reason, staffId: visit.staff.id }, visit.now), Boolean)
    return { to: '/holds', said: 'said.held' }
  }, 'keep-data')

  pages.post('/supporters/:id/hold', async (visit): Promise<Answer> => {
    const personId = idOf(visit)
    const reason = reasonOf(visit, 'hold-reason')
    if (reason) await pages.change(visit, { verb: 'place-hold', subjectKind: 'person', subjectIds: [personId], reason }, (tx) => placeHold(tx, { personId }, { reason, staffId: visit.staff.id }, visit.now), Boolean)
    return { to: `/supporters/${personId}`, said: reason ? 'said.held' : 'said.needs-reason' }
  }, 'keep-data')

  pages.post('/holds/:id/lift', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const hold = (await holds(desk.db)).find((each) => each.id === id) ?? notFound()
    const name = `lift-${id}`
    const reason = reasonOf(visit, name)
    if (!reason) return { ...await holdsPage(desk, visit, { [name]: visit.t('fault.log-reason') }), status: 422 }
    const line = hold.personId ? { verb: 'lift-hold', subjectKind: 'person' as const, subjectIds: [hold.personId], reason } : { verb: 'lift-hold', subjectKind: 'action' as const, subjectIds: [hold.actionId!], reason }
    await pages.change(visit, line, (tx) => liftHold(tx, id, { reason, staffId: visit.staff.id }, visit.now), Boolean)
    return { to: '/holds', said: 'said.lifted' }
  }, 'keep-data')
}

function reasonOf({ body }: Visit, name: string): string {
  return field(body, name).trim().slice(0, 500)
}

async function holdsPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const actions = await actionsByTitle(desk.db, t.language)
  const all = await holds(desk.db)
  const typed = { hold_action: field(visit.body, 'hold_action'), reason: field(visit.body, 'reason') }
  return {
    title: t('holds.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }, { href: '/retention', label: t('retention.title') }],
    body: html`<p>${t('holds.why')}</p>${all.length === 0 && html`<div class="card"><p>${t('holds.none')}</p></div>`}${await holdCards(desk, visit, all, actions, faults)}
${form(t, {
      action: '/holds', button: t('holds.place'), faults: Object.keys(faults).some((name) => name.startsWith('lift-')) ? {} : faults,
      fields: html`<h2>${t('holds.of-action')}</h2><p>${t('holds.of-person')}</p>${formFields(t, [{ name: 'hold_action', kind: 'select', empty: t('choose'), choices: actions.map(({ id, title }) => ({ value: id, label: title })), required: true }, { name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 }], typed, faults)}`,
    })}`,
  }
}

async function holdCards(desk: Desk, { t, zone }: Visit, all: Hold[], actions: { id: string, title: string }[], faults: Faults): Promise<Html> {
  const names = new Map((await allStaff(desk.db, desk.opener)).map((staff) => [staff.id, staff.name]))
  return html`${all.map((hold) => html`<section class="card" id="hold-${hold.id}"><h2>${hold.personId ? html`<a href="/supporters/${hold.personId}">${t('holds.person')}</a>` : html`<bdi>${actions.find(({ id }) => id === hold.actionId)?.title ?? ''}</bdi>`} <span class="state ${hold.lifted ? 'off' : 'wait'}">${t(hold.lifted ? 'holds.lifted' : 'holds.stands')}</span></h2>
<p>${t('holds.placed', { name: names.get(hold.placedBy) ?? '', moment: t.moment(hold.placedAt, zone) })}</p><p dir="auto">${hold.reason}</p>${hold.lifted ? html`<p>${t('holds.lifted-by', { name: names.get(hold.lifted.by) ?? '', moment: t.moment(hold.lifted.at, zone) })}</p><p dir="auto">${hold.lifted.reason}</p>`
    : html`<details${`lift-${hold.id}` in faults && html` open`}><summary>${t('holds.lift')}</summary>${form(t, { action: `/holds/${hold.id}/lift`, button: t('holds.lift'), faults: `lift-${hold.id}` in faults ? faults : {}, fields: formFields(t, [{ name: 'log_reason', as: `lift-${hold.id}`, kind: 'text', required: true, maxLength: 500 }], {}, faults) })}</details>`}</section>`)}`
}

/** On a supporter's page: what keeps them, whether they wait to be erased, and how to place a hold. */
export async function holdsOfPerson(desk: Desk, { t, may, zone }: Visit, personId: string): Promise<Html | false> {
  const standing = (await holds(desk.db, { personId })).filter((hold) => !hold.lifted)
  const asked = await erasureAskedAt(desk.db, personId)
  return html`${(standing.length > 0 || asked) && html`<div class="notice">${standing.map((hold) => html`<p>${t(hold.personId ? 'holds.keeps-person' : 'holds.keeps-action')} <span dir="auto">${hold.reason}</span></p>`)}${asked && html`<p>${t('holds.asked', { moment: t.moment(asked, zone) })}</p>`}${may('keep-data') && html`<p><a href="/holds">${t('holds.title')}</a></p>`}</div>`}
${may('keep-data') && !standing.some((hold) => hold.personId) && html`<details class="card"><summary>${t('holds.place')}</summary>${form(t, { action: `/supporters/${personId}/hold`, button: t('holds.place'), fields: html`<p>${t('holds.why')}</p>${formFields(t, [{ name: 'log_reason', as: 'hold-reason', kind: 'text', required: true, maxLength: 500 }], {})}` })}</details>`}`
}
