import { sql, type Db } from '#platform/db.ts'
import { readHouseStyle } from '../lint/house-style.ts'
import type { HouseStyle, Known } from '../lint/text.ts'

/** What texts in a language are compared with. */
export interface House {
  /** How the house writes. */
  house: HouseStyle
  /** What it calls things. */
  known: Partial<Known>
}

/** How the house writes in a language, and what it calls things: what texts and pages are read by. */
export async function houseOf(db: Db, language: string): Promise<House> {
  return { known: await knownNames(db, language), house: await readHouseStyle(db, language) }
}

/** How places, people, courses and the organisation itself are called here: what the rules compare a text with. */
async function knownNames(db: Db, language: string): Promise<Partial<Known>> {
  const { rows: places } = await sql<{ subject_id: string, name: string, shown: boolean }>`
    select subject_id, name, shown from subject_names join subjects on subjects.id = subject_id where kind = 'place' and language = ${language} order by shown desc`.execute(db)
  const { rows: own } = await sql<{ name: string }>`select name from publisher_texts where language = ${language} and name <> ''`.execute(db)
  const { rows: people } = await sql<{ name: string, current: boolean, label: string }>`
    select officials.name, terms.until is null or terms.until > current_date as current, offices.label
    from officials join terms on terms.official_id = officials.id join offices on offices.id = terms.office_id limit 5000`.execute(db)
  const { rows: titles } = await sql<{ title: string }>`
    select distinct on (items.id) item_revisions.words ->> 'title' as title from items join item_revisions on item_revisions.item_id = items.id
    where items.kind in ('course', 'report') and language = ${language} order by items.id, item_revisions.created_at desc limit 500`.execute(db)
  const bySubject = Map.groupBy(places, ({ subject_id }) => subject_id)
  const holding = new Set(people.filter(({ current }) => current).map(({ name }) => name))
  return {
    places: [...bySubject.values()].map(([first, ...others]) => ({ preferred: first!.name, others: others.map(({ name }) => name) })),
    own: own.map(({ name }) => name), people: [...new Set(people.map(({ name }) => name))], titles: titles.map(({ title }) => title),
    formerHolders: people.filter(({ name, current }) => !current && !holding.has(name)).map(({ name, label }) => ({ name, office: label })),
  }
}
