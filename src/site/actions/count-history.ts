import { html, type Html } from '#platform/html/html.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { actionPath, type ActionView } from './parts.ts'

/** What staff took out of the count or put back: how many, on which day, and why. */
export function countHistoryPage({ frame, action, words }: ActionView): PageParts {
  const { t } = frame
  return {
    title: t('history.title'), path: actionPath(action, '/count-history'), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('history.title')}</h1><p class="stand">${t('history.how')}</p>
${action.total >= action.options.showCountFrom && html`<p>${t('history.now', { count: action.total })}</p>`}
${frame.off.has('counts') ? html`<p>${t('switch.counts')}</p>` : action.countChanges.length === 0 ? html`<p>${t('history.none')}</p>` : html`<ul>${action.countChanges.map(({ change, people, reason, at }) => html`<li>${t(change < 0 ? 'history.removed' : 'history.restored', { count: people, day: t.day(at, action.zone) })} <q dir="auto">${reason}</q></li>`)}</ul>`}
<div class="row"><a class="plain" href="${localPath(frame, actionPath(action))}">${t('action.back')}</a></div>`,
  }
}

/** Beside a count that something was taken out of. */
export function historyLink({ frame, action }: ActionView): Html | false {
  return action.countChanges.length > 0 && html`<p class="fine"><a href="${localPath(frame, actionPath(action, '/count-history'))}">${frame.t('history.title')}</a></p>`
}
