import { randomUUID } from 'node:crypto'
import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'

/** How one language of an item stands. */
export type ItemState = 'draft' | 'review' | 'approved' | 'scheduled' | 'published' | 'corrected' | 'withdrawn' | 'archived'

export interface Standing {
  language: string
  state: ItemState
  newestId: string
  savedAt: Date
  title: string
  /** What the public sees. */
  shownId: string | null
  /** When something else becomes public. */
  scheduledFor: Date | null
  scheduledId: string | null
  /** Saved since what is public, or since what is to become public. */
  changed: boolean
  /** The newest words were sent back by whoever checked them, with this note. */
  returned: string | null
  /** The words that it translates have changed since. */
  stale: boolean
  /** Corrected in another language, and these words do not follow yet. */
  correctionPending: boolean
}

/** What decides the state of an item, or of one language of it: conditions of a query in which `items` is the item. */
interface StateFacts {
  shown: RawBuilder<unknown>
  corrected: RawBuilder<unknown>
  scheduled: RawBuilder<unknown>
  /** What was last said of the newest words by whoever checks them. */
  verdict: RawBuilder<unknown>
  wasShown: RawBuilder<unknown>
}

/** The one place where a state is decided. */
export function itemState({ shown, corrected, scheduled, verdict, wasShown }: StateFacts): RawBuilder<ItemState> {
  return sql`case when ${shown} then case when items.archived_at is not null then 'archived' when ${corrected} then 'corrected' else 'published' end
    when ${scheduled} then 'scheduled' when ${verdict} = 'asked' then 'review' when ${verdict} = 'approved' then 'approved' when ${wasShown} then 'withdrawn' else 'draft' end`
}

/** Whether the words that the version `newest` translates have changed since: one of the same language came after them. */
export const originalChanged = sql<boolean>`exists (
  select from item_revisions source join item_revisions later on later.item_id = source.item_id and later.language = source.language and later.created_at > source.created_at where source.id = newest.source_id)`

/** How each language of an item stands at a moment. A language without words is not among them. */
export async function standings(db: Db, itemId: string, now: Date): Promise<Standing[]> {
  const { rows } = await sql<{
    language: string, id: string, created_at: Date, title: string, shown_id: string | null, scheduled_at: Date | null, scheduled_id: string | null, verdict: string | null, note: string | null,
    stale: boolean, state: ItemState, pending: boolean
  }>`
    with newest as (select distinct on (language) * from item_revisions where item_id = ${itemId} order by language, created_at desc)
    select newest.language, newest.id, newest.created_at, newest.words ->> 'title' as title, current.revision_id as shown_id, later.from_at as scheduled_at, later.revision_id as scheduled_id,
      checked.verdict, checked.note,
      ${originalChanged} as stale,
      ${itemState({
        shown: sql`current.revision_id is not null`, corrected: sql`exists (select from item_corrections correction where correction.item_id = newest.item_id and correction.language = newest.language and correction.corrected_at <= ${now})`,
        scheduled: sql`later.from_at is not null`, verdict: sql`checked.verdict`, wasShown: sql`current.from_at is not null`,
      })} as state,
      exists (select from item_corrections correction join item_revisions fixed on fixed.id = correction.revision_id
        where correction.item_id = newest.item_id and correction.language <> newest.language
          and not coalesce((select source.created_at >= fixed.created_at from item_revisions shown join item_revisions source on source.id = shown.source_id where shown.id = current.revision_id and source.language = correction.language), false)
          and (current.revision_id is not null)) as pending
    from newest join items on items.id = newest.item_id
    left join lateral (select * from item_publications where item_id = newest.item_id and language = newest.language and cancelled_at is null and from_at <= ${now} order by from_at desc limit 1) current on true
    left join lateral (select * from item_publications where item_id = newest.item_id and language = newest.language and cancelled_at is null and from_at > ${now} order by from_at limit 1) later on true
    left join lateral (select * from item_checks where revision_id = newest.id order by happened_at desc limit 1) checked on true
    order by newest.language`.execute(db)
  return rows.map((row) => ({
    language: row.language, newestId: row.id, savedAt: row.created_at, title: row.title, shownId: row.shown_id, scheduledFor: row.scheduled_at, scheduledId: row.scheduled_id,
    changed: (row.shown_id ?? row.scheduled_id) !== null && row.id !== row.shown_id && row.id !== row.scheduled_id, returned: row.verdict === 'returned' ? row.note ?? '' : null,
    stale: row.stale, correctionPending: row.pending, state: row.state,
  }))
}

/** Asks for a version to be checked, approves it or sends it back. Publishes nothing. */
export async function checkItem(tx: Tx, check: { itemId: string, language: string, revisionId: string, verdict: 'asked' | 'approved' | 'returned', note?: string, staffId: string }, now: Date): Promise<void> {
  await tx.insertInto('item_checks').values({
    id: randomUUID(), item_id: check.itemId, language: check.language, revision_id: check.revisionId, verdict: check.verdict, note: check.note ?? '', staff_id: check.staffId, happened_at: now,
  }).execute()
}
