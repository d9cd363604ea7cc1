import type { Tx } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import type { Faults, Typed } from '../../forms.ts'
import type { DeskWords } from '../../words/index.ts'

/** One of the pages on which the publisher says who it is. */
export interface Step {
  typed(publisher: Publisher, t: DeskWords): Typed
  fields(t: DeskWords, publisher: Publisher, typed: Typed, faults: Faults): Html
  /** Reads the form into a changed publisher, or says what is wrong. */
  read(t: DeskWords, publisher: Publisher, body: unknown): Promise<{ publisher: Publisher, faults: Faults, keep?: (tx: Tx) => Promise<void> }>
}

export function line(body: unknown, name: string, longest = 300): string {
  return field(body, name).trim().slice(0, longest)
}

export function emptyTexts(publisher: Publisher, language: string): Publisher['texts'][string] {
  return publisher.texts[language] ?? { name: publisher.texts[publisher.defaultLanguage]?.name ?? '', responsible: publisher.texts[publisher.defaultLanguage]?.responsible ?? '', about: '', privacyPolicy: '' }
}

/** Fields once for each of the publisher's languages, under its name where there are several. */
export function perLanguage(t: DeskWords, publisher: Publisher, make: (language: string) => Html): Html {
  return html`${publisher.languages.map((language) => html`${publisher.languages.length > 1 && html`<h2>${t.languageName(language)}</h2>`}${make(language)}`)}`
}
