import type { ActionWords } from './action.ts'

/** A text of an action in which something is still to be written. */
export type Unwritten = keyof ActionWords | 'ask'

// Templates put what is to be written in double square brackets: nothing else writes them, and everybody sees what they are.
const gap = /\[\[[^]*?\]\]/

// The texts of pages refer to records in this way. Here nothing is put in its place, and everybody would see it as it is written.
const reference = /(?<![^\s(])::?[a-z]{4,12}\[[a-z0-9-]+\]/

/** The texts in which something is still to be written, as a template left it. */
export function unwritten(words: ActionWords, ask: string): Unwritten[] {
  return holding(gap, words, ask)
}

/** The texts with what only the texts of pages can have: references to records. */
export function referring(words: ActionWords, ask: string): Unwritten[] {
  return holding(reference, words, ask)
}

function holding(sign: RegExp, words: ActionWords, ask: string): Unwritten[] {
  const holds = (value: unknown): boolean => (typeof value === 'string' ? sign.test(value) : typeof value === 'object' && value !== null && Object.values(value).some(holds))
  return [...(Object.keys(words) as (keyof ActionWords)[]).filter((name) => holds(words[name])), ...(sign.test(ask) ? ['ask' as const] : [])]
}
