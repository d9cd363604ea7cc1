import { createInterface } from 'node:readline'
import { allSchemes, dayHere, loadAtlas, lookup, lookupPoints, type LookupAnswer } from '#modules/targets/index.ts'
import type { Db } from '#platform/db.ts'
import { isDay } from '#platform/days.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import { readWords } from '../words.ts'

const usage = 'clarion lookup <scheme> [code …] [--on YYYY-MM-DD], or clarion lookup point [latitude,longitude …] [--body <id>] [--on YYYY-MM-DD]'
const linesAtOnce = 500

type Asking = (queries: string[]) => Promise<LookupAnswer[]>

/** Looks codes or points up and answers with one JSON object a line, in the order of the questions. */
export async function lookupVerb(words: string[]): Promise<void> {
  const { values, positionals: [schemeId, ...codes] } = readWords(words.map(southern), { on: { type: 'string' }, body: { type: 'string' } }, usage)
  if (!schemeId) throw new CliFault(usage, 2)
  if (values.on !== undefined && !isDay(values.on)) throw new CliFault('--on: give a day as YYYY-MM-DD.', 2)
  await withInstallation(async (db) => {
    const on = values.on ?? await dayHere(db, new Date())
    const ask = schemeId === 'point' ? await askPoints(db, values.body, on) : await askCodes(db, schemeId, on)
    if (codes.length) return answer(ask, codes)
    if (process.stdin.isTTY) throw new CliFault(`${usage}\nGive codes, or one a line on standard input.`, 2)
    await answerLines(ask)
  })
}

/** A latitude south of the equator begins as options do. */
function southern(word: string): string {
  return /^-\d/.test(word) ? ` ${word}` : word
}

async function askCodes(db: Db, schemeId: string, on: string): Promise<Asking> {
  const schemes = await allSchemes(db)
  const scheme = schemes.find((each) => each.id === schemeId)
  if (!scheme) throw new CliFault(`There is no scheme "${schemeId}". ${schemes.length ? `Known: ${schemes.map((each) => each.id).join(', ')}.` : 'Import a list of codes first.'}`, 2)
  return (queries) => lookup(db, scheme, queries, on)
}

async function askPoints(db: Db, body: string | undefined, on: string): Promise<Asking> {
  const atlas = await loadAtlas(db, on, body === undefined ? undefined : [body])
  if (atlas.shapes.length === 0) throw new CliFault(body === undefined ? 'There are no boundaries. Import some first.' : `There are no boundaries for the body "${body}".`, 2)
  return (queries) => lookupPoints(db, atlas, queries, on)
}

async function answerLines(ask: Asking): Promise<void> {
  let lines: string[] = []
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line)
    if (lines.length < linesAtOnce) continue
    await answer(ask, lines)
    lines = []
  }
  await answer(ask, lines)
}

async function answer(ask: Asking, queries: string[]): Promise<void> {
  const answers = await ask(queries)
  for (const [place, query] of queries.entries()) console.log(JSON.stringify({ query: query.replace(/^ (?=-\d)/, ''), ...publicAnswer(answers[place]!) }))
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
