import { createInterface } from 'node:readline'
import { allSchemes, lookup, type LookupAnswer, type Scheme } from '#modules/targets/index.ts'
import type { Db } from '#platform/db.ts'
import { isDay } from '#platform/days.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../installation.ts'
import { readWords } from '../words.ts'

const usage = 'clarion lookup <scheme> [code …] [--on YYYY-MM-DD]'
const linesAtOnce = 500

/** Looks codes up and answers with one JSON object a line, in the order of the questions. */
export async function lookupVerb(words: string[]): Promise<void> {
  const { values, positionals: [schemeId, ...codes] } = readWords(words, { on: { type: 'string' } }, usage)
  if (!schemeId) throw new CliFault(usage, 2)
  const on = values.on ?? new Date().toISOString().slice(0, 10)
  if (!isDay(on)) throw new CliFault('--on: give a day as YYYY-MM-DD.', 2)
  await withInstallation(async (db) => {
    const schemes = await allSchemes(db)
    const scheme = schemes.find((each) => each.id === schemeId)
    if (!scheme) throw new CliFault(`There is no scheme "${schemeId}". ${schemes.length ? `Known: ${schemes.map((each) => each.id).join(', ')}.` : 'Import a list of codes first.'}`, 2)
    if (codes.length) return answer(db, scheme, codes, on)
    if (process.stdin.isTTY) throw new CliFault(`${usage}\nGive codes, or one a line on standard input.`, 2)
    await answerLines(db, scheme, on)
  })
}

async function answerLines(db: Db, scheme: Scheme, on: string): Promise<void> {
  let lines: string[] = []
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line)
    if (lines.length < linesAtOnce) continue
    await answer(db, scheme, lines, on)
    lines = []
  }
  await answer(db, scheme, lines, on)
}

async function answer(db: Db, scheme: Scheme, queries: string[], on: string): Promise<void> {
  const answers = await lookup(db, scheme, queries, on)
  for (const [place, query] of queries.entries()) console.log(JSON.stringify({ query, ...publicAnswer(answers[place]!) }))
}

/** What others may rely on: the fields that docs/operate.md names, and no more. */
function publicAnswer({ result, areas, offices }: LookupAnswer): object {
  return {
    result,
    areas: areas.map(({ id, name, share }) => ({ id, name, ...(share !== undefined && { share }) })),
    offices: offices.map((office) => ({
      id: office.id, label: office.label, area: office.area, holders: office.holders.map(({ id, name, since }) => ({ id, name, since })), contactable: office.holders.length > 0 && office.contactable,
    })),
  }
}
