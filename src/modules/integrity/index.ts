/**
 * Integrity: that the count means people. Limits that ask a browser for a little work and nobody for a puzzle, surges that staff
 * are told of, and the removal of what does not belong in a count, with a line of its own in the count's history.
 */
export { Guard, type Sight } from './guard.ts'
export { cancelRemoval, findRemoval, goOnWithRemoval, leftOf, planRemoval, removals, restorableUntil, restoreRemoval, startRemoval, type Removal, type RemovalCondition } from './removals.ts'
export { workOnRemovals } from './removing.ts'
export { renameLikenesses, surgeInWords, surges, surgeSeen, watchForSurges, type Surge, type SurgeKind } from './surges.ts'
export { changeLimits, limits, readLimits, type Limits } from './limits.ts'
