import { reading } from '#platform/db.ts'
import { field } from '#platform/http/server.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import { chooseTargets, needsArea, obstacle, type ChosenTarget } from '#modules/messages/index.ts'
import { areasOfBody, lookup, lookupArea, localName, schemeById, type AreaFacts, type Scheme } from '#modules/targets/index.ts'
import type { Site } from '../context.ts'
import type { AreaChoice } from './message-page.ts'

/** What came of looking for somebody's representatives. Each has a page of its own; none is a guess. */
export type Finding =
  | { result: 'found', area: AreaFacts | undefined, code?: string, targets: ChosenTarget[], unreachable: { target: ChosenTarget, why: 'vacant' | 'no-address' }[] }
  | { result: 'nobody-to-write-to', area: AreaFacts | undefined, unreachable: { target: ChosenTarget, why: 'vacant' | 'no-address' }[] }
  | { result: 'ambiguous', areas: AreaFacts[] }
  | { result: 'unknown' | 'malformed' | 'outside', typed: string, scheme: Scheme }
  | { result: 'no-place' }

/** Finds who an action's message goes to, from the area that was chosen or the postcode that was typed. */
export async function findTargets(site: Site, action: PublicAction, body: unknown): Promise<Finding> {
  const on = site.now().toISOString().slice(0, 10)
  return reading(site.db, async (tx) => {
    if (!needsArea(action.targets)) return reach(await chooseTargets(tx, action.targets, undefined, on), undefined)
    const chosen = field(body, 'area')
    const typed = field(body, 'postcode').trim()
    const scheme = action.schemeId ? await schemeById(tx, action.schemeId) : undefined
    let area: AreaFacts | undefined
    let code: string | undefined
    if (chosen) area = (await lookupArea(tx, chosen.slice(0, 200), on))?.areas[0]
    const answer = typed && scheme ? (await lookup(tx, scheme, [typed], on))[0]! : undefined
    if (chosen) code = answer?.code
    else if (answer && scheme) {
      if (answer.result === 'ambiguous') return { result: 'ambiguous', areas: answer.areas }
      if (answer.result !== 'found') return { result: answer.result, typed, scheme }
      area = answer.areas[0]
      code = answer.code
    }
    return area ? { ...reach(await chooseTargets(tx, action.targets, area.id, on), area), code } : { result: 'no-place' }
  })
}

function reach(all: ChosenTarget[], area: AreaFacts | undefined): Finding {
  const unreachable = all.flatMap((target) => {
    const why = obstacle(target.office)
    return why ? [{ target, why }] : []
  })
  const targets = all.filter((target) => !unreachable.some((each) => each.target === target))
  return targets.length ? { result: 'found', area, targets, unreachable } : { result: 'nobody-to-write-to', area, unreachable }
}

/** The areas to choose from instead of typing a postcode. */
export async function areaChoices(site: Site, action: PublicAction, language: string): Promise<AreaChoice[]> {
  const bodies = action.targets.flatMap((rule) => ('body' in rule ? [rule.body] : []))
  if (bodies.length === 0) return []
  const areas = await reading(site.db, (tx) => areasOfBody(tx, bodies, site.now().toISOString().slice(0, 10)))
  return areas.map((area) => ({ id: area.id, name: localName(area, language) })).toSorted((one, other) => one.name.localeCompare(other.name, language))
}
