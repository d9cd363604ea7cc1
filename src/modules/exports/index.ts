/**
 * Exports: lists about supporters that leave the house. Somebody asks for one with a reason, above a limit somebody else agrees, it is made in
 * the background from a list of who is in it, lies sealed for three days, and is encrypted to its recipient's key when it is downloaded.
 */
export { exportKinds, beginExport, cancelExport, exportById, exportFingerprint, exportFormats, exportNeedsSecondPerson, newestExports, planExport, type Export, type ExportPlan } from './export.ts'
export { workOnExports, type ExportTools } from './making.ts'
export { makeParts, type MakingTools } from './parts.ts'
export { encryptedTo, exportBytes } from './handing-over.ts'
export { actionsByTitle, countriesOfPeople, partners, removePartner, setPartnerKey } from './choices.ts'
