import type { Tx } from '#platform/db.ts'
import { setTargets, targetRules } from './leads.ts'
import { copyFacts } from './facts.ts'
import { copyGroups } from './groups.ts'
import { copyRules } from './rules.ts'

/** Gives another action, which has none yet, the same targets, groups, variants, rules and facts. Returns the new ids of variants by the former ones. */
export async function copyTargets(tx: Tx, from: string, to: string): Promise<Map<string, string>> {
  await setTargets(tx, to, await targetRules(tx, from))
  await copyGroups(tx, from, to)
  await copyFacts(tx, from, to)
  return copyRules(tx, from, to)
}
