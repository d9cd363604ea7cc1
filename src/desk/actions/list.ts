import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { actionOptions, standing, standingWith, targetBodies, titleIn, withinReach, type ActionState, type Standing } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { pager, sortLink } from '../table.ts'
import type { DeskWords } from '../words/index.ts'
import { spark } from './plots.ts'

interface Row {
  id: string
  kind: 'petition' | 'message'
  state: ActionState
  opens_at: Date | null
  closes_at: Date | null
  zone: string
  title: string
  languages: string[]
  total: number
  days: { day: string, total: number }[] | null
  held: number
  waiting: number
  reason: string | null
  options: unknown
  all_rows: number
}

const size = 25
const orders = { newest: sql`actions.created_at desc`, title: sql`title`, total: sql`total desc`, closes: sql`actions.closes_at nulls last` } as const

export function listRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions', (visit) => listPage(desk, visit), 'see-actions', { limited: true })
}

async function listPage(desk: Desk, { t, query, now, may, reach, reachOf }: Visit): Promise<DeskPage> {
  const state = ['draft', 'open', 'suspended', 'closed'].includes(query('state')) ? query('state') : ''
  const order = query('order') in orders ? query('order') as keyof typeof orders : 'newest'
  const page = Math.max(0, Number.parseInt(query('page'), 10) || 0)
  const { rows } = await sql<Row>`
    select actions.id, actions.kind, actions.state, actions.opens_at, actions.closes_at, actions.zone, actions.options, count(*) over ()::int as all_rows,
      ${titleIn(t.language)} as title,
      (select coalesce(array_agg(distinct language), '{}') from action_revisions where action_id = actions.id) as languages,
      coalesce((select total from tallies where action_id = actions.id and dimension = 'all'), 0) as total,
      (select jsonb_agg(jsonb_build_object('day', value, 'total', tallies.total) order by value) from tallies where action_id = actions.id and dimension = 'day' and value > ${new Date(now.getTime() - 14 * 86_400_000).toISOString().slice(0, 10)}) as days,
      (select count(*)::int from participations where action_id = actions.id and state = 'held') as held,
      (select count(*)::int from messages where action_id = actions.id and state in ('queued', 'waiting')) as waiting,
      (select reason from action_events where action_id = actions.id and to_state = actions.state order by happened_at desc limit 1) as reason
    from actions where ${withinReach(reach)} and (${state} = '' or actions.state = ${state})
    order by ${orders[order]} limit ${size} offset ${page * size}`.execute(desk.db)
  const { rows: states } = await sql<{ state: string, count: number }>`select state, count(*)::int as count from actions where ${withinReach(reach)} group by state`.execute(desk.db)
  const bodies = await targetBodies(desk.db, rows.flatMap((row) => (row.kind === 'message' && row.state === 'open' ? [{ id: row.id, options: actionOptions.parse(row.options) }] : [])), now)
  const link = (changes: Record<string, string>) => `/actions?${new URLSearchParams({ ...(state && { state }), order, ...changes })}`
  const all = states.reduce((sum, each) => sum + each.count, 0)
  return {
    title: t('nav.actions'), section: 'actions', buttons: reachOf('campaign') === 'everywhere' && html`<a class="btn" href="/actions/new">${t('actions.new')}</a>`,
    body: html`<ul class="filters"><li><a href="${link({ state: '' })}"${!state && html` aria-current="true"`}>${t('filter.all', { count: all })}</a></li>${states.map((each) => html`<li><a href="${link({ state: each.state })}"${each.state === state && html` aria-current="true"`}>${t(`state.${each.state as ActionState}`)} ${t.number(each.count)}</a></li>`)}</ul>
${rows.length === 0 ? html`<div class="card"><p>${t('actions.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('nav.actions')}"><table><thead><tr>${sortLink(t('actions.action'), 'title', order, link)}<th scope="col">${t('actions.state')}</th>${sortLink(t('actions.confirmed'), 'total', order, link, 'n')}<th scope="col">${t('actions.days')}</th><th scope="col">${t('actions.needs-you')}</th></tr></thead>
<tbody>${rows.map((row) => actionRow(t, row, may('see-people'), standingWith(bodies.get(row.id) ?? [], standing({ state: row.state, opensAt: row.opens_at, closesAt: row.closes_at }, now)), now))}</tbody></table></div>`}
${pager(t, { page, size, rows: rows[0]?.all_rows ?? 0, link })}`,
  }
}

function actionRow(t: DeskWords, row: Row, people: boolean, stands: Standing, now: Date): Html {
  return html`<tr><td><a href="/actions/${row.id}"><bdi>${row.title}</bdi></a><small>${[t(`kind.${row.kind}`), t.list(row.languages.map((language) => t.languageName(language))), row.closes_at && t('actions.until', { day: t.day(row.closes_at, row.zone) })].filter(Boolean).join(' · ')}</small></td>
<td>${stateMark(t, stands)}${row.state === 'suspended' && row.reason && html`<small dir="auto">${row.reason}</small>`}</td><td class="n">${t.number(row.total)}</td><td>${spark(t, row.days ?? [], now)}</td>
<td>${people && row.held > 0 && html`<a href="/actions/${row.id}/people?state=held">${t('actions.held', { count: row.held })}</a>`}${row.waiting > 0 && html`<small>${t('actions.messages-waiting', { count: row.waiting })}</small>`}</td></tr>`
}

const marks: Record<Standing, string> = { draft: 'off', scheduled: 'wait', open: 'ok', adjourned: 'wait', ended: 'off', suspended: 'bad', closed: 'off' }

export function stateMark(t: DeskWords, stands: Standing): Html {
  return html`<span class="state ${marks[stands]}">${t(`standing.${stands}`)}</span>`
}
