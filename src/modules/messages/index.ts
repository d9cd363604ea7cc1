/**
 * Messages: a supporter's words to the people in power.
 *
 * Greeting and closing are the publisher's, the middle is the supporter's own. A message to an office is sent at most once, and
 * what happened to it is said in words that are true: accepted by their server, refused, or unknown.
 */
export { supporterFields, targetFields, unknownFields } from './merge.ts'
export { mailto } from './mailto.ts'
export { chooseTargets, needsArea, obstacle, type ChosenTarget, type Supporter } from './target-choice.ts'
export { addresseeName, closingFor, greetingFor, senderName, startingText, wholeMessage, type Writer } from './wording.ts'
export { messageHooks } from './queue.ts'
export { deliverMessages, markAbandoned, markRestored, mendMessageClock, releaseWaiting, usualPace, type Pace } from './courier.ts'
export { decideSuccessors, tidySendingTimes } from './sending-times.ts'
export { keepForTheRecord } from './record.ts'
