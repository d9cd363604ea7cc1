import { isOutage, type Db } from '#platform/db.ts'
import { field, fields } from '#platform/http/server.ts'
import { factsOfAreas, knownSupporter, rulesNow, type AreaFactValues, type PublicAction } from '#modules/actions/index.ts'
import { chooseTargets, needsCountry, select, type ChosenTarget, type Picking, type Selected, type Supporter, type Unreachable } from '#modules/messages/index.ts'
import { areasById, areasOfTyped, localName, type AreaFacts, type OfficeFacts, type Scheme } from '#modules/targets/index.ts'
import { todayOn, type Site } from '../context.ts'
import { Gathered } from '../gathered.ts'
import { asksArea } from './elsewhere.ts'
import type { AreaChoice } from './where.ts'

/** What came of looking for somebody's representatives. Each has a page of its own; none is a guess. */
export type Finding =
  | { result: 'found', selected: Selected } & Whereabouts
  | { result: 'to-choose', selected: Selected } & Whereabouts
  | { result: 'nobody-to-write-to', unreachable: Unreachable[] } & Whereabouts
  | { result: 'ambiguous', areas: AreaFacts[], /** Of each area, who would be written to there and nowhere else of these: people know names better than numbers. */ people?: OfficeFacts[][] }
  | { result: 'unknown' | 'malformed' | 'outside', typed: string, scheme: Scheme }
  | { result: 'no-place' }

interface Whereabouts {
  area: AreaFacts | undefined
  code?: string
  /** What the action's table says about the area. */
  facts: AreaFactValues | undefined
}

/** Where a supporter says they live: an area chosen from a list, or what was typed as a code. */
export interface PlaceQuestion {
  schemeId: string | null
  area: string
  typed: string
}

export type PlaceAnswer = { area: AreaFacts, code: string | undefined } | Exclude<Finding, { result: 'found' | 'to-choose' | 'nobody-to-write-to' }>

/** Who asks: in which language, and whether they pick among candidates by themselves. */
export interface Asking {
  language: string
  pickElsewhere?: boolean
}

/** Finds who an action's message goes to, for a form that was posted. */
export async function findTargets(site: Site, action: PublicAction, body: unknown, asking: Asking): Promise<Finding> {
  if (!asksArea(action, body)) return reach(site, action, body, asking, { area: undefined })
  const typed = field(body, 'postcode').trim()
  // An area that was found for another code, or for none, says nothing about one that was typed since.
  const since = typed !== '' && body !== null && typeof body === 'object' && 'area_for' in body && field(body, 'area_for') !== typed
  const chosen = since ? '' : field(body, 'area').slice(0, 200)
  // Whoever chose from the list needs no look-up: that goes on while the database is away.
  const known = chosen && !typed ? await site.areas.get(chosen) : undefined
  if (known) return reach(site, action, body, asking, { area: known })
  const place = await site.places.ask({ schemeId: action.schemeId, area: chosen, typed })
  // Where the database is away by now, the areas can be told apart without.
  if ('result' in place) return place.result === 'ambiguous' ? { ...place, people: await peopleOf(site, action, place.areas).catch((error: unknown) => (isOutage(error) ? undefined : Promise.reject(error as Error))) } : place
  return reach(site, action, body, asking, place)
}

/** More areas than these are told apart by their names alone. */
const mostWithPeople = 12

async function peopleOf(site: Site, action: PublicAction, areas: AreaFacts[]): Promise<OfficeFacts[][] | undefined> {
  if (areas.length > mostWithPeople) return undefined
  const rules = rulesNow(action.targets, action.bodies)
  const all = await Promise.all(areas.map(async ({ id }) => held(action, await site.targets.get(JSON.stringify({ rules, areaId: id } satisfies Supporter))).filter(({ own }) => own).map(({ office }) => office)))
  return all.map((its, place) => its.filter(({ id }) => !all.some((others, other) => other !== place && others.some((each) => each.id === id))))
}

/** The same for page two, which carries the area that page one found: nothing has to be looked up by a code again. */
export async function findTargetsAgain(site: Site, action: PublicAction, body: unknown, asking: Asking): Promise<Finding> {
  const chosen = field(body, 'area').slice(0, 200)
  if (!chosen || !asksArea(action, body)) return findTargets(site, action, body, asking)
  const area = await site.areas.get(chosen)
  return area ? reach(site, action, body, asking, { area }) : { result: 'no-place' }
}

/** The same, or that it cannot be found out at the moment because the database is away. */
export async function findOrAway(find: typeof findTargets, site: Site, action: PublicAction, body: unknown, asking: Asking): Promise<Finding | { result: 'away' }> {
  try {
    return await find(site, action, body, asking)
  } catch (error) {
    if (isOutage(error)) return { result: 'away' }
    throw error
  }
}

