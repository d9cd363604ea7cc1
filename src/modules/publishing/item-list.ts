import { sql, type Db } from '#platform/db.ts'
import type { ItemKind } from './item.ts'
import { itemState, originalChanged, type ItemState } from './states.ts'

/** One line of the list of items. */
export interface ListedItem {
  id: string
  kind: ItemKind
  thread: boolean
  title: string
  state: ItemState
  languages: string[]
  /** Languages whose original has changed since. */
  stale: number
  savedAt: Date | null
  scheduledFor: Date | null
  reviewBy: string | null
  subjects: string[]
}

export interface ItemFilter {
  state?: ItemState
  kind?: string
  /** About any of these. */
  subjects?: readonly string[]
  /** Threads of the digest, or everything else; both, if it is left out. */
  thread?: boolean
  /** Part of a title, in any language. */
  search?: string
  /** Short codes of the places that may be seen, where not all may. */
  within?: readonly string[]
}

const orders = { newest: sql`saved_at desc nulls last, id`, title: sql`title, id`, scheduled: sql`scheduled_at nulls last, id`, review: sql`review_by nulls last, id` }
export type ItemOrder = keyof typeof orders
export const itemOrders = Object.keys(orders) as ItemOrder[]

/** One page of the items that staff look for, with how many there are in each state. Titles are in `language` where there is one. */
export async function itemList(db: Db, filter: ItemFilter, { language, order, most, after, now }: { language: string, order: ItemOrder, most: number, after: number, now: Date }): Promise<{ items: ListedItem[], all: number, states: Map<ItemState, number> }> {
  const listed = sql`
    select items.id, items.kind, items.thread, items.review_by, saved.title, saved.languages, saved.saved_at, saved.stale, pointers.scheduled_at,
      array(select subject_id::text from item_subjects where item_id = items.id) as subjects,
      ${itemState({
        shown: sql`pointers.shown`, corrected: sql`exists (select from item_corrections where item_id = items.id and corrected_at <= ${now})`, scheduled: sql`pointers.scheduled_at is not null`, verdict: sql`saved.verdict`, wasShown: sql`pointers.was_shown`,
      })} as state
    from items
    cross join lateral (
      select coalesce((array_agg(newest.words ->> 'title' order by newest.language = ${language} desc, newest.source_id is null desc))[1], items.slug) as title,
        coalesce(array_agg(newest.language order by newest.language) filter (where newest.language is not null), '{}') as languages, max(newest.created_at) as saved_at,
        count(*) filter (where ${originalChanged})::int as stale,
        (array_agg((select verdict from item_checks where revision_id = newest.id order by happened_at desc limit 1) order by newest.source_id is null desc))[1] as verdict
      from (select distinct on (language) * from item_revisions where item_id = items.id order by language, created_at desc) newest) saved
    cross join lateral (
      select coalesce(bool_or(revision_id is not null and from_at <= ${now} and (until_at is null or until_at > ${now})), false) as shown, min(from_at) filter (where from_at > ${now}) as scheduled_at, count(*) > 0 as was_shown
      from item_publications where item_id = items.id and cancelled_at is null) pointers
    where items.kind <> 'about'
      and (${filter.kind ?? null}::text is null or items.kind = ${filter.kind ?? null})
      and (${filter.thread ?? null}::boolean is null or items.thread = ${filter.thread ?? null})
      and (${filter.subjects ? [...filter.subjects] : null}::uuid[] is null or exists (select from item_subjects where item_id = items.id and subject_id = any (${filter.subjects ? [...filter.subjects] : null})))
      and (${filter.search ?? null}::text is null or exists (select from item_revisions where item_id = items.id and strpos(lower(words ->> 'title'), lower(${filter.search ?? null})) > 0))
      and (${filter.within ? [...filter.within] : null}::text[] is null or exists (select from item_subjects its join subjects on subjects.id = its.subject_id where its.item_id = items.id and subjects.kind = 'place' and subjects.code = any (${filter.within ? [...filter.within] : null})))`
  const { rows } = await sql<{ id: string, kind: ItemKind, thread: boolean, review_by: string | null, title: string, languages: string[], saved_at: Date | null, stale: number, scheduled_at: Date | null, subjects: string[], state: ItemState }>`
    select * from (${listed}) listed where ${filter.state ?? null}::text is null or state = ${filter.state ?? null} order by ${orders[order]} limit ${most} offset ${after}`.execute(db)
  const { rows: counts } = await sql<{ state: ItemState, count: number }>`select state, count(*)::int as count from (${listed}) listed group by state`.execute(db)
  const states = new Map(counts.map(({ state, count }) => [state, count]))
  return {
    items: rows.map((row) => ({ id: row.id, kind: row.kind, thread: row.thread, title: row.title, state: row.state, languages: row.languages, stale: row.stale, savedAt: row.saved_at, scheduledFor: row.scheduled_at, reviewBy: row.review_by, subjects: row.subjects })),
    all: filter.state === undefined ? counts.reduce((sum, { count }) => sum + count, 0) : states.get(filter.state) ?? 0, states,
  }
}
