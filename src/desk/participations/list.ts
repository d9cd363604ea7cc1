import { sql, type RawBuilder } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { countStates, findAction, heldReasons, newestRevisions, refuseHeld, releaseHeld, titleIn, withinReach, type WhichHeld } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import { titleOf } from '../actions/naming.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord } from '../words/index.ts'
import { manyHeld } from './held.ts'
import { openParticipation } from './open.ts'

const size = 50
const states = ['waiting', 'held', 'confirmed', 'repeated', 'withdrawn', 'refused', 'removed'] as const

interface Row {
  person_id: string
  id: string
  action_id: string
  title: string
  state: (typeof states)[number]
  held_reason: string | null
  language: string
  country: string | null
  area: string | null
  source: string | null
  taken_at: Date
  rehearsal: boolean
}

export function participationRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/people', (visit) => listPage(desk, visit, idOf(visit)), 'see-people')
  pages.get('/participations', (visit) => listPage(desk, visit, undefined), 'see-people', { limited: true })

  pages.post('/participations/:id/release', async (visit) => {
    const id = idOf(visit)
    const to = onward(visit)
    await pages.change(visit, { verb: 'release-held', subjectKind: 'participation', subjectIds: [id] }, (tx) => releaseHeld(tx, desk.queue, { ids: [id] }))
    return { to, said: 'said.released' }
  }, 'moderate')
  pages.post('/participations/:id/refuse', async (visit) => {
    const id = idOf(visit)
    const to = onward(visit)
    await pages.change(visit, { verb: 'refuse-held', subjectKind: 'participation', subjectIds: [id] }, (tx) => refuseHeld(tx, { ids: [id] }))
    return { to, said: 'said.refused' }
  }, 'moderate')

  pages.post('/participations/held', async (visit) => {
    const { body } = visit
    const ids = fields(body, 'id').filter(isUuid)
    const action = field(body, 'action')
    const all = field(body, 'do').endsWith('-all')
    const which: WhichHeld = all ? { actionId: isUuid(action) ? action : undefined, reason: heldReasons.find((each) => each === field(body, 'reason')) } : { ids }
    const to = onward(visit)
    if (!all && ids.length === 0) return { to, said: 'said.none-chosen' }
    const subjectIds = all ? [] : ids
    if (field(body, 'do').startsWith('refuse')) {
      await pages.change(visit, { verb: 'refuse-held', subjectKind: 'participation', subjectIds }, (tx) => refuseHeld(tx, which))
      return { to, said: 'said.refused' }
    }
    await pages.change(visit, { verb: 'release-held', subjectKind: 'participation', subjectIds }, (tx) => releaseHeld(tx, desk.queue, which))
    return { to, said: 'said.released-many' }
  }, 'moderate')

  // Opening what is sealed: a POST that writes its line in the log first.
  pages.post('/participations/:id/open', (visit) => openParticipation(desk, visit, idOf(visit)), 'open-people')
}

function onward({ body }: Visit): string {
  const to = field(body, 'to')
  return /^\/(actions\/[0-9a-f-]{36}\/people|participations)\?state=held(&reason=[a-z-]+)?$/.test(to) ? to : '/participations?state=held'
}

