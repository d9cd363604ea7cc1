import { sql, type Db } from '#platform/db.ts'
import type { ItemKind, ItemLabel } from '#modules/publishing/index.ts'

/** What an import made and nobody has published, scheduled or withdrawn yet. */
export interface ImportedDraft {
  itemId: string
  language: string
  /** The version that was saved last. */
  revisionId: string
  title: string
  kind: ItemKind
  labels: ItemLabel[]
  /** The day that it will stand under; nothing where nobody has said: then it is the day of publishing. */
  day: string | null
  /** What was said of that version last by whoever checks. */
  verdict: 'asked' | 'approved' | 'returned' | null
  /** There is nothing of it but a title. */
  bare: boolean
  /** Ids of the places and topics that it is about. */
  subjects: string[]
}

/** The drafts of an import, the newest day first. */
export async function importedDrafts(db: Db, importId: string): Promise<ImportedDraft[]> {
  const { rows } = await sql<{ item_id: string, language: string, revision_id: string, title: string, kind: ItemKind, labels: ItemLabel[], day: string | null, verdict: ImportedDraft['verdict'], bare: boolean, subjects: string[] }>`
    select items.id as item_id, imported.language, newest.id as revision_id, newest.words ->> 'title' as title, items.kind, newest.words -> 'labels' as labels, array(select subject_id::text from item_subjects where item_id = items.id) as subjects,
      (select verdict from item_checks where revision_id = newest.id order by happened_at desc limit 1) as verdict,
      concat(newest.words ->> 'body', newest.words ->> 'summary', newest.words ->> 'picture', newest.words ->> 'event', newest.words ->> 'course') = ''
        and not exists (select from unnest(array['paragraphs', 'questions', 'documents', 'blocks']) part where jsonb_array_length(newest.words -> part) > 0) as bare,
      case when items.thread then (select max(part ->> 'day') from jsonb_array_elements(newest.words -> 'paragraphs') part) else nullif(newest.words ->> 'publishedOn', '') end as day
    from imported_items imported join items on items.id = imported.item_id
    cross join lateral (select id, words from item_revisions where item_id = items.id and language = imported.language order by created_at desc limit 1) newest
    where imported.import_id = ${importId} and not exists (select from item_publications pointer where pointer.item_id = items.id and pointer.language = imported.language and pointer.cancelled_at is null)
    order by day desc nulls last, title`.execute(db)
  return rows.map((row) => ({ itemId: row.item_id, language: row.language, revisionId: row.revision_id, title: row.title, kind: row.kind, labels: row.labels, day: row.day, verdict: row.verdict, bare: row.bare, subjects: row.subjects }))
}
