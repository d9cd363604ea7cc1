import { html, type Html } from '#platform/html/html.ts'
import { isBeginning, localName } from '#modules/targets/index.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { hidden, keptWords, textField, type Typed } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { carriedFields, targetList, unreachableNotes } from './compose-page.ts'
import type { Finding } from './finding.ts'
import { areaChoice, offersPoint, pointButton, type AreaChoice } from './where.ts'
import { sendingNotices } from './when-sent.ts'

export interface FindingState {
  finding: Exclude<Finding, { result: 'found' }>
  carried: Typed
  shown: string[]
  lists: AreaChoice[]
  /** Where the form on the page leads: on to the message, or to doing it by oneself. */
  next: '/write' | '/by-yourself'
}

/** One page for each way in which nobody was found: what happened, and something useful to do next. */
export function findingPage(view: ActionView, state: FindingState): PageParts {
  const { frame: { t }, action, words } = view
  const { finding } = state
  return {
    title: t(`finding.${finding.result}.title`), narrow: true, asksPosition: offersPoint(view),
    body: html`<p class="kind"><a href="${localPath(view.frame, actionPath(action))}">${words.words.title}</a></p><h1>${t(`finding.${finding.result}.title`)}</h1>
${explanation(view, finding)}${finding.result === 'nobody-to-write-to' && html`${sendingNotices(view)}${keptWords(t, state.carried.subject, state.carried.body)}`}${whatNext(view, state)}${otherThings(view)}`,
  }
}

function explanation(view: ActionView, finding: FindingState['finding']): Html {
  const { t } = view.frame
  switch (finding.result) {
    case 'unknown': case 'malformed': case 'outside': return html`<p>${t.html(finding.result === 'malformed' && isBeginning(finding.scheme, finding.typed) ? 'finding.malformed.beginning' : `finding.${finding.result}.why`, { typed: finding.typed.slice(0, 40), example: finding.scheme.example })}</p>`
    case 'ambiguous': return html`<p>${t('finding.ambiguous.why')}</p>`
    case 'no-place': return html`<p>${t(view.frame.off.has('lookup') ? 'switch.lookup' : 'finding.no-place.why')}</p>`
    case 'nobody-to-write-to': return html`<p>${t('finding.nobody-to-write-to.why')}</p>${targetList(view, finding.unreachable.filter((each) => each.why !== 'vacant').map((each) => each.target))}${unreachableNotes(view, finding)}`
  }
}

function whatNext(view: ActionView, { finding, carried, shown, lists, next }: FindingState): Html | false {
  const { frame, action } = view
  const { t } = frame
  if (finding.result === 'nobody-to-write-to') return false
  const { area: _, postcode, ...others } = carried
  const form = (inside: Html) => html`<form method="post" class="card" action="${localPath(frame, actionPath(action, next))}" novalidate>${inside}${carriedFields({ carried: others, shown })}<button class="go">${t('finding.go-on')}</button></form>`
  if (finding.result === 'ambiguous') {
    return form(html`<fieldset><legend>${t('finding.ambiguous.choose')}</legend>${finding.areas.map((area) => html`<label class="opt"><input type="radio" name="area" value="${area.id}" required><bdi>${localName(area, t.language)}</bdi>${area.share !== undefined && html` <span class="hint">${t('finding.share', { share: t.percent(area.share) })}</span>`}</label>`)}</fieldset>${pointButton(view)}${hidden({ postcode })}`)
  }
  return html`${action.schemeId && form(textField({ name: 'postcode', label: t('finding.try-again'), typed: { postcode }, faults: {}, autocomplete: 'postal-code', maxLength: 20, direction: 'ltr' }))}
${lists.length > 0 && form(html`${areaChoice(view, {}, {}, lists, { required: true, next })}${pointButton(view)}`)}`
}

/** What somebody can do here whom nobody represents. */
function otherThings({ frame, action }: ActionView): Html {
  const { t, publisher } = frame
  return html`<h2>${t('finding.else')}</h2><ul class="states"><li><a href="${localPath(frame, '/actions')}">${t('action.others')}</a></li>
<li><a href="${localPath(frame, actionPath(action))}">${t('action.back')}</a></li>${publisher.email && html`<li><a href="${localPath(frame, '/contact')}">${t('finding.tell-us')}</a></li>`}</ul>`
}
