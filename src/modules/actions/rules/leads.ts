import type { Db, Tx } from '#platform/db.ts'

/**
 * Who a message goes to: the supporter's own representatives in some bodies, named offices, and the embassy of a country where
 * the supporter lives. They stand in groups; those that name none are in the first.
 */
export type TargetRule = ({ body: string } | { office: string } | { embassyOf: string }) & { group?: number }

/** Sets all of an action's targets, in all of its groups. */
export async function setTargets(tx: Tx, actionId: string, rules: TargetRule[]): Promise<void> {
  await tx.deleteFrom('action_targets').where('action_id', '=', actionId).execute()
  if (rules.length) {
    await tx.insertInto('action_targets').values(rules.map((rule, position) => ({
      action_id: actionId, position, group_number: rule.group ?? 1,
      body_id: 'body' in rule ? rule.body : null, office_id: 'office' in rule ? rule.office : null, embassy_of: 'embassyOf' in rule ? rule.embassyOf : null,
    }))).execute()
  }
}

/** Sets the targets of one group; the other groups stay as they are, and so does this one, in its order, where the same stand in it already. */
export async function setTargetsOfGroup(tx: Tx, actionId: string, group: number, rules: TargetRule[]): Promise<void> {
  const { own = [], others = [] } = Object.groupBy(await targetRules(tx, actionId), (rule) => ((rule.group ?? 1) === group ? 'own' : 'others'))
  if (sameTargets(own, rules)) return
  await setTargets(tx, actionId, [...others, ...rules.map((rule) => ({ ...rule, group }))].toSorted((one, other) => (one.group ?? 1) - (other.group ?? 1)))
}

function sameTargets(one: TargetRule[], other: TargetRule[]): boolean {
  const names = (rules: TargetRule[]) => new Set(rules.map((rule) => JSON.stringify({ ...rule, group: 0 })))
  return names(one).symmetricDifference(names(other)).size === 0
}

/** A row of targets as the rule that it is. */
export function readTargetRule(row: { body_id: string | null, office_id: string | null, embassy_of: string | null, group_number: number }): TargetRule {
  const group = row.group_number === 1 ? {} : { group: row.group_number }
  return row.body_id !== null ? { body: row.body_id, ...group } : row.office_id !== null ? { office: row.office_id, ...group } : { embassyOf: row.embassy_of!, ...group }
}

export async function targetRules(db: Db, actionId: string): Promise<TargetRule[]> {
  return (await targetRulesOf(db, [actionId])).get(actionId) ?? []
}

/** The rules of several actions, by the action's id. */
export async function targetRulesOf(db: Db, actionIds: string[]): Promise<Map<string, TargetRule[]>> {
  const rows = await db.selectFrom('action_targets').selectAll().where('action_id', 'in', actionIds).orderBy('position').execute()
  const rules = Map.groupBy(rows, (row) => row.action_id)
  return new Map([...rules].map(([id, its]) => [id, its.map(readTargetRule)]))
}
