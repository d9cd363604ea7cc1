import { sql, type Db } from '#platform/db.ts'

/** A part of the list of all that is public. */
export interface MapPage {
  /** What it begins with: the same for as long as that is public. */
  key: string
  changedAt: Date
}

/** How many items are on one page: small enough to be made at once, in however many languages. */
const perPage = 1000

const everywhere = '00000000-0000-0000-0000-000000000000'

/** The pages that together list all that is public, in the order in which it became so. What is old stays where it is. */
export async function mapPages(db: Db): Promise<MapPage[]> {
  const { rows } = await sql<{ key: string, changed_at: Date }>`
    select (extract(epoch from min(published_at)) * 1000000)::bigint || '-' || min(item_id::text) filter (where first) as key, max(updated_at) as changed_at
    from (select published_at, item_id, updated_at, (place - 1) / ${perPage} as page, place % ${perPage} = 1 as first
      from (select published_at, item_id, updated_at, row_number() over (order by published_at, item_id) as place from public_listings where subject_id = ${everywhere} and lead) listed) paged
    group by page order by page`.execute(db)
  return rows.map((row) => ({ key: row.key, changedAt: row.changed_at }))
}

/** What is listed on the page that begins with this key; nothing where it is no key. */
export async function mapItems(db: Db, key: string): Promise<{ id: string, slug: string, kind: string, languages: string[], updatedAt: Date }[] | undefined> {
  const [, micros, id] = /^(\d{1,17})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(key) ?? []
  if (micros === undefined || id === undefined) return undefined
  const { rows } = await sql<{ id: string, slug: string, kind: string, languages: string[], updated_at: Date }>`
    select items.id, items.slug, items.kind, array(select language from public_listings its where its.item_id = listed.item_id and its.subject_id = ${everywhere} order by language) as languages, listed.updated_at
    from (select item_id, published_at, updated_at from public_listings where subject_id = ${everywhere} and lead
      and (published_at, item_id) >= (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id}::uuid) order by published_at, item_id limit ${sql.lit(perPage)}) listed
    join public_addresses items on items.id = listed.item_id order by listed.published_at, listed.item_id`.execute(db)
  return rows.map((row) => ({ id: row.id, slug: row.slug, kind: row.kind, languages: row.languages, updatedAt: row.updated_at }))
}
