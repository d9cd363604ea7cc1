/**
 * Targets: who is written to. An office is the target and outlives its holders; who holds it is a question with a date.
 *
 * Codes lead to areas, areas to offices, offices to holders. What is not known is said so and never guessed.
 */
export { codeBeginning, isBeginning, type Scheme } from './codes.ts'
export { allSchemes, areasById, areasNamed, areasOfTyped, findAreas, lookup, type AreaFacts, type LookupAnswer } from './lookup.ts'
export { noteLookupFailures, type LookupFailure } from './lookup-failures.ts'
export { areasOfBody, embassies, localLabel, localName, officesById, officesOfAreas, type OfficeFacts } from './offices.ts'
export { FileFault, fileAt } from './importing/source.ts'
export { previewFile, type Preview } from './importing/preview.ts'
export { readTable } from './importing/small-table.ts'
export { codeColumns, mapping, readyMappings, targetColumns, type Mapping } from './importing/mapping.ts'
export { findMapping, forgetMapping, saveMapping, savedMappings } from './importing/saved-mappings.ts'
export type { ImportReport } from './importing/report.ts'
export { OlderFile } from './importing/loaded-files.ts'
export { runImport } from './importing/run.ts'
export { boundariesMapping, boundaryColumns, type BoundariesMapping } from './boundaries/mapping.ts'
export { previewFeatures } from './boundaries/reading.ts'
export { areaAtPoint, hasBoundaries, loadAtlas, lookupPoints } from './boundaries/atlas.ts'
export { boundariesPrint, boundaryFiles } from './boundaries/served.ts'
export { territoryOf, territoryStep, type Territory, type TerritoryStep } from './boundaries/territory.ts'
export { slug } from './slug.ts'
export { discardTrial, findImport, importForReal, importRows, imports, runStoredImport, storeImport, tryEvenIfOlder, type StoredImport } from './importing/job.ts'
export { addBody, addContact, beginTerm, changeOffice, endContact, endTerm, findOfficeRecord, saveOffice, setMission, type OfficeRecord } from './records.ts'
export { bodySummaries } from './bodies.ts'
export { checkReasons, contactChecked, findContact, needsChecking, refusedAddresses, replaceContact, type ContactRecord, type ToCheck } from './checking.ts'
export { noteRefusal } from './refusals.ts'
