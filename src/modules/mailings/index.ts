/**
 * Mailings: what we write to supporters, and when it is no longer worth sending.
 *
 * Every mail lets its reader take the action back, stop all mail (RFC 8058) and make the device forget them.
 */
export { deliverMails } from './deliver.ts'
export { remind } from './remind.ts'
