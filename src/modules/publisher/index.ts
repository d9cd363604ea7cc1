/**
 * The publisher: the organisation whose site this is, how it looks, how it can be reached, and whether it has gone live.
 */
export { contrast, palette, papers, readColour, type Palette } from './colour.ts'
export { privacyPolicy, publisherTexts, reach, reachedAt, readPublisher, type Milestone, type Publisher, type PublisherTexts } from './publisher.ts'
export { changePublisher, publisherNames, startPublisher, unnamedPublisher, withoutSample } from './changing.ts'
export { backToPractice, goLive, isPractice, readLive, readLiveOrigin, type Live } from './live.ts'
export { checkNames, checkReadiness, type Check, type CheckName } from './readiness.ts'
