import { html, type Html } from '#platform/html/html.ts'
import type { SiteWords } from '../words/index.ts'

/** What was typed into a form, by field name. */
export type Typed = Record<string, string | undefined>

/** What is wrong with a form, by field name, in words. */
export type Faults = Record<string, string>

interface FieldParts {
  name: string
  label: string
  hint?: string
  typed: Typed
  faults: Faults
  required?: boolean
  autocomplete?: string
  type?: 'text' | 'email' | 'tel'
  maxLength?: number
  direction?: 'auto' | 'ltr'
  /** How many characters it may have: said beside it, and counted while somebody types. */
  count?: Html | false
}

function describedBy({ name, hint, faults, count }: FieldParts): string {
  return [hint && `${name}-hint`, count && `${name}-count`, faults[name] && `${name}-wrong`].filter(Boolean).join(' ')
}

function around(parts: FieldParts, control: Html): Html {
  const { name, label, hint, faults, count } = parts
  return html`<div class="field"><label for="${name}">${label}${hint && html` <span class="hint" id="${name}-hint">${hint}</span>`}</label> ${control}${count}${faults[name] && html`<p class="wrong" id="${name}-wrong">${faults[name]}</p>`}</div>`
}

/** How much a field takes. A script counts on while somebody types, politely; the server refuses what is too long either way. */
export function charactersLeft(t: SiteWords, name: string, limit: number): Html {
  return html`<p class="fine" id="${name}-count" data-counts="${name}" data-limit="${limit}" data-used="${t('field.count', { used: '#', limit: t.number(limit) })}" data-over="${t('field.count-over', { used: '#', limit: t.number(limit) })}" aria-live="polite">${t('field.count-limit', { limit })}</p>`
}

export function textField(parts: FieldParts): Html {
  const { name, typed, faults, required, autocomplete, type = 'text', maxLength, direction = 'auto' } = parts
  const described = describedBy(parts)
  return around(parts, html`<input id="${name}" name="${name}" type="${type}" value="${typed[name] ?? ''}" dir="${direction}"${required && html` required`}${autocomplete && html` autocomplete="${autocomplete}"`}${maxLength && html` maxlength="${maxLength}"`}${described && html` aria-describedby="${described}"`}${faults[name] && html` aria-invalid="true"`}>`)
}

export function textArea(parts: FieldParts & { className?: string, feedsMailto?: boolean }): Html {
  const { name, typed, faults, required, maxLength, className, feedsMailto } = parts
  const described = describedBy(parts)
  return around(parts, html`<textarea id="${name}" name="${name}" dir="auto"${className && html` class="${className}"`}${feedsMailto && html` data-feeds-mailto`}${required && html` required`}${maxLength && html` maxlength="${maxLength}"`}${described && html` aria-describedby="${described}"`}${faults[name] && html` aria-invalid="true"`}>
${typed[name] ?? ''}</textarea>`)
}

export function selectField(parts: FieldParts & { options: { value: string, label: string }[], empty: string }): Html {
  const { name, typed, faults, required, autocomplete, options, empty } = parts
  const described = describedBy(parts)
  return around(parts, html`<select id="${name}" name="${name}"${required && html` required`}${autocomplete && html` autocomplete="${autocomplete}"`}${described && html` aria-describedby="${described}"`}${faults[name] && html` aria-invalid="true"`}><option value="">${empty}</option>${options.map(({ value, label }) => html`<option value="${value}"${typed[name] === value && html` selected`}>${label}</option>`)}</select>`)
}

export function hidden(values: Typed): Html {
  return html`${Object.entries(values).filter(([, value]) => value).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}

/** What is wrong, above the form, each with a link to its field. Has the focus when the page opens with it. */
export function errorSummary(t: SiteWords, faults: Faults): Html | false {
  const all = Object.entries(faults)
  return all.length > 0 && html`<div class="errors" role="alert" tabindex="-1" autofocus id="errors"><h2>${t('errors.title')}</h2><ul>${all.map(([name, fault]) => html`<li><a href="#${name}">${fault}</a></li>`)}</ul></div>`
}

/** What somebody wrote for a form that takes nothing any more, so that it is not lost. */
export function keptWords(t: SiteWords, ...written: (string | undefined)[]): Html | false {
  const words = written.filter(Boolean).join('\n\n')
  return words !== '' && html`<p class="fine">${t('closed.your-words')}</p><div class="preview" dir="auto">${words}</div>`
}
