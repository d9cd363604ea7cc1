/**
 * Integrity: that the count means people. Limits that ask a browser for a little work and nobody for a puzzle, surges that staff
 * are told of, and the removal of what does not belong in a count, with a line of its own in the count's history.
 */
export { Guard, type Sight, type SignUp } from './guard.ts'
export { canBeRestored, cancelRemoval, findRemoval, planRemoval, removals, removalStates, restorableDays, restoreRemoval, startRemoval, type Removal, type RemovalCondition, type RemovalState } from './removals.ts'
export { workOnRemovals, type RemovingTools } from './removing.ts'
export { chooseToRead, readsSurges, surgeKinds, surges, surgeSeen, watchForSurges, type Surge, type SurgeKind } from './surges.ts'
export { surgeInWords, tellOfSurges, type TellingTools } from './surge-letter.ts'
export { changeLimits, limits, readLimits, type Limits } from './limits.ts'
