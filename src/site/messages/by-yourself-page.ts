import { html, type Html } from '#platform/html/html.ts'
import { countryNameIn } from '#platform/formats.ts'
import { rulesNow } from '#modules/actions/index.ts'
import { addresseeName, closingFor, greetingFor, mailto, needsArea, needsCountry, startingText, templateFor, wholeMessage, type Selected, type Writer } from '#modules/messages/index.ts'
import { localLabel, localName, type OfficeFacts } from '#modules/targets/index.ts'
import { countryField } from '../actions/details-form.ts'
import { actionPath, adviceByCountry, type ActionView } from '../actions/parts.ts'
import { hidden } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { hasOtherWays, otherwiseReached, unreachableNotes } from './channels.ts'
import { targetList } from './compose-page.ts'
import { suffixOf, type Found } from './composing.ts'
import type { Finding } from './finding.ts'
import { sendingNotices } from './when-sent.ts'
import { whereYouLive, type AreaChoice } from './message-page.ts'
import { offersPoint } from './where.ts'

/** Doing it without us: one's own mail program, the text to copy, a letter to print. Asks for nothing but where one lives, stores nothing. */
export function byYourselfPage(view: ActionView, found: Found, { draw, country, done }: { draw: string, country: string, done: string[] }): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const { selected } = found
  const writer: Writer = { name: t('by-yourself.your-name'), ...whereabouts(view, found, { country, postcode: found.code }) }
  const carried = { area: found.area?.id, elsewhere: found.area ? undefined : 'yes', postcode: found.code, draw, country, from: 'by-yourself' }
  return {
    title: t('by-yourself.title', { title: words.words.title }), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('message.by-yourself')}</h1><p>${t(selected.unreachable.some(hasOtherWays) ? 'by-yourself.why-reported' : 'by-yourself.why')}</p>
${adviceByCountry(view)}<section class="card"><h2>${t('compose.goes-to', { count: selected.targets.length })}</h2>${targetList(view, selected.targets)}${sendingNotices(view)}${unreachableNotes(view, { unreachable: selected.unreachable, writer, facts: found.facts, done })}</section>
${selected.letters.flatMap(({ variant, targets }) => targets.filter((target) => !target.held).map(({ office }) => oneOffice(view, writer, office, variant, draw, selected.targets.findIndex((each) => each.office.id === office.id))))}
<form method="post" id="do" action="${localPath(frame, actionPath(action, '/letter'))}">${hidden(carried)}${done.map((each) => html`<input type="hidden" name="done" value="${each}">`)}<button class="plain">${t('by-yourself.print')}</button></form>`,
  }
}

function oneOffice({ frame: { t }, words }: ActionView, writer: Writer, office: OfficeFacts, variant: string | null, draw: string, place: number): Html {
  const template = templateFor(words.words, variant)
  const { subject, body } = startingText(template, writer, () => draw)
  const whole = wholeMessage(template, writer, body, office, words.language)
  const link = mailto([office.email!], subject, whole)
  return html`<section class="card"><h2><bdi>${localLabel(office, t.language)}</bdi></h2>
<div class="row"><a class="plain" href="${link.href}">${t('by-yourself.mail')}</a><button class="plain" type="button" hidden data-copy="text-${place}" data-done="${t('copied')}">${t('by-yourself.copy')}</button></div>
${!link.whole && html`<p class="fine">${t('by-yourself.too-long')}</p>`}
<p class="fine">${t.html('by-yourself.address', { address: html`<bdi dir="ltr">${office.email}</bdi>` })}</p><p class="fine">${t.html('by-yourself.subject', { subject })}</p>
<div class="preview" id="text-${place}" dir="auto">${whole}</div></section>`
}

/** Asks where somebody lives, and nothing else. */
export function whereForm(view: ActionView, lists: AreaChoice[]): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const rules = rulesNow(action.targets, action.bodies)
  return {
    title: t('by-yourself.title', { title: words.words.title }), path: actionPath(action, '/by-yourself'), narrow: true, asksPosition: offersPoint(view),
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('message.by-yourself')}</h1><p>${t('by-yourself.why')}</p>
<form method="post" class="card" id="do" action="${localPath(frame, actionPath(action, '/by-yourself'))}">${needsCountry(rules) && countryField(view, {}, {})}${needsArea(rules) && whereYouLive(view, {}, {}, lists, '/by-yourself')}<button class="go">${t('finding.go-on')}</button></form>`,
  }
}

/** What the words can say of where somebody lives. */
function whereabouts({ words: { language } }: ActionView, found: Answered | undefined, { country, postcode }: { country: string, postcode?: string }): Omit<Writer, 'name'> {
  return { area: found?.area && localName(found.area, language), postcode, country: /^[A-Z]{2}$/.test(country) ? countryNameIn(language, country) : undefined, facts: found?.facts }
}

type Answered = Found | Extract<Finding, { result: 'nobody-to-write-to' }>

/**
 * A letter to each office, ready to print and sign. What was typed goes straight back to the browser and nowhere else. Where it cannot be found out
 * at the moment who that is, one letter with lines to fill in.
 */
export function letterPage(view: ActionView, found: Answered | undefined, given: { name?: string, postalAddress?: string, postcode?: string, country: string, typed: (name: string) => string, draw: string }): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const blank = '________________________'
  const writer: Writer = { name: given.name || blank, postalAddress: given.postalAddress, ...whereabouts(view, found, given) }
  // Above the name there is room to sign.
  const closing = (template: Parameters<typeof closingFor>[0]) => closingFor(template, writer).replace(writer.name, (name) => `\n\n${name}`)
  const placeAndDate = html`<p class="place">________________<span class="hint">${t('letter.place-date')}</span></p>`
  const letter = (office: OfficeFacts, variant: string | null): Html => {
    const template = templateFor(words.words, variant)
    const start = startingText(template, writer, () => given.draw)
    const suffix = suffixOf({ variant })
    return html`<div class="letter-page card" dir="auto"><p>${[addresseeName(office, words.language), localLabel(office, words.language), office.postalAddress].filter(Boolean).join('\n')}</p>
${placeAndDate}
<p><strong>${given.typed(`subject${suffix}`) || start.subject}</strong></p>
<p>${[greetingFor(template, writer, office, words.language), given.typed(`body${suffix}`) || start.body, closing(template)].join('\n\n')}</p></div>`
  }
  const letterToFillIn = (): Html => {
    const start = startingText(words.words, writer, () => given.draw)
    return html`<div class="letter-page card" dir="auto"><p>${[blank, blank, blank].join('\n')}</p>${placeAndDate}
<p><strong>${given.typed('subject') || start.subject}</strong></p><p>${[blank, given.typed('body') || start.body, closing(words.words)].join('\n\n')}</p></div>`
  }
  const { letters, unreachable }: Pick<Selected, 'letters' | 'unreachable'> = found?.result === 'found' ? found.selected : { letters: [], unreachable: found?.unreachable ?? [] }
  return {
    title: t('letter.title', { title: words.words.title }), narrow: true,
    body: html`<div class="noprint"><h1>${t('letter.heading')}</h1><p>${t('letter.how')}</p>${!found && html`<div class="notice" role="note"><p>${t('busy.no-lookup')}</p></div>`}<div class="row"><a class="plain" href="${localPath(frame, actionPath(action))}">${t('action.back')}</a></div></div>
${found === undefined && letterToFillIn()}${letters.flatMap(({ variant, targets }) => targets.map(({ office }) => letter(office, variant)))}${unreachable.filter((each) => otherwiseReached(each)).map(({ target, variant }) => letter(target.office, variant))}`,
  }
}
