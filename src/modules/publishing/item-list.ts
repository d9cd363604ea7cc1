import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import type { ItemKind } from './item.ts'
import { itemWithin } from './reach.ts'
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

const orders = {
  newest: () => sql`stated.saved_at desc nulls last, stated.id`, day: () => sql`(select max(dated) from item_publications where item_id = stated.id and cancelled_at is null) desc nulls first, stated.created_at desc, stated.id`, title: (titled: RawBuilder<unknown>) => sql`${titled}, stated.id`, scheduled: () => sql`stated.scheduled_at nulls last, stated.id`, review: () => sql`stated.review_by nulls last, stated.id`,
} satisfies Record<string, (titled: RawBuilder<unknown>) => RawBuilder<unknown>>
export type ItemOrder = keyof typeof orders
export const itemOrders = Object.keys(orders) as ItemOrder[]

/**
 * One page of the items that staff look for, with how many there are in each state. Titles are in `language` where there is one.
 * The states of all are told by going through the pointers once; words are read of those on the page.
 */
export async function itemList(db: Db, filter: ItemFilter, { language, order, most, after, now }: { language: string, order: ItemOrder, most: number, after: number, now: Date }): Promise<{ items: ListedItem[], all: number, states: Map<ItemState, number> }> {
  // Of few, each is asked for its rows; of all, all rows are gone through once.
  const few = filter.subjects ?? filter.within ?? filter.search
  const each = (select: RawBuilder<unknown>, where: RawBuilder<unknown>, name: RawBuilder<unknown>) => (few ? sql`left join lateral (${select} where ${where} and item_id = items.id group by item_id) ${name} on true` : sql`left join (${select} where ${where} group by item_id) ${name} on ${name}.item_id = items.id`)
  const newestOf = sql`select distinct on (language) * from item_revisions where item_id = items.id order by language, created_at desc`
  const newestOfStated = sql`select distinct on (language) * from item_revisions where item_id = stated.id order by language, created_at desc`
  const titled = sql`(select words ->> 'title' from (${newestOfStated}) newest order by newest.language = ${language} desc, newest.source_id is null desc limit 1)`
  // What is public or will be stands under that, whatever was said of it before: of the others alone it is asked.
  const verdict = sql`case when not coalesce(pointers.shown, false) and pointers.scheduled_at is null then (
    select (select verdict from item_checks where revision_id = newest.id order by happened_at desc limit 1) from (${newestOf}) newest order by newest.source_id is null desc limit 1) end`
  const { rows } = await sql<{ states: Record<string, number>, id: string | null, kind: ItemKind, thread: boolean, review_by: string | null, title: string | null, slug: string, languages: string[], saved_at: Date | null, stale: number, scheduled_at: Date | null, subjects: string[], state: ItemState }>`
    with stated as materialized (
      select items.id, items.review_by, items.created_at, pointers.scheduled_at, ${order === 'newest' ? sql`saved.at` : sql`null`} as saved_at,
        ${itemState({
          shown: sql`coalesce(pointers.shown, false)`, corrected: sql`exists (select from item_corrections where item_id = items.id and corrected_at <= ${now})`, scheduled: sql`pointers.scheduled_at is not null`, verdict, wasShown: sql`pointers.item_id is not null`,
        })} as state
      from items
      ${each(sql`select item_id, bool_or(revision_id is not null and from_at <= ${now} and (until_at is null or until_at > ${now})) as shown, min(from_at) filter (where from_at > ${now}) as scheduled_at from item_publications`, sql`cancelled_at is null`, sql`pointers`)}
      ${order === 'newest' ? each(sql`select item_id, max(created_at) as at from item_revisions`, sql`true`, sql`saved`) : sql``}
      where items.kind <> 'about'
        and (${filter.kind ?? null}::text is null or items.kind = ${filter.kind ?? null})
        and (${filter.thread ?? null}::boolean is null or items.thread = ${filter.thread ?? null})
        and (${filter.subjects ? [...filter.subjects] : null}::uuid[] is null or exists (select from item_subjects where item_id = items.id and subject_id = any (${filter.subjects ? [...filter.subjects] : null})))
        and (${filter.search ?? null}::text is null or exists (select from item_revisions where item_id = items.id and strpos(lower(words ->> 'title'), lower(${filter.search ?? null})) > 0))
        and ${itemWithin(filter.within, sql`items.id`)}),
    page as (
      select id, state, scheduled_at, row_number() over () as place from (
        select * from stated where ${filter.state ?? null}::text is null or stated.state = ${filter.state ?? null} order by ${orders[order](titled)} limit ${most} offset ${after}) first_ones)
    select (select coalesce(jsonb_object_agg(state, count), '{}') from (select state, count(*) from stated group by state) counted) as states, listed.*
    from (select 1) one left join (
      select page.place, page.state, page.scheduled_at, items.id, items.kind, items.thread, items.review_by, items.slug, saved.*, array(select subject_id::text from item_subjects where item_id = items.id) as subjects
      from page join items on items.id = page.id cross join lateral (
        select (array_agg(newest.words ->> 'title' order by newest.language = ${language} desc, newest.source_id is null desc))[1] as title,
          coalesce(array_agg(newest.language order by newest.language), '{}') as languages, max(newest.created_at) as saved_at, count(*) filter (where ${originalChanged})::int as stale
        from (${newestOf}) newest) saved) listed on true
    order by listed.place`.execute(db)
  const states = new Map(Object.entries(rows[0]!.states) as [ItemState, number][])
  return {
    items: rows.flatMap((row) => (row.id === null ? [] : [{ id: row.id, kind: row.kind, thread: row.thread, title: row.title ?? row.slug, state: row.state, languages: row.languages, stale: row.stale, savedAt: row.saved_at, scheduledFor: row.scheduled_at, reviewBy: row.review_by, subjects: row.subjects }])),
    all: filter.state === undefined ? [...states.values()].reduce((sum, count) => sum + count, 0) : states.get(filter.state) ?? 0, states,
  }
}
