import { html, type Html } from '#platform/html/html.ts'
import type { Health } from '#modules/messages/index.ts'
import { button } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { problemWords } from './problem.ts'

/** How mailboxes and domains took what came in the last week, and who is left alone for now, with a way to try at once. */
export function healthTable(t: DeskWords, health: Health[], { back, zone }: { back: string, zone: string }, more?: (each: Health) => Html | false): Html {
  if (health.length === 0) return html`<p>${t('servers.nothing')}</p>`
  return html`<p class="soft">${t('servers.why')}</p><div class="scroll" role="region" tabindex="0" aria-label="${t('servers.title')}"><table><thead><tr><th scope="col">${t('servers.to')}</th><th scope="col" class="n">${t('message.state.accepted')}</th><th scope="col" class="n">${t('servers.deferred')}</th><th scope="col" class="n">${t('message.state.failed')}</th><th scope="col" class="n">${t('message.state.unknown')}</th><th scope="col" class="n">${t('servers.bounced')}</th><th scope="col">${t('servers.now')}</th></tr></thead><tbody>
${health.map((each) => html`<tr><td><bdi dir="ltr">${each.scope === 'domain' ? `@${each.subject}` : each.subject}</bdi>${more?.(each)}</td><td class="n">${t.number(each.accepted)}</td><td class="n">${t.number(each.deferred)}</td><td class="n">${t.number(each.refused)}</td><td class="n">${t.number(each.unknown)}</td><td class="n">${t.number(each.bounced)}</td><td>${standing(t, each, { back, zone })}</td></tr>`)}</tbody></table></div>`
}

function standing(t: DeskWords, { scope, subject, inARow, restedUntil, problem }: Health, { back, zone }: { back: string, zone: string }): Html {
  if (inARow === 0) return html`<span class="state ok">${t('servers.fine')}</span>`
  return html`<span class="state long ${restedUntil ? 'bad' : 'wait'}">${restedUntil ? t('servers.resting', { moment: t.moment(restedUntil, zone) }) : t('servers.refusing', { count: inARow })}</span><small>${problem === 'tried' ? t('servers.tried') : problemWords(t, problem)}</small>${restedUntil && button('/outbox/sending/try', t('servers.try'), { scope, subject, back })}`
}
