import { createHash } from 'node:crypto'
import { remembered } from '#platform/remembered.ts'
import { decide, knownTarget, type Known, type Rule, type TargetGroup } from '#modules/actions/index.ts'
import { obstacle, type ChosenTarget, type Obstacle } from './target-choice.ts'

/** An action's way of choosing among its targets. */
export interface Choosing {
  groups: TargetGroup[]
  rules: Rule[]
}

/** Why a target is not written to: it cannot be reached, the rules leave it out, or no rule says anything about it. */
export type Reason = Obstacle | 'left-out' | 'no-rule'

/** Targets that get the same words: the action's own, or those of a variant. */
export interface Addressed {
  variant: string | null
  targets: ChosenTarget[]
}

export interface Unreachable {
  target: ChosenTarget
  why: Reason
  /** The words that are meant for it, for whoever reaches it another way. */
  variant: string | null
}

export interface Selected {
  /** Who is written to, by the words that they get; those who get the first target's words come first. */
  letters: Addressed[]
  /** The same, all together and in order. */
  targets: ChosenTarget[]
  copies: ChosenTarget[]
  unreachable: Unreachable[]
  /** Groups in which the supporter still has to pick, and whom from; or has picked too many. */
  toChoose: { group: TargetGroup, candidates: ChosenTarget[], tooMany: boolean }[]
  /** Offices that were picked and are not among the candidates any more. */
  gone: string[]
}

export interface Picking {
  /** What rules may know of the supporter; only asked for where there are rules. */
  supporter: () => Known
  /** The same for one participation from page to page, and another one for every other. */
  seed: () => string
  /** What the supporter has picked, by office; or everybody, where the supporter picks elsewhere. */
  picked: string[] | 'everybody'
}

/**
 * Chooses among the offices that an action leads to: by its rules, by whom a message can reach, and by the way of each group. Whoever
 * stands in several groups is written to once, by the first that chooses them, and gets no copy of it.
 */
export function select(action: Choosing, candidates: ChosenTarget[], picking: Picking): Selected {
  const somePicked = picking.picked !== 'everybody' && picking.picked.length > 0
  const differs = somePicked || action.rules.length > 0 || action.groups.some(({ mode }) => mode === 'choose' || mode === 'random')
  return differs ? selectFor(action, candidates, picking) : sameForAll(action)(candidates)
}

/** Where nothing is ruled, drawn or picked, all who live in the same area write to the same offices. */
const sameForAll = remembered((action: Choosing) => remembered((candidates: ChosenTarget[]) => selectFor(action, candidates, { supporter: () => ({}), seed: () => '', picked: [] })))

function selectFor({ groups, rules }: Choosing, candidates: ChosenTarget[], picking: Picking): Selected {
  const supporter = rules.length ? picking.supporter() : {}
  const variants = new Map<ChosenTarget, string | null>()
  const selected: Selected = { letters: [], targets: [], copies: [], unreachable: [], toChoose: [], gone: [] }
  const pickable = new Set<string>()
  const written = new Set<string>()
  for (const [number, all] of Map.groupBy(candidates, (each) => each.group)) {
    const group = groups.find((each) => each.number === number)
    const members = all.filter(({ office }) => !written.has(office.id))
    const problems = new Map<ChosenTarget, Reason>()
    for (const member of members) {
      const decision = rules.length ? decide(rules, knownTarget(member.office), supporter) : undefined
      // A copy needs no rule; one that leaves its office out holds for it as well.
      const why = decision?.answer === 'skip' ? 'left-out' : decision?.answer === 'gap' && group?.role !== 'copy' ? 'no-rule' : member.held ? undefined : obstacle(member.office)
      if (why) problems.set(member, why)
      variants.set(member, decision?.answer === 'write' ? decision.variant : null)
    }
    const reachable = members.filter((member) => !problems.has(member))
    const picked = chosenOf(group, reachable, picking)
    const tooMany = group?.mode === 'choose' && picking.picked !== 'everybody' && picked.length > group.most
    const chosen = tooMany ? [] : picked
    if (group?.mode === 'choose') {
      for (const { office } of reachable) pickable.add(office.id)
      if (chosen.length === 0 && reachable.length > 0) selected.toChoose.push({ group, candidates: reachable, tooMany })
    }
    if (group?.role === 'copy') selected.copies.push(...chosen)
    else {
      selected.targets.push(...chosen)
      for (const { office } of chosen) written.add(office.id)
    }
    // Where one is chosen among many, those who cannot be reached are nobody's business unless all of them are like that.
    if (group?.role !== 'copy' && (!group || group.mode === 'all' || reachable.length === 0)) selected.unreachable.push(...[...problems].map(([target, why]) => ({ target, why, variant: variants.get(target) ?? null })))
  }
  selected.copies = once(selected.copies.filter(({ office }) => !written.has(office.id)), ({ office }) => office.id)
  selected.unreachable = once(selected.unreachable.filter(({ target }) => !written.has(target.office.id)), ({ target }) => target.office.id)
  selected.letters = [...Map.groupBy(selected.targets, (target) => variants.get(target) ?? null)].map(([variant, targets]) => ({ variant, targets }))
  selected.gone = picking.picked === 'everybody' ? [] : picking.picked.filter((id) => !pickable.has(id))
  return selected
}

/** Each office's first. */
function once<Thing>(things: Thing[], officeOf: (thing: Thing) => string): Thing[] {
  return things.filter((thing, place) => things.findIndex((other) => officeOf(other) === officeOf(thing)) === place)
}

function chosenOf(group: TargetGroup | undefined, reachable: ChosenTarget[], { seed, picked }: Picking): ChosenTarget[] {
  switch (group?.mode) {
    case 'one': return reachable.slice(0, 1)
    case 'random': return reachable.length > 1 ? [draw(seed(), reachable, ({ office }) => office.id)] : reachable
    // Nobody needs to be asked where there is nothing to choose.
    case 'choose': return reachable.length === 1 || picked === 'everybody' ? reachable : reachable.filter(({ office }) => picked.includes(office.id))
    default: return reachable
  }
}

/**
 * Draws one, always the same for the same seed, however the others are ordered and whoever of them goes; over all seeds each is
 * drawn equally often (highest random weight, Thaler and Ravishankar 1998).
 */
export function draw<Thing>(seed: string, things: Thing[], nameOf: (thing: Thing) => string): Thing {
  const weights = things.map((thing) => ({ thing, weight: createHash('sha256').update(`${seed}\n${nameOf(thing)}`).digest('hex') }))
  return weights.reduce((best, each) => (each.weight > best.weight ? each : best)).thing
}
