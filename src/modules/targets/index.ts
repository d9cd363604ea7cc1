/**
 * Targets: who is written to. An office is the target and outlives its holders; who holds it is a question with a date.
 *
 * Codes lead to areas, areas to offices, offices to holders. What is not known is said so and never guessed.
 */
export { codeBeginning, type Scheme } from './codes.ts'
export { allSchemes, areasById, areasNamed, areasOfTyped, findAreas, lookup, type AreaFacts, type LookupAnswer } from './lookup.ts'
export { noteLookupFailures, type LookupFailure } from './lookup-failures.ts'
export { areasOfBody, embassies, localLabel, localName, officesById, officesOfAreas, type OfficeFacts } from './offices.ts'
export { FileFault, previewTable, readTable, textOf } from './importing/reading.ts'
export { codeColumns, mapping, readyMappings, targetColumns, type Mapping } from './importing/mapping.ts'
export { runImport } from './importing/run.ts'
export { slug } from './importing/targets.ts'
export { discardTrial, findImport, importForReal, importRows, imports, runStoredImport, storeImport, type StoredImport } from './importing/job.ts'
export { addBody, addContact, beginTerm, changeOffice, endContact, endTerm, findOfficeRecord, saveOffice, setMission, type OfficeRecord } from './records.ts'