async function listPage(desk: Desk, { t, query, may, reach, zone }: Visit, actionId: string | undefined): Promise<DeskPage> {
  const action = actionId ? orNotFound(await findAction(desk.db, { id: actionId })) : undefined
  const state = states.find((each) => each === query('state'))
  const reason = state === 'held' ? heldReasons.find((each) => each === query('reason')) : undefined
  const oldest = query('order') === 'oldest'
  const page = pageOf(query)
  const among = sql`select id from actions where ${actionId ? sql`id = ${actionId}` : reach === 'everywhere' ? sql`true` : withinReach(reach)}`
  const direction = oldest ? sql`` : sql`desc`
  // Of each action the first are read in their order: of a million no more than the page needs are gone through.
  const { rows } = await sql<Row>`
    select p.person_id, p.id, p.action_id, ${titleIn(t.language)} as title, p.state, p.held_reason, p.language, p.country, coalesce(areas.names ->> ${t.language}, areas.name) as area, p.source, p.taken_at, p.rehearsal_id is not null as rehearsal
    from (${among}) its cross join lateral (
      select person_id, id from participations where action_id = its.id and ${state ? sql`state = ${state}` : sql`true`} and ${reason ? sql`held_reason = ${reason}` : sql`true`} order by taken_at ${direction}, id limit ${(page + 1) * size}) first
    join participations p on p.person_id = first.person_id and p.id = first.id join actions on actions.id = p.action_id left join areas on areas.id = p.area_id
    order by p.taken_at ${direction}, p.id limit ${size} offset ${page * size}`.execute(desk.db)
  const counted = await countStates(desk.db, among)
  const counts = states.flatMap((each) => counted.filter((its) => its.state === each))
  const reasons = state === 'held' ? await reasonsOf(desk, among) : []
  const all = counts.reduce((sum, each) => sum + each.count, 0)
  const fitting = reason ? reasons.find((each) => each.reason === reason)?.count : state ? counts.find((each) => each.state === state)?.count : all
  const base = actionId ? `/actions/${actionId}/people` : '/participations'
  const link = (changes: Record<string, string>) => `${base}?${new URLSearchParams({ ...(state && { state }), ...(reason && { reason }), ...(oldest && { order: 'oldest' }), ...changes })}`
  const title = action && titleOf(action, await newestRevisions(desk.db, action.id), t.language)
  return {
    title: t('people.title'), section: action ? 'actions' : 'supporters',
    crumbs: action ? [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: title! }] : undefined,
    body: html`<ul class="filters"><li><a href="${link({ state: '' })}"${!state && html` aria-current="true"`}>${t('filter.all', { count: all })}</a></li>
${counts.map((each) => html`<li><a href="${link({ state: each.state, page: '0', reason: '' })}"${each.state === state && html` aria-current="true"`}>${t(`people.state.${each.state}` as DeskWord)} ${t.number(each.count)}</a></li>`)}
<li><a href="${link({ order: oldest ? '' : 'oldest' })}">${t(oldest ? 'order.newest' : 'order.oldest')}</a></li></ul>
<p class="soft">${t('people.sealed')}</p>
${state === 'held' && html`${may('moderate') && reasons.length > 1 && html`<ul class="filters">${reasons.map((each) => html`<li><a href="${link({ reason: reason === each.reason ? '' : each.reason, page: '0' })}"${reason === each.reason && html` aria-current="true"`}>${t(`held.${each.reason}`)}</a></li>`)}</ul>`}${may('moderate') && rows.length > 0 && manyHeld(t, actionId, reason, `${base}?state=held${reason ? `&reason=${reason}` : ''}`)}`}
${rows.length === 0 ? html`<div class="card"><p>${t('people.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('people.title')}"><table><thead><tr><th scope="col">${t('people.when')}</th>${!action && html`<th scope="col">${t('actions.action')}</th>`}<th scope="col">${t('people.state')}</th><th scope="col">${t('people.where')}</th><th scope="col">${t('people.source')}</th><th scope="col"><span class="soft">${t('people.do')}</span></th></tr></thead><tbody>${rows.map((row) => personRow({ t, may, zone }, row, action === undefined, base))}</tbody></table></div>`}
${pager(t, { page, size, rows: fitting ?? 0, link })}`,
  }
}

/** Why those wait that wait here, and how many for each reason. */
async function reasonsOf({ db }: Desk, among: RawBuilder<unknown>): Promise<{ reason: (typeof heldReasons)[number], count: number }[]> {
  const { rows } = await sql<{ held_reason: string, count: number }>`select held_reason, count(*)::int as count from participations where state = 'held' and action_id in (${among}) group by 1`.execute(db)
  return heldReasons.flatMap((reason) => rows.filter((row) => row.held_reason === reason).map(({ count }) => ({ reason, count })))
}

const marks: Record<Row['state'], string> = { waiting: 'wait', held: 'wait', confirmed: 'ok', repeated: 'off', withdrawn: 'off', refused: 'bad', removed: 'bad' }

function personRow({ t, may, zone }: Pick<Visit, 't' | 'may' | 'zone'>, row: Row, withAction: boolean, base: string): Html {
  const back = { to: `${base}?state=held` }
  return html`<tr><td>${row.state === 'held' && may('moderate') && html`<label class="opt"><input type="checkbox" name="id" value="${row.id}" form="held"><span>${t('held.choose')}</span></label>`}${t.moment(row.taken_at, zone)}${row.rehearsal && html`<small>${t('people.rehearsal')}</small>`}</td>${withAction && html`<td><a href="/actions/${row.action_id}"><bdi>${row.title}</bdi></a></td>`}
<td><span class="state ${marks[row.state]}">${t(`people.state.${row.state}`)}</span>${row.held_reason && html`<small>${t(`held.${row.held_reason}` as DeskWord)}</small>`}</td>
<td>${[row.country && t.countryName(row.country), row.area].filter(Boolean).map((place) => html`<bdi>${place as string}</bdi> `)}<small>${t.languageName(row.language)}</small></td><td>${row.source ?? ''}</td>
<td>${row.state === 'held' && may('moderate') && html`${button(`/participations/${row.id}/release`, t('held.release'), back)}${button(`/participations/${row.id}/refuse`, t('held.refuse'), back)}`}${may('open-people') && button(`/participations/${row.id}/open`, t('people.open'))}</td></tr>`
}
