import { html, type Html } from '#platform/html/html.ts'
import type { DeskWords, FieldName } from './words/index.ts'

export type Typed = Record<string, string | string[] | undefined>
export type Faults = Record<string, string>

interface Common {
  name: FieldName
  /** The form's own name for it, where one kind of field comes several times. */
  as?: string
  required?: boolean
}

export interface Choice {
  value: string
  label: string
  help?: string
}

/** A field of a desk form. Its label, its sentence of help and its example come from the catalogue by its name. */
export type Field = Common & (
  // `from` names a list of the page that is offered while one types; `lines` are several, each in a box of its own, with empty ones for more.
  | { kind: 'line' | 'email' | 'url' | 'tel' | 'number' | 'date' | 'datetime-local' | 'time' | 'password', maxLength?: number, direction?: 'ltr', narrow?: boolean, autocomplete?: string, list?: string[], from?: string }
  | { kind: 'lines', from: string, most: number, maxLength?: number, direction?: 'ltr' }
  | { kind: 'text', maxLength?: number, tall?: boolean, markdown?: boolean }
  | { kind: 'colour' }
  | { kind: 'file', accept: string }
  | { kind: 'choice', choices: Choice[] }
  | { kind: 'select', choices: Choice[], empty?: string }
  | { kind: 'ticks', choices: Choice[] }
  | { kind: 'tick' }
)

/** What is wrong with an address that cannot be read: it is missing, or it is none. */
export function emailFault(t: DeskWords, typed: string): string {
  return t(typed.trim() ? 'fault.email' : 'fault.email-missing')
}

function value(typed: Typed, name: string): string {
  const given = typed[name]
  return (Array.isArray(given) ? given[0] : given) ?? ''
}

function values(typed: Typed, name: string): string[] {
  const given = typed[name]
  return given === undefined ? [] : Array.isArray(given) ? given : [given]
}

export function formFields(t: DeskWords, fields: (Field | false)[], typed: Typed, faults: Faults = {}): Html {
  return html`${fields.map((field) => field && formField(t, field, typed, faults))}`
}

export function formField(t: DeskWords, field: Field, typed: Typed, faults: Faults = {}): Html {
  const id = field.as ?? field.name
  const fault = faults[id]
  // Where there is nothing to type, what can be chosen says itself.
  const example = ['choice', 'ticks', 'tick', 'select'].includes(field.kind) ? '' : t(`f.${field.name}.example` as Parameters<DeskWords>[0])
  const described = `${id}-help${example ? ` ${id}-example` : ''}${fault ? ` ${id}-wrong` : ''}`
  const attributes = html` aria-describedby="${described}"${fault && html` aria-invalid="true"`}${field.required && html` required`}`
  const notes = html`${example && html`<p class="example" id="${id}-example">${t('example', { example })}</p>`}${fault && html`<p class="wrong" id="${id}-wrong">${fault}</p>`}`
  const help = html`<span class="help" id="${id}-help">${withReferences(t(`f.${field.name}.help`))}</span>`
  const label = t(`f.${field.name}`)
  switch (field.kind) {
    case 'choice': case 'ticks': {
      const type = field.kind === 'choice' ? 'radio' : 'checkbox'
      const chosen = values(typed, id)
      return html`<fieldset id="${id}" class="field"${fault && html` aria-invalid="true" tabindex="-1"`}><legend>${label}</legend>${help}${field.choices.map((choice) => html`<label class="opt"><input type="${type}" name="${id}" value="${choice.value}"${chosen.includes(choice.value) && html` checked`}><span><bdi>${choice.label}</bdi>${choice.help && html`<small class="help">${choice.help}</small>`}</span></label>`)}${notes}</fieldset>`
    }
    case 'lines': {
      const filled = values(typed, id).flatMap((each) => each.split('\n')).map((each) => each.trim()).filter(Boolean)
      return html`<fieldset id="${id}" class="field"${fault && html` aria-invalid="true" tabindex="-1"`}><legend>${label}</legend>${help}${[...filled, '', ''].slice(0, field.most).map((each, place) => html`<input type="text" name="${id}" value="${each}" dir="${field.direction ?? 'auto'}" list="${field.from}" aria-label="${t('nth', { place: place + 1, what: label })}"${field.maxLength && html` maxlength="${field.maxLength}"`} autocomplete="off">`)}${notes}</fieldset>`
    }
    case 'tick': return html`<div class="field"><label class="opt"><input type="checkbox" id="${id}" name="${id}" value="yes"${value(typed, id) === 'yes' && html` checked`}${attributes}>${label}</label>${help}${notes}</div>`
    default: return html`<div class="field"><label for="${id}">${label}</label>${help}${control(field, id, typed, attributes)}${notes}</div>`
  }
}

