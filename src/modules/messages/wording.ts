import { localLabel, localName, type OfficeFacts } from '#modules/targets/index.ts'
import { merge, type MergeField } from './merge.ts'
import { messageWords } from './words/index.ts'

/** What staff wrote for a message, in one language. */
export interface MessageTemplate {
  subject: string
  greeting: string
  body: string
  closing: string
}

/** What is known of the supporter when the message is put together. */
export interface Writer {
  name: string
  area?: string
  postcode?: string
  postalAddress?: string
  country?: string
}

function supporterValues(writer: Writer): Partial<Record<MergeField, string>> {
  return { name: writer.name, area: writer.area, postcode: writer.postcode, country: writer.country }
}

function targetValues(office: OfficeFacts, language: string): Partial<Record<MergeField, string>> {
  const holder = office.holders[0]
  const name = addresseeName(office, language) ?? ''
  const salutation = office.salutations[language] ?? office.salutations.en ?? ''
  return {
    target: holder ? localName(holder, language) : '', formal_name: name, office: localLabel(office, language),
    salutation: merge(salutation.replaceAll('{name}', '{target}'), { target: name || localLabel(office, language) }),
  }
}

/** How the holder of an office is called on an envelope in a language: by the name there, or else by the formal one. */
export function addresseeName({ holders: [holder] }: OfficeFacts, language: string): string | undefined {
  return holder && (language in holder.names ? localName(holder, language) : holder.formalName || holder.name)
}

/** Subject and body to start editing from: the fields about the supporter are filled in. */
export function startingText(template: MessageTemplate, writer: Writer): { subject: string, body: string } {
  return { subject: merge(template.subject, supporterValues(writer)), body: merge(template.body, supporterValues(writer)) }
}

export function greetingFor(template: MessageTemplate, writer: Writer, office: OfficeFacts, language: string): string {
  return merge(template.greeting, { ...supporterValues(writer), ...targetValues(office, language) })
}

/** The locked end: the closing, and under it what shows an office that this is one of its people. */
export function closingFor(template: MessageTemplate, writer: Writer): string {
  const closing = merge(template.closing, supporterValues(writer))
  const signature = /\{\s*name\b/.test(template.closing) ? [] : [writer.name]
  return [closing, ...signature, writer.postalAddress, writer.postcode].filter(Boolean).join('\n')
}

/** The whole message as an office gets it: plain text. */
export function wholeMessage(template: MessageTemplate, writer: Writer, body: string, office: OfficeFacts, language: string): string {
  return [greetingFor(template, writer, office, language), body.trim(), closingFor(template, writer)].filter(Boolean).join('\n\n')
}

/** Who a message comes from, as its recipient reads it. Marks that keep two directions apart are for pages, not for headers. */
export function senderName(language: string, name: string, publisher: string): string {
  return messageWords(language)('sender', { name, publisher }).replace(/[\u2068\u2069]/g, '')
}
