import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { slug as slugOf } from '#platform/slug.ts'
import type { PlacesWithin } from '#modules/places/index.ts'
import { endsOf } from './chronology.ts'
import { pictureEnds, pictureLacks } from './picture.ts'
import { itemWithin, recordWithin } from './reach.ts'
import { readContent, type RecordContent, type RecordKind } from './record.ts'
import { straysInRecord, type Reference } from './render/references.ts'

/** A record as staff see it, as it was last saved. */
export interface Kept {
  id: string
  kind: RecordKind
  handle: string
  revisionId: string
  record: RecordContent
  savedAt: Date
  /** Whether this is what the public sees, an older version is, or none. */
  shown: 'this' | 'older' | 'none'
  /** Whether the public has ever seen any. */
  wasShown: boolean
  /** When a version becomes public, where one is to, and whether that is this one. */
  scheduledFor: Date | null
  scheduled: 'this' | 'older' | null
  subjects: string[]
  /** The day on which somebody last made sure that it still holds. */
  checkedOn: string | null
  /** Whether it lies within what was asked for; what does not is here as the public sees it. */
  mine: boolean
}

/** Keeps a new record under a handle that nothing else has; public only when it is published. Returns its id, or nothing where the handle is taken. */
export async function addRecord(tx: Tx, given: { handle: string, record: RecordContent, subjects?: string[], demo?: boolean, staffId: string | null }, now: Date): Promise<string | undefined> {
  const id = randomUUID()
  const { rows } = await sql`insert into records (id, kind, handle, demo, created_at) values (${id}, ${given.record.kind}, ${given.handle}, ${given.demo ?? false}, ${now}) on conflict (handle) do nothing returning id`.execute(tx)
  if (rows.length === 0) return undefined
  await saveRecord(tx, { id, record: given.record, staffId: given.staffId }, now)
  await setRecordSubjects(tx, id, given.subjects ?? [])
  return id
}

/** What texts can call a new record: made from words, with a number where something is called so already. */
export async function freeHandle(db: Db, words: string): Promise<string> {
  const start = slugOf(words).slice(0, 50).replace(/-$/, '')
  const rows = await db.selectFrom('records').select('handle').where('handle', 'like', `${start}%`).execute()
  const taken = new Set(rows.map(({ handle }) => handle))
  for (let number = 1; ; number += 1) {
    const handle = number === 1 ? start : `${start}-${number}`
    if (!taken.has(handle)) return handle
  }
}

/** Adds a version. Returns its id, or that of the present one where nothing changed. */
export async function saveRecord(tx: Tx, { id, record, staffId }: { id: string, record: RecordContent, staffId: string | null }, now: Date): Promise<string> {
  await sql`select 1 from records where id = ${id} for update`.execute(tx)
  const newest = await tx.selectFrom('record_revisions').select(['id', 'content', 'created_at']).where('record_id', '=', id).orderBy('created_at', 'desc').limit(1).executeTakeFirst()
  // The database keeps the languages in an order of its own.
  if (newest && isDeepStrictEqual(readContent(record.kind, newest.content).content, record.content)) return newest.id
  const revisionId = randomUUID()
  await tx.insertInto('record_revisions').values({
    id: revisionId, record_id: id, content: JSON.stringify(record.content), created_at: newest && newest.created_at >= now ? new Date(newest.created_at.getTime() + 1) : now, staff_id: staffId,
  }).execute()
  return revisionId
}

export async function setRecordSubjects(tx: Tx, id: string, subjects: string[]): Promise<void> {
  await tx.deleteFrom('record_subjects').where('record_id', '=', id).execute()
  if (subjects.length > 0) await tx.insertInto('record_subjects').values([...new Set(subjects)].map((subject_id) => ({ record_id: id, subject_id }))).execute()
}

export interface RecordPublishing {
  id: string
  /** Without one, the record is withdrawn, and what was to become public later is not. */
  revisionId: string | null
  staffId: string | null
  /** When it becomes public; now, if that is left out or past. */
  from?: Date
}

export type RecordPublished =
  | { outcome: 'published' | 'scheduled' | 'withdrawn', from: Date }
  /** What its entries lead to is not there, or not public by then; what a picture lacks to be shown; or references in its words, which readers would see as they are written. */
  | { outcome: 'missing', missing: string[] }

