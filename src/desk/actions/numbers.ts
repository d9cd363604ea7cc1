import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { findAction, newestRevisions } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import { idOf, orNotFound, type DeskPages } from '../pages.ts'
import { titleOf } from './naming.ts'
import { barTable, dayPlot } from './plots.ts'

const mostRows = 30

/** What the count is made of: by day, area, country, source and language. */
export function numberRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/numbers', async (visit) => {
    const { t, now } = visit
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    const { rows } = await sql<{ dimension: string, value: string, total: number, area: string | null }>`
      select dimension, value, total, coalesce(areas.names ->> ${t.language}, areas.name) as area
      from tallies left join areas on dimension = 'area' and areas.id = value
      where action_id = ${action.id} and total > 0 order by dimension, total desc`.execute(desk.db)
    const of = (dimension: string) => rows.filter((row) => row.dimension === dimension)
    const { rows: [recounted] } = await sql<{ at: Date | null }>`select reached_at as at from milestones where name = 'recount'`.execute(desk.db)
    return {
      title: t('action.numbers'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, await newestRevisions(desk.db, action.id), t.language) }],
      body: html`<section class="card"><h2>${t('numbers.days')}</h2><p class="big">${t.number(of('all')[0]?.total ?? 0)}</p>${dayPlot(t, of('day').map((row) => ({ day: row.value, total: row.total })).toSorted((one, other) => one.day.localeCompare(other.day)), now)}<p class="soft">${recounted?.at ? t('numbers.recounted', { moment: t.moment(recounted.at, action.zone) }) : t('numbers.not-recounted')}</p></section>
${barTable(t, t('numbers.areas'), of('area').slice(0, mostRows).map((row) => ({ label: row.area ?? row.value, total: row.total })))}
${barTable(t, t('numbers.countries'), of('country').slice(0, mostRows).map((row) => ({ label: t.countryName(row.value), total: row.total })))}
${barTable(t, t('numbers.sources'), of('source').slice(0, mostRows).map((row) => ({ label: row.value, total: row.total })))}
${barTable(t, t('numbers.languages'), of('language').map((row) => ({ label: t.languageName(row.value), total: row.total })))}<p class="soft">${t('numbers.sources.how')}</p>`,
    }
  }, 'see-actions')
}
