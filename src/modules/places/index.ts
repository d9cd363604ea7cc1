export { addSubject, inTheLanguage, moveSubject, setNames, type Subject, type SubjectKind } from './subjects.ts'
