import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { titleIn, withinReach } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPages } from '../pages.ts'
import { placesPart } from '../publishing/places-part.ts'
import { absencesPart } from './absences.ts'
import { choreRoutes, choresPart } from './chores.ts'
import { nextSteps } from './next-steps.ts'
import { restoredPart, restoredRoutes } from './restored.ts'
import { thingsToDo } from './things-to-do.ts'

/** The first page of the day: what needs you, and what happened since yesterday. */
export function todayRoutes(pages: DeskPages, desk: Desk): void {
  choreRoutes(pages, desk)
  restoredRoutes(pages)
  pages.get('/', async (visit) => {
    const { t, may, reachOf, now } = visit
    const things = await thingsToDo(desk, visit)
    const reach = reachOf('see-actions')
    const nothingAssigned = may('see-actions') && reach.length === 0
    const pagesPart = await choresPart(desk, visit)
    const steps = await nextSteps(desk, visit)
    // By the days of the tallies, so that a million need not be gone through.
    const since = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10)
    const { rows } = await sql<{ id: string, kind: string, title: string, confirmed: number, sent: number }>`
      select actions.id, kind, ${titleIn(t.language)} as title,
        (select coalesce(sum(total), 0)::int from tallies where action_id = actions.id and dimension = 'day' and value >= ${since}) as confirmed,
        (select count(*)::int from messages where action_id = actions.id and state = 'accepted' and not rehearsal and ended_at >= ${since}::date) as sent
      from actions where state in ('open', 'suspended') and ${withinReach(reach)} order by 4 desc, 3 limit 10`.execute(desk.db)
    return {
      title: t('nav.today'), section: 'today',
      body: html`${await restoredPart(desk, visit)}${steps}${await absencesPart(desk, visit)}
<section class="card"><h2>${t('today.needs-you')}</h2>${things.length === 0 ? html`<p>${t(nothingAssigned ? 'today.nothing-assigned' : 'today.nothing')}</p>` : html`<ul class="todo">${things.map((thing) => html`<li><a href="${thing.href}">${t(thing.word, thing.values)}</a></li>`)}</ul>`}</section>${await placesPart(desk, visit)}${pagesPart}
${may('see-actions') && !nothingAssigned && html`<section class="card"><h2>${t('today.last-day')}</h2>${rows.length === 0 ? html`<p>${t('actions.empty')}</p>` : html`<ul class="todo">${rows.map((row) => html`<li><a href="/actions/${row.id}"><bdi>${row.title}</bdi></a><small>${row.kind === 'message' ? t('today.line', { confirmed: row.confirmed, sent: row.sent }) : t('today.confirmed', { confirmed: row.confirmed })}</small></li>`)}</ul>`}</section>`}`,
    }
  }, 'desk')
}
