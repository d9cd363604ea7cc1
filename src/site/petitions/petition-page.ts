import { html, type Html } from '#platform/html/html.ts'
import { goalFor } from '#modules/petitions/index.ts'
import { consentQuestions, countryField, formKey, nameAndAddress, optional } from '../actions/details-form.ts'
import { historyLink } from '../actions/count-history.ts'
import { actionPath, adviceByCountry, inItsLanguage, lede, story, type ActionView } from '../actions/parts.ts'
import { errorSummary, keptWords, textArea, textField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath } from '../look/layout.ts'
import { hidden } from '../forms/fields.ts'
import { pausedForm } from '../switch-pages.ts'

export interface FormState {
  typed: Typed
  faults: Faults
  /** The form's random key. */
  key: string
  source?: string
  /** Said above the form, such as that we are busy. */
  notice?: string
  shownNames?: { name: string, comment: string }[]
}

export function petitionPage(view: ActionView, state: FormState): Html {
  return html`<div class="cols">${lede(view)}
<div class="do" id="do">${signatureCount(view)}${historyLink(view)}${view.action.standing !== 'open' ? closedForm(view, state) : view.frame.off.has('signing') && !state.notice ? pausedForm(view.frame, [sheetLink(view)]) : signForm(view, state)}</div>
${story(view, html`${askText(view)}${adviceByCountry(view)}${shownNames(view, state.shownNames ?? [])}${formerAsks(view)}`)}</div>`
}

function signatureCount({ frame: { t, off }, action }: ActionView): Html | false {
  if (off.has('counts')) return html`<p class="fine">${t('switch.counts')}</p>`
  if (action.total < action.options.showCountFrom || action.total === 0) return false
  const goal = goalFor(action.options.goal, action.total)
  return html`<p class="count" id="count">${t.number(action.total)} <small>${goal ? t('count.with-goal', { count: action.total, goal }) : t('count.people', { count: action.total })}</small></p>
${goal !== undefined && html`<progress value="${Math.min(action.total, goal)}" max="${goal}" aria-label="${t('count.progress')}">${t.percent(action.total / goal)}</progress>`}`
}

function signForm(view: ActionView, { typed, faults, key, source, notice }: FormState): Html {
  const { frame, action, words } = view
  const { t } = frame
  const { options } = action
  return html`<form method="post" action="${localPath(frame, actionPath(action, '/sign'))}" novalidate>
<h2>${t('petition.add-your-name')}</h2>
${notice && html`<div class="notice" role="alert"><p>${notice}</p></div>`}${errorSummary(t, faults)}
${nameAndAddress(view, typed, faults)}${countryField(view, typed, faults)}
${options.postcode !== 'no' && textField({ name: 'postcode', label: optional(t, t('field.postcode'), options.postcode), hint: t('field.postcode.why'), typed, faults, required: options.postcode === 'required', autocomplete: 'postal-code', maxLength: 20, direction: 'ltr' })}
${sayWhy(view, typed, faults)}${consentQuestions(view, typed, faults, (statement) => statement.channel !== 'public-name')}
${hidden({ ask: words.askId ?? undefined, in: words.language })}${formKey(key, source)}
<button class="go">${words.words.button || t('petition.sign')}</button>
<p class="fine">${t.html('form.locked', { link: (inside) => html`<a href="${localPath(frame, '/your-data')}">${inside}</a>` })}</p>
${otherWays(view)}</form>`
}

/** Saying why and being seen are for those who want to; they stand aside, so that signing stays one short form. */
function sayWhy(view: ActionView, typed: Typed, faults: Faults): Html | false {
  const { frame: { t }, action } = view
  const seen = action.statements.some((statement) => statement.channel === 'public-name')
  if (!action.options.comment && !seen) return false
  return html`<details${(typed.comment || faults.comment) && html` open`}><summary>${t(action.options.comment ? 'petition.say-why' : 'petition.be-seen')}</summary>
${action.options.comment && textArea({ name: 'comment', label: t('field.comment'), hint: t('field.comment.hint'), typed, faults })}
${consentQuestions(view, typed, faults, (statement) => statement.channel === 'public-name')}</details>`
}

function otherWays(view: ActionView): Html {
  const { href, label } = sheetLink(view)
  return html`<ul class="other"><li><a href="${href}">${label}</a></li></ul>`
}

function sheetLink({ frame, action }: ActionView): { href: string, label: string } {
  return { href: localPath(frame, actionPath(action, '/sheet')), label: frame.t('petition.sheet') }
}

function closedForm({ frame, action }: ActionView, { typed }: FormState): Html {
  const { t } = frame
  return html`<h2>${t(action.standing === 'scheduled' ? 'petition.opens-later' : action.standing === 'suspended' ? 'petition.stopped' : 'petition.closed')}</h2>${['closed', 'ended'].includes(action.standing) && html`<p>${t('petition.closed.thanks')}</p>`}${keptWords(t, typed.comment)}
<div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`
}

function askText(view: ActionView): Html {
  const { frame: { t }, words } = view
  return html`<h2 id="ask">${words.askNumber && words.askNumber > 1 ? t('petition.ask-version', { number: words.askNumber }) : t('petition.ask')}</h2><div class="ask"${inItsLanguage(view) || html` dir="auto"`}>${words.ask}</div>`
}

/** Who signed an earlier version signed that one, and everybody can read it. */
function formerAsks({ frame: { t }, action, words }: ActionView): Html | false {
  const former = action.formerAsks.filter((ask) => ask.language === words.language)
  return former.length > 0 && html`<details><summary>${t('petition.former-asks')}</summary>${former.map((ask) => html`<h3>${t('petition.ask-from', { number: ask.number, day: t.day(ask.since, action.zone) })}</h3><div class="ask" dir="auto">${ask.ask}</div>`)}</details>`
}

function shownNames({ frame: { t } }: ActionView, names: { name: string, comment: string }[]): Html | false {
  return names.length > 0 && html`<h2>${t('petition.names')}</h2><ul class="names">${names.map(({ name, comment }) => html`<li><bdi>${name}</bdi>${comment && html`<p dir="auto">${comment}</p>`}</li>`)}</ul>`
}
