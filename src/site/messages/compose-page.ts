import { html, type Html } from '#platform/html/html.ts'
import { countryNameIn } from '#platform/words.ts'
import { closingFor, getsDigest, greetingFor, mailto, senderName, type ChosenTarget, type Writer } from '#modules/messages/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { localLabel, localName, type AreaFacts } from '#modules/targets/index.ts'
import type { Details } from '../actions/details-form.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { errorSummary, hidden, textArea, textField, type Faults, type Typed } from '../forms/fields.ts'
import { officePath } from '../offices/path.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import type { Finding } from './finding.ts'
import { addresseesMark, sendingNotices } from './when-sent.ts'

type Found = Extract<Finding, { result: 'found' }>

export interface ComposeState {
  found: Found
  details: Details
  /** Everything of the first page, to be handed on. */
  carried: Typed
  shown: string[]
  subject: string
  body: string
  /** What the body was before anybody edited it. */
  start: string
  faults: Faults
  notice?: string
  copy?: boolean
}

export function writerOf(view: ActionView, details: Details, area: AreaFacts | undefined): Writer {
  return {
    name: details.name, area: area && localName(area, view.words.language), postcode: details.postcode, postalAddress: view.action.options.postalAddress === 'no' ? undefined : details.postalAddress,
    country: details.country && countryNameIn(view.words.language, details.country),
  }
}

/** The second of two pages: who reads it, what they will see, the words to edit, and "send". */
export function composePage(view: ActionView, state: ComposeState): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const { found, details, faults } = state
  const writer = writerOf(view, details, found.area)
  return {
    title: t('compose.title', { title: words.words.title }), skipTo: 'do', narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('compose.heading')}</h1>
${errorSummary(t, faults)}${state.notice && html`<div class="notice" role="alert"><p>${state.notice}</p></div>`}
<section class="card"><h2>${t('compose.goes-to', { count: found.targets.length })}</h2>${targetList(view, found.targets)}${sendingNotices(view)}${unreachableNotes(view, found)}</section>
<form method="post" action="${localPath(frame, actionPath(action, '/send'))}" class="card" id="do" novalidate>
${prompts(view)}
${textField({ name: 'subject', label: t('compose.subject'), typed: { subject: state.subject }, faults, required: true, maxLength: 200 })}
<p class="fine" id="greeting-label">${t('compose.greeting')}</p><div class="preview" aria-labelledby="greeting-label" dir="auto">${greetings(view, writer, found.targets)}</div>
${action.options.editing === 'locked'
    ? html`<p class="fine">${t('compose.locked')}</p><div class="preview" dir="auto">${state.body}</div>${hidden({ body: state.body })}`
    : textArea({ name: 'body', label: t('compose.body'), hint: t('compose.body.hint'), typed: { body: state.body }, faults, required: true, className: 'letter', feedsMailto: true })}
