/**
 * Cards: what a shared link shows of a page that has no picture of its own: title, kind, publisher and its colour.
 *
 * They are made here, once for each published version, from the words that are public; and shown exactly as long as that version is.
 */
export { CardMaker } from './make.ts'
export { cardSize, findCard } from './find.ts'
