import { html, type Html } from '#platform/html/html.ts'
import { restorationsToUnderstand, understandRestorations } from '#modules/publisher/index.ts'
import type { Ability } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPages, Visit } from '../pages.ts'

/** Who says for all that it is understood. */
const understand: readonly Ability[] = ['go-live', 'keep-data', 'health']

export function restoredRoutes(pages: DeskPages): void {
  pages.post('/restored', async (visit) => {
    await pages.change(visit, { verb: 'understand-restored', subjectKind: 'settings', subjectIds: ['restored'] }, (tx) => understandRestorations(tx, visit.staff.id, visit.now))
    return { to: '/', said: 'said.saved' }
  }, understand)
}

/** That this is a copy that was put back: of when, what was done again, and what may have left since. Everybody reads it until somebody has understood it. */
export async function restoredPart(desk: Desk, { t, may, zone }: Visit): Promise<Html | false> {
  const all = await restorationsToUnderstand(desk.db)
  if (all.length === 0) return false
  return html`<section class="notice" id="restored"><h2>${t('restored.title')}</h2>${all.map((its) => html`<p><strong>${its.copyOf ? t('restored.of', { copy: t.moment(its.copyOf, zone), noticed: t.moment(its.noticedAt, zone) }) : t('restored.of-unknown', { noticed: t.moment(its.noticedAt, zone) })}</strong> ${t('restored.lost')}</p>
<ul><li>${its.register ? t('restored.again', { erased: its.erased, suppressed: its.suppressed }) : t('restored.no-register')}</li>
<li>${its.messages + its.recipients + its.mailings > 0 ? t('restored.held', { messages: its.messages, mails: its.recipients, mailings: its.mailings }) : t('restored.nothing-held')}</li><li>${t('restored.practice')}</li></ul>`)}${understand.some(may) && button('/restored', t('restored.understood'))}</section>`
}
