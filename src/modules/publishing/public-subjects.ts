import { oldPath } from './old-path.ts'
import { sql, type Db } from '#platform/db.ts'
import type { Subject, SubjectKind } from '#modules/places/index.ts'
import { readContent, type RecordContent } from './record.ts'

/** A place or topic that has a page. */
export interface ShownSubject extends Subject {
  /** The item that holds the text of its page. */
  itemId: string
}

/** All places and topics that have a page. */
export async function shownSubjects(db: Db): Promise<ShownSubject[]> {
  const rows = await db.selectFrom('public_subjects').selectAll().orderBy('slug').execute()
  const names = await db.selectFrom('public_subject_names').selectAll().orderBy('language').orderBy('shown', 'desc').orderBy('name').execute()
  const of = Map.groupBy(names, ({ subject_id }) => subject_id)
  return rows.map((row) => ({
    id: row.id, kind: row.kind as SubjectKind, slug: row.slug, code: row.code, parentId: row.parent_id, itemId: row.item_id,
    names: (of.get(row.id) ?? []).map(({ language, name, shown }) => ({ language, name, shown })),
  }))
}

/** Where something that had this address is now; nothing if it is public nowhere. */
export async function formerAddress(db: Db, kind: SubjectKind | 'item', slug: string): Promise<string | undefined> {
  return (await db.selectFrom('public_former_slugs').select('now_slug').where('kind', '=', kind).where('slug', '=', slug).executeTakeFirst())?.now_slug
}

/** Ids of the actions that a place's or topic's page leads to. */
export async function actionsAbout(db: Db, subjectId: string): Promise<string[]> {
  return (await db.selectFrom('public_subject_actions').select('action_id').where('subject_id', '=', subjectId).execute()).map(({ action_id }) => action_id)
}

/** The public demands about a place or topic, those that are not settled first. */
export async function demandsAbout(db: Db, subjectId: string): Promise<{ id: string, handle: string, record: Extract<RecordContent, { kind: 'demand' }> }[]> {
  const { rows } = await sql<{ id: string, handle: string, content: unknown }>`
    select shown.id, shown.handle, shown.content from public_records shown join public_record_subjects its on its.record_id = shown.id
    where its.subject_id = ${subjectId} and shown.kind = 'demand'
    order by shown.content ->> 'status' in ('met', 'rejected', 'overtaken'), shown.content ->> 'firstMade' desc, shown.handle`.execute(db)
  return rows.map((row) => ({ id: row.id, handle: row.handle, record: readContent('demand', row.content) as Extract<RecordContent, { kind: 'demand' }> }))
}

/** Bills, proceedings and what is held elsewhere, about a place or topic: the latest first. What has expired or is stopped is not public. */
export async function mattersAbout(db: Db, subjectId: string): Promise<{ id: string, handle: string, record: Extract<RecordContent, { kind: 'measure' | 'proceeding' | 'elsewhere' }> }[]> {
  const { rows } = await sql<{ id: string, kind: string, handle: string, content: unknown }>`
    select shown.id, shown.kind, shown.handle, shown.content from public_records shown join public_record_subjects its on its.record_id = shown.id
    where its.subject_id = ${subjectId} and shown.kind in ('measure', 'proceeding', 'elsewhere')
    order by shown.content ->> 'status' in ('rejected', 'withdrawn', 'lapsed'), coalesce(nullif(shown.content ->> 'nextHearing', ''), shown.content ->> 'statusOn') desc nulls last, shown.handle`.execute(db)
  return rows.map((row) => ({ id: row.id, handle: row.handle, record: readContent(row.kind, row.content) as Extract<RecordContent, { kind: 'measure' | 'proceeding' | 'elsewhere' }> }))
}

/** The chronologies about a place or topic by their names, with how many entries each has. */
export async function chronologiesAbout(db: Db, subjectId: string): Promise<{ handle: string, titles: Record<string, { title: string }>, count: number }[]> {
  const { rows } = await sql<{ handle: string, titles: Record<string, { title: string }>, count: number }>`
    select shown.handle, shown.content -> 'says' as titles, jsonb_array_length(shown.content -> 'entries') as count from public_records shown join public_record_subjects its on its.record_id = shown.id
    where its.subject_id = ${subjectId} and shown.kind = 'chronology' order by shown.handle`.execute(db)
  return rows
}

/** The slug of the item that was at this address of the site before ours; nothing where there was none, or it is not public. */
export async function itemAtOldAddress(db: Db, url: string): Promise<string | undefined> {
  const path = oldPath(url)
  return path === null ? undefined : (await db.selectFrom('public_old_addresses').select('slug').where('path', '=', path).executeTakeFirst())?.slug ?? undefined
}
