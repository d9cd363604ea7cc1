/**
 * Staff: who works here, how they sign in, what each may do, and the log of who did what.
 */
export { staffContact, staffPlace, type StaffContact } from './contact.ts'
export { findSigninLink, makeSigninLink, useSigninLink, type SigninLink } from './signin-links.ts'
