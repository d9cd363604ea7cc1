import { officesById, officesOfAreas, type OfficeFacts } from '#modules/targets/index.ts'
import type { TargetRule } from '#modules/actions/index.ts'
import type { Db } from '#platform/db.ts'

export interface ChosenTarget {
  office: OfficeFacts
  /** Whether the supporter is represented by this office; its replies then go to the supporter directly. */
  own: boolean
}

/** Whether an action has targets that depend on where the supporter lives. */
export function needsArea(rules: TargetRule[]): boolean {
  return rules.some((rule) => 'body' in rule)
}

/**
 * The offices that an action's rules lead to for somebody who lives in an area, as of a day: their own representatives, and
 * the named offices. An office that two rules lead to stands there once.
 */
export async function chooseTargets(db: Db, rules: TargetRule[], areaId: string | undefined, on: string): Promise<ChosenTarget[]> {
  const bodies = new Set(rules.flatMap((rule) => ('body' in rule ? [rule.body] : [])))
  const own = areaId && bodies.size ? (await officesOfAreas(db, [areaId], on)).get(areaId)?.filter((office) => bodies.has(office.body.id)) ?? [] : []
  const named = await officesById(db, rules.flatMap((rule) => ('office' in rule ? [rule.office] : [])), on)
  const chosen = [...own.map((office) => ({ office, own: true })), ...named.map((office) => ({ office, own: false }))]
  return [...new Map(chosen.toReversed().map((target) => [target.office.id, target])).values()].toReversed()
}

/** Why a message cannot be sent to an office now. */
export type Obstacle = 'vacant' | 'no-address'

export function obstacle(office: OfficeFacts): Obstacle | undefined {
  if (office.holders.length === 0) return 'vacant'
  return office.contactable ? undefined : 'no-address'
}
