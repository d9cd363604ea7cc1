/**
 * Privacy: what is known of anybody, for how long, and how it is forgotten. Visits every module that holds personal data.
 */
export { dataClasses, inventory, views, type DataClass, type ListedTable } from './inventory/index.ts'
export { erasePerson, forgetInactive } from './erase.ts'
export { indexKeysPlace, keepIndexKeys, keysFit, readRecoveryLines, recoveryLines, SheetFault } from './recovery.ts'
export { removePractice } from './remove-practice.ts'
export { expire, keptDays } from './expire.ts'
