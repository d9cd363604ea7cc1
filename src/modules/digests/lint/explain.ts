import { isDay } from '#platform/days.ts'
import type { Finding } from './finding.ts'
import { lintWords } from './words/index.ts'

/** Days that a finding speaks of; what it quotes stays as it is written there. */
const days = new Set(['happened', 'next', 'inferred'])
const dated = new Set(['L07', 'L08', 'L37'])

/** What a finding says, in the language of whoever reads it. */
export function explain({ rule, values: { fault, ...values } }: Finding, language: string): string {
  const t = lintWords(language)
  const key = fault === undefined ? `rule.${rule}` : `rule.${rule}.${fault}`
  const said = t.has(key) ? key : `rule.${rule}`
  if (!t.has(said)) throw new Error(`no words for ${key}`)
  return t(said, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isDay(value) && (days.has(name) || dated.has(rule)) ? t.day(value) : value])))
}
