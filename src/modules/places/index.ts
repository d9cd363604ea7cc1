export { addSubject, allSubjects, inTheLanguage, moveSubject, nameIn, readdressSubject, setNames, setParent, type Subject, type SubjectKind, type SubjectName } from './subjects.ts'
export { aboutAsWished, looksAfter, looksAfterAny, mayPutUnder, type PlacesWithin } from './reach.ts'
export { handOverContacts, keepContact, keptContacts, removeContact, shownContacts, type Contact, type KeptContact } from './contacts.ts'
export { contactMessageAnswered, contactMessagePlace, contactMessageRead, contactMessages, findContactMessage, keepContactMessages, openContactMessage, type ContactMessage } from './contact-messages.ts'
