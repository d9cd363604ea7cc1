import { officesById, officesOfAreas, type OfficeFacts } from '#modules/targets/index.ts'
import type { TargetRule } from '#modules/actions/index.ts'
import type { On } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'

export interface ChosenTarget {
  office: OfficeFacts
  /** Whether the supporter is represented by this office; its replies then go to the supporter directly. */
  own: boolean
  /** Whether what is written now waits until the body sits again: it is for whoever holds the office then, so no holder is named. */
  held?: boolean
}

/** Whether an action has targets that depend on where the supporter lives. */
export function needsArea(rules: TargetRule[]): boolean {
  return rules.some((rule) => 'body' in rule)
}

/** An action's rules, and where somebody lives who takes it. */
export interface Supporter {
  rules: TargetRule[]
  areaId?: string
}

/**
 * The offices that an action's rules lead to for each of these supporters, as of a day: their own representatives, and
 * the named offices. An office that two rules lead to stands there once. In three statements for any number of supporters.
 */
export async function chooseTargets(db: Db, supporters: Supporter[], on: On): Promise<ChosenTarget[][]> {
  const ofAreas = await officesOfAreas(db, supporters.flatMap(({ rules, areaId }) => (areaId && needsArea(rules) ? [areaId] : [])), on)
  const named = new Map((await officesById(db, [...new Set(supporters.flatMap(({ rules }) => namedIn(rules)))], on)).map((office) => [office.id, office]))
  return supporters.map(({ rules, areaId }) => {
    const bodies = new Set(rules.flatMap((rule) => ('body' in rule ? [rule.body] : [])))
    const own = (ofAreas.get(areaId ?? '') ?? []).filter((office) => bodies.has(office.body.id))
    const others = namedIn(rules).flatMap((id) => named.get(id) ?? [])
    const chosen = [...own.map((office) => ({ office, own: !office.body.candidates })), ...others.map((office) => ({ office, own: false }))]
    return [...new Map(chosen.toReversed().map((target) => [target.office.id, target])).values()].toReversed()
  })
}

function namedIn(rules: TargetRule[]): string[] {
  return rules.flatMap((rule) => ('office' in rule ? [rule.office] : []))
}

/** Why a message cannot be sent to an office now. */
export type Obstacle = 'vacant' | 'no-address' | 'opted-out'

export function obstacle(office: OfficeFacts): Obstacle | undefined {
  if (office.optOut) return 'opted-out'
  if (office.holders.length === 0) return 'vacant'
  return office.contactable ? undefined : 'no-address'
}

/** Whether an office gets the messages of an action in one mail a day: as it wants it, or else as the action has it. */
export function getsDigest(office: OfficeFacts, options: { digest: boolean }): boolean {
  return office.digest ?? options.digest
}
