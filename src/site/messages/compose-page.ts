import { html, type Html } from '#platform/html/html.ts'
import { closingFor, greetingFor, mailto, senderName, wholeMessage, type ChosenTarget, type Writer } from '#modules/messages/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { localLabel, localName } from '#modules/targets/index.ts'
import type { Details } from '../actions/details-form.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { charactersLeft, errorSummary, hidden, textArea, textField, type Typed } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { unreachableNotes } from './channels.ts'
import { digestOffices, type ComposeState, type Part } from './composing.ts'
import { sendingNotices } from './when-sent.ts'

/** The second of two pages: who reads it, what they will see, the words to edit, and "send". */
export function composePage(view: ActionView, state: ComposeState): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const { found: { selected, facts }, details, writer, faults, parts } = state
  const several = parts.length > 1
  return {
    title: t('compose.title', { title: words.words.title }), skipTo: 'do', narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('compose.heading')}</h1>
${errorSummary(t, faults)}${state.notice && html`<div class="notice" role="alert"><p>${state.notice}</p></div>`}
<section class="card"><h2>${t('compose.goes-to', { count: selected.targets.length })}</h2>${targetList(view, selected.targets)}${sendingNotices(view)}${copyList(view, selected.copies)}${unreachableNotes(view, { unreachable: selected.unreachable, writer, facts, done: state.done })}</section>
<form method="post" action="${localPath(frame, actionPath(action, '/send'))}" class="card" id="do" novalidate>
${prompts(view)}${several && html`<p>${t('compose.several', { count: parts.length })}</p>`}
${parts.map((part) => (several ? html`<fieldset><legend>${t('compose.part', { offices: t.list(part.targets.map(({ office }) => nameOf(view, office))) })}</legend>${text(view, state, part)}</fieldset>` : text(view, state, part)))}
${whatTheySee(view, details, selected.targets)}
${promises(view, selected.targets)}
${action.options.copy && html`<label class="opt"><input type="checkbox" name="copy" value="yes"${state.copy && html` checked`}>${t('compose.copy')}</label>`}
${carriedFields(state)}${hidden({ revision: words.revisionId, seen: state.seen, told: digestOffices(view, selected.targets).join(' '), asked: action.options.askReply ? 'yes' : undefined, from: 'compose' })}
<button class="go">${t('compose.send', { count: selected.targets.length })}</button>
<p class="fine">${t('compose.next')}</p>
<div class="row"><button class="plain" formaction="${localPath(frame, actionPath(action, '/details'))}" formnovalidate>${t('compose.change-details')}</button>${state.picked.length > 0 && html`<button class="plain" formaction="${localPath(frame, actionPath(action, '/choose'))}" formnovalidate>${t('compose.choose-others')}</button>`}</div>
${byYourself(view, state)}</form>`,
  }
}

/** Subject, beginning, body and end of one text; where all targets get the same, that is all there is. */
function text(view: ActionView, { writer, faults }: ComposeState, part: Part): Html {
  const { frame: { t }, action: { options }, words } = view
  const subject = `subject${part.suffix}`
  const body = `body${part.suffix}`
  return html`${textField({ name: subject, label: t('compose.subject'), typed: { [subject]: part.subject }, faults, required: true, maxLength: 200, count: options.subjectLimit < 200 && charactersLeft(t, subject, options.subjectLimit) })}
<p class="fine" id="greeting-label${part.suffix}">${t('compose.greeting')}</p><div class="preview" aria-labelledby="greeting-label${part.suffix}" dir="auto">${greetings(part, writer, words.language)}</div>
${options.editing === 'locked'
    ? html`<p class="fine">${t('compose.locked')}</p><div class="preview" dir="auto">${part.body}</div>${hidden({ [body]: part.body })}`
    : textArea({ name: body, label: t('compose.body'), hint: t('compose.body.hint'), typed: { [body]: part.body }, faults, required: true, className: 'letter', feedsMailto: true, count: options.bodyLimit < 20_000 && charactersLeft(t, body, options.bodyLimit) })}
