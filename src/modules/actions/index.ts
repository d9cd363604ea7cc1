/**
 * Actions: what a supporter can do. Their life, what the public may see of them, how what people did is taken in, settled,
 * confirmed and counted.
 *
 * What was acknowledged is on disk. Nothing is counted, sent to a target or changes a person before the owner of the mailbox has
 * confirmed it. Only the tick writes numbers.
 */
export { actionKinds, actionOptions, actionWords, shareChannels, type ActionKind, type ActionOptions, type ActionWords, type Goal, type ShareChannel } from './action.ts'
export { actionStates, canMove, outcomes, standing, type ActionState, type Outcome, type Standing } from './lifecycle.ts'
export {
  changeAction, createAction, findAction, newestRevision, newestRevisions, publishWords, saveWords, setStatements, setTargets, statementIds, targetRules, targetRulesOf,
  type Action, type ActionChanges, type NewAction, type Revision, type TargetRule,
} from './drafts.ts'
export { missingParts, missingWords, moveAction, undoMove, type Missing, type MoveOutcome } from './moves.ts'
export { findPublicAction, publicActions, wordsIn, type PublicAction, type PublicImage, type PublicStatement, type PublicWords } from './public-action.ts'
export { codeHash, linkHash, linkToken, shortCode } from './links.ts'
export { Collector, type CollectorLimits, type Submitted } from './intake/collector.ts'
export { entry, type Entry, type LinkUse, type RecordDetails, type Taking, type WrittenMessage } from './intake/entry.ts'
export { settle, type SettlingTools } from './settling/settle.ts'
export { endParticipations } from './settling/link-uses.ts'
export { askOne } from './settling/ask-one.ts'
export { rememberCounted } from './settling/duplicates.ts'
export { detailsPlace, messagePlace, recordPlace, type Details, type MessageText } from './settling/details.ts'
export type { ConfirmedParticipation, KindHooks, Keys, ParticipationRef } from './settling/workshop.ts'
export { countTick, recount, type Drift } from './counting.ts'
