import { html, type Html } from '#platform/html/html.ts'
import { isBeginning, localName, type AreaFacts } from '#modules/targets/index.ts'
import type { Details } from '../actions/details-form.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { hidden, keptWords, textField, type Typed } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { hasOtherWays, otherwiseReached, unreachableNotes } from './channels.ts'
import { carriedFields } from './compose-page.ts'
import { composedWords, writerOf } from './composing.ts'
import { offersElsewhere } from './elsewhere.ts'
import type { Finding } from './finding.ts'
import type { SiteWords } from '../words/index.ts'
import { areaChoice, offersPoint, pointButton, type AreaChoice } from './where.ts'
import { sendingNotices } from './when-sent.ts'

export interface FindingState {
  finding: Exclude<Finding, { result: 'found' | 'to-choose' }>
  /** What the supporter has said of themselves, where they wanted to write from here. */
  details: Details | undefined
  carried: Typed
  shown: string[]
  /** Ways other than e-mail that the supporter says they have used. */
  done: string[]
  lists: AreaChoice[]
  /** Where the form on the page leads: on to the message, or to doing it by oneself. */
  next: '/write' | '/by-yourself'
}

/** One page for each way in which nobody was found: what happened, and something useful to do next. */
export function findingPage(view: ActionView, state: FindingState): PageParts {
  const { frame: { t }, action, words } = view
  const { finding } = state
  const title = t(finding.result === 'nobody-to-write-to' && finding.unreachable.some(hasOtherWays) ? 'finding.other-ways.title' : `finding.${finding.result}.title`)
  return {
    title, narrow: true, asksPosition: offersPoint(view),
    body: html`<p class="kind"><a href="${localPath(view.frame, actionPath(action))}">${words.words.title}</a></p><h1>${title}</h1>
${explanation(view, state)}${finding.result === 'nobody-to-write-to' && html`${sendingNotices(view)}${keptWords(t, ...composedWords(state.carried))}`}${whatNext(view, state)}${otherThings(view)}`,
  }
}

function explanation(view: ActionView, state: FindingState): Html {
  const { t } = view.frame
  const { finding } = state
  switch (finding.result) {
    case 'unknown': case 'malformed': case 'outside': return html`<p>${t.html(finding.result === 'malformed' && isBeginning(finding.scheme, finding.typed) ? 'finding.malformed.beginning' : `finding.${finding.result}.why`, { typed: finding.typed.slice(0, 40), example: finding.scheme.example })}</p>`
    case 'ambiguous': return html`<p>${t('finding.ambiguous.why')}</p>`
    case 'no-place': return html`<p>${t(view.frame.off.has('lookup') ? 'switch.lookup' : 'finding.no-place.why')}</p>`
    case 'nobody-to-write-to': return nobody(view, state, finding)
  }
}

/** Nobody can be written to from here: because they cannot be reached, because the publisher leaves them out, or because there is nobody. */
function nobody(view: ActionView, { details, carried, shown, done, next }: FindingState, { unreachable, area, code, facts }: Extract<Finding, { result: 'nobody-to-write-to' }>): Html {
  const { frame, action } = view
  const { t } = frame
  const writer = details ? writerOf(view, details, { area, facts }) : { name: t('by-yourself.your-name'), area: area && localName(area, view.words.language), postcode: code, facts }
  const why = unreachable.length === 0 ? 'none' : unreachable.some((each) => each.why === 'vacant' || otherwiseReached(each)) ? 'why' : 'left-out'
  return html`<p>${t(unreachable.some(hasOtherWays) ? 'finding.other-ways.why' : `finding.nobody-to-write-to.${why}`)}</p>${unreachableNotes(view, { unreachable, writer, facts, done })}
${unreachable.some(hasOtherWays) && html`<form method="post" id="do" action="${localPath(frame, actionPath(action, '/reported'))}">${carriedFields({ carried: { ...carried, ...(area && { area: area.id }) }, shown, done })}${hidden({ from: next === '/by-yourself' ? 'by-yourself' : 'found' })}</form>`}`
}

function whatNext(view: ActionView, { finding, carried, shown, lists, next }: FindingState): Html | false {
  const { frame, action } = view
  const { t } = frame
  if (finding.result === 'nobody-to-write-to') return false
  const { area: _, elsewhere: _elsewhere, postcode, ...others } = carried
  const form = (inside: Html, button = t('finding.go-on')) => html`<form method="post" class="card" action="${localPath(frame, actionPath(action, next))}" novalidate>${inside}${carriedFields({ carried: others, shown })}<button class="go">${button}</button></form>`
  if (finding.result === 'ambiguous') {
    return form(html`${ambiguousChoice(t, finding)}${pointButton(view)}${hidden({ postcode })}`)
  }
  return html`${action.schemeId && form(textField({ name: 'postcode', label: t('finding.try-again'), typed: { postcode }, faults: {}, autocomplete: 'postal-code', maxLength: 20, direction: 'ltr' }))}
${lists.length > 0 && form(html`${areaChoice(view, {}, {}, lists, { required: true, next })}${pointButton(view)}`)}
${offersElsewhere(action) && form(html`${hidden({ elsewhere: 'yes' })}<p>${t('finding.elsewhere')}</p>`, t('finding.elsewhere.button'))}`
}

/** More people than these say nothing about an area. */
const mostNames = 4

/** By address where addresses are known, else by area, with whoever represents it: who does not know the one knows the other. */
function ambiguousChoice(t: SiteWords, { areas, people }: Extract<Finding, { result: 'ambiguous' }>): Html {
  const option = (area: AreaFacts, label: string, hint: string | false) => html`<label class="opt"><input type="radio" name="area" value="${area.id}" required><bdi>${label}</bdi>${hint && html` <span class="hint">${hint}</span>`}</label>`
  const byArea = (area: AreaFacts, place: number) => {
    const names = (people?.[place] ?? []).flatMap(({ holders }) => holders.map((holder) => localName(holder, t.language)))
    return option(area, localName(area, t.language), [names.length > 0 && names.length <= mostNames && t.list(names), area.share !== undefined && t('finding.share', { share: t.percent(area.share) })].filter(Boolean).join(' · ') || false)
  }
  if (!areas.some(({ streets }) => streets)) return html`<fieldset><legend>${t('finding.ambiguous.choose')}</legend>${areas.map(byArea)}</fieldset>`
  return html`<fieldset><legend>${t('finding.ambiguous.street')}</legend>${areas.flatMap((area) => (area.streets ?? []).map((street) => option(area, street, localName(area, t.language))))}</fieldset>
<fieldset><legend>${t('finding.ambiguous.other-street')}</legend>${areas.map(byArea)}</fieldset>`
}

/** What somebody can do here whom nobody represents. */
function otherThings({ frame, action }: ActionView): Html {
  const { t, publisher } = frame
  return html`<h2>${t('finding.else')}</h2><ul class="states"><li><a href="${localPath(frame, '/actions')}">${t('action.others')}</a></li>
<li><a href="${localPath(frame, actionPath(action))}">${t('action.back')}</a></li>${publisher.email && html`<li><a href="${localPath(frame, '/contact')}">${t('finding.tell-us')}</a></li>`}</ul>`
}
