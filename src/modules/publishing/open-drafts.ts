import { sql, type Db } from '#platform/db.ts'
import type { ItemKind, ItemLabel } from './item.ts'
import { itemWithin } from './reach.ts'

/** Words in one language that nobody has published, scheduled or withdrawn yet. */
export interface OpenDraft {
  itemId: string
  language: string
  /** The version that was saved last. */
  revisionId: string
  title: string
  kind: ItemKind
  labels: ItemLabel[]
  /** The day that it will stand under; nothing where nobody has said: then it is the day of publishing. */
  day: string | null
  /** Whether somebody has to say it first. */
  undated: boolean
  /** What was said of that version last by whoever checks. */
  verdict: 'asked' | 'approved' | 'returned' | null
  /** There is nothing of it but a title. */
  bare: boolean
  /** Ids of the places and topics that it is about. */
  subjects: string[]
}

export interface OpenDraftFilter {
  /** One language of each of these. */
  only?: readonly { itemId: string, language: string }[]
  /** About this place or topic. */
  subject?: string
  verdict?: 'asked' | 'approved'
  /** Short codes of the places that may be seen, where not all may. */
  within?: readonly string[]
}

/** Drafts that are seen to together, the newest day first. */
export async function openDrafts(db: Db, { only, subject, verdict, within }: OpenDraftFilter): Promise<OpenDraft[]> {
  const [ids, languages] = [only?.map(({ itemId }) => itemId) ?? null, only?.map(({ language }) => language) ?? null]
  const { rows } = await sql<{ item_id: string, language: string, revision_id: string, title: string, kind: ItemKind, labels: ItemLabel[], day: string | null, undated: boolean, verdict: OpenDraft['verdict'], bare: boolean, subjects: string[] }>`
    select items.id as item_id, newest.language, newest.id as revision_id, newest.words ->> 'title' as title, items.kind, newest.words -> 'labels' as labels, array(select subject_id::text from item_subjects where item_id = items.id) as subjects,
      checked.verdict, concat(newest.words ->> 'body', newest.words ->> 'summary', newest.words ->> 'picture', newest.words ->> 'event', newest.words ->> 'course') = ''
        and not exists (select from unnest(array['paragraphs', 'questions', 'documents', 'blocks']) part where jsonb_array_length(newest.words -> part) > 0) as bare,
      case when items.thread then (select max(part ->> 'day') from jsonb_array_elements(newest.words -> 'paragraphs') part) else nullif(newest.words ->> 'publishedOn', '') end as first_day,
      case when items.thread then (select coalesce(nullif(part ->> 'roughly', ''), part ->> 'day') from jsonb_array_elements(newest.words -> 'paragraphs') part order by part ->> 'day' desc, coalesce(part ->> 'roughly', '') limit 1)
        else coalesce(nullif(newest.words ->> 'publishedRoughly', ''), nullif(newest.words ->> 'publishedOn', '')) end as day,
      coalesce((newest.words ->> 'undated')::boolean, false) as undated
    -- First what has no pointer, in one look at all: of that alone the words are read.
    from (
      select distinct revision.item_id, revision.language from item_revisions revision
      where (${ids}::uuid[] is null or (revision.item_id = any (${ids}) and (revision.item_id, revision.language) in (select * from unnest(${ids}::uuid[], ${languages}::text[]))))
        and not exists (select from item_publications pointer where pointer.item_id = revision.item_id and pointer.language = revision.language and pointer.cancelled_at is null)) open
    join items on items.id = open.item_id
    cross join lateral (select id, language, words from item_revisions where item_id = open.item_id and language = open.language order by created_at desc limit 1) newest
    left join lateral (select verdict from item_checks where revision_id = newest.id order by happened_at desc limit 1) checked on true
    where items.kind <> 'about'
      and (${subject ?? null}::uuid is null or exists (select from item_subjects where item_id = items.id and subject_id = ${subject ?? null}))
      and (${verdict ?? null}::text is null or checked.verdict = ${verdict ?? null})
      and ${itemWithin(within, sql`items.id`)}
    order by first_day desc nulls last, title, newest.language`.execute(db)
  return rows.map((row) => ({ itemId: row.item_id, language: row.language, revisionId: row.revision_id, title: row.title, kind: row.kind, labels: row.labels, day: row.day, undated: row.undated, verdict: row.verdict, bare: row.bare, subjects: row.subjects }))
}
