import { html, type Html } from '#platform/html/html.ts'
import { reportChannels, type AreaFactValues, type ReportChannel } from '#modules/actions/index.ts'
import { scriptFor, startingText, templateFor, wholeMessage, type Unreachable, type Writer } from '#modules/messages/index.ts'
import { localLabel, localName } from '#modules/targets/index.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { charactersLeft } from '../forms/fields.ts'
import { localPath } from '../look/layout.ts'
import { noteOn } from '../offices/opt-out-note.ts'
import { officePath } from '../offices/path.ts'

/** Those who cannot be written to from here, and what is known of whoever might reach them another way. */
export interface OtherWays {
  unreachable: Unreachable[]
  writer: Writer
  facts: AreaFactValues | undefined
  /** Ways that the supporter says they have used: "phone" and the office. */
  done: string[]
}

const unreachableWords = { vacant: 'finding.vacant-seat', 'no-address': 'finding.no-address', 'opted-out': 'finding.opted-out', 'left-out': 'finding.left-out', 'no-rule': 'finding.left-out' } as const

/** Those who belong to the answer and cannot be written to: said, with what else there is. The buttons belong to the form named "do" on the same page. */
export function unreachableNotes(view: ActionView, ways: OtherWays): Html {
  const { t } = view.frame
  return html`${ways.unreachable.map((each, place) => {
    const { target: { office }, why } = each
    return html`<div class="notice">${otherwiseReached(each) && office.holders.map((holder) => html`<p><strong><bdi>${localName(holder, t.language)}</bdi></strong></p>`)}<p>${t.html(unreachableWords[why], { office: html`<a href="${localPath(view.frame, officePath(office.id))}"><bdi>${localLabel(office, t.language)}</bdi></a>` })}</p>${why === 'opted-out' && noteOn(office, view.frame)}
${otherwiseReached(each) && otherChannels(view, ways, each, place)}</div>`
  })}`
}

/** Whether somebody holds an office to whom only our e-mails do not go: they can be called, and get letters. */
export function otherwiseReached({ why }: Unreachable): boolean {
  return why === 'no-address' || why === 'opted-out'
}

/** Whether an office can be reached in any way that a supporter can use alone. */
export function hasOtherWays(unreachable: Unreachable): boolean {
  const { office } = unreachable.target
  return otherwiseReached(unreachable) && (office.phone !== undefined || office.url !== undefined || office.postalAddress !== undefined)
}

/** What the report button of a form says: by which way which office was reached. */
export function readReport(value: string): { channel: ReportChannel, officeId: string } | undefined {
  const [channel, officeId] = [value.slice(0, value.indexOf(' ')), value.slice(value.indexOf(' ') + 1)]
  const known = reportChannels.find((each) => each === channel)
  return known && officeId ? { channel: known, officeId } : undefined
}

function otherChannels(view: ActionView, ways: OtherWays, { target: { office }, variant }: Unreachable, place: number): Html {
  const { frame: { t }, words, action } = view
  const { writer } = ways
  const reported = (channel: ReportChannel) => report(view, ways, `${channel} ${office.id}`, channel, place)
  const script = scriptFor(words.words.script, writer, office, words.language)
  return html`${office.phone && html`<p>${t('finding.by-phone')} <a href="tel:${office.phone.replace(/[^+\d]/g, '')}" dir="ltr">${office.phone}</a></p>${script && html`<p class="fine">${t('channel.script')}</p><div class="preview" dir="auto">${script}</div>`}${reported('phone')}`}
${office.url && html`<p>${t('finding.by-form')} <a href="${office.url}" rel="noreferrer" dir="ltr">${office.url}</a></p>${formText(view, ways, office, variant, place)}${reported('form')}`}
${office.postalAddress && html`<p>${t('finding.by-post')} <bdi>${office.postalAddress}</bdi></p><div class="row"><button class="plain" form="do" formaction="${localPath(view.frame, actionPath(action, '/letter'))}" formnovalidate>${t('by-yourself.print')}</button></div>${reported('post')}`}`
}

/** The text to copy into an office's own form, with what that form takes. */
function formText({ frame: { t }, words }: ActionView, { writer }: OtherWays, office: Unreachable['target']['office'], variant: string | null, place: number): Html {
  const template = templateFor(words.words, variant)
  const whole = wholeMessage(template, writer, startingText(template, writer, () => office.id).body, office, words.language)
  const name = `form-text-${place}`
  const over = office.formLimit === undefined ? 0 : whole.length - office.formLimit
  return html`<label for="${name}">${t('channel.form-text')}</label><textarea id="${name}" class="letter" dir="auto"${office.formLimit !== undefined && html` aria-describedby="${name}-count"`}>
${whole}</textarea>${office.formLimit !== undefined && charactersLeft(t, name, office.formLimit)}${over > 0 && html`<p class="wrong">${t('fault.too-many', { limit: office.formLimit!, over })}</p>`}
<div class="row"><button class="plain" type="button" hidden data-copy="${name}" data-done="${t('copied')}">${t('by-yourself.copy')}</button></div>`
}

function report({ frame, action }: ActionView, { done }: OtherWays, value: string, channel: ReportChannel, place: number): Html {
  const { t } = frame
  // The page comes back at the place where something was pressed, without a script too.
  const here = `done-${channel}-${place}`
  if (done.includes(value)) return html`<p role="status" id="${here}"><strong>${t(`channel.${channel}.thanks`)}</strong></p>`
  return html`<div class="row"><button class="plain" form="do" formaction="${localPath(frame, actionPath(action, '/reported'))}#${here}" formnovalidate name="report" value="${value}">${t(`channel.${channel}.done`)}</button></div>`
}
