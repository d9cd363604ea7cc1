import { sql, type Db, type Tx } from '#platform/db.ts'
import { coverageOf } from './coverage.ts'
import { missingTargets, type MissingTarget } from './readiness.ts'
import { rulesOf, setRules } from './rules.ts'
import type { Rule } from './rule.ts'

/** What became of a change to whom an action writes: it is made; or it is not, because of what an open action would lack, and for how many targets. */
export type Changed<Result = void> =
  | { outcome: 'changed', result: Result }
  | { outcome: 'refused', lacks: MissingTarget, targets: number }

/**
 * Changes whom an action writes to, with which words, or what its form asks for. What an action must have to be opened, it keeps: once it is public, a change
 * that takes a target's answer away, or leaves nobody to write to, is not made. What was lacking before, such as an answer for
 * whoever came with newer data, stands in nobody's way. Two people who change it at the same time follow one another.
 */
export async function changeTargeting<Result>(tx: Tx, actionId: string, work: () => Promise<Result>, now: Date): Promise<Changed<Result>> {
  const { rows: [action] } = await sql<{ state: string }>`select state from actions where id = ${actionId} and kind = 'message' for update`.execute(tx)
  if (!action || action.state === 'draft') return { outcome: 'changed', result: await work() }
  const before = await lacking(tx, actionId, now)
  await sql`savepoint targeting`.execute(tx)
  const result = await work()
  const after = await lacking(tx, actionId, now)
  const fresh = [...after.gaps].filter((office) => !before.gaps.has(office)).length
  const lacks = after.missing.find((each) => (each === 'gaps' ? fresh > 0 : !before.missing.includes(each)))
  if (lacks === undefined) return { outcome: 'changed', result }
  await sql`rollback to savepoint targeting`.execute(tx)
  return { outcome: 'refused', lacks, targets: fresh }
}

async function lacking(db: Db, actionId: string, now: Date): Promise<{ missing: MissingTarget[], gaps: Set<string> }> {
  const { targets } = await coverageOf(db, actionId, now)
  return { missing: await missingTargets(db, actionId, now), gaps: new Set(targets.flatMap((each) => (each.gap ? [each.office.id] : []))) }
}

/**
 * Adds a rule: last, but before one that fits everybody, because behind that it would never be asked. Where a public action had no rules,
 * all others go on getting its own words.
 */
export async function addRule(tx: Tx, actionId: string, rule: Rule): Promise<void> {
  const { rows: [action] } = await sql<{ state: string }>`select state from actions where id = ${actionId} for update`.execute(tx)
  const others: Rule = { conditions: [], outcome: 'main', variant: null }
  const rules = (await rulesOf(tx, [actionId])).get(actionId) ?? (action!.state === 'draft' ? [] : [others])
  const last = rules.at(-1)
  await setRules(tx, actionId, () => (last?.conditions.length !== 0 ? [...rules, rule] : rule.conditions.length > 0 ? [...rules.slice(0, -1), rule, last] : [...rules.slice(0, -1), rule]))
}
