import { inTransaction, type Db } from '#platform/db.ts'
import { keepMarks, unmarked, type Mark, type Unmarked } from '#modules/publishing/index.ts'
import { datesIn } from '../lexicon/dates.ts'
import { firstDay } from '../lexicon/imprecise.ts'
import { readHouseStyle } from './house-style.ts'
import { lintWordsOf } from './item-text.ts'
import type { HouseStyle } from './text.ts'

const atOnce = 20
/** An age is given in the present tense: half a year later it is wrong for half of those people. */
const ageDays = 183

/** Looks at published versions that nobody has looked at, for what will go stale in them. Returns how many. */
export async function lookForStale(db: Db, now: Date): Promise<number> {
  const found = await unmarked(db, atOnce, now)
  for (const each of found) {
    const marks = marksOf(each, await readHouseStyle(db, each.language))
    await inTransaction(db, (tx) => keepMarks(tx, each.revisionId, marks))
  }
  return found.length
}

/** What goes stale in a version, each with the day from which on it is. */
export function marksOf({ kind, words, language, standing, from }: Pick<Unmarked, 'kind' | 'words' | 'language' | 'standing' | 'from'>, house: HouseStyle): Partial<Record<Mark, string>> {
  const day = from.toISOString().slice(0, 10)
  const start = Temporal.PlainDate.from(day)
  const marks: Partial<Record<Mark, string>> = {}
  const note = (mark: Mark, on: string) => {
    const before = marks[mark]
    if (before === undefined || on < before) marks[mark] = on
  }
  // Seen from a day on which all of it is long past: when it began to be is what is asked.
  for (const { rule, values } of lintWordsOf({ kind, words, language }, { house, today: start.add({ years: 20 }).toString() })) {
    if (rule === 'L37' && standing) note('new', start.add({ months: house.newForMonths ?? 3 }).toString())
    if (rule === 'L38' && standing) note('age', start.add({ days: ageDays }).toString())
    if (rule === 'L23') note('no-source', day)
    if (rule === 'L40') {
      const edtf = datesIn(values.date ?? '', house.dates === 'month-day-year' ? 'mdy' : undefined, day)[0]?.edtf
      if (edtf) note('hearing', Temporal.PlainDate.from(firstDay(edtf)).add({ days: 1 }).toString())
    }
  }
  return marks
}
