import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { slug as slugOf } from '#platform/slug.ts'

export type SubjectKind = 'place' | 'topic'

/** A place or a topic: what pages and items are about. */
export interface Subject {
  id: string
  kind: SubjectKind
  slug: string
  /** Short and in capitals, for where there is no room: MAR. */
  code: string
  parentId: string | null
  names: SubjectName[]
}

export interface SubjectName {
  language: string
  name: string
  /** The one that the publisher has chosen to show in its language. */
  shown: boolean
}

/** Makes a place or topic called `name` in a language; its address and its short code follow from that. Returns its id. */
export async function addSubject(tx: Tx, subject: { kind: SubjectKind, language: string, name: string, slug?: string, parentId?: string | null, demo?: boolean }, now: Date): Promise<string> {
  const id = randomUUID()
  // Two people who add the same name at once get two addresses, not an error.
  await sql`select pg_advisory_xact_lock(hashtext('clarion subjects'))`.execute(tx)
  const slug = await freeSlug(tx, subject.kind, (subject.slug ?? slugOf(subject.name)).replace(/-$/, ''))
  await tx.insertInto('subjects').values({ id, kind: subject.kind, slug, code: await freeCode(tx, subject.kind, slug), parent_id: subject.parentId ?? null, demo: subject.demo ?? false, created_at: now }).execute()
  await setNames(tx, id, [{ language: subject.language, name: subject.name, shown: true }])
  return id
}

/** Everything that a subject is called from now on; each language shows the name that is marked, or its first. */
export async function setNames(tx: Tx, id: string, names: SubjectName[]): Promise<void> {
  const wanted = names.map((each) => ({ ...each, name: each.name.normalize('NFC').trim() })).filter(({ name }) => name)
  const once = wanted.filter((each, place) => wanted.findIndex((other) => other.language === each.language && other.name === each.name) === place)
  await tx.deleteFrom('subject_names').where('subject_id', '=', id).execute()
  if (once.length === 0) return
  const chosen = (language: string) => once.find((each) => each.language === language && each.shown) ?? once.find((each) => each.language === language)!
  await tx.insertInto('subject_names').values(once.map((each) => ({ subject_id: id, language: each.language, name: each.name, shown: chosen(each.language) === each }))).execute()
}

/** Gives a subject another address; the former one leads there from now on. */
export async function moveSubject(tx: Tx, id: string, wanted: string, now: Date): Promise<'moved' | 'taken' | 'same'> {
  const row = await tx.selectFrom('subjects').select(['kind', 'slug', 'code']).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const done = await readdressSubject(tx, id, { slug: wanted, code: row.code }, now)
  return row.slug === wanted ? 'same' : done === 'changed' ? 'moved' : 'taken'
}

/**
 * Gives a subject an address and a short code; a former address leads there from now on. Where something else of its kind has one of them,
 * nothing is changed.
 */
export async function readdressSubject(tx: Tx, id: string, { slug, code }: Pick<Subject, 'slug' | 'code'>, now: Date): Promise<'changed' | 'slug-taken' | 'code-taken'> {
  await sql`select pg_advisory_xact_lock(hashtext('clarion subjects'))`.execute(tx)
  const row = await tx.selectFrom('subjects').select(['kind', 'slug']).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const others = await tx.selectFrom('subjects').select(['slug', 'code']).where('kind', '=', row.kind).where('id', '<>', id).where((is) => is.or([is('slug', '=', slug), is('code', '=', code)])).execute()
  if (others.some((other) => other.slug === slug)) return 'slug-taken'
  if (others.length > 0) return 'code-taken'
  await tx.updateTable('subjects').set({ slug, code }).where('id', '=', id).execute()
  if (row.slug === slug) return 'changed'
  await tx.deleteFrom('subject_former_slugs').where('kind', '=', row.kind).where('slug', '=', slug).execute()
  await tx.insertInto('subject_former_slugs').values({ kind: row.kind, slug: row.slug, subject_id: id, since: now })
    .onConflict((conflict) => conflict.columns(['kind', 'slug']).doUpdateSet({ subject_id: id, since: now })).execute()
  return 'changed'
}

