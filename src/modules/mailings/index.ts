/**
 * Mailings: what we write to supporters, and when it is no longer worth sending.
 *
 * Every mail lets its reader take the action back, stop all mail (RFC 8058) and make the device forget them. What is written once and sent
 * to many, an update or a newsletter, goes to each mailbox at most once, and only to those who said yes to it and still do when it leaves.
 */
export { deliverMails } from './deliver.ts'
export { remind } from './remind.ts'
export { bulletinMoulds, mouldFor } from './bulletins/mould.ts'
export { pauseBulletin, planEditions } from './bulletins/editions.ts'
export { bulletinQuestions, bulletinStanding, type BulletinQuestion, type BulletinStanding } from './bulletins/standing.ts'
export { settleBulletins } from './bulletins/requests.ts'
export { changeHabits, readHabits } from './many/habits.ts'
export { quietUntil, type QuietHours } from './many/quiet.ts'
export { markAbandonedRecipients } from './many/claim.ts'
export { MailingCourier, mailingLines } from './many/courier.ts'
export { mailingFields, mailingLetter, mouldOf } from './many/letter.ts'
export {
  addMailing, askForCount, discardMailing, duplicateMailing, findMailing, leftOutReasons, mailingKinds, mailingStates, reachOf, saveAudience, saveText, textsOf,
  type LeftOut, type Mailing, type MailingFilter, type MailingKind, type MailingState, type MailingText,
} from './many/mailing.ts'
export { canBeSent, canMove, changeQuiet, mailingGaps, moveMailing, sendMailing } from './many/moves.ts'
export { forgetRecipients, mailingNumbers, markMailingsRestored, noteReturned, recipientById, recipientDays, tidyMailings, type MailingNumbers } from './many/numbers.ts'
export { planMailings } from './many/plan.ts'
export { firstQuestions, possibleQuestions } from './many/questions.ts'
export { newsletterTopics, offerTopics, topicOf, topicReaders } from './many/topics.ts'
export { askForTrial, deliverTrials, trialsOf, type Trial } from './many/trial.ts'
