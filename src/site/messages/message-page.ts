import { html, type Html } from '#platform/html/html.ts'
import { needsArea } from '#modules/messages/index.ts'
import { historyLink } from '../actions/count-history.ts'
import { consentQuestions, countryField, formKey, nameAndAddress, optional } from '../actions/details-form.ts'
import { actionPath, adviceByCountry, inItsLanguage, lede, story, type ActionView } from '../actions/parts.ts'
import { errorSummary, hidden, keptWords, textArea, textField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath } from '../look/layout.ts'
import { rulesNow } from '#modules/actions/index.ts'
import { pausedForm } from '../switch-pages.ts'
import { composedNames, composedWords } from './composing.ts'
import { elsewhereTick } from './elsewhere.ts'
import { sendingNotices } from './when-sent.ts'
import type { FormState } from '../petitions/petition-page.ts'
import { areaChoice, pointButton, type AreaChoice } from './where.ts'

export type { AreaChoice }

/** What a message's first page offers to choose from: areas, and another action while this one takes nothing. */
export interface Choices {
  lists?: AreaChoice[]
  instead?: ActionView
}

/** The first of two pages: who you are and where you live. */
export function messagePage(view: ActionView, state: FormState & Choices): Html {
  const { frame, action } = view
  const { t } = frame
  const paused = frame.off.has('signing') && !state.notice
  return html`<div class="cols">${lede(view)}
<div class="do" id="do">${frame.off.has('counts') && html`<p class="fine">${t('switch.counts')}</p>`}${action.total >= Math.max(1, action.options.showCountFrom) && html`<p class="count">${t.number(action.total)} <small>${t('count.writers', { count: action.total })}</small></p>`}${historyLink(view)}
${sendingNotices(view)}${adviceByCountry(view)}${action.standing !== 'open' ? closedForm(view, state) : paused ? pausedForm(frame, [{ href: localPath(frame, actionPath(action, '/by-yourself')), label: t('message.by-yourself') }]) : detailsForm(view, state)}</div>
${story(view)}</div>`
}

function detailsForm(view: ActionView, { typed, faults, key, source, notice, lists = [] }: FormState & Choices): Html {
  const { frame, action, words } = view
  const { t } = frame
  const { options } = action
  return html`<form method="post" action="${localPath(frame, actionPath(action, '/write'))}" novalidate><h2>${t('message.your-details')}</h2><p class="fine">${t('message.steps')}</p>
${notice && html`<div class="notice" role="alert"><p>${notice}</p></div>`}${errorSummary(t, faults)}
${nameAndAddress(view, typed, faults)}${countryField(view, typed, faults)}
${needsArea(rulesNow(action.targets, action.bodies)) && whereYouLive(view, typed, faults, lists)}
${options.postalAddress !== 'no' && textArea({ name: 'address', label: optional(t, t('field.address'), options.postalAddress), hint: t('field.address.shown'), typed, faults, required: options.postalAddress === 'required' })}
${consentQuestions(view, typed, faults)}${hidden({ ...Object.fromEntries(composedNames(typed).map((name) => [name, typed[name]])), in: words.language })}${formKey(key, source)}
<button class="go">${words.words.button || t('message.continue')}</button>
<p class="fine">${t.html('form.locked', { link: (inside) => html`<a href="${localPath(frame, '/your-data')}">${inside}</a>` })}</p></form>
<ul class="other"><li><a href="${localPath(frame, actionPath(action, '/by-yourself'))}">${t('message.by-yourself')}</a></li></ul>`
}

/** A postcode, or a list to choose from for whoever has none or would rather not say. */
export function whereYouLive(view: ActionView, typed: Typed, faults: Faults, lists: AreaChoice[], next?: '/by-yourself'): Html {
  const { frame: { t, off }, action } = view
  const list = lists.length > 0 && areaChoice(view, typed, faults, lists, { next })
  if (!action.schemeId) return html`${off.has('lookup') && html`<p class="fine">${t('switch.lookup')}</p>`}${list}${pointButton(view)}${elsewhereTick(view, typed)}`
  return html`${textField({ name: 'postcode', label: t('field.postcode'), hint: action.codeExample ? t('field.postcode.find.like', { example: action.codeExample }) : t('field.postcode.find'), typed, faults, autocomplete: 'postal-code', maxLength: 20, direction: 'ltr' })}
${list && html`<details${(typed.area || faults.area) && html` open`}><summary>${t('field.area.instead')}</summary>${list}</details>`}${list && pointButton(view)}${elsewhereTick(view, typed)}`
}

function closedForm(view: ActionView, { typed, instead }: FormState & Choices): Html {
  const { frame, action } = view
  const { t } = frame
  if (action.standing === 'adjourned') return adjournedForm(view, typed, instead)
  return html`<h2>${t(action.standing === 'scheduled' ? 'message.opens-later' : action.standing === 'suspended' ? 'message.stopped' : 'message.closed')}</h2>
${action.standing !== 'scheduled' && html`<p>${t(action.standing === 'suspended' ? 'message.stopped.why' : 'petition.closed.thanks')}</p>`}${keptWords(t, ...composedWords(typed))}
<div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`
}

/** The body does not sit, and nothing is taken for it: what there is to do instead. */
function adjournedForm({ frame }: ActionView, typed: Typed, instead: ActionView | undefined): Html {
  const { t } = frame
  return html`<h2>${t(instead ? 'adjourned.instead' : 'adjourned.title')}</h2>${instead ? html`<p><strong${inItsLanguage(instead)}>${instead.words.words.title}</strong></p><p${inItsLanguage(instead)}>${instead.words.words.summary}</p>
<a class="go" href="${localPath(frame, actionPath(instead.action))}">${instead.words.words.button || t('thanks.next.button')}</a>` : html`<p>${t('adjourned.why')}</p>`}${keptWords(t, ...composedWords(typed))}
<div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`
}
