import { sql, type RawBuilder } from '#platform/db.ts'
import { tokensOf, type Token } from './fold.ts'

/** One thing that somebody looks for: a word, or several in a row. */
export interface Term {
  words: Token[]
  /** As it was typed. */
  text: string
  quoted: boolean
  /** Whether the word may go on: it was the last, and perhaps is not finished. */
  open: boolean
}

export interface Query {
  terms: Term[]
  /** Set where more was typed than is looked for. */
  cut: boolean
}

const mostTerms = 16
const mostTyped = 1000

/** What somebody typed, read: words, and phrases in quotation marks of any language. A query of nothing but signs has no terms. */
export function readQuery(typed: string, language: string): Query {
  const text = typed.slice(0, mostTyped).toWellFormed().replaceAll('\0', ' ').trim()
  const terms: Term[] = []
  for (const part of text.matchAll(/(?<=^|\s)["“”„«]([^"“”«»]*)["“”»](?=\s|$)|\S+/gu)) {
    if (part[1] !== undefined) {
      const words = tokensOf(part[1], language)
      if (words.length > 0) terms.push({ words, text: part[1].trim(), quoted: true, open: false })
    } else for (const token of tokensOf(part[0], language)) terms.push({ words: [token], text: part[0].slice(token.start, token.end), quoted: false, open: false })
  }
  const last = terms.at(-1)
  if (last && !last.quoted && last.words[0]!.word.length > 1) last.open = true
  return { terms: terms.slice(0, mostTerms), cut: terms.length > mostTerms || typed.length > mostTyped }
}

/** The query as PostgreSQL reads it. Words are letters and digits: nothing in them can be taken for an operator. */
export function tsquery(terms: Term[]): string {
  return terms.map(({ words, open }) => words.map(({ word, also }) => {
    const end = open ? ':*' : ''
    return also ? `('${word}'${end} | '${also}'${end})` : `'${word}'${end}`
  }).join(' <-> ')).map((each) => `(${each})`).join(' & ')
}

/** The query for a statement. The planner does not see the words: how often each is said would not change the way, and there are so many tables on it that planning takes longer than finding. */
export function asked(terms: Term[]): RawBuilder<unknown> {
  return sql`(select ${tsquery(terms)}::tsquery)`
}

/** Whether a word of a text is one that was looked for. */
export function isHit(terms: Term[], token: Token): boolean {
  const own = token.also ? [token.word, token.also] : [token.word]
  return terms.some(({ words, open }) => words.some(({ word, also }) => own.some((each) => each === word || each === also || (open && (each.startsWith(word) || (also !== undefined && each.startsWith(also)))))))
}
