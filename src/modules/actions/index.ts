/**
 * Actions: what a supporter can do. Their life, what the public may see of them, how what people did is taken in, settled,
 * confirmed and counted.
 *
 * What was acknowledged is on disk. Nothing is counted, sent to a target or changes a person before the owner of the mailbox has
 * confirmed it. Only the tick writes numbers.
 */
export { actionOptions, actionWords, conduct, shareChannels, type ActionKind, type ActionOptions, type ActionWords, type Conduct, type Goal, type ShareChannel, type VariantWords } from './action.ts'
export { actionStates, outcomes, standing, type ActionState, type Outcome, type Standing } from './lifecycle.ts'
export { changeAction, createAction, findAction, newestRevisions, publishWords, saveWords, setStatements, statementIds, type Action, type Revision } from './drafts.ts'
export { setTargets, setTargetsOfGroup, targetRules, targetRulesOf, type TargetRule } from './rules/leads.ts'
export { needsOfWords, unknownFacts, type WordsNeed } from './rules/readiness.ts'
export { groupModes, groupRoles, groupsOf, moveGroupUp, setGroup, type TargetGroup } from './rules/groups.ts'
export { decide, fold, knownSupporter, knownTarget, supporterAttributes, targetAttributes, type Attribute, type Condition, type Known, type Rule } from './rules/rule.ts'
export { addVariant, removeVariant, rulesOf, setRules, variantsOf, type Variant } from './rules/rules.ts'
export { coverageOf, type Coverage } from './rules/coverage.ts'
export { addFactColumns, factAreas, factColumns, factName, factPrefix, factsOfAreas, placeFacts, removeFactColumn, setFacts, type AreaFactValues } from './rules/facts.ts'
export { copyTargets } from './rules/copying.ts'
export { reportChannels, reportContact, reportedContacts, type ReportChannel } from './rules/reports.ts'
export { missingParts, missingWords, moveAction, undoMove, type Missing } from './moves.ts'
export { startRehearsal } from './rehearsing.ts'
export { heldReasons, refuseHeld, releaseHeld, type WhichHeld } from './holding.ts'
export { titleIn } from './titles.ts'
export { actionWithin, withinReach } from './within.ts'
export { findPublicAction, publicActions, wordsIn, type PublicAction, type PublicImage, type PublicStatement, type PublicWords } from './public-action.ts'
export { conductIn, rulesNow, standingWith, targetBodies, type TargetBody } from './target-bodies.ts'
export { codeHash, isLeavingToken, leavingToken, linkHash, linkToken, shortCode } from './links.ts'
export { Collector, type CollectorLimits, type Submitted } from './intake/collector.ts'
export type { BulletinEntry, DataChange, LinkUse, OwnEntry, RecordDetails, Taking, WrittenMessage } from './intake/entry.ts'
export { settle, type SettlingTools } from './settling/settle.ts'
export { askAgain, askOwners } from './settling/ask-owners.ts'
export { domainIndex } from './settling/likeness.ts'
export { rememberCounted } from './settling/duplicates.ts'
export { reindexParticipations, type LikenessPair } from './settling/reindexing.ts'
export { detailsPlace, messagePlace, recordPlace, type Details, type MessageText } from './settling/details.ts'
export { endParticipations, forgetTakenBackNames } from './settling/link-uses.ts'
export { nameIndex, takenPlaces } from './settling/sharing.ts'
export type { ConfirmedParticipation, KindHooks, Keys, ParticipationRef } from './settling/workshop.ts'
export { countTick, drifts, recount } from './counting.ts'
