import { html, type Html } from '#platform/html/html.ts'
import { optOutNote, type OfficeFacts } from '#modules/targets/index.ts'
import type { Frame } from '../look/layout.ts'

/** What staff wrote for supporters about an office that is not written to, where they wrote something. */
export function noteOn({ optOut }: OfficeFacts, { t, publisher }: Pick<Frame, 't' | 'publisher'>): Html | false {
  const note = optOut && optOutNote(optOut, t.language, publisher.defaultLanguage)
  return note !== undefined && html`<p lang="${note.language}" dir="auto">${note.note}</p>`
}
