import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { addressOf } from '#platform/slug.ts'
import type { ItemFacts, ItemKind } from './item.ts'

/** An item as staff see it, without its words. */
export interface Item extends ItemFacts {
  reviewBy: string | null
  demo: boolean
  createdAt: Date
}

export interface NewItem {
  kind: ItemKind
  thread?: boolean
  /** What its address is made from: a title, or a slug. */
  wanted: string
  subjects?: string[]
  /** Of an 'about' item: whose page. */
  subjectId?: string
  demo?: boolean
}

/** Makes an item without words, at an address that nothing has or had. Returns its id. */
export async function createItem(tx: Tx, item: NewItem, now: Date): Promise<string> {
  const id = randomUUID()
  // Two titles that come to the same at once get two addresses, not an error.
  await sql`select pg_advisory_xact_lock(hashtext('clarion items'))`.execute(tx)
  await tx.insertInto('items').values({
    id, slug: await freeSlug(tx, item.wanted), kind: item.kind, thread: item.thread ?? false, subject_id: item.subjectId ?? null, demo: item.demo ?? false, created_at: now,
  }).execute()
  await setSubjects(tx, id, item.subjects ?? [])
  return id
}

/** The item that holds what a place's or topic's page says; made when it is first asked for. */
export async function aboutItem(tx: Tx, subject: { id: string, slug: string, demo?: boolean }, now: Date): Promise<string> {
  const row = await tx.selectFrom('items').select('id').where('subject_id', '=', subject.id).executeTakeFirst()
  return row?.id ?? createItem(tx, { kind: 'about', wanted: `about-${subject.slug}`, subjectId: subject.id, demo: subject.demo }, now)
}

export async function findItem(db: Db, id: string): Promise<Item | undefined> {
  const row = await db.selectFrom('items').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const subjects = await db.selectFrom('item_subjects').select('subject_id').where('item_id', '=', id).execute()
  return {
    id: row.id, slug: row.slug, kind: row.kind as ItemKind, thread: row.thread, subjectId: row.subject_id, pinned: row.pinned, checkedOn: row.checked_on, reviewBy: row.review_by,
    archivedAt: row.archived_at, demo: row.demo, createdAt: row.created_at, subjects: subjects.map(({ subject_id }) => subject_id),
  }
}

/** Which places and topics an item is about. */
export async function setSubjects(tx: Tx, id: string, subjects: string[]): Promise<void> {
  await tx.deleteFrom('item_subjects').where('item_id', '=', id).execute()
  if (subjects.length > 0) await tx.insertInto('item_subjects').values([...new Set(subjects)].map((subject_id) => ({ item_id: id, subject_id }))).execute()
}

export type ItemChanges = Partial<Pick<Item, 'kind' | 'pinned' | 'checkedOn' | 'reviewBy' | 'archivedAt'>>

export async function changeItem(tx: Tx, id: string, changes: ItemChanges): Promise<void> {
  const columns = {
    ...(changes.kind !== undefined && { kind: changes.kind }), ...(changes.pinned !== undefined && { pinned: changes.pinned }), ...(changes.checkedOn !== undefined && { checked_on: changes.checkedOn }),
    ...(changes.reviewBy !== undefined && { review_by: changes.reviewBy }), ...(changes.archivedAt !== undefined && { archived_at: changes.archivedAt }),
  }
  if (Object.keys(columns).length > 0) await tx.updateTable('items').set(columns).where('id', '=', id).execute()
}

/** Gives an item another address; the former one leads there from now on. */
export async function moveItem(tx: Tx, id: string, wanted: string, now: Date): Promise<'moved' | 'taken' | 'same'> {
  const row = await tx.selectFrom('items').select('slug').where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  if (row.slug === wanted) return 'same'
  if (await tx.selectFrom('items').select('id').where('slug', '=', wanted).executeTakeFirst()) return 'taken'
  await tx.deleteFrom('item_former_slugs').where('slug', '=', wanted).execute()
  await tx.updateTable('items').set({ slug: wanted }).where('id', '=', id).execute()
  await tx.insertInto('item_former_slugs').values({ slug: row.slug, item_id: id, since: now }).onConflict((conflict) => conflict.column('slug').doUpdateSet({ item_id: id, since: now })).execute()
  return 'moved'
}

/** Which actions the page of a place or topic leads to. */
export async function setSubjectActions(tx: Tx, subjectId: string, actions: string[]): Promise<void> {
  await tx.deleteFrom('subject_actions').where('subject_id', '=', subjectId).execute()
  if (actions.length > 0) await tx.insertInto('subject_actions').values([...new Set(actions)].map((action_id) => ({ subject_id: subjectId, action_id }))).execute()
}

async function freeSlug(tx: Tx, wanted: string): Promise<string> {
  const start = addressOf(wanted)
  const { rows } = await sql<{ slug: string }>`
    select slug from items where slug = ${start} or slug like ${`${start}-%`} union select slug from item_former_slugs where slug = ${start} or slug like ${`${start}-%`}`.execute(tx)
  const taken = new Set(rows.map(({ slug }) => slug))
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? start : `${start}-${number}`
    if (!taken.has(slug)) return slug
  }
}
