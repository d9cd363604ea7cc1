export { addSubject, allSubjects, inTheLanguage, moveSubject, nameIn, readdressSubject, setNames, type Subject, type SubjectKind, type SubjectName } from './subjects.ts'