<p class="fine" id="closing-label${part.suffix}">${t('compose.closing')}</p><div class="preview" aria-labelledby="closing-label${part.suffix}" dir="auto">${closingFor(part.template, writer)}</div>`
}

export function nameOf({ frame: { t } }: ActionView, office: ChosenTarget['office']): string {
  return office.holders.map((holder) => localName(holder, t.language)).join(', ') || localLabel(office, t.language)
}

export function targetList(view: ActionView, targets: ChosenTarget[]): Html {
  return html`<ul class="targets">${targets.map(({ office }) => html`<li><b><bdi>${nameOf(view, office)}</bdi></b>${office.holders.length > 0 && html` <bdi>${localLabel(office, view.frame.t.language)}</bdi>`}</li>`)}</ul>`
}

/** Those who get a copy for information. */
function copyList(view: ActionView, copies: ChosenTarget[]): Html | false {
  return copies.length > 0 && html`<h3>${view.frame.t('compose.copies', { count: copies.length })}</h3>${targetList(view, copies)}<p class="fine">${view.frame.t('compose.copies.why')}</p>`
}

function greetings(part: Part, writer: Writer, language: string): string {
  return [...new Set(part.targets.map(({ office }) => greetingFor(part.template, writer, office, language)))].join('\n')
}

function prompts({ frame: { t }, words }: ActionView): Html | false {
  return words.words.prompts.length > 0 && html`<div class="aside"><p><strong>${t('compose.prompts')}</strong></p><ul>${words.words.prompts.map((prompt) => html`<li><bdi>${prompt}</bdi></li>`)}</ul></div>`
}

/** Exactly what a recipient will see of the sender, before anything is sent. */
function whatTheySee({ frame: { t, publisher }, action, words }: ActionView, details: Details, targets: ChosenTarget[]): Html {
  const digest = new Set(digestOffices({ action }, targets))
  const own = targets.some((target) => target.own && !digest.has(target.office.id))
  const others = targets.some((target) => !target.own && !digest.has(target.office.id))
  const { name } = publisherTexts(publisher, words.language)
  return html`<div class="aside"><p><strong>${t('compose.they-see')}</strong></p><ul>
<li>${t.html('compose.they-see.from', { sender: own || others ? senderName(words.language, details.name, name) : name })}</li>
${own && html`<li>${t.html('compose.they-see.own', { email: details.email })}</li>`}${others && html`<li>${t.html(own ? 'compose.they-see.others' : 'compose.they-see.all', { publisher: name })}</li>`}
<li>${t('compose.they-see.message')}</li></ul></div>`
}

/** What else happens with it, said before it is sent. */
function promises({ frame: { t, publisher }, action, words }: ActionView, targets: ChosenTarget[]): Html | false {
  const digest = new Set(digestOffices({ action }, targets))
  const names = targets.filter(({ office }) => digest.has(office.id)).map(({ office }) => localLabel(office, t.language))
  return (digest.size > 0 || action.options.askReply) && html`<div class="aside">${digest.size > 0 && html`<p>${t('compose.digest', { offices: t.list(names), publisher: publisherTexts(publisher, words.language).name })}</p>`}${action.options.askReply && html`<p>${t('compose.asked')}</p>`}</div>`
}

/** What the first page asked and showed travels with the second: nothing is stored on the way, so nothing can expire. */
export function carriedFields({ carried, shown, picked = [], done = [] }: { carried: Typed, shown: string[], picked?: string[], done?: string[] }): Html {
  return html`${hidden(carried)}${shown.map((id) => html`<input type="hidden" name="shown" value="${id}">`)}${picked.map((id) => html`<input type="hidden" name="to" value="${id}">`)}${done.map((each) => html`<input type="hidden" name="done" value="${each}">`)}`
}

function byYourself(view: ActionView, { parts, writer }: ComposeState): Html {
  const { frame, action, words } = view
  const { t } = frame
  return html`<details><summary>${t('message.by-yourself')}</summary><p class="fine">${t('by-yourself.why')}</p>
<ul class="targets">${parts.flatMap((part) => part.targets.filter((target) => !target.held).map(({ office }) => {
    const before = greetingFor(part.template, writer, office, words.language)
    const after = closingFor(part.template, writer)
    const link = mailto([office.email!], part.subject, wholeMessage(part.template, writer, part.body, office, words.language))
    return html`<li><b><bdi>${localLabel(office, t.language)}</bdi></b><a href="${link.href}" data-mailto="mailto:${office.email}" data-text="${part.suffix}" data-before="${before}" data-after="${after}">${t('by-yourself.mail')}</a></li>`
  }))}</ul>
<div class="row"><button class="plain" formaction="${localPath(frame, actionPath(action, '/letter'))}" formnovalidate>${t('by-yourself.print')}</button></div></details>`
}
