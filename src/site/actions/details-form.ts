import { z } from 'zod'
import { plainDigits } from '#platform/digits.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import type { PublicAction, PublicStatement } from '#modules/actions/index.ts'
import { readAddress, type GivenAnswer } from '#modules/people/index.ts'
import { hidden, selectField, textArea, textField, type Faults, type Typed } from '../forms/fields.ts'
import type { SiteWords } from '../words/index.ts'
import { countriesInOrder } from '#platform/countries.ts'
import { saysElsewhere } from '../messages/elsewhere.ts'
import type { ActionView } from './parts.ts'

/** What a supporter tells about themselves, the same for every kind of action. */
export interface Details {
  name: string
  email: string
  country: string | undefined
  postcode: string | undefined
  source: string | undefined
  answers: GivenAnswer[]
  phone: string | undefined
  postalAddress: string | undefined
  /** The form's random key. */
  form: string
}

const detailNames = ['name', 'email', 'country', 'postcode', 'phone', 'address', 'comment', 'area', 'elsewhere']

/** All that was typed into a form, to show it again: nothing is lost by a mistake. */
export function typedIn(body: unknown, more: string[] = []): Typed {
  const typed: Typed = {}
  for (const name of [...detailNames, ...more]) typed[name] = field(body, name).slice(0, 30_000)
  for (const name of Object.keys((body ?? {}))) if (name.startsWith('consent-')) typed[name] = field(body, name)
  return typed
}

export function nameAndAddress({ frame: { t } }: ActionView, typed: Typed, faults: Faults): Html {
  return html`${textField({ name: 'name', label: t('field.name'), typed, faults, required: true, autocomplete: 'name', maxLength: 200 })}
${textField({ name: 'email', label: t('field.email'), hint: t('field.email.hint'), typed, faults, required: true, autocomplete: 'email', type: 'email', maxLength: 254, direction: 'ltr' })}`
}

export function countryField({ frame: { t, publisher }, action }: ActionView, typed: Typed, faults: Faults): Html | false {
  return action.options.country !== 'no' && selectField({
    name: 'country', label: optional(t, t('field.country'), action.options.country), typed: { country: publisher.country ?? undefined, ...typed }, faults,
    required: action.options.country === 'required', autocomplete: 'country', options: countriesInOrder(t), empty: t('field.country.empty'),
  })
}

export function optional(t: SiteWords, label: string, asked: 'no' | 'optional' | 'required'): string {
  return asked === 'optional' ? t('field.optional', { label }) : label
}

/** The consent statements of an action: asked in words, nothing ticked, and phone or address wanted only by those who say yes to them. */
export function consentQuestions({ frame: { t, publisher }, action, words }: ActionView, typed: Typed, faults: Faults, which: (statement: PublicStatement) => boolean = () => true): Html {
  const language = t.language in (action.words) ? t.language : words.language
  return html`${action.statements.filter(which).map((statement) => {
    const shown = wordingFor(statement, language, publisher.defaultLanguage)
    if (!shown) return false
    const name = `consent-${statement.id}`
    const controller = !statement.ofPublisher && (statement.controllerNames[t.language] ?? Object.values(statement.controllerNames)[0])
    return html`<fieldset id="${name}"><legend dir="auto">${shown.wording}${controller && html` <span class="hint">${t('consent.controller', { name: controller })}${statement.privacyUrl && html` <a href="${statement.privacyUrl}" rel="noreferrer">${t('nav.privacy')}</a>`}</span>`}</legend>
<input type="hidden" name="shown" value="${shown.wordingId}"><div class="opts">
<label class="opt"><input type="radio" name="${name}" value="yes"${typed[name] === 'yes' && html` checked`}>${t('consent.yes')}</label>
<label class="opt"><input type="radio" name="${name}" value="no"${typed[name] === 'no' && html` checked`}>${t('consent.no')}</label></div>
${statement.channel === 'phone' && html`<div class="if-yes">${textField({ name: 'phone', label: t('field.phone'), typed, faults, autocomplete: 'tel', type: 'tel', maxLength: 40, direction: 'ltr' })}</div>`}
${statement.channel === 'post' && html`<div class="if-yes">${textArea({ name: 'address', label: t('field.address'), typed, faults })}</div>`}
</fieldset>`
  })}`
}