/** Makes a version public from a moment on, wherever the record stands. A picture is gone by itself after its last day, and one whose last day is over is not published. */
export async function publishRecord(tx: Tx, { id, revisionId, staffId, ...when }: RecordPublishing, now: Date): Promise<RecordPublished> {
  await sql`select 1 from records where id = ${id} for update`.execute(tx)
  const from = when.from !== undefined && when.from > now ? when.from : now
  const its = revisionId === null ? undefined : await contentOf(tx, revisionId)
  const missing = its ? await lacksToBePublic(tx, its.record, from) : []
  if (missing.length > 0) return { outcome: 'missing', missing }
  const endsAt = its?.record.kind === 'image' ? pictureEnds(its.record.content, its.zone) : undefined
  const shownId = endsAt && endsAt <= from ? null : revisionId
  if (revisionId === null) await cancelRecord(tx, id, now)
  await sql`
    insert into record_publications (record_id, from_at, revision_id, ends_at, staff_id)
    select ${id}, (select min(moment) from generate_series(${from}::timestamptz, ${from}::timestamptz + interval '1 second', interval '1 millisecond') moment
      where not exists (select from record_publications taken where taken.record_id = ${id} and taken.from_at = moment)), ${shownId}, ${shownId && endsAt ? endsAt : null}, ${staffId}`.execute(tx)
  await settleRecord(tx, id)
  return { outcome: shownId === null ? 'withdrawn' : from > now ? 'scheduled' : 'published', from }
}

/** Takes back what was to become public later. Returns whether there was anything. */
export async function cancelRecord(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`update record_publications set cancelled_at = ${now} where record_id = ${id} and from_at > ${now} and cancelled_at is null`.execute(tx)
  await settleRecord(tx, id)
  return Boolean(numAffectedRows)
}

/** Each pointer holds until the next one, or until its own end. */
async function settleRecord(tx: Tx, id: string): Promise<void> {
  await sql`
    update record_publications pointer set until_at = placed.next
    from (select from_at, least(lead(from_at) over (order by from_at), ends_at) as next from record_publications where record_id = ${id} and cancelled_at is null) placed
    where pointer.record_id = ${id} and pointer.from_at = placed.from_at and pointer.until_at is distinct from placed.next`.execute(tx)
}

/** What keeps a record from being public from a moment on: what it leads to and will not be there, what a picture lacks, and references in its words, which readers would see as they are written. */
export async function lacksToBePublic(db: Db, record: RecordContent, at: Date): Promise<string[]> {
  return [...(record.kind === 'image' ? pictureLacks(record.content) : await missingEnds(db, record, at)), ...straysInRecord(record.content)]
}

/** What a record leads to that will not be public at a moment: ids of items, and "kind handle". Only chronologies lead anywhere. */
async function missingEnds(db: Db, { kind, content }: RecordContent, at: Date): Promise<string[]> {
  if (kind !== 'chronology') return []
  const { items, records } = endsOf(content)
  const found = await findRecords(db, records, at)
  const { rows } = await sql<{ id: string }>`
    select distinct item_id as id from item_publications where item_id = any (${items}::uuid[]) and cancelled_at is null and revision_id is not null and from_at <= ${at} and (until_at is null or until_at > ${at})`.execute(db)
  const shown = new Set(rows.map((row) => row.id))
  return [...items.filter((id) => !shown.has(id)), ...records.map(({ kind: its, handle }) => `${its} ${handle}`).filter((key) => !found.has(key))]
}

async function contentOf(tx: Tx, revisionId: string): Promise<{ record: RecordContent, zone: string } | undefined> {
  const { rows: [row] } = await sql<{ kind: string, content: unknown, zone: string | null }>`
    select records.kind, revision.content, (select zone from publisher) as zone from record_revisions revision join records on records.id = revision.record_id where revision.id = ${revisionId}`.execute(tx)
  return row && { record: readContent(row.kind, row.content), zone: row.zone ?? 'UTC' }
}

/** Which records: all that are left out limit nothing. */
export interface RecordFilter {
  /** One kind, or some. */
  kind?: RecordKind | RecordKind[]
  id?: string
  ids?: string[]
  /** About this place or topic. */
  subjectId?: string
  /** About one of the places that somebody looks after. */
  within?: PlacesWithin
  /** Besides, what is public of others: as the public sees it, for whoever refers to it. */
  orPublic?: boolean
}

