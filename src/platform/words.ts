import { IntlMessageFormat, type Formatters } from 'intl-messageformat'
import { countryNameIn, kept, languageNameIn, localeOf } from './formats.ts'
import { html, Html, type Renderable } from './html/html.ts'
import { nestedQuotes } from './nested-quotes.ts'

/** The languages whose interface words are complete. */
export const interfaceLanguages = ['en', 'ar', 'es', 'fr', 'he'] as const
export type InterfaceLanguage = (typeof interfaceLanguages)[number]

/** A language made for tests: English with every message in ⟦brackets⟧, so that text from outside the catalogues stands out. */
export const bracketed = 'xx'

export type Value = string | number | Date
type Part = (inside: Html) => Html

/** All that a page needs to speak one language. */
export interface Words<Key extends string> {
  language: string
  direction: 'ltr' | 'rtl'
  /** A message as plain text. Values in the other direction are isolated (Unicode UAX #9, FSI and PDI). */
  (key: Key, values?: Record<string, Value>): string
  /** A message as HTML: values are escaped and isolated, `<tags>` in the message are given by functions. */
  html(key: Key, values?: Record<string, Value | Html | Part>): Html
  /** Whether the catalogue has this key, for keys that are put together. */
  has(key: string): key is Key
  number(value: number): string
  percent(share: number): string
  /** A day as people write it: "3 May 2026". */
  day(value: Date | string, zone?: string): string
  /** A moment, to the minute, with the name of its zone. */
  moment(value: Date, zone: string): string
  list(values: string[]): string
  languageName(code: string): string
  countryName(code: string): string
}

type Messages<Key extends string> = Record<Key, string>

/** Whether a value that a message puts in quotation marks keeps its own as they are, or gets the inner ones. In messages as HTML it keeps them. */
type Quotes = 'as-written' | 'nested'

/**
 * Makes the words of every interface language from its messages. The English catalogue says which keys there are; what another language lacks is said in
 * English. A test lists it, so that nothing of the kind is released.
 */
export function catalogue<Key extends string>(messages: { en: Messages<Key> } & Record<InterfaceLanguage, Partial<Messages<Key>>>, { quotes = 'as-written' }: { quotes?: Quotes } = {}): (language: string) => Words<Key> {
  const made = new Map<string, Words<Key>>()
  return (language) => {
    let words = made.get(language)
    if (!words) {
      const base = isInterfaceLanguage(language) ? language : 'en'
      words = speak(language === bracketed ? bracketed : base, { ...messages.en, ...messages[base] }, quotes)
      made.set(language, words)
    }
    return words
  }
}

export function isInterfaceLanguage(language: string): language is InterfaceLanguage {
  return (interfaceLanguages as readonly string[]).includes(language)
}

const rightToLeft = new Set(['ar', 'he', 'fa', 'ur', 'ps', 'sd', 'ug', 'yi', 'dv', 'ckb'])

export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language.split('-')[0]!) ? 'rtl' : 'ltr'
}

