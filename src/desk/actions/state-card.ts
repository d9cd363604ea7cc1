import { html, type Html } from '#platform/html/html.ts'
import { outcomes, type Action, type ActionState, type Outcome } from '#modules/actions/index.ts'
import { formFields, type Faults } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'

/** Where the action stands, and where it can go from there. */
export function stateCard(t: DeskWords, action: Action, { missing, unfinished, publicAddress, unsent }: { missing: string[], unfinished: string[], publicAddress: string, unsent: number }, faults: Faults): Html {
  const to = `/actions/${action.id}/move`
  const move = (state: ActionState, label: string, inside: Html | false, className = '') => html`<form method="post" action="${to}" novalidate><input type="hidden" name="to" value="${state}">${inside}<button class="${className}">${label}</button></form>`
  switch (action.state) {
    case 'draft': return html`<section class="card" id="ready"><h2>${t('action.open')}</h2>${missing.length ? html`<p>${t('action.not-ready')}</p><ul>${missing.map((each) => html`<li>${each}</li>`)}</ul>` : html`<p>${unfinished.length > 0 ? t('action.unfinished', { languages: t.list(unfinished) }) : t(action.opensAt ? 'action.ready-later' : 'action.ready')}</p>${move('open', t(action.opensAt ? 'action.schedule' : 'action.open.button'), false)}`}
<p class="soft">${t('action.address')} <bdi>${publicAddress}</bdi> <a href="/actions/${action.id}/settings#slug">${t('action.address.change')}</a></p></section>`
    case 'open': return html`<section class="card" id="stop"><h2>${t('action.stop')}</h2><p>${t('action.stop.why')}</p>${move('suspended', t('action.stop.button'), formFields(t, [{ name: 'reason', kind: 'text', required: true, maxLength: 1000 }], {}, faults), 'stop')}
<details${faults.outcome && html` open`}><summary>${t('action.close')}</summary>${closing(t, action, move, unsent, faults)}</details></section>`
    case 'suspended': return html`<section class="card"><h2>${t('action.reopen')}</h2><p>${t('action.reopen.why')}</p>${move('open', t('action.reopen.button'), false)}<details${faults.outcome && html` open`}><summary>${t('action.close')}</summary>${closing(t, action, move, unsent, faults)}</details></section>`
    case 'closed': return html`<section class="card"><h2>${t('action.reopen')}</h2><p>${t('action.reopen-closed.why')}</p>${move('open', t('action.reopen.button'), false, 'plain')}</section>`
  }
}

function closing(t: DeskWords, { kind }: Action, move: (state: ActionState, label: string, inside: Html, className?: string) => Html, unsent: number, faults: Faults): Html {
  return move('closed', t('action.close.button'), html`${unsent > 0 && html`<p class="wait">${t('action.close.waiting', { count: unsent })}</p>`}${formFields(t, [
    { name: 'outcome', kind: 'choice', choices: outcomes.map((value: Outcome) => ({ value, label: t(`outcome.${value}`) })) }, { name: 'outcome_text', kind: 'text', maxLength: 1000 }, kind === 'message' && { name: 'drop_unsent', kind: 'tick' },
  ], {}, faults)}`, 'plain')
}
