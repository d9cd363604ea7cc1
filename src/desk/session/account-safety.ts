import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { endSessions, fewRecoveryCodes, makeRecoveryCodes, recoveryCodesLeft, sessionsOf } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPages, Visit } from '../pages.ts'

/** The spare way in, and where one is signed in. */
export function accountSafetyRoutes(pages: DeskPages): void {
  // Shown once, and kept as hashes.
  pages.post('/account/recovery-codes', async (visit) => {
    const { t, staff, now, zone } = visit
    const codes = await pages.change(visit, { verb: 'make-recovery-codes', subjectKind: 'staff', subjectIds: [staff.id] }, (tx) => makeRecoveryCodes(tx, staff.id, now))
    return {
      title: t('recovery.title'), crumbs: [{ href: '/account', label: staff.name }],
      body: html`<div class="card"><p>${t('recovery.shown')}</p><ol id="codes" dir="ltr">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol><p class="soft">${t('recovery.made', { moment: t.moment(now, zone) })}</p>
<div class="row noprint"><button type="button" hidden data-print>${t('print')}</button><a class="btn plain" href="/account">${t('recovery.away')}</a></div></div>`,
    }
  }, 'account')

  pages.post('/account/sessions/end', async (visit) => {
    const id = field(visit.body, 'id')
    const others = /^[0-9a-f]{64}$/.test(id) ? [id] : (await sessionsOf(pages.desk.db, visit.staff.id, visit.session, visit.now)).filter(({ current }) => !current).map((each) => each.id)
    await pages.change(visit, { verb: 'end-sessions', subjectKind: 'staff', subjectIds: [visit.staff.id] }, async (tx) => {
      for (const each of others) await endSessions(tx, visit.staff.id, each)
    })
    return { to: '/account', said: 'said.sessions-ended' }
  }, 'desk')
}

/** Both as parts of the page of one's own account. */
export async function accountSafety(desk: Desk, visit: Visit): Promise<Html> {
  const { t, staff, session, now } = visit
  const { left, made } = await recoveryCodesLeft(desk.db, staff.id)
  return html`<section class="card" id="recovery"><h2>${t('recovery.title')}</h2><p>${t('recovery.why')}</p>
<p${made > 0 && left <= fewRecoveryCodes && html` class="wait"`}>${made === 0 ? t('recovery.none') : t('recovery.left', { count: left })}</p>${button('/account/recovery-codes', t(made === 0 ? 'recovery.make' : 'recovery.make-new'))}</section>
<section class="card"><h2>${t('sessions.title')}</h2>${sessionList(visit, await sessionsOf(desk.db, staff.id, session, now), '/account/sessions/end')}</section>`
}

/** Where somebody is signed in, each with the way to end it, and one for all. */
export function sessionList({ t, zone }: Visit, sessions: { id: string, since: Date, lastSeen: Date, current: boolean }[], action: string): Html {
  const others = sessions.filter(({ current }) => !current)
  return html`${sessions.length === 0 ? html`<p>${t('sessions.none')}</p>` : html`<ul class="todo">${sessions.map((each) => html`<li>${t('sessions.line', { since: t.moment(each.since, zone), seen: t.moment(each.lastSeen, zone) })}${each.current ? html` <small>${t('sessions.this')}</small>` : button(action, t('sessions.end'), { id: each.id })}</li>`)}</ul>`}${others.length > 0 && button(action, t('sessions.end-others'))}`
}
