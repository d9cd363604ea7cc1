/**
 * Search: what visitors find in everything that is public. The worker keeps folded words of it; the view `public_search` decides at the moment of the
 * question what of that is public, and what is shown of a hit is read from what is public, never from what was kept.
 */
export { countFew, countFound, findWords, type Found, type Stands, type Wanted } from './find.ts'
export { indexSearch, SearchIndexer } from './indexing.ts'
export type { Piece } from './marks.ts'
export { mend } from './mend.ts'
export { readQuery, type Query, type Term } from './query.ts'
export { fileTexts, forgetFileTexts, readNextFile } from './files/reading.ts'
