import type { ActionWords } from './action.ts'

/** A text of an action in which something is still to be written. */
export type Unwritten = keyof ActionWords | 'ask'

// Templates put what is to be written in double square brackets: nothing else writes them, and everybody sees what they are.
const gap = /\[\[[^]*?\]\]/

/** The texts in which something is still to be written, as a template left it. */
export function unwritten(words: ActionWords, ask: string): Unwritten[] {
  const holds = (value: unknown): boolean => (typeof value === 'string' ? gap.test(value) : typeof value === 'object' && value !== null && Object.values(value).some(holds))
  return [...(Object.keys(words) as (keyof ActionWords)[]).filter((name) => holds(words[name])), ...(gap.test(ask) ? ['ask' as const] : [])]
}