/** Records as they were last saved, by handle. */
export async function keptRecords(db: Db, where: RecordFilter = {}): Promise<Kept[]> {
  const kinds = where.kind === undefined ? null : [where.kind].flat()
  const { rows } = await sql<{ id: string, kind: RecordKind, handle: string, revision_id: string, content: unknown, created_at: Date, shown_id: string | null, was_shown: boolean, later_at: Date | null, later_id: string | null, subjects: string[], checked_on: string | null, mine: boolean }>`
    select records.checked_on, own.mine, records.id, records.kind, records.handle, revision.id as revision_id, revision.content, revision.created_at, shown.revision_id as shown_id, exists (select from record_publications where record_id = records.id and cancelled_at is null and revision_id is not null and from_at <= now()) as was_shown, later.from_at as later_at, later.revision_id as later_id,
      array(select subject_id::text from record_subjects where record_id = records.id) as subjects
    from records
    cross join lateral (select ${recordWithin(where.within, sql`records.id`)} as mine) own
    left join public_records shown on shown.id = records.id
    cross join lateral (select * from record_revisions where record_id = records.id and (own.mine or id = shown.revision_id) order by created_at desc limit 1) revision
    left join lateral (select from_at, revision_id from record_publications where own.mine and record_id = records.id and cancelled_at is null and revision_id is not null and from_at > now() order by from_at limit 1) later on true
    where (own.mine or ${where.orPublic ?? false}) and (${kinds}::text[] is null or records.kind = any (${kinds}::text[])) and (${where.id ?? null}::uuid is null or records.id = ${where.id ?? null}) and (${where.ids ?? null}::uuid[] is null or records.id = any (${where.ids ?? null}::uuid[]))
      and (${where.subjectId ?? null}::uuid is null or exists (select from record_subjects where record_id = records.id and subject_id = ${where.subjectId ?? null}))
    order by records.handle`.execute(db)
  return rows.map((row) => ({
    id: row.id, kind: row.kind, handle: row.handle, revisionId: row.revision_id, record: readContent(row.kind, row.content), savedAt: row.created_at,
    shown: row.shown_id === null ? 'none' : row.shown_id === row.revision_id ? 'this' : 'older', wasShown: row.was_shown, scheduledFor: row.later_at, scheduled: row.later_id === null ? null : row.later_id === row.revision_id ? 'this' : 'older', subjects: row.subjects, checkedOn: row.checked_on, mine: row.mine,
  }))
}

/** Notes that somebody made sure on this day that a record still holds. */
export async function checkRecord(tx: Tx, id: string, day: string): Promise<void> {
  await tx.updateTable('records').set({ checked_on: day }).where('id', '=', id).execute()
}

/** Which public pages use a record at present, and whether each lies within what somebody looks after. */
export async function usesOf(db: Db, recordId: string, within?: PlacesWithin): Promise<{ itemId: string, language: string, title: string, mine: boolean }[]> {
  const { rows } = await sql<{ item_id: string, language: string, title: string, mine: boolean }>`
    select shown.item_id, shown.language, shown.words ->> 'title' as title, ${itemWithin(within, sql`shown.item_id`)} as mine from item_uses join public_item_words shown on shown.revision_id = item_uses.revision_id
    where item_uses.record_id = ${recordId} order by title`.execute(db)
  return rows.map((row) => ({ itemId: row.item_id, language: row.language, title: row.title, mine: row.mine }))
}

/** Those of these references that will be public at a moment, by their keys; a record with its id. */
export async function findRecords(db: Db, references: Omit<Reference, 'key'>[], at: Date): Promise<Map<string, { recordId?: string }>> {
  const found = new Map<string, { recordId?: string }>()
  const handles = references.filter(({ kind }) => kind !== 'action' && kind !== 'item').map(({ handle }) => handle)
  const slugs = references.filter(({ kind }) => kind === 'action').map(({ handle }) => handle)
  const items = references.filter(({ kind }) => kind === 'item').map(({ handle }) => handle)
  const { rows } = await sql<{ id: string | null, kind: string, handle: string }>`
    select records.id, records.kind, records.handle from records join record_publications pointer on pointer.record_id = records.id
    where records.handle = any (${handles}) and pointer.cancelled_at is null and pointer.revision_id is not null and pointer.from_at <= ${at} and (pointer.until_at is null or pointer.until_at > ${at})
      and (records.kind <> 'elsewhere' or not record_over(records.kind, (select content from record_revisions where id = pointer.revision_id), ${at}))
    union all select null, 'action', slug from public_actions where slug = any (${slugs})
    union all select null, 'item', slug from items where slug = any (${items}) and exists (select from item_publications pointer
      where pointer.item_id = items.id and pointer.cancelled_at is null and pointer.revision_id is not null and pointer.from_at <= ${at} and (pointer.until_at is null or pointer.until_at > ${at}))`.execute(db)
  for (const row of rows) found.set(`${row.kind} ${row.handle}`, row.id === null ? {} : { recordId: row.id })
  return found
}
