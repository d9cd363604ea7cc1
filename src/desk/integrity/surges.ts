import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { askForAlerts, noMoreAlerts, wantsAlerts } from '#modules/alerts/index.ts'
import { surgeInWords, surges, surgeSeen, type Surge } from '#modules/integrity/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import { idOf, orNotFound, type DeskPages } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** What was not as usual, and who wants to be told. */
export function surgeRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/surges', async ({ t, staff, may, zone }) => {
    const all = await surges(desk.db, t.language)
    const reads = await wantsAlerts(desk.db, staff.id, 'surges')
    return {
      title: t('surges.title'), section: 'today',
      body: html`<p>${t('surges.why')}</p>${all.length === 0 ? html`<div class="card"><p>${t('surges.none')}</p></div>` : html`<div class="card"><ul class="todo">${all.map((surge) => surgeLine(t, surge, { zone, mayRemove: may('guard-counts') }))}</ul></div>`}
<section class="card"><h2>${t('surges.mail')}</h2><p>${t(reads ? 'surges.mail.on' : 'surges.mail.off')}</p>${button('/surges/mail', t(reads ? 'surges.mail.stop' : 'surges.mail.start'), { wants: reads ? 'no' : 'yes' })}</section>`,
    }
  }, 'moderate')

  pages.post('/surges/mail', async (visit) => {
    const wants = field(visit.body, 'wants') === 'yes'
    await pages.change(visit, { verb: 'choose-surge-mail', subjectKind: 'staff', subjectIds: [visit.staff.id], details: { wants } }, (tx) => (wants ? askForAlerts(tx, visit.staff.id, 'surges', visit.now) : noMoreAlerts(tx, visit.staff.id, 'surges')))
    return { to: '/surges', said: 'said.saved' }
  }, 'moderate')
  pages.post('/surges/:id/seen', async (visit) => {
    const id = idOf(visit)
    const [surge] = await surges(desk.db, visit.t.language, { id })
    await pages.change(visit, { verb: 'see-surge', subjectKind: 'action', subjectIds: [orNotFound(surge).actionId] }, (tx) => surgeSeen(tx, id, visit.staff.id, visit.now))
    return { to: '/surges', said: 'said.saved' }
  }, 'moderate')
}

function surgeLine(t: DeskWords, surge: Surge & { title: string }, { zone, mayRemove }: { zone: string, mayRemove: boolean }): Html {
  return html`<li><a href="/actions/${surge.actionId}">${surgeInWords(t.language, surge)}</a> <small>${t.moment(surge.noticedAt, zone)}${surge.seenAt && html` · ${t('surges.seen')}`}</small>
<div class="row">${mayRemove && html`<a class="btn plain" href="/actions/${surge.actionId}/removals?surge=${surge.id}">${t('removals.title')}</a>`}${!surge.seenAt && button(`/surges/${surge.id}/seen`, t('surges.see'))}</div></li>`
}
