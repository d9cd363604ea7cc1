import { tokensOf } from './fold.ts'
import { isHit, type Term } from './query.ts'

/** A piece of a text, and whether it was looked for. Pieces put together are the text. */
export interface Piece {
  text: string
  hit: boolean
}

/** A text in pieces, with what was looked for apart. */
export function marked(text: string, terms: Term[], language: string): Piece[] {
  return pieces(text, tokensOf(text, language).filter((token) => isHit(terms, token)))
}

/** How many letters of a text are shown around what was found. */
const shownLetters = 240

/** The part of a text that says most of what was looked for, in pieces; nothing where it says none of it. */
export function excerpt(text: string, terms: Term[], language: string): Piece[] | undefined {
  const hits = tokensOf(text, language).filter((token) => isHit(terms, token))
  if (hits.length === 0) return undefined
  let best = { from: 0, different: 0 }
  for (const [place, hit] of hits.entries()) {
    const within = new Set<string>()
    for (const each of hits.slice(place, place + 40)) if (each.end - hit.start <= shownLetters - 40) within.add(each.word)
    if (within.size > best.different) best = { from: hit.start, different: within.size }
  }
  return cutOut(text, best.from - 40, hits)
}

/** Where a heading or something listed ends without a sign: written in one line, the next sentence would seem to go on with it. */
const unmarkedEnd = /(?<![\p{P}\s])\s*\n\s*\n\s*/gu

/** The beginning of a text, for a hit that its words do not show. */
export function beginning(text: string): Piece[] {
  return cutOut(text, 0, [])
}

function cutOut(text: string, wanted: number, hits: { start: number, end: number }[]): Piece[] {
  let from = Math.max(0, wanted)
  while (from > 0 && /\S/.test(text[from - 1]!) && wanted - from < 30) from -= 1
  let to = Math.min(text.length, from + shownLetters)
  while (to < text.length && /\S/.test(text[to]!) && to - from < shownLetters + 30) to += 1
  while (from < to && /\s/.test(text[from]!)) from += 1
  while (to > from && /\s/.test(text[to - 1]!)) to -= 1
  const part = text.slice(from, to)
  const its = pieces(part, hits.filter(({ start, end }) => start >= from && end <= to).map(({ start, end }) => ({ start: start - from, end: end - from })))
  return [...(/\S/.test(text.slice(0, from)) ? [{ text: '… ', hit: false }] : []), ...its, ...(/\S/.test(text.slice(to)) ? [{ text: ' …', hit: false }] : [])].map((each) => ({ ...each, text: each.text.replace(unmarkedEnd, ' · ').replace(/\s+/g, ' ').toWellFormed() }))
}

function pieces(text: string, hits: { start: number, end: number }[]): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const { start, end } of hits) {
    if (start > at) found.push({ text: text.slice(at, start), hit: false })
    found.push({ text: text.slice(start, end), hit: true })
    at = end
  }
  if (at < text.length) found.push({ text: text.slice(at), hit: false })
  return found
}
