import { isDeepStrictEqual } from 'node:util'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { readContent, type RecordContent } from './record.ts'
import { keptRecords, type Kept } from './records.ts'

/** What a form begins with: the version of a record, and what it was about. */
export function begunWith({ revisionId, subjects }: Pick<Kept, 'revisionId' | 'subjects'>): string {
  return [revisionId, ...subjects.toSorted()].join(' ')
}

/** The record as somebody else has left it since a form was opened, unless that is what this form says too. Until the transaction ends, nobody else saves it. */
export async function changedMeanwhile(tx: Tx, { id, begun, record, about }: { id: string, begun: string, record: RecordContent, about: string[] }): Promise<Kept | undefined> {
  await sql`select 1 from records where id = ${id} for update`.execute(tx)
  const [kept] = await keptRecords(tx, { id })
  if (!kept || begunWith(kept) === begun) return undefined
  const same = isDeepStrictEqual(kept.record.content, record.content) && kept.subjects.length === about.length && about.every((each) => kept.subjects.includes(each))
  return same ? undefined : kept
}

/** One saved version of a record, and when the public saw it. */
export interface RecordVersion {
  id: string
  record: RecordContent
  savedAt: Date
  staffId: string | null
  /** Until a later moment, or nothing: still. */
  seen: { from: Date, until: Date | null }[]
}

/** All versions of a record, the newest first. */
export async function recordVersions(db: Db, id: string, now: Date, most = 200): Promise<RecordVersion[]> {
  const { rows } = await sql<{ id: string, kind: string, content: unknown, created_at: Date, staff_id: string | null }>`
    select revision.id, records.kind, revision.content, revision.created_at, revision.staff_id from record_revisions revision join records on records.id = revision.record_id
    where revision.record_id = ${id} order by revision.created_at desc limit ${most}`.execute(db)
  const pointers = await db.selectFrom('record_publications').select(['revision_id', 'from_at', 'until_at']).where('record_id', '=', id).where('cancelled_at', 'is', null).where('from_at', '<=', now).orderBy('from_at').execute()
  return rows.map((row) => ({
    id: row.id, record: readContent(row.kind, row.content), savedAt: row.created_at, staffId: row.staff_id,
    seen: pointers.filter(({ revision_id }) => revision_id === row.id).map(({ from_at, until_at }) => ({ from: from_at, until: until_at !== null && until_at <= now ? until_at : null })),
  }))
}
