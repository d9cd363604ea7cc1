/**
 * Staff: who works here, how they sign in, what each may do, and the log of who did what.
 *
 * Signing in takes a passkey, or a password and a one-time code. Nobody can change or remove a line of the log.
 */
export { addStaff, allStaff, changeStaff, findStaff, roles, staffLeaves, type Role, type Staff } from './accounts.ts'
export { staffContact } from './contact.ts'
export { codeFits, newOneTimeSecret, passwordAndCodeFit, setOneTimeSecret, setPassword, shortestPassword } from './passwords.ts'
export { addPasskey, askForPasskey, offerPasskey, passkeysOf, passkeyStaff, removePasskey, type DeskPlace } from './passkeys.ts'
export { closeOtherSessions, closeSession, openSession, sessionHours, sessionStaff, touchSession } from './sessions.ts'
export { findSigninLink, makeSigninLink, useSigninLink } from './signin-links.ts'
export { audit, auditFirst, auditPage, type AuditLine } from './audit.ts'
export { findUndo, offerUndo, takeUndo } from './undo.ts'
