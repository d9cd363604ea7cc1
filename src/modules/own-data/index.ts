/**
 * Own data: what somebody sees and changes of what is known about them, without an account.
 *
 * A link in a mail leads to a page that is read from a capsule: the worker writes it encrypted under a key that only the link's token
 * gives, the desk adds what only its key opens, and an hour later it is gone. Every change goes through the intake.
 */
export { addRecords, correctedRecord } from './records.ts'
export { askForCapsule, readCapsule, writeCapsules, type Capsule } from './capsule.ts'
export { asJson, everythingOf } from './everything.ts'
export { askedBy, carryOutRequest, requestsOf, requestWays, takeDown, type TakenDown } from './requests.ts'
export { canSayYes, choicesFor } from './consents.ts'
export { namesInMailbox } from './scope.ts'
export { settleOwnData } from './settle.ts'
export { tidyOwnData } from './tidy.ts'
export type { OwnChoice, OwnNews, OwnParticipation, SaidConsent } from './shape.ts'
