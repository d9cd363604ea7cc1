import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { itemWords, type ItemWords } from './item.ts'

/** One saved version of an item in one language. */
export interface Revision {
  id: string
  itemId: string
  language: string
  words: ItemWords
  /** The version of the other language that it translates. */
  sourceId: string | null
  savedAt: Date
  staffId: string | null
}

export interface Saving {
  itemId: string
  language: string
  words: ItemWords
  /** The version that the writer began with, null for none. Left out where nobody else can have written meanwhile. */
  baseId?: string | null
  /** The version of another language that these words follow. Left out, it stays what it was. */
  sourceId?: string | null
  staffId: string | null
}

export type Saved =
  | { outcome: 'saved', revisionId: string }
  | { outcome: 'unchanged', revisionId: string }
  /** Somebody else saved since the writer began: nothing is kept of the new words, and these are the others'. */
  | { outcome: 'changed-meanwhile', theirs: Revision }

/** Adds a version of an item's words in one language, if the newest is still the one that the writer began with. Publishes nothing. */
export async function saveItem(tx: Tx, saving: Saving, now: Date): Promise<Saved> {
  await sql`select 1 from items where id = ${saving.itemId} for update`.execute(tx)
  const newest = await newestRevision(tx, saving.itemId, saving.language)
  const words = itemWords.parse(saving.words)
  const sourceId = saving.sourceId === undefined ? newest?.sourceId ?? null : saving.sourceId
  if (newest && sourceId === newest.sourceId && JSON.stringify(newest.words) === JSON.stringify(words)) return { outcome: 'unchanged', revisionId: newest.id }
  if (saving.baseId !== undefined && saving.baseId !== (newest?.id ?? null) && newest) return { outcome: 'changed-meanwhile', theirs: newest }
  const revisionId = randomUUID()
  await tx.insertInto('item_revisions').values({
    id: revisionId, item_id: saving.itemId, language: saving.language, words: JSON.stringify(words), source_id: sourceId,
    // Two saves within a millisecond still have an order.
    created_at: newest && newest.savedAt >= now ? new Date(newest.savedAt.getTime() + 1) : now, staff_id: saving.staffId,
  }).execute()
  const hashes = [...new Set(words.documents.map(({ hash }) => hash))]
  if (hashes.length > 0) await tx.insertInto('revision_files').values(hashes.map((hash) => ({ revision_id: revisionId, hash: Buffer.from(hash, 'hex') }))).execute()
  return { outcome: 'saved', revisionId }
}

export async function newestRevision(db: Db, itemId: string, language: string): Promise<Revision | undefined> {
  const row = await db.selectFrom('item_revisions').selectAll().where('item_id', '=', itemId).where('language', '=', language).orderBy('created_at', 'desc').limit(1).executeTakeFirst()
  return row && readRevision(row)
}

/** The newest saved version in each language of an item. */
export async function newestRevisions(db: Db, itemId: string): Promise<Revision[]> {
  const rows = await db.selectFrom('item_revisions').selectAll().distinctOn('language').where('item_id', '=', itemId).orderBy('language').orderBy('created_at', 'desc').execute()
  return rows.map(readRevision)
}

export async function findRevision(db: Db, id: string): Promise<Revision | undefined> {
  const row = await db.selectFrom('item_revisions').selectAll().where('id', '=', id).executeTakeFirst()
  return row && readRevision(row)
}

/** All versions of a language without their words, the newest first. */
export async function revisionList(db: Db, itemId: string, language: string, most = 200): Promise<{ id: string, savedAt: Date, staffId: string | null, title: string }[]> {
  const rows = await db.selectFrom('item_revisions').select(['id', 'created_at', 'staff_id', sql<string>`words ->> 'title'`.as('title')])
    .where('item_id', '=', itemId).where('language', '=', language).orderBy('created_at', 'desc').limit(most).execute()
  return rows.map((row) => ({ id: row.id, savedAt: row.created_at, staffId: row.staff_id, title: row.title }))
}

function readRevision(row: { id: string, item_id: string, language: string, words: unknown, source_id: string | null, created_at: Date, staff_id: string | null }): Revision {
  return { id: row.id, itemId: row.item_id, language: row.language, words: itemWords.parse(row.words), sourceId: row.source_id, savedAt: row.created_at, staffId: row.staff_id }
}
