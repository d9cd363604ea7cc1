import { inTransaction } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, seeOther } from '#platform/http/server.ts'
import { audit, allStaff, lockEverything, readLockdown, unlockEverything } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'

/** The one button for the day on which somebody is inside who should not be, and the way back. */
export function lockRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/lock', (visit) => lockPage(desk, visit, {}), 'lock-everything')

  pages.post('/lock', async (visit): Promise<Answer> => {
    const reason = field(visit.body, 'reason').trim().slice(0, 500)
    if (!reason) return { ...await lockPage(desk, visit, { reason: visit.t('fault.lock-reason') }), status: 422 }
    await inTransaction(desk.db, async (tx) => {
      if (!await lockEverything(tx, { staffId: visit.staff.id, reason }, visit.now)) return
      await audit(tx, { staffId: visit.staff.id, behalfOf: visit.behalfOf, verb: 'lock-everything', subjectKind: 'session', subjectIds: [], reason }, visit.now)
    })
    // Whoever locks is signed out like everybody else: the session that locks may be the stolen one.
    return seeOther(visit.reply, '/sign-in?next=/lock')
  }, 'lock-everything')

  pages.post('/lock/end', async (visit): Promise<Answer> => {
    const reason = field(visit.body, 'reason').trim().slice(0, 500)
    if (!reason) return { ...await lockPage(desk, visit, { reason: visit.t('fault.lock-reason') }), status: 422 }
    await pages.change(visit, { verb: 'unlock-everything', subjectKind: 'session', subjectIds: [], reason }, (tx) => unlockEverything(tx), (done) => done)
    return { to: '/lock', said: 'said.unlocked' }
  }, 'lock-everything')
}

async function lockPage(desk: Desk, { t, zone }: Visit, faults: Faults): Promise<DeskPage> {
  const locked = await readLockdown(desk.db)
  const reason = formFields(t, [{ name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 }], {}, faults)
  const who = locked && (await allStaff(desk.db, desk.opener)).find(({ id }) => id === locked.staffId)?.name
  return {
    title: t('lock.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: locked
      ? html`<div class="notice"><p>${t('lock.since', { name: who ?? '', moment: t.moment(locked.lockedAt, zone) })}</p><p dir="auto">${locked.reason}</p></div>
${form(t, { action: '/lock/end', button: t('lock.end'), faults, fields: html`<p>${t('lock.end.why')}</p>${reason}` })}`
      : html`<div class="card"><ul>${(['lock.does.sessions', 'lock.does.sending', 'lock.does.opening', 'lock.does.site'] as const).map((word) => html`<li>${t(word)}</li>`)}</ul></div>
${form(t, { action: '/lock', button: t('lock.button'), faults, fields: html`<p>${t('lock.why')}</p>${reason}` })}`,
  }
}
