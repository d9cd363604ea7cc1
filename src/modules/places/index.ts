export { addSubject, allSubjects, changeSubject, inTheLanguage, moveSubject, nameIn, setNames, type Subject, type SubjectKind, type SubjectName } from './subjects.ts'
