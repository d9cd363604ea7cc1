import { anyNumber, anyOf, sql, type Db, type RawBuilder } from '#platform/db.ts'
import { itemWords, knownDate, type ItemFacts, type ItemKind, type ItemWords } from './item.ts'

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
  /** The same as exactly as it is known: that day, or a month, year or part of one as EDTF. */
  date: string
  publishedAt: Date
  /** When something was last added or corrected. A mended typing error does not count. */
  updatedAt: Date
  /** By language. */
  words: Record<string, ShownWords>
  corrections: ShownCorrection[]
  /** What it is cited by, where the publisher numbers items. */
  number: string | null
}

/** Which items a list has. */
export interface Wanted {
  subjectId?: string
  /** Threads of the digest, or everything else; both, if it is left out. */
  thread?: boolean
  kind?: string
  /** News only: no pages and campaigns, which are there to last. */
  news?: true
  year?: number
  /** Those only that are about this place or topic as well. */
  alsoAbout?: string
  /** Items that have words in this language only; in any, if it is left out. */
  language?: string
}

const everywhere = '00000000-0000-0000-0000-000000000000'

/** Written out, so that each list is read in the order of an index. */
const fits = ({ subjectId, thread, kind, news, year, language, alsoAbout }: Wanted) => sql`subject_id = ${subjectId ?? everywhere} and kind <> 'about'
  and ${language === undefined ? sql`lead` : sql`language = ${language}`} ${thread === undefined ? sql`` : thread ? sql`and thread` : sql`and not thread`} ${kind === undefined ? sql`` : sql`and kind = ${kind}`} ${news ? sql`and kind not in ('page', 'campaign')` : sql``}
  ${year === undefined ? sql`` : sql`and dated >= make_date(${year}, 1, 1) and dated < make_date(${year + 1}, 1, 1)`}
  ${alsoAbout === undefined ? sql`` : sql`and item_id in (select item_id from public_listings where subject_id = ${alsoAbout} and lead)`}`

/** Which part of such a list. */
export interface Part {
  /** A number of the code's own: it stands in the statement, which is planned once for it. */
  most: number
  after?: number
  /** By day, pinned ones first; or by when they last changed. */
  by?: 'day' | 'updated'
}

/** One page of the items that are wanted, and whether there are more. */
export async function shownItems(db: Db, wanted: Wanted, part: Part): Promise<{ items: ShownItem[], more: boolean }> {
  const [list] = await listItems(db, [{ ...wanted, ...part }])
  return { items: await itemsById(db, list!.ids), more: list!.more }
}

/** Several such lists in one statement, by the ids of their items. */
export async function listItems(db: Db, lists: (Wanted & Part)[]): Promise<{ ids: string[], more: boolean }[]> {
  const { rows } = await sql<{ list: number, item_id: string }>`select list, item_id from (${sql.join(lists.map((wanted, place) => {
    const order = wanted.by === 'updated' ? sql`updated_at desc, item_id` : sql`pinned desc, dated desc, published_at desc, item_id`
    return sql`(select ${place}::int as list, row_number() over (order by ${order}) as place, item_id from public_listings where ${fits(wanted)} order by ${order} limit ${sql.lit(wanted.most + 1)}${wanted.after ? sql` offset ${wanted.after}` : sql``})`
  }), sql` union all `)}) listed order by list, place`.execute(db)
  return lists.map(({ most }, place) => {
    const ids = rows.filter(({ list }) => list === place).map((row) => row.item_id)
    return { ids: ids.slice(0, most), more: ids.length > most }
  })
}

/** How many items stand under one year, of one kind and form. */
export interface Count {
  year: number
  kind: ItemKind
  thread: boolean
  count: number
}

/** How many of the wanted items there are. */
export async function countItems(db: Db, wanted: Wanted): Promise<Count[]> {
  const { rows } = await sql<Count>`select date_part('year', dated)::int as year, kind, thread, count(*)::int as count from public_listings where ${fits(wanted)} group by 1, 2, 3`.execute(db)
  return rows
}

/** How many of the wanted items are about each of these places or topics as well, by their ids; those that none is about are left out. */
export async function countAlsoAbout(db: Db, wanted: Wanted, subjects: string[]): Promise<Map<string, number>> {
  if (subjects.length === 0) return new Map()
  const { rows } = await sql<{ subject_id: string, count: number }>`
    select also.subject_id, count(*)::int as count from (select item_id from public_listings where ${fits(wanted)}) its join public_listings also on also.item_id = its.item_id and also.lead
    where also.subject_id = any (${anyNumber(subjects)}::uuid[]) group by 1`.execute(db)
  return new Map(rows.map((row) => [row.subject_id, row.count]))
}

