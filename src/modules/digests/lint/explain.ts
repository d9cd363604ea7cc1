import type { Finding } from './finding.ts'
import { lintWords } from './words/index.ts'

/** What a finding says, in the language of whoever reads it. */
export function explain({ rule, values: { fault, ...values } }: Finding, language: string): string {
  const t = lintWords(language)
  const key = fault === undefined ? `rule.${rule}` : `rule.${rule}.${fault}`
  const said = t.has(key) ? key : `rule.${rule}`
  if (!t.has(said)) throw new Error(`no words for ${key}`)
  return t(said, values)
}
