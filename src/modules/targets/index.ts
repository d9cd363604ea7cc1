/**
 * Targets: who is written to. An office is the target and outlives its holders; who holds it is a question with a date.
 *
 * Codes lead to areas, areas to offices, offices to holders. What is not known is said so and never guessed.
 */
export { codeBeginning, type Scheme } from './codes.ts'
export { allSchemes, areasById, areasOfTyped, findAreas, lookup, type AreaFacts, type LookupAnswer } from './lookup.ts'
export { noteLookupFailures, type LookupFailure } from './lookup-failures.ts'
export { areasOfBody, localLabel, localName, officesById, officesOfAreas, type OfficeFacts } from './offices.ts'
export { announceState, bodyStandings, endState, periodsOf, stateOn, zoneOf, type BodyStanding, type BodyState, type StatePeriod } from './body-states.ts'
export { addCandidate, findBodyRecord, findOfficeHours, setCandidacy, setHours, type BodyRecord } from './body-records.ts'
export { hoursOfOffices, nextOpening, openHours, type OfficeHours, type OpenHours } from './office-hours.ts'
export { readHolidays, setHolidays, type Holiday } from './holidays.ts'
export { FileFault, fileAt } from './importing/source.ts'
export { previewFile, type Preview } from './importing/preview.ts'
export { codeColumns, mapping, readyMappings, targetColumns, type Mapping } from './importing/mapping.ts'
export { findMapping, forgetMapping, saveMapping, savedMappings } from './importing/saved-mappings.ts'
export type { ImportReport } from './importing/report.ts'
export { OlderFile } from './importing/loaded-files.ts'
export { runImport } from './importing/run.ts'
export { slug } from './slug.ts'
export { discardTrial, findImport, importForReal, importRows, imports, runStoredImport, storeImport, tryEvenIfOlder, type StoredImport } from './importing/job.ts'
export { addBody, addContact, beginTerm, changeOffice, endContact, endTerm, findOfficeHistory, findOfficeRecord, saveOffice, type OfficeHistory, type OfficeRecord } from './records.ts'
export { bodySummaries } from './bodies.ts'
export { checkReasons, contactChecked, findContact, needsChecking, refusedAddresses, replaceContact, type ContactRecord, type ToCheck } from './checking.ts'
export { noteRefusal } from './refusals.ts'
export { optOut, optOutsOf, resumeWriting, type OptOutRecord } from './opt-outs.ts'
export { publicReplies, recordReply, repliesOf, withdrawReply, type PublicReply } from './replies.ts'
export { alternatesOf, setAlternate } from './alternates.ts'
