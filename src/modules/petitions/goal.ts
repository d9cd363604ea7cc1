import type { Goal } from '#modules/actions/index.ts'

/** Steps of the ladder: up to so many signatures, the next goal is the next multiple of so many. */
const ladder = [[500, 100], [1000, 200], [10_000, 1000], [50_000, 5000], [100_000, 25_000], [Number.POSITIVE_INFINITY, 100_000]] as const

/** The goal to show beside a count, or none. On the ladder the goal always lies ahead: the bar is never full. */
export function goalFor(goal: Goal, count: number): number | undefined {
  if (goal.kind === 'none') return undefined
  if (goal.kind === 'fixed') return goal.value
  const next = count + 1
  const step = ladder.find(([upTo]) => next <= upTo)![1]
  return Math.ceil(next / step) * step
}
