import { html, type Html } from '#platform/html/html.ts'
import { addresseeName, closingFor, greetingFor, mailto, startingText, wholeMessage, type Writer } from '#modules/messages/index.ts'
import { localLabel, localName } from '#modules/targets/index.ts'
import { actionPath, adviceByCountry, type ActionView } from '../actions/parts.ts'
import { hidden } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { targetList, unreachableNotes } from './compose-page.ts'
import type { Finding } from './finding.ts'
import { sendingNotices } from './when-sent.ts'
import { whereYouLive, type AreaChoice } from './message-page.ts'
import { offersPoint } from './where.ts'

type Found = Extract<Finding, { result: 'found' }>

/** Doing it without us: one's own mail program, the text to copy, a letter to print. Asks for nothing but where one lives, stores nothing. */
export function byYourselfPage(view: ActionView, found: Found): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const writer: Writer = { name: t('by-yourself.your-name'), area: found.area && localName(found.area, words.language) }
  const { subject, body } = startingText(words.words, writer)
  return {
    title: t('by-yourself.title', { title: words.words.title }), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('message.by-yourself')}</h1><p>${t('by-yourself.why')}</p>
${adviceByCountry(view)}<section class="card"><h2>${t('compose.goes-to', { count: found.targets.length })}</h2>${targetList(view, found.targets)}${sendingNotices(view)}${unreachableNotes(view, found)}</section>
${found.targets.filter((target) => !target.held).map(({ office }, place) => {
    const whole = wholeMessage(words.words, writer, body, office, words.language)
    const link = mailto([office.email!], subject, whole)
    return html`<section class="card"><h2><bdi>${localLabel(office, t.language)}</bdi></h2>
<div class="row"><a class="plain" href="${link.href}">${t('by-yourself.mail')}</a><button class="plain" type="button" hidden data-copy="text-${place}" data-done="${t('copied')}">${t('by-yourself.copy')}</button></div>
${!link.whole && html`<p class="fine">${t('by-yourself.too-long')}</p>`}
<p class="fine">${t.html('by-yourself.address', { address: html`<bdi dir="ltr">${office.email}</bdi>` })}</p><p class="fine">${t.html('by-yourself.subject', { subject })}</p>
<div class="preview" id="text-${place}" dir="auto">${whole}</div></section>`
  })}
<form method="post" action="${localPath(frame, actionPath(action, '/letter'))}">${hidden({ area: found.area?.id })}<button class="plain">${t('by-yourself.print')}</button></form>`,
  }
}

/** Asks where somebody lives, and nothing else. */
export function whereForm(view: ActionView, lists: AreaChoice[]): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  return {
    title: t('by-yourself.title', { title: words.words.title }), path: actionPath(action, '/by-yourself'), narrow: true, asksPosition: offersPoint(view),
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('message.by-yourself')}</h1><p>${t('by-yourself.why')}</p>
<form method="post" class="card" id="do" action="${localPath(frame, actionPath(action, '/by-yourself'))}">${whereYouLive(view, {}, {}, lists, '/by-yourself')}<button class="go">${t('finding.go-on')}</button></form>`,
  }
}

/**
 * A letter to each office, ready to print and sign. What was typed goes straight back to the browser and nowhere else. Where it cannot be found out
 * at the moment who that is, one letter with lines to fill in.
 */
export function letterPage(view: ActionView, found: Found | undefined, given: { name?: string, postalAddress?: string, postcode?: string, subject?: string, body?: string }): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const blank = '________________________'
  const writer: Writer = { name: given.name || blank, area: found?.area && localName(found.area, words.language), postalAddress: given.postalAddress, postcode: given.postcode }
  const start = startingText(words.words, writer)
  const letter = (office: Found['targets'][number]['office']): Html => html`<div class="letter-page card" dir="auto"><p class="preview">${[addresseeName(office, words.language), localLabel(office, words.language), office.postalAddress].filter(Boolean).join('\n')}</p>
<p>________________ <span class="hint">${t('letter.place-date')}</span></p>
<p><strong>${given.subject || start.subject}</strong></p>
<p class="preview">${[greetingFor(words.words, writer, office, words.language), given.body || start.body, closingFor(words.words, writer)].join('\n\n')}</p></div>`
  const letterToFillIn = (): Html => html`<div class="letter-page card" dir="auto"><p class="preview">${[blank, blank, blank].join('\n')}</p><p>________________ <span class="hint">${t('letter.place-date')}</span></p>
<p><strong>${given.subject || start.subject}</strong></p><p class="preview">${[blank, given.body || start.body, closingFor(words.words, writer)].join('\n\n')}</p></div>`
  return {
    title: t('letter.title', { title: words.words.title }), narrow: true,
    body: html`<div class="noprint"><h1>${t('letter.heading')}</h1><p>${t('letter.how')}</p>${!found && html`<div class="notice" role="note"><p>${t('busy.no-lookup')}</p></div>`}<div class="row"><a class="plain" href="${localPath(frame, actionPath(action))}">${t('action.back')}</a></div></div>
${found === undefined ? letterToFillIn() : found.targets.concat(found.unreachable.filter((each) => each.why !== 'vacant').map((each) => each.target)).map(({ office }) => letter(office))}`,
  }
}
