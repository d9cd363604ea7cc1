import { html, type Html } from '#platform/html/html.ts'
import { field, notFound } from '#platform/http/server.ts'
import { plainDigits } from '#platform/digits.ts'
import { ahead, clockBounds, clockDays, clocks, forgettingRuns, setClock, startForgetting, type Ahead, type Clock, type ForgettingRun } from '#modules/privacy/index.ts'
import { reach, reachedAt } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** How many days ahead a page shows. */
const mostDays = 8

/** How long what is forgotten by itself is kept: what each clock takes and when, a try with another number, and the run that is under way. */
export function retentionRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/retention', async (visit) => {
    const page = await retentionPage(desk, visit, {})
    if ((await forgettingRuns(desk.db)).some((run) => run.endedAt === null)) void visit.reply.header('refresh', '5')
    return page
  }, 'keep-data')

  // What a clock would take is shown before it can be set to it.
  pages.post('/retention/:clock/try', async (visit): Promise<Answer> => {
    const { clock, days } = read(visit)
    return days === undefined ? { ...await retentionPage(desk, visit, clockFault(visit, clock)), status: 422 } : tryPage(desk, visit, clock, days)
  }, 'keep-data')
  pages.post('/retention/:clock/set', async (visit): Promise<Answer> => {
    const { clock, days } = read(visit)
    if (days === undefined) return { ...await retentionPage(desk, visit, clockFault(visit, clock)), status: 422 }
    await pages.change(visit, { verb: 'set-clock', subjectKind: 'settings', subjectIds: [clock], details: { days, was: (await clockDays(desk.db))[clock] } }, (tx) => setClock(tx, clock, days))
    return { to: '/retention', said: 'said.saved' }
  }, 'keep-data')

  pages.post('/retention/run', async (visit): Promise<Answer> => {
    if (field(visit.body, 'sure') !== 'yes') return { ...await retentionPage(desk, visit, { sure: visit.t('fault.sure') }), status: 422 }
    const due = await pages.change(visit, { verb: 'run-clocks', subjectKind: 'settings', subjectIds: [...clocks] }, (tx) => startForgetting(tx, visit.now))
    return { to: '/retention', said: due > 0 ? 'said.forgetting' : 'said.nothing-due' }
  }, 'keep-data')

  pages.post('/retention/restored', async (visit) => {
    await pages.change(visit, { verb: 'seen-to-restored', subjectKind: 'settings', subjectIds: ['restored-blind'] }, (tx) => reach(tx, 'restored-blind-seen', visit.staff.id, visit.now))
    return { to: '/retention', said: 'said.saved' }
  }, 'keep-data')
}

/** Whether this is a restored copy in which people may be whom we had erased, and nobody has seen to it. */
export async function restoredBlind({ db }: Desk): Promise<boolean> {
  const [blind, seen] = [await reachedAt(db, 'restored-blind'), await reachedAt(db, 'restored-blind-seen')]
  return blind !== undefined && !(seen && seen >= blind)
}

function read({ params, body }: Visit): { clock: Clock, days: number | undefined } {
  const clock = clocks.find((each) => each === params.clock) ?? notFound()
  const days = Number(plainDigits(field(body, `days-${clock}`)).trim() || Number.NaN)
  const { least, most } = clockBounds[clock]
  return { clock, days: Number.isInteger(days) && days >= least && days <= most ? days : undefined }
}

function clockFault({ t }: Visit, clock: Clock): Faults {
  return { [`days-${clock}`]: t('fault.clock', { least: clockBounds[clock].least, most: clockBounds[clock].most }) }
}

async function retentionPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, now, body, zone } = visit
  const days = await clockDays(desk.db)
  const runs = await forgettingRuns(desk.db)
  const cards: Html[] = []
  for (const clock of clocks) {
    const coming = await ahead(desk.db, clock, days[clock], now)
    const name = `days-${clock}`
    const wrong = name in faults
    cards.push(html`<section class="card" id="${clock}"><h2>${t(`clock.${clock}`)}</h2><p>${t(`clock.${clock}.help`)}</p><p class="big">${t('clock.days', { count: days[clock] })}</p>${comingList(t, coming, now)}${runLine(t, runs.find((run) => run.clock === clock), zone)}
<details${wrong && html` open`}><summary>${t('clock.change')}</summary>${form(t, {
      action: `/retention/${clock}/try`, button: t('clock.try'), faults: wrong ? faults : {},
      fields: formFields(t, [{ name: 'clock_days', as: name, kind: 'number', narrow: true, required: true }], { [name]: wrong ? field(body, name) : String(days[clock]) }, faults),
    })}</details></section>`)
  }
  return {
    title: t('retention.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }], buttons: html`<a class="btn plain" href="/holds">${t('holds.title')}</a>`,
    body: html`${await restoredBlind(desk) && html`<div class="notice"><p>${t('retention.restored')}</p>${button('/retention/restored', t('retention.restored.done'))}</div>`}<p>${t('retention.why')}</p>${cards}
${form(t, { action: '/retention/run', button: t('retention.now'), stop: true, faults: faults.sure ? faults : {}, fields: html`<h2>${t('retention.now')}</h2><p>${t('retention.now.why')}</p>${formFields(t, [{ name: 'sure', kind: 'tick', required: true }], {}, faults)}` })}<p class="soft">${t('retention.policy')}</p>`,
  }
}

async function tryPage(desk: Desk, { t, now }: Visit, clock: Clock, days: number): Promise<DeskPage> {
  return {
    title: t(`clock.${clock}`), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }, { href: '/retention', label: t('retention.title') }],
    body: html`<section class="card"><p>${t('clock.would', { count: days })}</p>${comingList(t, await ahead(desk.db, clock, days, now), now)}<p>${t('clock.gone-for-good')}</p>
<div class="row">${button(`/retention/${clock}/set`, t('clock.set', { count: days }), { [`days-${clock}`]: String(days) }, '')}<a class="btn plain" href="/retention">${t('cancel')}</a></div></section>`,
  }
}

/** "1,204 people on 1 March", for the next days on which there is something. */
function comingList(t: DeskWords, coming: Ahead[], now: Date): Html {
  const today = now.toISOString().slice(0, 10)
  const due = coming.filter(({ day }) => day <= today)
  const later = coming.filter(({ day, people }) => day > today && people > 0).slice(0, mostDays)
  const held = coming.reduce((sum, each) => sum + each.held, 0)
  return html`<ul class="todo"><li>${t('clock.due', { count: due.reduce((sum, each) => sum + each.people, 0) })}</li>${later.map(({ day, people }) => html`<li>${t('clock.on', { count: people, day: t.day(new Date(`${day}T12:00:00Z`), 'UTC') })}</li>`)}</ul>${held > 0 && html`<p><a href="/holds">${t('clock.held', { count: held })}</a></p>`}`
}

function runLine(t: DeskWords, run: ForgettingRun | undefined, zone: string): Html | false {
  if (!run) return false
  const progress = { done: run.done, all: run.due }
  return run.endedAt === null
    ? html`<p role="status">${t('clock.running', progress)}</p><progress value="${run.done}" max="${Math.max(1, run.due)}" aria-label="${t('clock.running', progress)}"></progress>`
    : html`<p class="soft">${t('clock.last', { count: run.done, moment: t.moment(run.endedAt, zone) })}</p>`
}
