/**
 * Sealing: identifying data is encrypted to a public key before it is stored, so that whoever holds the database, or the public
 * server, cannot read it. Two purposes, two keys; a value can be opened only at the place it was sealed for.
 */
export { sealedFor, type Place, type Purpose } from './envelope.ts'
export { generateKey, keyFromPrivate, keyId, type OpeningKey, type SealingKey } from './keys.ts'
export { sealable, Sealer, sealingContext, sealOne, type SealingContext } from './seal.ts'
export { KeyElsewhere, Opener, type Prepared } from './open.ts'
export { currentIndexKey, keyedIndex, liveIndexKeys, type IndexKey } from './keyed-index.ts'
