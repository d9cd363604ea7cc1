/**
 * People: those who act with us, how they can be reached, and what they agreed to.
 *
 * A person is known by an e-mail address, which nobody can read but the worker (to write to it) and the desk (one at a time,
 * on the record). An answer to a consent statement counts from the moment its owner confirmed the address it came with.
 */
export { addressPattern, domainOf, normaliseAddress, readAddress, strictAddress } from './address.ts'
export { contactPlace, openContact, sealContact, type Contact } from './contact.ts'
export { IndexedAddresses } from './email-index.ts'
export { erasedAmong, erasedAt, registerErasures, type ErasedParticipation, type Erasure } from './erased.ts'
export { findOrAddPeople, findPeople, strictIndex } from './matching.ts'
export { dropOldIndexes, reindexPeople, strictIndexPairs } from './reindexing.ts'
export { addAddressChange, addDataLinks, newAddressPlace, ownMails, ownToken, reindexLinks, type DataPage, type NewAddress, type OwnMail } from './data-links.ts'
export { consentChannels, givenAnswer, recordConsents, withdrawMail, type ConsentChannel, type GivenAnswer } from './consent.ts'
export { bulletinFrequencies, frequencies, leaveTopics, mayBeWrittenTo, preferencesOf, setPreferences, setWriting, type BulletinFrequency, type Frequency, type Preference, type Reachable, type Subject } from './preferences.ts'
export { addController, addStatement, changeWordings, controllerNamed, controllers, publisherController, renameInWordings, retireStatement, statements, type Statement } from './statements.ts'
export { answerSearch, askForPerson, searchAnswer } from './searching.ts'
export { addressUnder, liftBounced, liftByConsent, registeredSuppressions, suppress, suppressAgain, suppressed, suppressionCounts, suppressionsOf, type RegisteredSuppression, type Suppression } from './suppressions.ts'
export { answerSuppressionRequest, askAboutSuppressions, suppressionAnswer, type SuppressionWish } from './suppression-requests.ts'
