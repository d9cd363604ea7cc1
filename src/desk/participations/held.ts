import { html, type Html } from '#platform/html/html.ts'
import type { DeskWords } from '../words/index.ts'

/** The form that the ticks in the rows belong to, above a list of those that wait. */
export function manyHeld(t: DeskWords, actionId: string | undefined, reason: string | undefined, back: string): Html {
  const press = (value: string, label: string) => html`<button class="plain" name="do" value="${value}">${label}</button>`
  return html`<form method="post" action="/participations/held" id="held" class="card"><input type="hidden" name="action" value="${actionId ?? ''}"><input type="hidden" name="reason" value="${reason ?? ''}"><input type="hidden" name="to" value="${back}"><p>${t('held.many.why')}</p>
<div class="row">${press('release', t('held.many.release'))}${press('refuse', t('held.many.refuse'))}</div><div class="row">${press('release-all', t('held.many.release-all'))}${press('refuse-all', t('held.many.refuse-all'))}</div></form>`
}
