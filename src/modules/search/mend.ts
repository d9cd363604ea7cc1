import { sql, type Db } from '#platform/db.ts'
import { tokensOf } from './fold.ts'
import { isFound } from './find.ts'
import type { Term } from './query.ts'
import { isMendable, nearOf } from './vector.ts'

/** How many words each term may be mended to that are tried. */
const mostTried = 5
/** So many slips are put right, and as many as that only in a word of at least so many letters. Lucene's AUTO begins at six, where a parrot becomes a part. */
const mostSlips = 2
const shortestForTwo = 7

/**
 * The query with words that are said nowhere in public put right, and nothing where there is no way to do that. Each of its words is said in public; whether all are
 * said together is for who asks to find.
 */
export async function mend(db: Db, terms: Term[], language: string): Promise<Term[] | undefined> {
  const mended: Term[] = []
  let changed = false
  for (const term of terms) {
    const word = term.words[0]!.word
    if (term.words.length > 1 || !isMendable(word) || await isFound(db, { terms: [term] })) {
      mended.push(term)
      continue
    }
    const better = await neighbour(db, term, language)
    if (!better) return undefined
    mended.push(better)
    changed = true
  }
  return changed ? mended : undefined
}

async function neighbour(db: Db, term: Term, language: string): Promise<Term | undefined> {
  const { word: typed } = term.words[0]!
  for (const near of [nearOf(typed), ...(Array.from(typed).length < shortestForTwo ? [] : [nearOf(typed).flatMap(nearOf)])]) {
    const { rows } = await sql<{ word: string, spelling: string, texts: number }>`select word, spelling, texts from search_words where near && ${[...new Set(near)]}::text[] order by texts desc limit 500`.execute(db)
    const ordered = rows.map((row) => ({ ...row, slips: slips(typed, row.word) })).filter((row) => row.slips <= mostSlips).toSorted((a, b) => a.slips - b.slips || b.texts - a.texts).slice(0, mostTried)
    for (const { word, spelling } of ordered) {
      const better: Term = { words: [{ ...tokensOf(spelling, language)[0]!, word }], text: spelling, quoted: false, open: false }
      if (await isFound(db, { terms: [better] })) return better
    }
  }
  return undefined
}

/** How many letters have to be added, left out, changed or swapped with the next one (Damerau and Levenshtein, optimal string alignment). */
export function slips(from: string, to: string): number {
  const [a, b] = [Array.from(from), Array.from(to)]
  let [before, last] = [[] as number[], b.map((_, place) => place).concat(b.length)]
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      let least = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + same)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) least = Math.min(least, before[column - 2]! + 1)
      next.push(least)
    }
    [before, last] = [last, next]
  }
  return last.at(-1)!
}
