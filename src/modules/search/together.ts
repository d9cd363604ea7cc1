import { sql, type Db } from '#platform/db.ts'
import { asked, tsquery, type Term } from './query.ts'

/** So many records that say something of it are looked at, and so many pages found by them. */
const mostLooked = 1000
const mostFound = 400

/**
 * The pages that have all of what is looked for only together with the records that they show: each by its id and language in one text. Asked of what is public now,
 * so that no page is found by words of a record that was withdrawn.
 */
export async function foundTogether(db: Db, terms: Term[]): Promise<{ id: string, key: string }[]> {
  if (terms.length < 2) return []
  const each = terms.map((term) => asked([term]))
  const any = sql`(select ${terms.map((term) => tsquery([term])).join(' | ')}::tsquery)`
  const { rows } = await sql<{ id: string, key: string }>`
    with said as materialized (
      select coalesce(page.item_id, places.stands_id) as item_id, record.language, record.words
      from public_search record join public_record_places places on places.record_id = record.id left join public_subjects page on page.id = places.stands_id
      where record.about = 'record' and record.words @@ ${any} and places.stands_id is not null limit ${sql.lit(mostLooked)})
    select distinct item.id, item.id::text || item.language as key from public_search item
    where item.about = 'item' and item.id = any (array(select item_id from said)) and not item.words @@ ${asked(terms)}
      -- A record that has all of it is found itself, where it stands.
      and not exists (select from said where said.item_id = item.id and said.language = item.language and said.words @@ ${asked(terms)})
      and ${sql.join(each.map((one) => sql`(item.words @@ ${one} or exists (select from said where said.item_id = item.id and said.language = item.language and said.words @@ ${one}))`), sql` and `)}
    limit ${sql.lit(mostFound)}`.execute(db)
  return rows
}
