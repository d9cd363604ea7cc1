/**
 * Keys: moving from one to the next. Several private keys of a kind may be there at once; each sealed value names its own, and new
 * data is sealed for the newest. What lies under older ones is moved in small steps while everything else goes on, and when nothing is left
 * the old private key may be destroyed. Index keys make nothing new once they are old, and stay for the suppressions made under them.
 */
export { sealedByToken, sealedColumns } from './sealed-columns.ts'
export { beginRotation, keyNames, rotations, withRetired, type Rotation } from './rotations.ts'
export { resealStep } from './resealing.ts'
export { reindexStep } from './reindexing.ts'
export { destroyKey, notDestroyed } from './destroying.ts'
