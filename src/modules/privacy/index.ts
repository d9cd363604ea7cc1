/**
 * Privacy: what is known of anybody, for how long, and how it is forgotten. Visits every module that holds personal data.
 */
export { erasePerson } from './erase.ts'
export { expire } from './expire.ts'