async function reach(site: Site, action: PublicAction, body: unknown, asking: Asking, { area, code }: { area: AreaFacts | undefined, code?: string }): Promise<Finding> {
  const country = countryIn(body)
  const rules = rulesNow(action.targets, action.bodies)
  const key: Supporter = { rules, areaId: area?.id, ...(country && needsCountry(rules) && { country }) }
  const candidates = held(action, await site.targets.get(JSON.stringify(key)))
  const facts = area && action.facts.length ? await site.facts.get(`${action.id} ${area.id}`) : undefined
  const selected = select(action, candidates, pickingOf(action, body, asking, area))
  const whereabouts = { area, facts, ...(code !== undefined && { code }) }
  if (selected.toChoose.length) return { result: 'to-choose', selected, ...whereabouts }
  return selected.targets.length ? { result: 'found', selected, ...whereabouts } : { result: 'nobody-to-write-to', unreachable: selected.unreachable, ...whereabouts }
}

/** Those whose body does not sit, where the action keeps what is written to them: for whoever holds their office then. */
function held({ bodies }: PublicAction, targets: ChosenTarget[]): ChosenTarget[] {
  const holding = new Set(bodies.flatMap(({ id, conduct }) => (conduct === 'hold' ? [id] : [])))
  return holding.size === 0 ? targets : targets.map((target) => (holding.has(target.office.body.id) ? { ...target, office: { ...target.office, holders: [] }, held: true } : target))
}

function pickingOf(action: PublicAction, body: unknown, { language, pickElsewhere }: Asking, area: AreaFacts | undefined): Picking {
  return {
    supporter: () => knownSupporter({ country: action.options.country === 'no' ? undefined : countryIn(body), language, area }),
    seed: () => seedOf(body), picked: pickElsewhere ? 'everybody' : fields(body, 'to'),
  }
}

/** What everything that is drawn for a visitor is drawn by: the same from page to page. The form's own key would not do, because a page from memory gives it to many. */
export function seedOf(body: unknown): string {
  return field(body, 'draw') || `${field(body, 'key')} ${field(body, 'email').trim().toLowerCase()}`
}

function countryIn(body: unknown): string | undefined {
  const country = field(body, 'country').trim().toUpperCase()
  return /^[A-Z]{2}$/.test(country) ? country : undefined
}

/** Facts about areas, for the words of an action, by the ids of both. */
export function factsReader(db: Db): (key: string) => Promise<AreaFactValues> {
  const together = new Gathered((asked: { actionId: string, areaId: string }[]) => factsOfAreas(db, asked))
  return (key) => together.ask({ actionId: key.slice(0, 36), areaId: key.slice(37) })
}

export function targetsReader(db: Db, now: () => Date): (key: string) => Promise<ChosenTarget[]> {
  const together = new Gathered<Supporter, ChosenTarget[]>((supporters) => chooseTargets(db, supporters, now()))
  return (key) => together.ask(JSON.parse(key) as Supporter)
}

export function areasReader(db: Db, today: () => Promise<string>): (id: string) => Promise<AreaFacts | undefined> {
  const together = new Gathered<string, AreaFacts | undefined>(async (ids) => {
    const found = await areasById(db, ids, await today())
    return ids.map((id) => found.get(id))
  })
  return (id) => together.ask(id)
}

/** Finds the places of a crowd on a day, in two statements. */
export async function findPlaces(db: Db, known: Scheme[], questions: PlaceQuestion[], today: string): Promise<PlaceAnswer[]> {
  const schemes = new Map(known.map((scheme) => [scheme.id, scheme]))
  const asked = questions.flatMap((question) => {
    const scheme = schemes.get(question.schemeId ?? '')
    return question.typed && scheme ? [{ question, scheme, code: question.typed }] : []
  })
  const [chosen, answers] = await Promise.all([areasById(db, questions.flatMap(({ area }) => (area ? [area] : [])), today), areasOfTyped(db, asked, today)])
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

/** The areas that an action's bodies have today. */
export async function areaLists(site: Site, action: PublicAction): Promise<AreaFacts[]> {
  return site.areaLists.get(JSON.stringify([rulesNow(action.targets, action.bodies).flatMap((rule) => ('body' in rule ? [rule.body] : [])), await todayOn(site)]))
}

/** The areas to choose from instead of typing a postcode. */
export async function areaChoices(site: Site, action: PublicAction, language: string): Promise<AreaChoice[]> {
  const bodies = rulesNow(action.targets, action.bodies).flatMap((rule) => ('body' in rule ? [rule.body] : []))
  if (bodies.length === 0) return []
  const areas = await areaLists(site, action)
  return areas.map((area) => ({ id: area.id, name: localName(area, language) })).toSorted((one, other) => one.name.localeCompare(other.name, language))
}
