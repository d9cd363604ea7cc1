import { html, type Html } from '#platform/html/html.ts'
import { backToPractice, checkReadiness, goLive, readLive, type Check } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { foundSaid } from '../words/index.ts'

export function goingLiveRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/going-live', (visit) => livePage(desk, visit), 'go-live')

  pages.post('/going-live', async (visit): Promise<Answer> => {
    const checks = await check(desk, visit)
    const origin = desk.config.origins[0]
    if (!origin || checks.some((each) => !each.ok)) return { ...await livePage(desk, visit, checks), status: 409 }
    await pages.change(visit, { verb: 'go-live', subjectKind: 'settings', subjectIds: [origin] }, async (tx) => {
      await goLive(tx, { origin, installId: desk.secrets.installId }, visit.staff.id, visit.now)
      await desk.queue.enqueue(tx, 'practice.remove', null)
    })
    return { to: '/going-live', said: 'said.live' }
  }, 'go-live')

  pages.post('/going-live/back', async (visit) => {
    await pages.change(visit, { verb: 'back-to-practice', subjectKind: 'settings', subjectIds: [] }, (tx) => backToPractice(tx))
    return { to: '/going-live', said: 'said.practice' }
  }, 'go-live')
}

function check(desk: Desk, { now }: Visit): Promise<Check[]> {
  return checkReadiness({ db: desk.db, config: desk.config, dkim: desk.secrets.dkim, now })
}

async function livePage(desk: Desk, visit: Visit, known?: Check[]): Promise<DeskPage> {
  const { t } = visit
  const checks = known ?? await check(desk, visit)
  const { live, formerOrigin } = await readLive(desk.db, { origin: desk.config.origins[0], installId: desk.secrets.installId })
  const missing = checks.filter((each) => !each.ok).length
  return {
    title: t('live.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`${live ? html`<div class="card"><p><span class="state ok">${t('live.is-live', { origin: desk.config.origins[0]! })}</span></p><p>${t('live.back.why')}</p>${button('/going-live/back', t('live.back'))}</div>` : html`<p>${t('live.why')}</p>${formerOrigin && html`<div class="notice"><p>${t('live.former', { origin: formerOrigin })}</p></div>`}`}
<div class="card"><ul class="todo">${checks.map((each) => checkLine(visit, each))}</ul></div>
${!live && (missing ? html`<p>${t('live.missing', { count: missing })}</p>` : html`<div class="card"><p>${t('live.ready')}</p>${button('/going-live', t('live.go'), {}, '')}</div>`)}`,
  }
}

function checkLine({ t, zone }: Visit, each: Check): Html {
  const said = foundSaid(t, each, zone)
  return html`<li><span class="state ${each.ok ? 'ok' : 'bad'}">${t(each.ok ? 'check.ok' : 'check.missing')}</span> <strong>${t(`check.${each.name}`)}</strong>${said && html`<small><bdi dir="${each.found ? 'ltr' : 'auto'}">${said}</bdi></small>`}${!each.ok && html`<p>${t(`check.${each.name}.how`)}</p>${each.record && html`<pre dir="ltr">${each.record.name}  TXT  "${each.record.value}"</pre>`}`}</li>`
}
