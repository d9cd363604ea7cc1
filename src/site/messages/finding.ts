import { isOutage, type Db } from '#platform/db.ts'
import { field } from '#platform/http/server.ts'
import { rulesNow, type PublicAction, type TargetRule } from '#modules/actions/index.ts'
import { chooseTargets, needsArea, obstacle, type ChosenTarget, type Obstacle, type Supporter } from '#modules/messages/index.ts'
import { areasById, areasOfTyped, localName, type AreaFacts, type Scheme } from '#modules/targets/index.ts'
import type { Site } from '../context.ts'
import { Gathered } from '../gathered.ts'
import type { AreaChoice } from './where.ts'

/** What came of looking for somebody's representatives. Each has a page of its own; none is a guess. */
export type Finding =
  | { result: 'found', area: AreaFacts | undefined, code?: string, targets: ChosenTarget[], unreachable: { target: ChosenTarget, why: Obstacle }[] }
  | { result: 'nobody-to-write-to', area: AreaFacts | undefined, unreachable: { target: ChosenTarget, why: Obstacle }[] }
  | { result: 'ambiguous', areas: AreaFacts[] }
  | { result: 'unknown' | 'malformed' | 'outside', typed: string, scheme: Scheme }
  | { result: 'no-place' }

/** Where a supporter says they live: an area chosen from a list, or what was typed as a code. */
export interface PlaceQuestion {
  schemeId: string | null
  area: string
  typed: string
}

export type PlaceAnswer = { area: AreaFacts, code: string | undefined } | Exclude<Finding, { result: 'found' | 'nobody-to-write-to' }>

/** Finds who an action's message goes to, for a form that was posted. */
export async function findTargets(site: Site, action: PublicAction, body: unknown): Promise<Finding> {
  const rules = rulesNow(action.targets, action.bodies)
  if (!needsArea(rules)) return reach(action, await site.targets.get(targetsKey(rules)), undefined)
  const typed = field(body, 'postcode').trim()
  // An area that was found for another code, or for none, says nothing about one that was typed since.
  const since = typed !== '' && body !== null && typeof body === 'object' && 'area_for' in body && field(body, 'area_for') !== typed
  const chosen = since ? '' : field(body, 'area').slice(0, 200)
  // Whoever chose from the list needs no look-up: that goes on while the database is away.
  const known = chosen && !typed ? await site.areas.get(chosen) : undefined
  if (known) return reach(action, await site.targets.get(targetsKey(rules, known.id)), known)
  const place = await site.places.ask({ schemeId: action.schemeId, area: chosen, typed })
  return 'result' in place ? place : reach(action, await site.targets.get(targetsKey(rules, place.area.id)), place.area, place.code)
}

/** The same for page two, which carries the area that page one found: nothing has to be looked up by a code again. */
export async function findTargetsAgain(site: Site, action: PublicAction, body: unknown): Promise<Finding> {
  const chosen = field(body, 'area').slice(0, 200)
  const rules = rulesNow(action.targets, action.bodies)
  if (!chosen || !needsArea(rules)) return findTargets(site, action, body)
  const area = await site.areas.get(chosen)
  return area ? reach(action, await site.targets.get(targetsKey(rules, area.id)), area) : { result: 'no-place' }
}

/** The same, or that it cannot be found out at the moment because the database is away. */
export async function findOrAway(find: typeof findTargets, site: Site, action: PublicAction, body: unknown): Promise<Finding | { result: 'away' }> {
  try {
    return await find(site, action, body)
  } catch (error) {
    if (isOutage(error)) return { result: 'away' }
    throw error
  }
}

/** Names what is kept for a moment: the offices that rules lead to for those who live in one area. Areas are few where codes are many. */
function targetsKey(rules: TargetRule[], areaId?: string): string {
  return JSON.stringify({ rules, areaId } satisfies Supporter)
}

export function targetsReader(db: Db, now: () => Date): (key: string) => Promise<ChosenTarget[]> {
  const together = new Gathered<Supporter, ChosenTarget[]>((supporters) => chooseTargets(db, supporters, now()))
  return (key) => together.ask(JSON.parse(key) as Supporter)
}

export function areasReader(db: Db, now: () => Date): (id: string) => Promise<AreaFacts | undefined> {
  const together = new Gathered<string, AreaFacts | undefined>(async (ids) => {
    const found = await areasById(db, ids, dayOf(now()))
    return ids.map((id) => found.get(id))
  })
  return (id) => together.ask(id)
}

function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10)
}

/** Finds the places of a crowd, in two statements. */
export async function findPlaces(db: Db, known: Scheme[], questions: PlaceQuestion[], now: Date): Promise<PlaceAnswer[]> {
  const schemes = new Map(known.map((scheme) => [scheme.id, scheme]))
  const asked = questions.flatMap((question) => {
    const scheme = schemes.get(question.schemeId ?? '')
    return question.typed && scheme ? [{ question, scheme, code: question.typed }] : []
  })
  const [chosen, answers] = await Promise.all([areasById(db, questions.flatMap(({ area }) => (area ? [area] : [])), dayOf(now)), areasOfTyped(db, asked, dayOf(now))])
  const byQuestion = new Map(asked.map(({ question, scheme }, place) => [question, { scheme, answer: answers[place]! }]))
  return questions.map((question): PlaceAnswer => {
    const looked = byQuestion.get(question)
    const area = chosen.get(question.area)
    if (question.area) return area ? { area, code: looked?.answer.code } : { result: 'no-place' }
    if (!looked) return { result: 'no-place' }
    const { answer, scheme } = looked
    if (answer.result === 'ambiguous') return { result: 'ambiguous', areas: answer.areas }
    if (answer.result !== 'found') return { result: answer.result, typed: question.typed, scheme }
    return { area: answer.areas[0]!, code: answer.code }
  })
}

/** Whom a message can go to, now or when their body sits again; and who cannot be reached. */
function reach({ bodies }: PublicAction, chosen: ChosenTarget[], area: AreaFacts | undefined, code?: string): Finding {
  const holding = new Set(bodies.flatMap(({ id, conduct }) => (conduct === 'hold' ? [id] : [])))
  const all = chosen.map((target): ChosenTarget => (holding.has(target.office.body.id) ? { ...target, office: { ...target.office, holders: [] }, held: true } : target))
  const unreachable = all.flatMap((target) => {
    const why = target.held ? undefined : obstacle(target.office)
    return why ? [{ target, why }] : []
  })
  const targets = all.filter((target) => !unreachable.some((each) => each.target === target))
  return targets.length ? { result: 'found', area, code, targets, unreachable } : { result: 'nobody-to-write-to', area, unreachable }
}

/** The areas that an action's bodies have today. */
export async function areaLists(site: Site, action: PublicAction): Promise<AreaFacts[]> {
  return site.areaLists.get(JSON.stringify([rulesNow(action.targets, action.bodies).flatMap((rule) => ('body' in rule ? [rule.body] : [])), dayOf(site.now())]))
}

/** The areas to choose from instead of typing a postcode. */
export async function areaChoices(site: Site, action: PublicAction, language: string): Promise<AreaChoice[]> {
  const bodies = rulesNow(action.targets, action.bodies).flatMap((rule) => ('body' in rule ? [rule.body] : []))
  if (bodies.length === 0) return []
  const areas = await areaLists(site, action)
  return areas.map((area) => ({ id: area.id, name: localName(area, language) })).toSorted((one, other) => one.name.localeCompare(other.name, language))
}
