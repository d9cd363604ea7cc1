import { localLabel, localName, type OfficeFacts } from '#modules/targets/index.ts'
import type { ActionWords } from '#modules/actions/index.ts'
import { factFields, merge, type MergeField } from './merge.ts'
import { draw } from './selection.ts'
import { messageWords } from './words/index.ts'

/** What staff wrote for a message, in one language. */
export interface MessageTemplate {
  subject: string
  /** Other subjects to start from. */
  subjects: string[]
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
  /** What the table of facts says about the area, by column. */
  facts?: Record<string, string>
}

/** The words for targets of a variant, or the action's own. */
export function templateFor(words: ActionWords, variant: string | null | undefined): MessageTemplate {
  return (variant ? words.variants.find((each) => each.id === variant) : undefined) ?? words
}

function supporterValues(writer: Writer): Partial<Record<MergeField, string>> {
  return { name: writer.name, area: writer.area, postcode: writer.postcode, country: writer.country, ...factValues(writer.facts) }
}

function factValues(facts: Record<string, string> | undefined): Partial<Record<MergeField, string>> | undefined {
  const columns = facts && Object.keys(facts)
  return columns && Object.fromEntries(factFields(columns).map((name, place) => [name, facts[columns[place]!]]))
}

function targetValues(office: OfficeFacts, language: string): Partial<Record<MergeField, string>> {
  const holder = office.holders[0]
  const name = addresseeName(office, language) ?? ''
  // An office that was never told how it is addressed still gets a letter that begins like one.
  const salutation = office.salutations[language] || office.salutations.en || messageWords(language)('salutation', { name: '{name}' }).replace(/[\u2068\u2069]/g, '')
  return {
    target: holder ? localName(holder, language) : '', formal_name: name, office: localLabel(office, language),
    salutation: merge(salutation.replaceAll('{name}', '{target}'), { target: name || localLabel(office, language) }),
  }
}

/** How the holder of an office is called on an envelope in a language: by the name there, or else by the formal one. */
export function addresseeName({ holders: [holder] }: OfficeFacts, language: string): string | undefined {
  return holder && (language in holder.names ? localName(holder, language) : holder.formalName || holder.name)
}

/** Subject and body to start editing from: the fields about the supporter are filled in. Where there are several subjects, `seed` draws one. */
export function startingText(template: MessageTemplate, writer: Writer, seed: () => string): { subject: string, body: string } {
  const subject = template.subjects.length ? draw(seed(), [template.subject, ...template.subjects].filter(Boolean), (each) => each) : template.subject
  return { subject: merge(subject, supporterValues(writer)), body: merge(template.body, supporterValues(writer)) }
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

/** What to say on the phone, with everything filled in. */
export function scriptFor(script: string, writer: Writer, office: OfficeFacts, language: string): string {
  return merge(script, { ...supporterValues(writer), ...targetValues(office, language) })
}

/** The facts that beginnings and ends of messages name, to be kept with a message as its writer saw them. */
export function factsKept(templates: MessageTemplate[], facts: Record<string, string> | undefined): Record<string, string> | undefined {
  const kept = Object.entries(facts ?? {}).filter(([column]) => templates.some((each) => factFields([column]).some((name) => `${each.greeting} ${each.closing}`.includes(name))))
  return kept.length ? Object.fromEntries(kept) : undefined
}

/** A copy for information: to whom the message went, and the message itself. */
export function copyOf(language: string, wholes: string[], targets: OfficeFacts[]): string {
  const t = messageWords(language)
  return [t('copy.note', { offices: t.list(targets.map((office) => localLabel(office, language))) }), ...wholes].join('\n\n')
}

/** The subject of a copy. */
export function copySubject(language: string, subject: string): string {
  return messageWords(language)('copy.subject', { subject }).replace(/[\u2068\u2069]/g, '')
}

/** The whole message as an office gets it: plain text. */
export function wholeMessage(template: MessageTemplate, writer: Writer, body: string, office: OfficeFacts, language: string): string {
  return [greetingFor(template, writer, office, language), body.trim(), closingFor(template, writer)].filter(Boolean).join('\n\n')
}

/** Who a message comes from, as its recipient reads it. Marks that keep two directions apart are for pages, not for headers. */
export function senderName(language: string, name: string, publisher: string): string {
  return messageWords(language)('sender', { name, publisher }).replace(/[\u2068\u2069]/g, '')
}
