/**
 * Targets: who is written to. An office is the target and outlives its holders; who holds it is a question with a date.
 *
 * Codes lead to areas, areas to offices, offices to holders. What is not known is said so and never guessed.
 */
export { codeBeginning, compactCode, readCode, showCode, type ReadCode, type Scheme } from './codes.ts'
export { allSchemes, areasById, areasOfTyped, findAreas, lookup, schemeById, type AreaFacts, type LookupAnswer, type LookupResult } from './lookup.ts'
export { areasOfBody, localLabel, localName, officesById, officesOfAreas, type HolderFacts, type OfficeFacts } from './offices.ts'
export { FileFault, previewTable, textOf } from './importing/reading.ts'
export { codeColumns, lookupMapping, mapping, readyMappings, targetColumns, targetsMapping, type LookupMapping, type Mapping, type TargetsMapping } from './importing/mapping.ts'
export type { ImportReport, Progress, RefusalReason, ReportRow, RowOutcome } from './importing/report.ts'
export { runImport } from './importing/run.ts'
export { slug } from './importing/targets.ts'
export { findImport, importForReal, importRows, imports, runStoredImport, storeImport, type StoredImport } from './importing/job.ts'
export { addBody, addContact, beginTerm, changeOffice, endContact, endTerm, findOfficeRecord, saveOffice, type OfficeRecord } from './records.ts'
