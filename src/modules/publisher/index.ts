/**
 * The publisher: the organisation whose site this is, how it looks, how it can be reached, and whether it has gone live.
 */
export { contrast, palette, papers, readColour, type Palette } from './colour.ts'
export { publisherTexts, reach, reachedAt, readPublisher, savePublisher, type Milestone, type Publisher, type PublisherTexts } from './publisher.ts'
export { startingPrivacyPolicy } from './starting-texts/index.ts'
export { backToPractice, goLive, readLive, readLiveOrigin, type Live } from './live.ts'
export { checkNames, checkReadiness, type Check, type CheckName } from './readiness.ts'
