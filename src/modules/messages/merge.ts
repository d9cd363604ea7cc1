import { factPrefix } from '#modules/actions/index.ts'

/** Merge fields about the supporter, which any part of a message may use. */
export const supporterFields = ['name', 'area', 'postcode', 'country'] as const
/** Merge fields about the target, for greeting and closing only: the body is one text for all targets. */
export const targetFields = ['salutation', 'target', 'formal_name', 'office'] as const

/** The name of a field, or of a column in the table of facts with "fact_" before it. */
export type MergeField = (typeof supporterFields)[number] | (typeof targetFields)[number] | `${typeof factPrefix}${string}`

/** The merge fields of a table of facts. */
export function factFields(columns: string[]): MergeField[] {
  return columns.map((column): MergeField => `${factPrefix}${column}`)
}

const field = /\{\s*([\p{L}_][\p{L}\p{M}\p{N}_]*)\s*(?:\|([^{}]*))?\}/gu

/**
 * Puts values into a text. `{area|my district}` gives a fall-back for when there is no value; without one the field simply goes,
 * with a space beside it: nobody is ever sent a bare field.
 */
export function merge(text: string, values: Partial<Record<MergeField, string>>): string {
  return text.replace(field, (_, name: string, fallback: string | undefined) => values[name as MergeField]?.trim() || fallback?.trim() || '￼')
    .replace(/ ?￼(?=[\s.,;:!?]|$)/g, '').replace(/￼ ?/g, '')
}

/** A text as anybody may read it: three dots stand where each writer's own name, place or number stands. */
export function withDots(text: string): string {
  return text.replace(field, '…')
}

/** Fields in a text that are not among the known ones, for staff to see before they publish. */
export function unknownFields(text: string, known: readonly string[]): string[] {
  return [...text.matchAll(field)].map((match) => match[1]!).filter((name) => !known.includes(name))
}
