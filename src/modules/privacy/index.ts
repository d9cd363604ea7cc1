/**
 * Privacy: what is known of anybody, for how long, and how it is forgotten. Visits every module that holds personal data.
 *
 * Erasing is on request and leaves a suppression and a line in the register; forgetting is by clocks and leaves neither. A legal hold
 * stands against both.
 */
export { dataClasses, inventory, views, type DataClass, type ListedTable } from './inventory/index.ts'
export { carryOutErasures, endExports, erasePeople, erasePerson, requestErasure } from './erase.ts'
export { ahead, clockBounds, clockDays, clocks, setClock, type Ahead, type Clock } from './clocks.ts'
export { forgetOn, forgettingRuns, startForgetting, type ForgettingRun } from './forgetting.ts'
export { copyHold, erasureAskedAt, holds, isHeld, liftHold, placeHold, type Hold } from './holds.ts'
export { applyRegister } from './erase-again.ts'
export { readRegister } from './register-lines.ts'
export { ErasureRegister, registerFile } from './register.ts'
export { setApart } from './set-apart.ts'
export { indexKeysPlace, keepIndexKeys, readRecoveryLines, recoveryLines, SheetFault } from './recovery.ts'
export { removePractice } from './remove-practice.ts'
export { expire, keptDays } from './expire.ts'
