import { sql, type Db } from '#platform/db.ts'
import { itemWords, type ItemFacts, type ItemKind, type ItemWords } from './item.ts'

/** The words of an item as they are public in one language. */
export interface ShownWords {
  language: string
  revisionId: string
  words: ItemWords
  from: Date
  /** The day that it stands under. */
  dated: string
  sourceId: string | null
}

/** What was wrong and what is right, by language. */
export interface ShownCorrection {
  id: string
  /** The language in which it was made. */
  madeIn: string
  at: Date
  says: Record<string, { wrong: string, correct: string }>
  /** Languages whose words do not follow it yet. */
  pending: string[]
}

export interface ShownItem extends ItemFacts {
  dated: string
  publishedAt: Date
  /** When something was last added or corrected. A mended typing error does not count. */
  updatedAt: Date
  /** By language. */
  words: Record<string, ShownWords>
  corrections: ShownCorrection[]
}

/** Which items a list has. */
export interface Wanted {
  subjectId?: string
  /** Threads of the digest, or everything else; both, if it is left out. */
  thread?: boolean
  kind?: string
  year?: number
  /** Items that have words in this language only; in any, if it is left out. */
  language?: string
}

/** Where items are read from: those of one subject by its index (the fence keeps the planner from going through all that there are), or all. */
const from = ({ subjectId }: Wanted) => (subjectId === undefined ? sql`public_items item`
  : sql`(select item_id from public_item_subjects where subject_id = ${subjectId} offset 0) its cross join lateral (select * from public_items where id = its.item_id offset 0) item`)

const fits = ({ thread, kind, year, language }: Wanted) => sql`
  item.kind <> 'about'
  and (${thread ?? null}::boolean is null or item.thread = ${thread ?? null})
  and (${kind ?? null}::text is null or item.kind = ${kind ?? null})
  and (${year ?? null}::int is null or extract(year from item.dated) = ${year ?? null})
  and (${language ?? null}::text is null or ${language ?? null} = any (item.languages))`

/** One page of the items that are wanted, pinned ones and then the newest first, with how many there are in all. */
export async function shownItems(db: Db, wanted: Wanted, { most, after = 0, by = 'day' }: { most: number, after?: number, by?: 'day' | 'updated' }): Promise<{ items: ShownItem[], all: number }> {
  const order = by === 'updated' ? sql`updated_at desc, id` : sql`pinned desc, dated desc, published_at desc, id`
  const { rows } = await sql<{ id: string, all_rows: number }>`
    select item.id, count(*) over ()::int as all_rows from ${from(wanted)} where ${fits(wanted)} order by ${order} limit ${most} offset ${after}`.execute(db)
  return { items: await itemsById(db, rows.map(({ id }) => id)), all: rows[0]?.all_rows ?? 0 }
}

/** How many of the wanted items stand under each year, the newest first, and of each kind. */
export async function countItems(db: Db, wanted: Wanted): Promise<{ years: { year: number, count: number }[], kinds: { kind: ItemKind, count: number }[] }> {
  const { rows } = await sql<{ year: number, kind: ItemKind, count: number }>`
    select extract(year from item.dated)::int as year, item.kind, count(*)::int as count from ${from(wanted)} where ${fits(wanted)} group by 1, 2`.execute(db)
  const sum = <Key extends number | string>(by: (row: { year: number, kind: ItemKind }) => Key) => {
    const sums = new Map<Key, number>()
    for (const row of rows) sums.set(by(row), (sums.get(by(row)) ?? 0) + row.count)
    return [...sums]
  }
  return {
    years: sum((row) => row.year).map(([year, count]) => ({ year, count })).toSorted((a, b) => b.year - a.year),
    kinds: sum((row) => row.kind).map(([kind, count]) => ({ kind, count })).toSorted((a, b) => b.count - a.count || a.kind.localeCompare(b.kind)),
  }
}

/** The item at an address, or nothing if there is none that is public. */
export async function shownItem(db: Db, where: { slug: string } | { id: string }): Promise<ShownItem | undefined> {
  const row = await db.selectFrom('public_items').select('id').where('slug' in where ? 'slug' : 'id', '=', 'slug' in where ? where.slug : where.id).executeTakeFirst()
  return row && (await itemsById(db, [row.id]))[0]
}

