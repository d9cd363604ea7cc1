import { dayIn, isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { announceState, endState, findBodyRecord, localName, stateOn, type BodyRecord } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { candidateCards } from './candidates.ts'

const stateFields = ['body_state', 'state_since', 'state_until', 'state_note', 'terms_end'] as const

/** A body and its calendar: when it sits, when its offices are open, who stands for election to it. */
export function calendarRoutes(pages: DeskPages, desk: Desk): void {
  const here = (id: string) => `/targets/bodies/${encodeURIComponent(id)}`

  pages.get('/targets/bodies/:body', (visit) => bodyPage(desk, visit, visit.params.body!), 'see-targets')

  pages.post('/targets/bodies/:body/states', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = visit.params.body!
    const typed = Object.fromEntries(stateFields.map((name) => [name, field(body, name).trim()])) as Record<(typeof stateFields)[number], string>
    const state = typed.body_state === 'dissolved' || typed.body_state === 'recess' ? typed.body_state : undefined
    const faults: Faults = {
      ...(!state && { body_state: t('fault.choose') }), ...(!isDay(typed.state_since) && { state_since: t('fault.day') }),
      ...(typed.state_until && !isDay(typed.state_until) && { state_until: t('fault.day') }), ...(isDay(typed.state_until) && typed.state_until <= typed.state_since && { state_until: t('fault.until-before') }),
    }
    if (Object.keys(faults).length) return { ...await bodyPage(desk, visit, id, { typed, faults }), status: 422 }
    const announced = await pages.change(visit, { verb: 'announce-state', subjectKind: 'targets', subjectIds: [id], details: { state: state!, since: typed.state_since, until: typed.state_until } }, (tx) =>
      announceState(tx, id, { state: state!, since: typed.state_since, until: typed.state_until || null, note: typed.state_note.slice(0, 300) }, typed.terms_end === 'yes'))
    if (announced.outcome === 'overlaps') return { ...await bodyPage(desk, visit, id, { typed, faults: { state_since: t('fault.state-overlaps') } }), status: 422 }
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/states/:id/end', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = field(body, 'body')
    const until = field(body, 'until').trim()
    const ended = isDay(until) ? await pages.change(visit, { verb: 'end-state', subjectKind: 'targets', subjectIds: [id], details: { until } }, (tx) => endState(tx, idOf(visit), until)) : undefined
    if (ended?.outcome !== 'announced') return { ...await bodyPage(desk, visit, id, { typed: { [`until-${idOf(visit)}`]: until }, faults: { states: t(ended ? 'fault.state-overlaps' : 'fault.day') } }), status: 422 }
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')
}

/** A body's page, also as the answer to one of its forms. */
export async function bodyPage(desk: Desk, visit: Visit, id: string, { typed, faults }: { typed: Typed, faults: Faults } = { typed: {}, faults: {} }): Promise<DeskPage> {
  const { t, now } = visit
  const body = orNotFound(await findBodyRecord(desk.db, id))
  const zone = body.zone ?? visit.zone
  const today = dayIn(zone, now)
  const here = `/targets/bodies/${encodeURIComponent(id)}`
  const stateFaults = Object.fromEntries(Object.entries(faults).filter(([name]) => (stateFields as readonly string[]).includes(name)))
  return {
    title: localName(body, t.language), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    buttons: html`<a class="btn plain" href="/targets?body=${encodeURIComponent(id)}">${t('body.offices')}</a><a class="btn plain" href="${here}/hours">${t('hours.title')}</a>`,
    body: html`<p>${standsNow(t, body, today)} <span class="soft">${t('body.today', { day: t.day(today), zone })}</span></p>
<section class="card" id="states"><h2>${t('body.states')}</h2>${faults.states && html`<p class="wrong">${faults.states}</p>`}${body.periods.length === 0 ? html`<p>${t('body.states.none')}</p>` : html`<ul class="todo">${body.periods.map((period) => periodLine(t, body, period, { today, typed }))}</ul>`}</section>
${form(t, {
      action: `${here}/states`, button: t('body.announce'), faults: stateFaults,
      fields: html`<h2>${t('body.announce.title')}</h2>${formFields(t, [
        { name: 'body_state', kind: 'choice', choices: (['recess', 'dissolved'] as const).map((value) => ({ value, label: t(`body-state.${value}`), help: t(`body-state.${value}.help`) })) },
        { name: 'state_since', kind: 'date', narrow: true, required: true }, { name: 'state_until', kind: 'date', narrow: true }, { name: 'state_note', kind: 'line', maxLength: 300 }, { name: 'terms_end', kind: 'tick' },
      ], { state_since: today, ...typed }, faults)}`,
    })}
${await candidateCards(desk, visit, body, { typed, faults })}`,
  }
}

function standsNow(t: DeskWords, body: BodyRecord, today: string): Html {
  const { state } = stateOn(body.periods, today)
  return html`<span class="state ${state === 'sitting' ? 'ok' : 'wait'}">${t(`body-state.${state}`)}</span>`
}

/** The day on which it sits again is empty until somebody has said one. */
function periodLine(t: DeskWords, body: BodyRecord, period: BodyRecord['periods'][number], { today, typed }: { today: string, typed: Typed }): Html {
  const over = period.until !== null && period.until <= today
  return html`<li><strong>${t(`body-state.${period.state}`)}</strong> <small>${period.until ? t('body.period', { since: t.day(period.since), until: t.day(period.until) }) : t('body.period-open', { since: t.day(period.since) })}</small>${period.note && html`<small dir="auto">${period.note}</small>`}
${!over && html`<form method="post" action="/targets/states/${period.id}/end" class="row"><input type="hidden" name="body" value="${body.id}"><label for="until-${period.id}">${t('body.sits-again')}</label><input type="date" id="until-${period.id}" name="until" value="${typed[`until-${period.id}`] ?? period.until ?? ''}" class="narrow" required><button class="plain">${t('save')}</button></form>${button(`/targets/states/${period.id}/end`, t('body.take-away'), { body: body.id, until: period.since })}`}</li>`
}
