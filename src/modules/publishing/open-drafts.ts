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
  /** These versions, as far as they are the last of their draft. */
  revisions?: readonly string[]
  /** About this place or topic. */
  subject?: string
  /** `none`: neither asked to be checked nor approved. */
  verdict?: 'asked' | 'approved' | 'none'
  /** Short codes of the places that may be seen, where not all may. */
  within?: readonly string[]
  /** No more than so many, those that were saved last. */
  most?: number
}

/** Drafts that are seen to together, the newest day first; and how many there are, where only the last that were saved were asked for. */
export async function openDrafts(db: Db, { only, revisions, subject, verdict, within, most }: OpenDraftFilter): Promise<{ drafts: OpenDraft[], count: number }> {
  const [ids, languages] = [only?.map(({ itemId }) => itemId) ?? null, only?.map(({ language }) => language) ?? null]
  const { rows } = await sql<{ item_id: string, language: string, revision_id: string, title: string, kind: ItemKind, labels: ItemLabel[], day: string | null, undated: boolean, verdict: OpenDraft['verdict'], bare: boolean, subjects: string[], count: number }>`
    select items.id as item_id, newest.language, newest.id as revision_id, newest.words ->> 'title' as title, items.kind, newest.words -> 'labels' as labels, array(select subject_id::text from item_subjects where item_id = items.id) as subjects,
      wanted.verdict, wanted.count, concat(newest.words ->> 'body', newest.words ->> 'summary', newest.words ->> 'picture', newest.words ->> 'event', newest.words ->> 'course') = ''
        and not exists (select from unnest(array['paragraphs', 'questions', 'documents', 'blocks']) part where jsonb_array_length(newest.words -> part) > 0) as bare,
      case when items.thread then (select max(part ->> 'day') from jsonb_array_elements(newest.words -> 'paragraphs') part) else nullif(newest.words ->> 'publishedOn', '') end as first_day,
      case when items.thread then (select coalesce(nullif(part ->> 'roughly', ''), part ->> 'day') from jsonb_array_elements(newest.words -> 'paragraphs') part order by part ->> 'day' desc, coalesce(part ->> 'roughly', '') limit 1)
        else coalesce(nullif(newest.words ->> 'publishedRoughly', ''), nullif(newest.words ->> 'publishedOn', '')) end as day,
      coalesce((newest.words ->> 'undated')::boolean, false) as undated
    -- First what has no pointer, in one look at all, and which of that is wanted: of this alone the words are read, which is what takes time.
    from (
      select last.id, checked.verdict, count(*) over ()::int as count
      from (
        select distinct on (revision.item_id, revision.language) revision.item_id, revision.language, revision.id, revision.created_at from item_revisions revision
        where (${ids}::uuid[] is null or (revision.item_id = any (${ids}) and (revision.item_id, revision.language) in (select * from unnest(${ids}::uuid[], ${languages}::text[]))))
          and (${revisions ?? null}::uuid[] is null or revision.item_id in (select item_id from item_revisions where id = any (${revisions ?? null}::uuid[])))
          and not exists (select from item_publications pointer where pointer.item_id = revision.item_id and pointer.language = revision.language and pointer.cancelled_at is null)
        order by revision.item_id, revision.language, revision.created_at desc) last
      join items on items.id = last.item_id
      left join lateral (select verdict from item_checks where revision_id = last.id order by happened_at desc limit 1) checked on true
      where items.kind <> 'about' and (${revisions ?? null}::uuid[] is null or last.id = any (${revisions ?? null}::uuid[]))
        and (${subject ?? null}::uuid is null or exists (select from item_subjects where item_id = items.id and subject_id = ${subject ?? null}))
        and (${verdict ?? null}::text is null or coalesce(case when checked.verdict in ('asked', 'approved') then checked.verdict end, 'none') = ${verdict ?? null})
        and ${itemWithin(within, sql`items.id`)}
      order by last.created_at desc, last.id limit ${most ?? null}) wanted
    join item_revisions newest on newest.id = wanted.id join items on items.id = newest.item_id
    order by first_day desc nulls last, title, newest.language`.execute(db)
  const drafts = rows.map((row) => ({ itemId: row.item_id, language: row.language, revisionId: row.revision_id, title: row.title, kind: row.kind, labels: row.labels, day: row.day, undated: row.undated, verdict: row.verdict, bare: row.bare, subjects: row.subjects }))
  return { drafts, count: rows[0]?.count ?? 0 }
}
