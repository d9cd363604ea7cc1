import { html } from '#platform/html/html.ts'
import { allStaff, auditPage } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPages } from '../pages.ts'
import { pageOf } from '../table.ts'
import type { DeskWord } from '../words/index.ts'

const size = 100

/** Who did what, newest first. Nobody can change it, here or anywhere. */
export function auditRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/audit', async ({ t, query }) => {
    const page = pageOf(query)
    const verb = /^[a-z-]{1,40}$/.test(query('verb')) ? query('verb') : undefined
    const entries = await auditPage(desk.db, { verb, after: page * size, size })
    const names = new Map((await allStaff(desk.db, desk.opener)).map((staff) => [staff.id, staff.name]))
    const verbOf = (each: string) => (t.has(`verb.${each}`) ? t(`verb.${each}` as DeskWord) : each)
    return {
      title: t('audit.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
      body: html`<p>${t('audit.why')}</p>${verb && html`<ul class="filters"><li><a href="/audit" aria-current="true">${verbOf(verb)} ×</a></li></ul>`}
<div class="card scroll" role="region" tabindex="0" aria-label="${t('audit.title')}"><table><thead><tr><th scope="col">${t('people.when')}</th><th scope="col">${t('audit.who')}</th><th scope="col">${t('audit.what')}</th><th scope="col">${t('audit.about')}</th><th scope="col">${t('f.reason')}</th></tr></thead><tbody>
${entries.map((entry) => html`<tr><td>${t.moment(entry.happenedAt, 'UTC')}</td><td><bdi>${entry.staffId ? names.get(entry.staffId) ?? entry.staffId.slice(0, 8) : t('audit.system')}</bdi></td><td><a href="/audit?verb=${entry.verb}">${verbOf(entry.verb)}</a></td><td>${t(`subject.${entry.subjectKind}` as DeskWord)}<small dir="ltr">${entry.subjectIds.map((id) => id.slice(0, 40)).join(', ')}</small></td><td dir="auto">${entry.reason}</td></tr>`)}</tbody></table></div>
<nav class="row" aria-label="${t('pager')}">${page > 0 && html`<a class="btn plain" href="/audit?page=${page - 1}${verb && `&verb=${verb}`}">${t('pager.before')}</a>`}${entries.length === size && html`<a class="btn plain" href="/audit?page=${page + 1}${verb && `&verb=${verb}`}">${t('pager.next')}</a>`}</nav>`,
    }
  }, 'audit')
}
