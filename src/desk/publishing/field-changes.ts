import { html, type Html } from '#platform/html/html.ts'
import type { Field, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { sideBySide } from './both.ts'
import { changesBetween } from './changes.ts'

/** What differs between two fillings of a form: each field by its label, with what went and what came. Nothing where they are the same. */
export function fieldChanges(t: DeskWords, fields: Field[], former: Typed, later: Typed, languages: string[]): Html | false {
  const changed = differing(t, fields, former, later, languages)
  return changed.length > 0 && html`<dl class="facts">${changed.map(({ name, was, is, language }) => html`<dt>${name}</dt><dd>${changesBetween(was, is, language)}</dd>`)}</dl>`
}

/** What somebody else has saved since this form was opened, against what is in it now. */
export function theirsPart(t: DeskWords, fields: Field[], theirs: Typed, mine: Typed, languages: string[]): Html {
  return html`<div class="notice" role="alert"><p><strong>${t('items.both')}</strong></p><p>${t('items.both.why')}</p></div><section class="card"><h2>${t('items.both.differs')}</h2>${sideBySide(t, differing(t, fields, theirs, mine, languages).map(({ was, is, ...rest }) => ({ ...rest, theirs: was, mine: is })))}</section>`
}

function differing(t: DeskWords, fields: Field[], former: Typed, later: Typed, languages: string[]): { name: Html, was: string, is: string, language: string }[] {
  return fields.map((field) => ({ name: labelOf(t, field, { ...former, ...later }, languages), was: said(t, field, former), is: said(t, field, later), language: languageOf(field, languages) ?? (isCode(field) ? 'en' : t.language) })).filter(({ was, is }) => was !== is)
}

function said(t: DeskWords, field: Field, typed: Typed): string {
  const values = [typed[field.as ?? field.name] ?? []].flat().map((each) => each.replace(/\r\n?/g, '\n').trim()).filter(Boolean)
  switch (field.kind) {
    case 'tick': return values[0] === 'yes' ? t('answer.yes') : ''
    case 'ticks': case 'choice': case 'select': return t.list(values.map((each) => field.choices.find(({ value }) => value === each)?.label ?? each))
    default: return values.join('\n')
  }
}

/** What a field is called, and of which entry and in which language it is, where there are several. */
function labelOf(t: DeskWords, field: Field, typed: Typed, languages: string[]): Html {
  const language = languageOf(field, languages)
  const entry = field.as?.split('.')[1]
  const day = entry !== undefined && entry !== language && typed[`happened.${entry}`]
  return html`${day && html`<bdi>${day}</bdi> · `}${t(`f.${field.name}`)}${language !== undefined && html` (${t.languageName(language)})`}`
}

function languageOf(field: Field, languages: string[]): string | undefined {
  return languages.find((language) => field.as?.endsWith(`.${language}`))
}

/** Days, numbers and addresses read from left to right everywhere. */
function isCode(field: Field): boolean {
  return field.kind === 'date' || field.kind === 'url' || field.kind === 'number' || ('direction' in field && field.direction === 'ltr')
}
