/**
 * Returns: what comes back to the addresses of ours that name a mail.
 *
 * Bounces, complaints, wishes for no more mail and answers come in by SMTP, from a mailbox, or from the inbox in practice. Each is kept sealed
 * until the worker reads it, and counts once. An address that nobody with our key made is not believed.
 */
export { addressedTo, keptBytes, mostBytes, takeIn, type ReturnWay } from './take-in.ts'
export { workOffReturns } from './work-off.ts'
export { passLettersOn } from './passing-on.ts'
export { markRead, openLetter } from './letters.ts'
