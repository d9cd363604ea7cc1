export { addSubject, moveSubject, setNames, type Subject, type SubjectKind } from './subjects.ts'