<p class="fine" id="closing-label">${t('compose.closing')}</p><div class="preview" aria-labelledby="closing-label" dir="auto">${closingFor(words.words, writer)}</div>
${whatTheySee(view, details, found.targets)}
${promises(view, found.targets)}
${action.options.copy && html`<label class="opt"><input type="checkbox" name="copy" value="yes"${state.copy && html` checked`}>${t('compose.copy')}</label>`}
${carriedFields(state)}${hidden({ revision: words.revisionId, to: addresseesMark(found), told: digestOffices(view, found.targets).join(' '), asked: action.options.askReply ? 'yes' : undefined })}
<button class="go">${t('compose.send', { count: found.targets.length })}</button>
<p class="fine">${t('compose.next')}</p>
<div class="row"><button class="plain" formaction="${localPath(frame, actionPath(action, '/details'))}" formnovalidate>${t('compose.change-details')}</button></div>
${byYourself(view, writer, state)}</form>`,
  }
}

export function targetList({ frame: { t } }: ActionView, targets: ChosenTarget[]): Html {
  return html`<ul class="targets">${targets.map(({ office }) => html`<li><b><bdi>${office.holders.map((holder) => localName(holder, t.language)).join(', ') || localLabel(office, t.language)}</bdi></b>${office.holders.length > 0 && html`<bdi>${localLabel(office, t.language)}</bdi>`}</li>`)}</ul>`
}

const unreachableWords = { vacant: 'finding.vacant-seat', 'no-address': 'finding.no-address', 'opted-out': 'finding.opted-out' } as const

/** Those who belong to the answer and cannot be written to: said, with what else there is. */
export function unreachableNotes({ frame }: ActionView, { unreachable }: Pick<Found, 'unreachable'>): Html {
  const { t } = frame
  return html`${unreachable.map(({ target: { office }, why }) => html`<div class="notice"><p>${t.html(unreachableWords[why], { office: html`<a href="${localPath(frame, officePath(office.id))}"><bdi>${localLabel(office, t.language)}</bdi></a>` })}</p>${why === 'opted-out' && office.optOut?.note && html`<p dir="auto">${office.optOut.note}</p>`}
${why !== 'vacant' && otherChannels({ t, office })}</div>`)}`
}

function otherChannels({ t, office }: { t: ActionView['frame']['t'], office: ChosenTarget['office'] }): Html {
  return html`${office.postalAddress && html`<p>${t('finding.by-post')} <bdi>${office.postalAddress}</bdi></p>`}${office.phone && html`<p>${t('finding.by-phone')} <a href="tel:${office.phone.replace(/[^+\d]/g, '')}" dir="ltr">${office.phone}</a></p>`}${office.url && html`<p>${t('finding.by-form')} <a href="${office.url}" rel="noreferrer" dir="ltr">${office.url}</a></p>`}`
}

function greetings({ words }: ActionView, writer: Writer, targets: ChosenTarget[]): string {
  return [...new Set(targets.map(({ office }) => greetingFor(words.words, writer, office, words.language)))].join('\n')
}

function prompts({ frame: { t }, words }: ActionView): Html | false {
  return words.words.prompts.length > 0 && html`<div class="aside"><p><strong>${t('compose.prompts')}</strong></p><ul>${words.words.prompts.map((prompt) => html`<li dir="auto">${prompt}</li>`)}</ul></div>`
}

/** Exactly what a recipient will see of the sender, before anything is sent. */
function whatTheySee({ frame: { t, publisher }, action, words }: ActionView, details: Details, targets: ChosenTarget[]): Html {
  const digest = new Set(digestOffices({ action }, targets))
  const own = targets.some((target) => target.own && !digest.has(target.office.id))
  const others = targets.some((target) => !target.own && !digest.has(target.office.id))
  const { name } = publisherTexts(publisher, words.language)
  return html`<div class="aside"><p><strong>${t('compose.they-see')}</strong></p><ul>
<li>${t.html('compose.they-see.from', { sender: senderName(words.language, details.name, name) })}</li>
${own && html`<li>${t.html('compose.they-see.own', { email: details.email })}</li>`}${others && html`<li>${t.html('compose.they-see.others', { publisher: name })}</li>`}
<li>${t('compose.they-see.message')}</li></ul></div>`
}

/** The offices that get this in one mail with others', by the rules of this moment. */
export function digestOffices({ action }: Pick<ActionView, 'action'>, targets: ChosenTarget[]): string[] {
  return targets.flatMap(({ office }) => (getsDigest(office, action.options) ? [office.id] : [])).toSorted()
}

/** What else happens with it, said before it is sent. */
function promises({ frame: { t, publisher }, action, words }: ActionView, targets: ChosenTarget[]): Html | false {
  const digest = new Set(digestOffices({ action }, targets))
  const names = targets.filter(({ office }) => digest.has(office.id)).map(({ office }) => localLabel(office, t.language))
  return (digest.size > 0 || action.options.askReply) && html`<div class="aside">${digest.size > 0 && html`<p>${t('compose.digest', { offices: t.list(names), publisher: publisherTexts(publisher, words.language).name })}</p>`}${action.options.askReply && html`<p>${t('compose.asked')}</p>`}</div>`
}

/** What the first page asked and showed travels with the second: nothing is stored on the way, so nothing can expire. */
export function carriedFields({ carried, shown }: Pick<ComposeState, 'carried' | 'shown'>): Html {
  return html`${hidden(carried)}${shown.map((id) => html`<input type="hidden" name="shown" value="${id}">`)}`
}

function byYourself(view: ActionView, writer: Writer, state: ComposeState): Html {
  const { frame, action, words } = view
  const { t } = frame
  return html`<details><summary>${t('message.by-yourself')}</summary><p class="fine">${t('by-yourself.why')}</p>
<ul class="targets">${state.found.targets.filter((target) => !target.held).map(({ office }) => {
    const before = greetingFor(words.words, writer, office, words.language)
    const after = closingFor(words.words, writer)
    const link = mailto([office.email!], state.subject, `${before}\n\n${state.body}\n\n${after}`)
    return html`<li><b><bdi>${localLabel(office, t.language)}</bdi></b><a href="${link.href}" data-mailto="mailto:${office.email}" data-before="${before}" data-after="${after}">${t('by-yourself.mail')}</a></li>`
  })}</ul>
<div class="row"><button class="plain" formaction="${localPath(frame, actionPath(action, '/letter'))}" formnovalidate>${t('by-yourself.print')}</button></div></details>`
}