/** Says what a place or topic lies in, or that it lies in nothing. Nothing is changed where it would lie in itself. */
export async function setParent(tx: Tx, id: string, parentId: string | null): Promise<'changed' | 'circle'> {
  await sql`select pg_advisory_xact_lock(hashtext('clarion subjects'))`.execute(tx)
  const { rows } = await sql`with recursive around as (select id, parent_id from subjects where id = ${parentId} union select subjects.id, subjects.parent_id from subjects join around on subjects.id = around.parent_id) select from around where id = ${id}`.execute(tx)
  if (rows.length > 0) return 'circle'
  await tx.updateTable('subjects').set({ parent_id: parentId }).where('id', '=', id).execute()
  return 'changed'
}

/** All places and topics as staff know them, by the name shown in a language. */
export async function allSubjects(db: Db, where: { kind?: SubjectKind, id?: string } = {}): Promise<Subject[]> {
  const rows = await db.selectFrom('subjects').selectAll()
    .$if(where.kind !== undefined, (query) => query.where('kind', '=', where.kind!)).$if(where.id !== undefined, (query) => query.where('id', '=', where.id!)).orderBy('slug').execute()
  const names = rows.length === 0 ? [] : await db.selectFrom('subject_names').selectAll().where('subject_id', 'in', rows.map(({ id }) => id)).orderBy('language').orderBy('shown', 'desc').orderBy('name').execute()
  const of = Map.groupBy(names, ({ subject_id }) => subject_id)
  return rows.map((row) => ({ id: row.id, kind: row.kind as SubjectKind, slug: row.slug, code: row.code, parentId: row.parent_id, names: (of.get(row.id) ?? []).map(({ language, name, shown }) => ({ language, name, shown })) }))
}

/** What a subject is called in a language: its chosen name, in another language where it has none in this one. */
export function nameIn({ names, slug }: Pick<Subject, 'names' | 'slug'>, language: string, fallback: string): string {
  return inTheLanguage(names, language, fallback)?.name ?? slug
}

/** The same with the language that it is in. */
export function inTheLanguage(names: SubjectName[], language: string, fallback: string): SubjectName | undefined {
  const shown = names.filter((each) => each.shown)
  return shown.find((each) => each.language === language) ?? shown.find((each) => each.language === fallback) ?? shown[0]
}

async function freeSlug(tx: Tx, kind: SubjectKind, start: string): Promise<string> {
  const { rows } = await sql<{ slug: string }>`select slug from subjects where kind = ${kind} union select slug from subject_former_slugs where kind = ${kind}`.execute(tx)
  return firstFree(start, new Set(rows.map(({ slug }) => slug)), (number) => `${start}-${number}`)
}

/** Initials where there are several words, the first letters of one, and a digit where somebody else has those. */
async function freeCode(tx: Tx, kind: SubjectKind, slug: string): Promise<string> {
  const parts = slug.split('-').filter((part) => !['and', 'of', 'the'].includes(part))
  const letters = (parts.length > 1 ? parts.map((part) => part[0]).join('') : slug.replaceAll('-', '')).toUpperCase()
  const start = letters.slice(0, parts.length > 1 ? 5 : 3).padEnd(2, 'X')
  const { rows } = await sql<{ code: string }>`select code from subjects where kind = ${kind}`.execute(tx)
  return firstFree(start, new Set(rows.map(({ code }) => code)), (number) => `${start.slice(0, 6 - String(number).length)}${number}`)
}

function firstFree(start: string, taken: ReadonlySet<string>, next: (number: number) => string): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? start : next(number)
    if (!taken.has(tried)) return tried
  }
}
