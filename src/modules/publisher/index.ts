/**
 * The publisher: the organisation whose site this is, how it looks, how it can be reached, and whether it has gone live.
 */
export { contrast, palette, papers, readColour } from './colour.ts'
export { privacyPolicy, publisherTexts, reach, reachedAt, readPublisher, type Publisher } from './publisher.ts'
export { changePublisher, offerBulletins, publisherNames, startPublisher, unnamedPublisher, withoutSample } from './changing.ts'
export { backToPractice, disarm, goLive, isPractice, readLive, readLiveOrigin } from './live.ts'
export { noteRestoration, restorationsToUnderstand, understandRestorations } from './restorations.ts'
export { checkReadiness, type Check } from './readiness.ts'
