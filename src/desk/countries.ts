import { countriesInOrder, countryNamed } from '#platform/countries.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { DeskWords } from './words/index.ts'

/** The names of all countries in the reader's language, to be offered while one types. `countryNamed` reads what was typed. */
export function countryNames(t: DeskWords): string[] {
  return countriesInOrder(t).map(({ label }) => label)
}

/** A country as a form shows it: by its name, or what stands there where it is no code of one. */
export function countrySaid(t: DeskWords, typed: string): string {
  if (!/^[A-Z]{2}$/.test(typed)) return typed
  const name = t.countryName(typed)
  // Some codes are called something that nobody could type here again.
  return countryNamed(name) === typed ? name : typed
}

/** The same names once on a page, for fields that begin with `from: countryListId`. */
export function countryList(t: DeskWords): Html {
  return html`<datalist id="${countryListId}">${countryNames(t).map((name) => html`<option value="${name}"></option>`)}</datalist>`
}

export const countryListId = 'countries'
