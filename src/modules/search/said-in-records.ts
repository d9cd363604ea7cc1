import { addressees, publishingWords, readContent, sayFigure, wordsOf, type RecordContent } from '#modules/publishing/index.ts'
import type { Document } from './said.ts'

/** Kinds of records that are found where a page shows them. A notice warns of what a page says, and says nothing itself. */
export const foundRecords = ['figure', 'quote', 'demand', 'text', 'measure', 'proceeding', 'elsewhere', 'image', 'chronology'] as const

/** So much of a text is its title where it has none. */
const titleLetters = 140

/** What a record says in one language; nothing where it says nothing in that one, or nothing that should be found: a picture that can hurt to see is not described among other things. */
export function documentOfRecord(kind: string, content: unknown, language: string): Document | undefined {
  const its = readContent(kind, content)
  return its.content.says[language] && saidBy(its, language)
}

function saidBy({ kind, content }: RecordContent, language: string): Document | undefined {
  switch (kind) {
    case 'figure': {
      const { unit, source } = content.says[language]!
      // The number once as people write it, and once as they type it.
      return document(sayFigure(publishingWords(language), content, unit), [content.value === null ? '' : String(content.value), source])
    }
    case 'quote': {
      const { text, speaker, role, source } = content.says[language]!
      return document(speaker || text, [text, role, source])
    }
    case 'demand': {
      const { text, basis, alsoCalled, evidence } = content.says[language]!
      return document(text, [text, ...addressees(content, { language, fallback: language }), basis, alsoCalled, evidence])
    }
    case 'text': {
      const { title, text } = content.says[language]!
      return document(title || wordsOf(text), [wordsOf(text)])
    }
    case 'measure': {
      const { title, body, asks, source } = content.says[language]!
      return document(title, [content.number, body, asks, source])
    }
    case 'proceeding': {
      const { title, body, parties, source } = content.says[language]!
      return document(title, [content.number, body, parties, ...content.steps.map(({ what }) => what[language] ?? ''), ...content.documents.map(({ names }) => names[language] ?? ''), source])
    }
    case 'elsewhere': {
      const { title, by, about } = content.says[language]!
      return document(title, [by, about])
    }
    case 'image': {
      const { alt, caption, place } = content.says[language]!
      return content.sensitive.length > 0 || !(caption || alt) ? undefined : document(caption || alt, [caption, alt, place, content.author, content.agency])
    }
    case 'chronology': {
      const { title, about } = content.says[language]!
      return document(title, [about, ...content.entries.flatMap(({ says }) => [says[language]?.text ?? '', says[language]?.source ?? ''])])
    }
    case 'notice': return undefined
  }
}

/** Whom readers turn to, by role: somebody's name is on the page, and is not what anybody searches us for. */
export function documentOfContact(says: Record<string, { role: string }>, language: string): Document | undefined {
  const role = says[language]?.role
  return role ? document(role, []) : undefined
}

function document(title: string, rest: string[]): Document {
  const heading = beginningOf(title)
  // What the title says whole is not said again below it.
  const said = rest.filter((text) => text !== '' && text.trim() !== heading)
  return { title: heading, summary: said[0] ?? '', parts: said.map((text) => ({ text })) }
}

/** Its first words, up to the end of one. */
function beginningOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= titleLetters ? line : `${line.slice(0, titleLetters).replace(/\s\S*$/u, '').toWellFormed()} …`
}
