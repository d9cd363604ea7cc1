import { embassies, officesById, officesOfAreas, type OfficeFacts } from '#modules/targets/index.ts'
import type { TargetRule } from '#modules/actions/index.ts'
import type { On } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'

export interface ChosenTarget {
  office: OfficeFacts
  /** Whether the supporter is represented by this office; its replies then go to the supporter directly. */
  own: boolean
  /** The group of the action's targets that it stands in; an office in several stands there once for each. */
  group: number
  /** Whether what is written now waits until the body sits again: it is for whoever holds the office then, so no holder is named. */
  held?: boolean
}

/** Whether an action has targets that depend on where the supporter lives. */
export function needsArea(rules: TargetRule[]): boolean {
  return rules.some((rule) => 'body' in rule)
}

/** Whether an action has targets that depend on the supporter's country. */
export function needsCountry(rules: TargetRule[]): boolean {
  return rules.some((rule) => 'embassyOf' in rule)
}

/** An action's rules, and where somebody lives who takes it. */
export interface Supporter {
  rules: TargetRule[]
  areaId?: string
  /** Only where there are embassies to choose from. */
  country?: string
}

/**
 * The offices that an action's rules lead to for each of these supporters, as of a day, group by group: their own
 * representatives, the named offices, and the embassies in their country. An office that two rules of a group lead to stands there
 * once. In four statements for any number of supporters.
 */
export async function chooseTargets(db: Db, supporters: Supporter[], on: On): Promise<ChosenTarget[][]> {
  const ofAreas = await officesOfAreas(db, supporters.flatMap(({ rules, areaId }) => (areaId && needsArea(rules) ? [areaId] : [])), on)
  const missions = await embassiesFor(db, supporters, on)
  const named = new Map((await officesById(db, [...new Set([...supporters.flatMap(({ rules }) => namedIn(rules)), ...[...missions.values()].flat()])], on)).map((office) => [office.id, office]))
  return supporters.map(({ rules, areaId, country }) => {
    const near = ofAreas.get(areaId ?? '') ?? []
    const represents = new Set(rules.flatMap((rule) => ('body' in rule ? [rule.body] : [])))
    const own = new Set(near.filter(({ body }) => represents.has(body.id) && !body.candidates).map(({ id }) => id))
    return groupsIn(rules).flatMap((group) => {
      const its = rules.filter((rule) => (rule.group ?? 1) === group)
      const bodies = new Set(its.flatMap((rule) => ('body' in rule ? [rule.body] : [])))
      const ids = [...namedIn(its), ...its.flatMap((rule) => ('embassyOf' in rule ? missions.get(`${rule.embassyOf} ${country}`) ?? [] : []))]
      const offices = [...near.filter((office) => bodies.has(office.body.id)), ...ids.flatMap((id) => named.get(id) ?? [])]
      return [...new Map(offices.map((office) => [office.id, office])).values()].map((office): ChosenTarget => ({ office, own: own.has(office.id), group }))
    })
  })
}

function groupsIn(rules: TargetRule[]): number[] {
  return [...new Set(rules.map((rule) => rule.group ?? 1))]
}

function namedIn(rules: TargetRule[]): string[] {
  return rules.flatMap((rule) => ('office' in rule ? [rule.office] : []))
}

/** By sending country and host: "XA XB". */
async function embassiesFor(db: Db, supporters: Supporter[], on: On): Promise<Map<string, string[]>> {
  const asked = new Map(supporters.flatMap(({ rules, country }) => (country ? rules.flatMap((rule) => ('embassyOf' in rule ? [[`${rule.embassyOf} ${country}`, { of: rule.embassyOf, host: country }] as const] : [])) : [])))
  const found = await embassies(db, [...asked.values()], on)
  return new Map([...asked.keys()].map((key, place) => [key, found[place]!]))
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
