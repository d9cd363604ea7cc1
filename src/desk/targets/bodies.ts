import { dayIn } from '#platform/days.ts'
import { html } from '#platform/html/html.ts'
import { bodySummaries, localName } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPages } from '../pages.ts'
import { pageOf, pager } from '../table.ts'

const size = 100

/** Whose offices there are: how many, how many of them vacant, and how old what we know of them is. */
export function bodyRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/targets/bodies', async ({ t, query, now, zone }) => {
    const page = pageOf(query)
    const { bodies, count } = await bodySummaries(desk.db, { after: page * size, size }, dayIn(zone, now))
    return {
      title: t('bodies.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }], buttons: html`<a class="btn" href="/imports/new">${t('imports.new')}</a>`,
      body: html`${bodies.length === 0 ? html`<div class="card"><p>${t('targets.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('bodies.title')}"><table><thead><tr><th scope="col">${t('bodies.body')}</th><th scope="col" class="n">${t('bodies.offices')}</th><th scope="col" class="n">${t('targets.vacant')}</th><th scope="col">${t('bodies.as-of')}</th></tr></thead><tbody>
${bodies.map((body) => html`<tr><td><a href="/targets?body=${encodeURIComponent(body.id)}"><bdi>${localName(body, t.language)}</bdi></a></td><td class="n">${t.number(body.offices)}</td><td class="n"><a href="/targets?body=${encodeURIComponent(body.id)}&only=vacant">${t.number(body.vacant)}</a></td><td>${body.asOf ? t.day(body.asOf) : t('office.by-hand')}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: count, link: (changes) => `/targets/bodies?${new URLSearchParams(changes)}` })}`,
    }
  }, 'see-targets')
}
