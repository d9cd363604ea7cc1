import { html, type Html } from '#platform/html/html.ts'
import { newestRevisions, targetBodies, type Action, type TargetBody } from '#modules/actions/index.ts'
import { bodyWaits, dropForBody, type BodyWait } from '#modules/messages/index.ts'
import { localName } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { messageAction } from './message-action.ts'
import { titleOf, wayTo } from './naming.ts'

/** What an action keeps here because a body does not sit: how much, until when, what becomes of it, and what else staff can do. */
export function bodyWaitRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/held', async (visit) => heldPage(desk, visit, await messageAction(desk, visit)), 'campaign')

  pages.post('/actions/:id/held/:body/drop', async (visit) => {
    const action = await messageAction(desk, visit)
    const bodyId = visit.params.body!
    const line = { verb: 'drop-held', subjectKind: 'action' as const, subjectIds: [action.id], details: { body: bodyId } }
    const dropped = await pages.change(visit, line, (tx) => dropForBody(tx, { actionId: action.id, bodyId }, visit.now), (count) => count > 0)
    // Whoever presses twice reads how it stands now.
    return dropped > 0 ? { to: `/actions/${action.id}`, said: 'said.held-dropped' } : { ...await heldPage(desk, visit, action), status: 404 }
  }, 'campaign')
}

async function heldPage(desk: Desk, visit: Visit, action: Action): Promise<DeskPage> {
  const { t, now } = visit
  const waits = await bodyWaits(desk.db, now, action.id)
  const bodies = (await targetBodies(desk.db, [action], now, 'action_targets')).get(action.id) ?? []
  const title = titleOf(action, await newestRevisions(desk.db, action.id), t.language)
  return {
    title: t('held-for.title'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: title }],
    body: html`${waits.length === 0 && html`<div class="card"><p>${t('held-for.none')}</p></div>`}${waits.map((each) => bodyCard(visit, action, each, bodies.find(({ id }) => id === each.bodyId)))}`,
  }
}

function bodyCard({ t, may }: Visit, action: Action, wait: BodyWait, body: TargetBody | undefined): Html {
  const calendar = `/targets/bodies/${encodeURIComponent(wait.bodyId)}`
  const candidates = body !== undefined && body.candidates.length > 0
  return html`<section class="card"><h2>${wayTo(may, calendar, localName(wait, t.language))}</h2>
<p><span class="state wait">${stands(t, wait)}</span> ${t('held-for.count', { count: wait.count })} ${t('held-for.oldest', { moment: t.moment(wait.oldest, action.zone) })}</p>
<h3>${t('held-for.then')}</h3><p>${wait.until ? t('held-for.then.until', { day: t.day(wait.until) }) : t('held-for.then.open')}</p>
${wait.toHolders > 0 && html`<p>${t('held-for.to-holders', { count: wait.toHolders })}</p>`}
<h3>${t('held-for.can')}</h3><ul>${may('change-targets') && html`<li><a href="${calendar}">${t(wait.until ? 'held-for.can.other-day' : 'held-for.can.day')}</a></li>`}
<li><a href="/actions/${action.id}/sending">${t('held-for.can.conduct')}</a><br>${t(candidates ? 'held-for.can.candidates' : 'held-for.can.no-candidates', { going: t('conduct.go-on'), candidates: t('conduct.candidates') })}</li></ul>
<details><summary>${t('held-for.drop')}</summary>${form(t, { action: `/actions/${action.id}/held/${encodeURIComponent(wait.bodyId)}/drop`, button: t('held-for.drop.button', { count: wait.count }), stop: true, fields: html`<p>${t('held-for.drop.why')}</p>` })}</details></section>`
}

/** How a body stands that does not sit, and until when. */
export function stands(t: DeskWords, { state, until }: Pick<TargetBody, 'state' | 'until'>): string {
  return [t(`body-state.${state}`), until && t('body.until', { day: t.day(until) })].filter(Boolean).join(' ')
}
