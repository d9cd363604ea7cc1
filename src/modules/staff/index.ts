/**
 * Staff: who works here, how they sign in, what each may do, and the log of who did what.
 *
 * Signing in takes a passkey, or a password and a one-time code. Nobody can change or remove a line of the log.
 */
export { freshAbilities, freshMinutes, grantOf, roles, type Ability, type Grant, type Holding, type Reach, type Role } from './abilities.ts'
export { addStaff, allStaff, changeRoles, changeStaff, findStaff, staffLeaves, type Staff } from './accounts.ts'
export { answerApproval, approvalKinds, approvalLimits, approvalOf, approving, askApproval, changeApprovalLimit, listApprovals, needsApproval, type Approval, type ApprovalKind, type ApprovalLimit } from './approvals.ts'
export { holdingsOf } from './holdings.ts'
export { staffContact } from './contact.ts'
export { codeFits, newOneTimeSecret, passwordAndCodeFit, setOneTimeSecret, setPassword, shortestPassword } from './passwords.ts'
export { addPasskey, askForPasskey, offerPasskey, passkeysOf, passkeyStaff, removePasskey, type DeskPlace } from './passkeys.ts'
export { closeOtherSessions, closeSession, findSession, openSession, proveSession, sessionHours, touchSession } from './sessions.ts'
export { findSigninLink, makeSigninLink, useSigninLink } from './signin-links.ts'
export { audit, auditFirst, auditPage, type AuditLine } from './audit.ts'
export { chainHead, checkChain, headInWords, readHead, sealAudit } from './audit-chain.ts'
export { findUndo, offerUndo, takeUndo } from './undo.ts'
