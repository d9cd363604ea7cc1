/**
 * Messages: a supporter's words to the people in power.
 *
 * Greeting and closing are the publisher's, the middle is the supporter's own. A message to an office is sent at most once, and
 * what happened to it is said in words that are true: accepted by their server, refused, or unknown.
 */
export { factFields, merge, supporterFields, targetFields, unknownFields, withDots } from './merge.ts'
export { mailto } from './mailto.ts'
export { chooseTargets, getsDigest, needsArea, needsCountry, type ChosenTarget, type Supporter } from './target-choice.ts'
export { select, type Addressed, type Picking, type Selected, type Unreachable } from './selection.ts'
export { addresseeName, closingFor, factsKept, greetingFor, scriptFor, senderName, startingText, templateFor, wholeMessage, type MessageTemplate, type Writer } from './wording.ts'
export { countUnsent, dropUnsent, messageHooks } from './queue.ts'
export { deliverMessages, markAbandoned, markRestored, mendMessageClock, releaseWaiting } from './courier.ts'
export { decideSuccessors, tidySendingTimes } from './sending-times.ts'
export { bodyWaits, dropForBody, waitsForBody, type BodyWait } from './body-waits.ts'
export { findMessageLife, lifeOf, type LifeRow, type MessageLife } from './life.ts'
export { keepForTheRecord } from './record.ts'
export { usualPace, type Pace } from './pace.ts'
export { whatKeeps, type Keeping, type Queued } from './keeping.ts'
export { endRest, healthOf, type Health } from './health.ts'
export { sendingRules, setSendingRule, type RuleScope, type SendingRule } from './sending-rules.ts'
export { askForReplies } from './asking.ts'
export { countOffices, markAllOffices } from './tallies.ts'
export { findPublicOffice, mostWrittenTo, titlesOf, type OfficeNumbers, type PublicOffice } from './public-office.ts'
export { findDigestNumbers, type DigestNumbers } from './digest/numbers.ts'
export { planDigests, usualDigestHour } from './digest/plan.ts'
export { deliverDigests, type DigestTools } from './digest/send.ts'
export { cameBack, sentToOffice, type ReturnedFrom } from './returned.ts'