/** All of these together. */
export function sumOf(counts: Count[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

/** By year, the newest first. */
export function byYear(counts: Count[]): { year: number, count: number }[] {
  return [...Map.groupBy(counts, ({ year }) => year)].map(([year, its]) => ({ year, count: sumOf(its) })).toSorted((a, b) => b.year - a.year)
}

/** By kind, the most frequent first. */
export function byKind(counts: Count[]): { kind: ItemKind, count: number }[] {
  return [...Map.groupBy(counts, ({ kind }) => kind)].map(([kind, its]) => ({ kind, count: sumOf(its) })).toSorted((a, b) => b.count - a.count || a.kind.localeCompare(b.kind))
}

/** The item at an address, with whether anything may stand beside it; or nothing if there is none that is public. */
export async function shownItem(db: Db, where: { slug: string } | { id: string }): Promise<ShownItem & { beside: boolean } | undefined> {
  const which = 'slug' in where ? sql`shown.slug = ${where.slug}` : sql`shown.id = ${where.id}`
  const [item] = await itemsWhere(db, which, sql`, beside`)
  return item && { ...item, beside: item.beside! }
}

/** Items by their slugs, in that order; those that are not public are left out. */
export async function itemsBySlug(db: Db, slugs: string[]): Promise<ShownItem[]> {
  if (slugs.length === 0) return []
  const found = new Map((await itemsWhere(db, sql`shown.slug = any (${slugs})`)).map((item) => [item.slug, item]))
  return slugs.flatMap((slug) => found.get(slug) ?? [])
}

interface ItemRow {
  id: string
  slug: string
  kind: string
  thread: boolean
  subject_id: string | null
  pinned: boolean
  checked_on: string | null
  archived_at: Date | null
  dated: string
  published_at: Date
  updated_at: Date
  subjects: string[]
  number: string | null
  corrected: boolean
  beside?: boolean
}

/** Items by their ids, in that order; those that are not public are left out. */
export async function itemsById(db: Db, ids: string[]): Promise<ShownItem[]> {
  if (ids.length === 0) return []
  const found = new Map((await itemsWhere(db, sql`shown.id = any (${ids}::uuid[])`)).map((item) => [item.id, item]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** As few statements as can be: having each planned costs more than what it finds. What stands beside items is looked for in six places: `more` asks for that where one is read. */
async function itemsWhere(db: Db, which: RawBuilder<unknown>, more = sql``): Promise<(ShownItem & Pick<ItemRow, 'beside'>)[]> {
  const { rows } = await sql<ItemRow>`
    select id, slug, kind, thread, subject_id, pinned, checked_on, archived_at, dated, published_at, updated_at, corrected${more}, array(select subject_id::text from public_item_subjects where item_id = shown.id) as subjects, (select number from public_item_numbers where item_id = shown.id) as number
    from public_items shown where ${which}`.execute(db)
  if (rows.length === 0) return []
  const words = await db.selectFrom('public_item_words').selectAll().where('item_id', '=', anyOf(rows.map(({ id }) => id), 'uuid')).execute()
  const corrections = await correctionsOf(db, rows.flatMap(({ id, corrected }) => (corrected ? [id] : [])), words)
  const wordsOf = Map.groupBy(words, ({ item_id }) => item_id)
  return rows.flatMap((row) => {
    const its = wordsOf.get(row.id)
    if (!its) return []
    const parsed = its.map((each) => ({ ...each, words: itemWords.parse(each.words) }))
    return [{
      id: row.id, slug: row.slug, kind: row.kind as ItemKind, thread: row.thread, subjectId: row.subject_id, pinned: row.pinned, checkedOn: row.checked_on, archivedAt: row.archived_at, dated: row.dated, date: knownDate(row.dated, parsed.map(({ words: said }) => said)),
      publishedAt: row.published_at, updatedAt: row.updated_at,
      words: Object.fromEntries(parsed.map((each) => [each.language, { language: each.language, revisionId: each.revision_id, words: each.words, from: each.from_at, dated: each.dated, sourceId: each.source_id }])),
      corrections: corrections.get(row.id) ?? [], subjects: row.subjects, number: row.number, beside: row.beside,
    }]
  })
}

async function correctionsOf(db: Db, ids: string[], words: { item_id: string, language: string, source_id: string | null }[]): Promise<Map<string, ShownCorrection[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('public_corrections').selectAll().where('item_id', '=', anyOf(ids, 'uuid')).orderBy('corrected_at', 'desc').execute()
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