function control(field: Exclude<Field, { kind: 'choice' | 'ticks' | 'tick' | 'lines' }>, id: string, typed: Typed, attributes: Html): Html {
  const text = value(typed, id)
  switch (field.kind) {
    case 'text': return html`<textarea id="${id}" name="${id}" dir="auto"${field.tall && html` class="tall"`}${field.markdown && html` data-markdown`}${field.maxLength && html` maxlength="${field.maxLength}"`}${attributes}>
${text}</textarea>`
    case 'select': return html`<select id="${id}" name="${id}"${attributes}>${field.empty !== undefined && html`<option value="">${field.empty}</option>`}${field.choices.map((choice) => html`<option value="${choice.value}"${choice.value === text && html` selected`}>${choice.label}</option>`)}</select>`
    case 'colour': return html`<input type="color" id="${id}" name="${id}" value="${text}"${attributes}>`
    case 'file': return html`<input type="file" id="${id}" name="${id}" accept="${field.accept}"${attributes}>`
    default: {
      const type = field.kind === 'line' ? 'text' : field.kind
      const ltr = field.direction === 'ltr' || ['email', 'url', 'tel'].includes(field.kind)
      return html`<input type="${type}" id="${id}" name="${id}" value="${field.kind === 'password' ? '' : text}" dir="${ltr ? 'ltr' : 'auto'}"${field.narrow && html` class="narrow"`}${field.maxLength && html` maxlength="${field.maxLength}"`}${field.autocomplete && html` autocomplete="${field.autocomplete}"`}${(field.from ?? field.list) && html` list="${field.from ?? `${id}-list`}"`}${attributes}>${field.list && html`<datalist id="${id}-list">${field.list.map((each) => html`<option value="${each}"></option>`)}</datalist>`}`
    }
  }
}

/** What is typed as it stands, such as a reference to a record, keeps its order in a sentence from right to left. */
function withReferences(text: string): Html {
  return html`${text.split(/(::?[a-z]+\[[^\]]*\]|##)/).map((each, place) => (place % 2 === 1 ? html`<bdi dir="ltr">${each}</bdi>` : each))}`
}

/** What is wrong, each leading to its field. The page adds what the field is called. */
export function errorSummary(t: DeskWords, faults: Faults): Html | false {
  const all = Object.entries(faults)
  return all.length > 0 && html`<div class="errors" role="alert" tabindex="-1" autofocus><h2>${t('errors')}</h2><ul>${all.map(([name, fault]) => html`<li><a href="#${name}">${fault}</a></li>`)}</ul></div>`
}

/** A form with its faults, its fields and one button; `stop` where it does what cannot be taken back, `autosave` where what is typed is kept under its path by `/draft`. */
export function form(t: DeskWords, parts: { action: string, fields: Html, button: string, faults?: Faults, files?: boolean, keep?: boolean, stop?: boolean, autosave?: true, more?: Html | false }): Html {
  return html`<form method="post" action="${parts.action}" class="card" novalidate${parts.files && html` enctype="multipart/form-data"`}${parts.keep && html` data-keep`}${parts.autosave && html` data-autosave="${parts.action}/draft"`}${parts.autosave && Object.keys(parts.faults ?? {}).length > 0 && html` data-at-risk`}>${errorSummary(t, parts.faults ?? {})}${parts.fields}<div class="row"><button${parts.stop && html` class="stop"`}>${parts.button}</button>${parts.more}${parts.autosave && html`<span class="soft" data-kept="${t('items.kept')}" role="status"></span>`}</div></form>`
}

/** A single button that does something: always a form, never a link. */
export function button(action: string, label: string, values: Record<string, string> = {}, className = 'plain'): Html {
  return html`<form method="post" action="${action}">${Object.entries(values).map(([name, each]) => html`<input type="hidden" name="${name}" value="${each}">`)}<button class="${className}">${label}</button></form>`
}