function speak<Key extends string>(language: string, messages: Messages<Key>, quotes: Quotes): Words<Key> {
  const direction = directionOf(language)
  const formats = new Map<Key, IntlMessageFormat | string>()
  const marked = language === bracketed
  const locale = marked ? localeOf('en') : localeOf(language)
  const numbers = new Intl.NumberFormat(locale)
  const formatters = formattersOf(locale, numbers)

  function formatOf(key: Key): IntlMessageFormat | string {
    let format = formats.get(key)
    if (format === undefined) {
      const message = messages[key]
      if (message === undefined) throw new Error(`No message called ${key}`)
      const text = marked ? `⟦${message}⟧` : message
      format = /[{<']/.test(message) ? new IntlMessageFormat(text, locale, undefined, { formatters }) : text
      formats.set(key, format)
    }
    return format
  }

  function plain(key: Key, values: Record<string, Value> = {}): string {
    const format = formatOf(key)
    if (typeof format === 'string') return format
    const inMessage = (name: string, value: string) => (quotes === 'nested' ? nestedQuotes(messages[key], name, value) : value)
    const isolated = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolate(inMessage(name, value), direction) : value]))
    return String(format.format(isolated))
  }

  function rich(key: Key, values: Record<string, Value | Html | Part> = {}): Html {
    const format = formatOf(key)
    if (typeof format === 'string') return html`${format}`
    const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name,
      typeof value === 'string' ? html`<bdi>${value}</bdi>` : typeof value === 'function' ? (chunks: Renderable[]) => value(html`${chunks}`) : value]))
    const made = format.format(given) as Renderable
    return html`${made}`
  }

  const dayFormat = kept((zone) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone }))
  const momentFormat = kept((zone) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: zone }))
  // As it is in that season: a name for the whole year is read as winter's by whoever reckons from elsewhere.
  const zoneFormat = kept((zone) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short', timeZone: zone }))

  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const lists = new Intl.ListFormat(locale)
  // A day and a moment stand again and again, on one page and in one mailing; the name of a zone takes longer than all the rest of a line.
  const days = remembered((value, zone) => dayFormat(zone).format(value))
  const moments = remembered((value, zone) => `${momentFormat(zone).format(value)} (${zoneFormat(zone).formatToParts(value).find((part) => part.type === 'timeZoneName')?.value})`)

  return Object.assign(plain, {
    language, direction, html: rich, moment: moments,
    has: (key: string): key is Key => key in messages,
    number: (value: number) => numbers.format(value),
    percent: (share: number) => shares.format(share),
    day: (value: Date | string, zone = 'UTC') => days(new Date(value), typeof value === 'string' ? 'UTC' : zone),
    list: (values: string[]) => lists.format(values.map((value) => isolate(value, direction))),
    languageName: (code: string) => languageNameIn(locale, code),
    countryName: (code: string) => countryNameIn(locale, code),
  })
}

/** One of each kind for all messages of a language. Left to itself, each message makes its own, and looks for it by its options written out as text. */
function formattersOf(locale: string, numbers: Intl.NumberFormat): Formatters {
  const rules = kept((type) => new Intl.PluralRules(locale, { type: type as Intl.PluralRuleType }))
  return {
    getNumberFormat: (_locales, options) => (options ? new Intl.NumberFormat(locale, options) : numbers),
    getDateTimeFormat: (_locales, options) => new Intl.DateTimeFormat(locale, options),
    getPluralRules: (_locales, options) => rules(options?.type ?? 'cardinal'),
  }
}

/** How many days, and how many moments, of a language are remembered as they are said. */
const mostRemembered = 2000

/** Says a time, to the minute, in a zone; what was said before is not worked out again. */
function remembered(say: (value: Date, zone: string) => string): (value: Date, zone: string) => string {
  const said = new Map<string, string>()
  return (value, zone) => {
    const key = `${zone} ${Math.floor(value.getTime() / 60_000)}`
    const known = said.get(key)
    if (known !== undefined) return known
    const now = say(value, zone)
    if (said.size >= mostRemembered) said.clear()
    said.set(key, now)
    return now
  }
}

// By their numbers: written as they are, an editor may take some of them apart, and the range would hold quotation marks.
const rtlLetter = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const ltrLetter = /[A-Za-z\u00c0-\u02af\u0370-\u052f]/

/** What has digits and marks between or before them, as a telephone number has: from right to left its groups would stand in the wrong order. */
const groups = /[+(]\s*\p{Nd}|\p{Nd}[^\p{Nd}\p{L}.,٫٬]+\p{Nd}/u

/** Puts isolates around text that runs against the sentence it is put into. What stands in isolates already is left as it is. */
export function isolate(text: string, direction: 'ltr' | 'rtl'): string {
  const bare = text.replace(/⁨[^⁩]*⁩/g, '')
  const against = direction === 'rtl' ? ltrLetter.test(bare) || (!rtlLetter.test(bare) && groups.test(bare)) : rtlLetter.test(bare)
  return against ? `⁨${text}⁩` : text
}

/** The direction of a text that is wholly in one; nothing where it has both, or no letters. */
export function directionWithin(text: string): 'ltr' | 'rtl' | undefined {
  const [rtl, ltr] = [rtlLetter.test(text), ltrLetter.test(text)]
  return rtl === ltr ? undefined : rtl ? 'rtl' : 'ltr'
}
