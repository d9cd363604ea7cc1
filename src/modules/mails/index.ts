/**
 * Mails: what we promised to write to supporters, each promise made in the transaction of its cause.
 *
 * A mail is written when it is sent, from what is true then, and goes out at least once. No mailbox gets more than five
 * unanswered requests to confirm in 30 days.
 */
export { mailboxesAnswered, moveUnanswered, promiseConfirmations, promiseMails, promiseOwnMails, type MailKind, type OwnMailKind } from './promise.ts'
export { openPost, type Post } from './post.ts'
export { cancelMails, claimMails, mendMailClock, notSwitchedOff, remindingKinds, recordMailOutcomes, retryAt, type DueMail, type MailOutcome } from './outbox.ts'
export { looksReturned, readReturnAddress, type Returning } from './return-address.ts'
export { mailById, mailCameBack } from './returned.ts'
