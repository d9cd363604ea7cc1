import { sql, type RawBuilder } from '#platform/db.ts'
import { looksAfterAny, type PlacesWithin } from '#modules/places/index.ts'

// Their own names: the query around them may call its tables anything else.

/** Whether an item lies within what somebody looks after: by what it is about, or by whose page it is the text of. */
export function itemWithin(within: PlacesWithin, id: RawBuilder<unknown>): RawBuilder<boolean> {
  return looksAfterAny(within, sql`select within_about.subject_id from item_subjects within_about where within_about.item_id = ${id} union all select within_item.subject_id from items within_item where within_item.id = ${id}`)
}

/** Whether a record does. */
export function recordWithin(within: PlacesWithin, id: RawBuilder<unknown>): RawBuilder<boolean> {
  return looksAfterAny(within, sql`select within_about.subject_id from record_subjects within_about where within_about.record_id = ${id}`)
}
