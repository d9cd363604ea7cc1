import { tokensOf, type Token } from './fold.ts'

/** What a document says, for finding it: its title, and everything else in the order of importance. */
export interface Said {
  title: string
  rest: string[]
}

export interface Vectors {
  /** As text that PostgreSQL reads as a tsvector: each word with its places. */
  title: string
  words: string
  /** Each word once, as it was written. */
  spellings: Map<string, string>
}

/** Places in a tsvector end there; what comes later is found, but is part of no phrase. */
const lastPlace = 16_383
/** No phrase reaches from one part of a document into the next. */
const gap = 5
const mostPlaces = 100
/** A tsvector holds a megabyte; the words of a longer text after that are not found. */
const mostBytes = 600_000

/** The words of a document as its row keeps them. The title weighs most. */
export function vectorsOf({ title, rest }: Said, language: string): Vectors {
  const places = new Map<string, string[]>()
  const spellings = new Map<string, string>()
  let place = 0
  let bytes = 0
  const put = (word: string, weight: string, spelling: string) => {
    if (bytes > mostBytes) return
    let its = places.get(word)
    if (!its) {
      places.set(word, its = [])
      bytes += Buffer.byteLength(word) + 12
    }
    if (its.length < mostPlaces) its.push(`${Math.min(place, lastPlace)}${weight}`)
    bytes += 2
    if (!spellings.has(word)) spellings.set(word, spelling)
  }
  const take = (text: string, tokens: Token[], weight: string) => {
    for (const { word, also, start, end } of tokens) {
      place += 1
      const spelling = text.slice(start, end).toLowerCase()
      put(word, weight, spelling)
      if (also) put(also, weight, spelling.slice(1))
    }
    place += gap
  }
  const titleTokens = tokensOf(title, language)
  take(title, titleTokens, 'A')
  for (const text of rest) if (bytes <= mostBytes) take(text, tokensOf(text, language), '')
  return {
    title: [...new Set(titleTokens.flatMap(({ word, also }) => (also ? [word, also] : [word])))].map((word) => `'${word}'`).join(' '),
    words: [...places].map(([word, its]) => `'${word}':${its.join(',')}`).join(' '), spellings,
  }
}

/** A word with each of its letters left out, and whole: what two words have in common that differ by a slip. */
export function nearOf(word: string): string[] {
  const letters = Array.from(word)
  return [...new Set([word, ...letters.map((_, place) => [...letters.slice(0, place), ...letters.slice(place + 1)].join(''))])]
}

/** Whether a word can be mistyped and put right: long enough, and no number. */
export function isMendable(word: string): boolean {
  return /^\p{L}[\p{L}\p{M}]{3,23}$/u.test(word)
}
