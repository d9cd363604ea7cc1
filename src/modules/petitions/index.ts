/**
 * Petitions: the ask, its goal, and the names that people want seen under it.
 *
 * Who signed, signed the words that they saw: those never change. The goal is the publisher's choice and says nothing about truth.
 */
export { goalFor } from './goal.ts'
export { makeSheets, sheetRows } from './sheet.ts'
export { petitionWords } from './words/index.ts'
export { decideName, shownNames } from './names.ts'
