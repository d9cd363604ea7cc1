/** How a language writes days, numbers and names. Making a format takes a hundred times as long as using it, so each is made once. */

/** Days before months: the order that most writers of English use. */
export function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language
}

export function kept<Format>(make: (name: string) => Format): (name: string) => Format {
  const made = new Map<string, Format>()
  return (name) => made.get(name) ?? made.set(name, make(name)).get(name)!
}

const dates = kept((wanted) => new Intl.DateTimeFormat(...JSON.parse(wanted) as [string, Intl.DateTimeFormatOptions]))

/** How a language writes a day or a part of one; as of UTC, if no zone is given. */
export function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return dates(JSON.stringify([localeOf(language), { timeZone: 'UTC', ...options }]))
}

const numbers = kept((wanted) => new Intl.NumberFormat(...JSON.parse(wanted) as [string, Intl.NumberFormatOptions]))

/** How a language writes a number or an amount. */
export function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return numbers(JSON.stringify([localeOf(language), options]))
}

const countryNames = kept((locale) => new Intl.DisplayNames(locale, { type: 'region' }))

/** What a country is called in a language, by its code of ISO 3166-1. */
export function countryNameIn(language: string, code: string): string {
  return countryNames(localeOf(language)).of(code) ?? code
}

const languageNames = kept((locale) => new Intl.DisplayNames(locale, { type: 'language' }))

/** What a language is called in another one. */
export function languageNameIn(language: string, code: string): string {
  return languageNames(localeOf(language)).of(code) ?? code
}

/** A language's name for itself, as its readers look for it. */
export function nativeName(language: string): string {
  return languageNameIn(language, language)
}
