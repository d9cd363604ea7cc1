import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { changeAction, conduct, findAction, newestRevisions, targetBodies, titleIn, type Action, type TargetBody } from '#modules/actions/index.ts'
import { bodyWaits } from '#modules/messages/index.ts'
import { localName } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Choice, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { stands } from './body-waits.ts'
import { titleOf, wayTo } from './naming.ts'
import { readTime, toLocal, whichField, whichOfTwo } from './times.ts'

/** When an action's messages leave, whom they are for, and what happens while a body does not sit. */
export function sendingRoutes(pages: DeskPages, desk: Desk): void {
  const find = async (visit: Visit) => {
    const action = await findAction(desk.db, { id: idOf(visit) })
    return orNotFound(action?.kind === 'message' ? action : undefined)
  }

  pages.get('/actions/:id/sending', async (visit) => {
    const action = await find(visit)
    return sendingPage(desk, visit, action, typedFrom(action), {})
  }, 'campaign')

  pages.post('/actions/:id/sending', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const action = await find(visit)
    const typed = Object.fromEntries(['deliver', 'deliver_which', 'office_hours', 'when_recess', 'when_dissolved', 'instead', 'addressed_to'].map((name) => [name, field(body, name).trim()])) as Record<string, string>
    const { moment: deliverAt, fault } = readTime(t, { text: typed.deliver!, which: typed.deliver_which!, zone: action.zone, present: action.deliverAt }, now)
    // A year that was mistyped would let all of it leave at once; a moment that has come by itself stays.
    const over = deliverAt !== null && deliverAt <= now && typed.deliver !== toLocal(action.deliverAt, action.zone)
    const chosen = { whenRecess: conduct.safeParse(typed.when_recess).data ?? 'go-on', whenDissolved: conduct.safeParse(typed.when_dissolved).data ?? 'hold' }
    const petitions = await petitionChoices(desk, t.language)
    const instead = petitions.some(({ value }) => value === typed.instead) ? typed.instead! : null
    const faults: Faults = { ...((fault || over) && { deliver: fault ?? t('fault.send-over') }), ...(Object.values(chosen).includes('petition') && !instead && { instead: t('fault.instead') }) }
    if (Object.keys(faults).length) return { ...await sendingPage(desk, visit, action, typed, faults), status: 422 }
    await pages.change(visit, { verb: 'change-sending', subjectKind: 'action', subjectIds: [action.id] }, (tx) => changeAction(tx, action.id, {
      deliverAt, insteadActionId: instead,
      options: { ...action.options, ...chosen, officeHours: typed.office_hours === 'yes', addressedTo: typed.addressed_to === 'office' ? 'office' : 'holder' },
    }))
    return { to: `/actions/${action.id}`, said: 'said.saved' }
  }, 'campaign')
}

function typedFrom(action: Action): Typed {
  const { options } = action
  return {
    deliver: toLocal(action.deliverAt, action.zone), deliver_which: whichOfTwo(action.deliverAt, action.zone), office_hours: options.officeHours ? 'yes' : '', when_recess: options.whenRecess, when_dissolved: options.whenDissolved,
    instead: action.insteadActionId ?? '', addressed_to: options.addressedTo,
  }
}

async function petitionChoices(desk: Desk, language: string): Promise<Choice[]> {
  const { rows } = await sql<Choice>`
    select actions.id as value, ${titleIn(language)} as label from actions where kind = 'petition' order by created_at desc limit 100`.execute(desk.db)
  return rows
}

async function sendingPage(desk: Desk, { t, now, may }: Visit, action: Action, typed: Typed, faults: Faults): Promise<DeskPage> {
  const revisions = await newestRevisions(desk.db, action.id)
  const bodies = (await targetBodies(desk.db, [action], now, 'action_targets')).get(action.id) ?? []
  const conducts = conduct.options.map((value): Choice => ({ value, label: t(`conduct.${value}`), help: t(`conduct.${value}.help`) }))
  return {
    title: t('action.sending'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: html`${bodies.length > 0 && html`<section class="card"><h2>${t('action.bodies')}</h2><ul class="todo">${bodies.map((body) => html`<li>${wayTo(may, `/targets/bodies/${encodeURIComponent(body.id)}`, localName(body, t.language))} ${bodyMark(t, body)}</li>`)}</ul></section>`}
${form(t, {
      action: `/actions/${action.id}/sending`, button: t('save'), faults, keep: true,
      fields: html`<h2>${t('sending.when')}</h2>${formFields(t, [
        { name: 'deliver', kind: 'datetime-local', narrow: true }, whichField(t, 'deliver_which', typed.deliver as string, action.zone), { name: 'office_hours', kind: 'tick' },
      ], typed, faults)}<p class="soft">${t('sending.zone', { zone: action.zone })}</p>
<h2>${t('sending.whom')}</h2>${formFields(t, [{ name: 'addressed_to', kind: 'choice', choices: (['holder', 'office'] as const).map((value) => ({ value, label: t(`addressed-to.${value}`), help: t(`addressed-to.${value}.help`) })) }], typed, faults)}
<h2>${t('sending.bodies')}</h2>${formFields(t, [
        { name: 'when_recess', kind: 'choice', choices: conducts }, { name: 'when_dissolved', kind: 'choice', choices: conducts },
        { name: 'instead', kind: 'select', empty: t('f.next.none'), choices: await petitionChoices(desk, t.language) },
      ], typed, faults)}`,
    })}`,
  }
}

function bodyMark(t: DeskWords, body: TargetBody): Html {
  return html`<span class="state ${body.state === 'sitting' ? 'ok' : 'wait'}">${t(`body-state.${body.state}`)}</span>${body.until && html`<small>${t('body.until', { day: t.day(body.until) })}</small>`}`
}

/** What keeps an action's messages here or its page from taking any, for staff who wonder why. */
export async function sendingNotice(desk: Desk, { t, now, may }: Pick<Visit, 't' | 'now' | 'may'>, action: Action): Promise<Html | false> {
  if (action.kind !== 'message' || action.state === 'draft') return false
  const bodies = ((await targetBodies(desk.db, [action], now)).get(action.id) ?? []).filter(({ state }) => state !== 'sitting')
  const waits = await bodyWaits(desk.db, now, action.id)
  const kept = (id: string) => waits.filter((each) => each.bodyId === id).map(({ count }) => ` ${t('held-for.line', { count })}`).join('')
  const lines = [
    ...bodies.map((body) => `${t('sending.body-line', { body: localName(body, t.language), state: stands(t, body), conduct: t(`conduct.${body.conduct}`) })}${kept(body.id)}`),
    ...(action.deliverAt && action.deliverAt > now ? [t('sending.kept-until', { moment: t.moment(action.deliverAt, action.zone) })] : []),
  ]
  return lines.length > 0 && html`<div class="notice"><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul><p><a href="/actions/${action.id}/sending">${t('action.sending')}</a>${waits.length > 0 && may('campaign') && html` · <a href="/actions/${action.id}/held">${t('held-for.more')}</a>`}</p></div>`
}
