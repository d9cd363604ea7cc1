import { html, type Html } from '#platform/html/html.ts'
import { sql } from '#platform/db.ts'
import { askForAlerts, incidentKinds, noMoreAlerts, openIncidents, readBacklog, wantsAlerts } from '#modules/alerts/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { lastBackup } from '../settings/reminders.ts'

export function healthRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/health', (visit) => healthPage(desk, visit), 'health')

  pages.post('/health/tell-me', async (visit) => {
    await pages.change(visit, { verb: 'ask-for-alerts', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => askForAlerts(tx, visit.staff.id, 'machine', visit.now))
    return { to: '/health', said: 'said.saved' }
  }, 'health')
  pages.post('/health/tell-me-no-more', async (visit) => {
    await pages.change(visit, { verb: 'end-alerts', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => noMoreAlerts(tx, visit.staff.id, 'machine'))
    return { to: '/health', said: 'said.saved' }
  }, 'health')
}

/** How the machine is: what is wrong, what waits and since when, what failed, when it was last saved; and who wants to be told. */
async function healthPage(desk: Desk, { t, now, staff, zone }: Visit): Promise<DeskPage> {
  const backlog = await readBacklog(desk.db)
  const incidents = await openIncidents(desk.db)
  const { rows: [it] } = await sql<{ size: number, version: string, step: number, recount: Date | null, beat: Date | null }>`
    select pg_database_size(current_database()) as size, current_setting('server_version') as version, (select max(step) from migrations) as step,
      (select reached_at from milestones where name = 'recount') as recount, (select max(beat_at) from heartbeats) as beat`.execute(desk.db)
  const backup = await lastBackup(desk.db)
  const wanted = await wantsAlerts(desk.db, staff.id, 'machine')
  const seconds = (moment: Date | undefined) => Math.max(0, Math.round((now.getTime() - (moment?.getTime() ?? now.getTime())) / 1000))
  const waiting = (count: number, oldest: Date | undefined): Html => html`${t.number(count)}${oldest && seconds(oldest) > 0 && html` <span class="soft">${t('health.since', { seconds: seconds(oldest) })}</span>`}`
  return {
    title: t('health.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`${incidents.length > 0 && html`<section class="card"><h2>${t('health.wrong')}</h2><ul class="todo">${incidents.map(({ kind, beganAt }) => html`<li><span class="state bad">${t(`incident.${kind}`)}</span><small>${t('health.from', { moment: t.moment(beganAt, zone) })}</small></li>`)}</ul></section>`}
<section class="card"><h2>${t('health.now')}</h2><dl class="facts"><dt>${t('health.waiting')}</dt><dd>${waiting(backlog.entries, backlog.oldestEntry)}</dd><dt>${t('health.uncounted')}</dt><dd>${t.number(backlog.uncounted)}</dd>
<dt>${t('health.mails')}</dt><dd>${waiting(backlog.mails, backlog.oldestMail)}</dd><dt>${t('health.messages')}</dt><dd>${waiting(backlog.messages, backlog.oldestMessage)}</dd><dt>${t('health.refused')}</dt><dd>${t.number(backlog.setAside)}</dd><dt>${t('health.dead')}</dt><dd>${t.number(backlog.deadJobs)}</dd>
<dt>${t('health.worker')}</dt><dd>${it!.beat ? t('health.worker.beat', { seconds: seconds(it!.beat) }) : t('health.worker.none')}</dd>
<dt>${t('health.recount')}</dt><dd>${it!.recount ? t.moment(it!.recount, zone) : t('numbers.not-recounted')}</dd><dt>${t('health.database')}</dt><dd><bdi>${['PostgreSQL', it!.version].join(' ')}</bdi>, ${t('health.megabytes', { count: Math.round(it!.size / 1e6) })}, ${t('health.step', { step: it!.step })}</dd></dl></section>
<section class="card"><h2>${t('health.alerts')}</h2><p>${t('health.alerts.why')}</p><ul>${incidentKinds.map((kind) => html`<li>${t(`incident.${kind}`)}</li>`)}</ul><p>${t(wanted ? 'health.alerts.on' : 'health.alerts.off')}</p>${wanted ? button('/health/tell-me-no-more', t('health.alerts.end')) : button('/health/tell-me', t('health.alerts.ask'), {}, '')}</section>
<section class="card"><h2>${t('health.backup')}</h2><p>${backup ? t('health.backup.last', { moment: t.moment(backup, zone) }) : t('health.backup.none')}</p><p>${t('health.backup.how')}</p><pre dir="ltr">npx clarion backup</pre></section>`,
  }
}