function wordingFor(statement: PublicStatement, language: string, fallback: string): { wordingId: string, wording: string } | undefined {
  return statement.newest[language] ?? statement.newest[fallback] ?? Object.values(statement.newest)[0]
}

/** A form's random key and where the visitor came from. */
export function formKey(key: string, source: string | undefined): Html {
  return hidden({ key, s: source })
}

const longestAddress = 500
const phone = z.string().regex(/^[+(]?[\d\s()./-]{4,40}$/).refine((text) => /\d.*\d.*\d.*\d/.test(text))

// Marks that turn whatever stands beside them around: in a sender's name they would turn the publisher's too.
const turning = /[\u202a-\u202e\u2066-\u2069]/g
// Some letters are blank, and some characters are there only to join others.
const visible = /[^\p{Cc}\p{Cf}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u

/** A name as it was typed, without what would turn letters around or cannot be seen; or what is wrong with it. */
export function readName(t: SiteWords, typed: string): { name: string } | { fault: string } {
  const name = typed.replace(turning, '').replace(/\s+/g, ' ').trim()
  if (!visible.test(name)) return { fault: t('fault.name') }
  return name.length > 200 ? { fault: t('fault.name-long') } : { name }
}

/** Reads and checks what was typed. Faults are in the reader's words; there is either a complete answer or at least one fault. */
export function readDetails(t: SiteWords, action: PublicAction, body: unknown): { details: Details, faults: Faults } {
  const faults: Faults = {}
  const named = readName(t, field(body, 'name'))
  if ('fault' in named) faults.name = named.fault
  const typedEmail = field(body, 'email').trim()
  const email = readAddress(typedEmail) ?? ''
  if (!typedEmail) faults.email = t('fault.email-missing')
  else if (!email) faults.email = t('fault.email')
  const country = field(body, 'country').trim().toUpperCase()
  if (action.options.country === 'required' && !country) faults.country = t('fault.country')
  const postcode = field(body, 'postcode').replace(/\s+/g, ' ').trim()
  if (action.options.postcode === 'required' && !postcode && !field(body, 'area') && !saysElsewhere(action, body)) faults.postcode = t('fault.postcode')
  else if (postcode.length > 20) faults.postcode = t('fault.postcode-long')
  const answers = readAnswers(action, body)
  const yes = (channel: string) => answers.some((given) => given.answer === 'yes' && action.statements.find((each) => each.id === given.statement)?.channel === channel)
  const typedPhone = plainDigits(field(body, 'phone')).trim()
  if (yes('phone') && !phone.safeParse(typedPhone).success) faults.phone = t('fault.phone')
  const postalAddress = field(body, 'address').trim()
  if (postalAddress.length > longestAddress && (yes('post') || action.options.postalAddress !== 'no')) faults.address = t('fault.address-long', { count: longestAddress })
  else if ((yes('post') || action.options.postalAddress === 'required') && postalAddress.length < 5) faults.address = t('fault.address')
  const source = field(body, 's')
  return {
    faults,
    details: {
      name: 'name' in named ? named.name : '', email, country: /^[A-Z]{2}$/.test(country) && action.options.country !== 'no' ? country : undefined,
      postcode: action.options.postcode !== 'no' && postcode ? postcode : undefined,
      source: /^[a-z0-9-]{1,24}$/.test(source) ? source : undefined, answers,
      phone: yes('phone') ? typedPhone : undefined,
      postalAddress: (yes('post') || action.options.postalAddress !== 'no') && postalAddress ? postalAddress : undefined,
      form: field(body, 'key').slice(0, 22),
    },
  }
}

/**
 * What was answered to what was shown. The form says which wordings it showed, so that whoever opened it before a wording
 * changed is recorded against the words they read. A statement that the form did not show is "not shown", whatever is posted.
 */
export function readAnswers(action: PublicAction, body: unknown): GivenAnswer[] {
  const shown = new Set(fields(body, 'shown'))
  return action.statements.map((statement): GivenAnswer => {
    const wording = [...statement.wordingIds].find((id) => shown.has(id))
    if (wording === undefined) return { statement: statement.id, wording: null, answer: 'not-shown' }
    const answer = field(body, `consent-${statement.id}`)
    return { statement: statement.id, wording, answer: answer === 'yes' || answer === 'no' ? answer : 'not-answered' }
  })
}
