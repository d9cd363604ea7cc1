import { compared } from './difference.ts'
import type { ItemWords } from './item.ts'

/**
 * The words of somebody who began with `base`, with what only somebody else has changed since taken over: a field, a passage of the text, an entry of
 * a list that is known by its id. Where both changed the same, these stay.
 */
export function combined(base: ItemWords, mine: ItemWords, theirs: ItemWords): ItemWords {
  const all = Object.keys(mine) as (keyof ItemWords)[]
  return Object.fromEntries(all.map((name) => [name, name === 'body' ? combinedText(base.body, mine.body, theirs.body) : areNamed(mine[name]) && areNamed(theirs[name]) && areNamed(base[name]) ? combinedList(base[name], mine[name], theirs[name]) : one(base[name], mine[name], theirs[name])])) as ItemWords
}

interface Named { id: string }

function one<Part>(base: Part, mine: Part, theirs: Part): Part {
  return same(base, mine) ? theirs : mine
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function areNamed(value: unknown): value is Named[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && 'id' in each)
}

function combinedList(base: Named[], mine: Named[], theirs: Named[]): Named[] {
  const ids = (list: Named[]) => list.map(({ id }) => id)
  // Whoever put them in another order has the say in that.
  const [lead, other] = same(ids(base), ids(mine)) ? [ids(theirs), ids(mine)] : [ids(mine), ids(theirs)]
  const order = [...lead]
  for (const [place, id] of other.entries()) if (!order.includes(id)) order.splice(place === 0 ? 0 : order.indexOf(other[place - 1]!) + 1, 0, id)
  const find = (list: Named[], id: string) => list.find((each) => each.id === id)
  return order.flatMap((id) => one(find(base, id), find(mine, id), find(theirs, id)) ?? [])
}

/** Passages between blank lines, so that one keeps its own even where the other changed the next. */
function combinedText(base: string, mine: string, theirs: string): string {
  if (mine === base || theirs === base) return one(base, mine, theirs)
  return passages(base, mine, theirs).flatMap((each) => one(each.base, each.mine, each.theirs)).join('\n\n')
}

export interface Passages {
  base: string[]
  mine: string[]
  theirs: string[]
}

/** Three versions of a text, cut where all of them agree. */
export function passages(...texts: [base: string, mine: string, theirs: string]): Passages[] {
  const [base, mine, theirs] = texts.map((text) => text.split(/\n{2,}/).filter(Boolean)) as [string[], string[], string[]]
  const [inMine, inTheirs] = [placesIn(base, mine), placesIn(base, theirs)]
  const found: Passages[] = []
  let from = { base: 0, mine: 0, theirs: 0 }
  const until = (to: typeof from) => {
    found.push({ base: base.slice(from.base, to.base), mine: mine.slice(from.mine, to.mine), theirs: theirs.slice(from.theirs, to.theirs) })
    from = to
  }
  for (const [place] of base.entries()) {
    const [there, yonder] = [inMine.get(place), inTheirs.get(place)]
    if (there === undefined || yonder === undefined) continue
    until({ base: place, mine: there, theirs: yonder })
    until({ base: place + 1, mine: there + 1, theirs: yonder + 1 })
  }
  until({ base: base.length, mine: mine.length, theirs: theirs.length })
  return found
}

/** Where each passage that another version kept stands in it. */
function placesIn(base: string[], other: string[]): Map<number, number> {
  const places = new Map<number, number>()
  let [mine, theirs] = [0, 0]
  for (const stretch of compared(base, other)) {
    if (stretch.in === 'both') places.set(mine, theirs)
    if (stretch.in !== 'later') mine += 1
    if (stretch.in !== 'former') theirs += 1
  }
  return places
}
