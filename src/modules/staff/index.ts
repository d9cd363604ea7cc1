/**
 * Staff: who works here, how they sign in, what each may do, and the log of who did what.
 *
 * Signing in takes a passkey, or a password and a one-time code. Nobody can change or remove a line of the log.
 */
export { closedWhileLocked, freshAbilities, freshMinutes, grantOf, roles, rolesGive, type Ability, type Grant, type Holding, type Reach, type Role } from './abilities.ts'
export { addStaff, allStaff, changeRoles, changeStaff, findStaff, staffLeaves, type Staff } from './accounts.ts'
export { answerApproval, approvalKinds, approvalLimits, approvalOf, approving, askApproval, changeApprovalLimit, lastAsked, listApprovals, needsApproval, whatAsking, type Approval, type ApprovalKind, type ApprovalLimit } from './approvals.ts'
export { deputiesAround, endDeputy, handOverDeputies, handOverPlaces, mayTakeOver, nameDeputy } from './absences.ts'
export { assignPlaces, holdingsOf, placesOf, renamePlace } from './holdings.ts'
export { lockEverything, readLockdown, unlockEverything } from './lockdown.ts'
export { fewRecoveryCodes, makeRecoveryCodes, recoveryCodesLeft } from './recovery-codes.ts'
export { staffContact } from './contact.ts'
export { codeFits, failedSignins, newOneTimeSecret, passwordAndCodeFit, setOneTimeSecret, setPassword, shortestPassword, unlockAccount } from './passwords.ts'
export { addPasskey, askForPasskey, offerPasskey, passkeysOf, passkeyStaff, removePasskey, type DeskPlace } from './passkeys.ts'
export { closeOtherSessions, closeSession, endSessions, findSession, openSession, proveSession, sessionHours, sessionsOf, touchSession } from './sessions.ts'
export { findSigninLink, makeSigninLink, useSigninLink } from './signin-links.ts'
export { audit, auditFirst, auditLines, auditPage, auditSubjects, auditVerbs, lastDone, nameInLog, namesInLog, type AuditEntry, type AuditFilter, type AuditLine } from './audit.ts'
export { chainHead, checkChain, headInWords, headsInText, readHead, sealAudit, type ChainHead } from './audit-chain.ts'
export { findUndo, offerUndo, takeUndo } from './undo.ts'