/** All that is public, for a list of addresses: the newest change first. */
export async function sitemapItems(db: Db, most: number): Promise<{ id: string, slug: string, kind: string, languages: string[], updatedAt: Date }[]> {
  const rows = await db.selectFrom('public_items').select(['id', 'slug', 'kind', 'languages', 'updated_at']).orderBy('updated_at', 'desc').limit(most).execute()
  return rows.map((row) => ({ id: row.id, slug: row.slug, kind: row.kind, languages: row.languages, updatedAt: row.updated_at }))
}

/** Items by their slugs, in that order; those that are not public are left out. */
export async function itemsBySlug(db: Db, slugs: string[]): Promise<ShownItem[]> {
  if (slugs.length === 0) return []
  const rows = await db.selectFrom('public_items').select(['id', 'slug']).where('slug', 'in', slugs).execute()
  return itemsById(db, slugs.flatMap((slug) => rows.find((row) => row.slug === slug)?.id ?? []))
}

/** Items by their ids, in that order; those that are not public are left out. */
export async function itemsById(db: Db, ids: string[]): Promise<ShownItem[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('public_items').selectAll().where('id', 'in', ids).execute()
  const words = await db.selectFrom('public_item_words').selectAll().where('item_id', 'in', ids).execute()
  const subjects = await db.selectFrom('public_item_subjects').selectAll().where('item_id', 'in', ids).execute()
  const corrections = await correctionsOf(db, ids, words)
  const wordsOf = Map.groupBy(words, ({ item_id }) => item_id)
  const subjectsOf = Map.groupBy(subjects, ({ item_id }) => item_id)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id): ShownItem[] => {
    const row = byId.get(id)
    const its = wordsOf.get(id)
    if (!row || !its) return []
    return [{
      id, slug: row.slug, kind: row.kind as ItemKind, thread: row.thread, subjectId: row.subject_id, pinned: row.pinned, checkedOn: row.checked_on, archivedAt: row.archived_at, dated: row.dated,
      publishedAt: row.published_at, updatedAt: row.updated_at,
      words: Object.fromEntries(its.map((each) => [each.language, { language: each.language, revisionId: each.revision_id, words: itemWords.parse(each.words), from: each.from_at, dated: each.dated, sourceId: each.source_id }])),
      corrections: corrections.get(id) ?? [], subjects: (subjectsOf.get(id) ?? []).map(({ subject_id }) => subject_id),
    }]
  })
}

async function correctionsOf(db: Db, ids: string[], words: { item_id: string, language: string, source_id: string | null }[]): Promise<Map<string, ShownCorrection[]>> {
  const rows = await db.selectFrom('public_corrections').selectAll().where('item_id', 'in', ids).orderBy('corrected_at', 'desc').execute()
  if (rows.length === 0) return new Map()
  const { rows: sources } = await sql<{ id: string, language: string, saved_at: Date }>`select revision_id as id, language, saved_at from public_sources where revision_id = any (${words.flatMap(({ source_id }) => source_id ?? [])}::uuid[])`.execute(db)
  const source = new Map(sources.map((each) => [each.id, each]))
  const found = new Map<string, ShownCorrection & { itemId: string }>()
  for (const row of rows) {
    const follows = (each: { language: string, source_id: string | null }) => {
      const its = each.source_id === null ? undefined : source.get(each.source_id)
      return each.language === row.made_in || (its?.language === row.made_in && its.saved_at >= row.corrected_saved_at)
    }
    const correction = found.get(row.id) ?? {
      itemId: row.item_id, id: row.id, madeIn: row.made_in, at: row.corrected_at, says: {},
      pending: words.filter((each) => each.item_id === row.item_id && !follows(each)).map(({ language }) => language),
    }
    correction.says[row.language] = { wrong: row.wrong, correct: row.correct }
    found.set(row.id, correction)
  }
  return Map.groupBy(found.values(), ({ itemId }) => itemId)
}

/** The words of an item in a language; in another one where it is not public in this one. */
export function shownWordsIn(item: Pick<ShownItem, 'words'>, language: string, fallback: string): ShownWords {
  return item.words[language] ?? item.words[fallback] ?? Object.values(item.words)[0]!
}
