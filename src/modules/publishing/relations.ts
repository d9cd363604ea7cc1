import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import type { ItemKind, ItemLabel } from './item.ts'
import type { PlacesWithin } from '#modules/places/index.ts'
import { itemWithin } from './reach.ts'
import { readContent, type RecordContent } from './record.ts'

/** What another item is to this one. Each reads the other way round on the other's page. */
export const relations = ['background', 'evidence', 'update-of', 'response-to', 'translation-of', 'see-also'] as const
export type Relation = (typeof relations)[number]

/** Puts one item beside another. Two items have one relation: a new one stands for the former, whichever way round. */
export async function relateItem(tx: Tx, { itemId, otherId, relation, staffId }: { itemId: string, otherId: string, relation: Relation, staffId: string | null }, now: Date): Promise<void> {
  await sql`select 1 from items where id = any (${[itemId, otherId]}::uuid[]) order by id for update`.execute(tx)
  await unrelateItem(tx, itemId, otherId)
  await tx.insertInto('item_relations').values({ item_id: itemId, other_id: otherId, relation, staff_id: staffId, made_at: now }).execute()
}

/** Takes it away, whichever of the two it was entered at. Returns whether there was anything. */
export async function unrelateItem(tx: Tx, itemId: string, otherId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from item_relations where (item_id = ${itemId} and other_id = ${otherId}) or (item_id = ${otherId} and other_id = ${itemId})`.execute(tx)
  return Boolean(numAffectedRows)
}

/** Puts a chronology beside an item, or takes it away. Returns whether that changed anything. */
export async function setItemChronology(tx: Tx, { itemId, recordId, shown, staffId }: { itemId: string, recordId: string, shown: boolean, staffId: string | null }, now: Date): Promise<boolean> {
  if (!shown) return (await tx.deleteFrom('item_chronologies').where('item_id', '=', itemId).where('record_id', '=', recordId).executeTakeFirst()).numDeletedRows > 0n
  const done = await tx.insertInto('item_chronologies').values({ item_id: itemId, record_id: recordId, staff_id: staffId, made_at: now }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
  return Boolean(done.numInsertedOrUpdatedRows)
}

/** What stands beside an item, for staff: whether the public sees the other end or not. */
export interface KeptRelation {
  otherId: string
  relation: Relation
  /** It was entered at the other one, and reads the other way round here. */
  back: boolean
  title: string
  shown: boolean
  /** Whether it lies within what somebody looks after. */
  mine: boolean
}

/** The relations of an item that somebody may see, with the other one's title in a language where it has one. */
export async function keptRelations(db: Db, itemId: string, language: string, within?: PlacesWithin): Promise<KeptRelation[]> {
  const { rows } = await sql<{ other_id: string, relation: Relation, back: boolean, title: string, shown: boolean, mine: boolean }>`
    select its.other_id, its.relation, its.back, ${titleOf(language, sql`its.other_id`)} as title, seen.shown, seen.mine
    from (select other_id, relation, false as back from item_relations where item_id = ${itemId} union all select item_id, relation, true from item_relations where other_id = ${itemId}) its ${seenBy(within, sql`its.other_id`)} where seen.mine or seen.shown order by its.back, its.relation, 4`.execute(db)
  return rows.map((row) => ({ otherId: row.other_id, relation: row.relation, back: row.back, title: row.title, shown: row.shown, mine: row.mine }))
}

/** Ids of the chronologies beside an item. */
export async function keptChronologies(db: Db, itemId: string): Promise<string[]> {
  return (await db.selectFrom('item_chronologies').select('record_id').where('item_id', '=', itemId).execute()).map(({ record_id }) => record_id)
}

/** Items by part of a title in any language or the end of an address, the newest first: 20 at most. For those who choose one: theirs, and what is public of others. */
export async function itemsTitled(db: Db, typed: string, language: string, within?: PlacesWithin): Promise<{ id: string, kind: ItemKind, title: string, shown: boolean }[]> {
  const slug = /([a-z0-9]+(?:-[a-z0-9]+)*)\/?$/.exec(typed.trim())?.[1] ?? ''
  const { rows } = await sql<{ id: string, kind: ItemKind, title: string, shown: boolean }>`
    select items.id, items.kind, ${titleOf(language, sql`items.id`)} as title, seen.shown from items ${seenBy(within, sql`items.id`)}
    where items.kind <> 'about' and (seen.mine or seen.shown) and (items.slug = ${slug} or exists (select from item_revisions said where said.item_id = items.id and strpos(lower(said.words ->> 'title'), lower(${typed.trim()})) > 0 and ${mayRead}))
    order by items.slug = ${slug} desc, items.created_at desc limit 20`.execute(db)
  return rows
}

/** What somebody may lead to, the newest first: theirs, and what is public of others. */
export async function itemsToLeadTo(db: Db, language: string, within?: PlacesWithin): Promise<{ id: string, slug: string, kind: ItemKind, title: string, shown: boolean }[]> {
  const { rows } = await sql<{ id: string, slug: string, kind: ItemKind, title: string, shown: boolean }>`
    select items.id, items.slug, items.kind, ${titleOf(language, sql`items.id`)} as title, seen.shown from items ${seenBy(within, sql`items.id`)}
    where items.kind <> 'about' and (seen.mine or seen.shown) order by items.created_at desc limit 200`.execute(db)
  return rows
}

/** Whether somebody may lead to this item: it is theirs, or public. */
export async function mayLeadTo(db: Db, id: string, within: PlacesWithin): Promise<boolean> {
  const { rows } = await sql`select from items ${seenBy(within, sql`items.id`)} where items.id = ${id} and items.kind <> 'about' and (seen.mine or seen.shown)`.execute(db)
  return rows.length > 0
}

/** Joins what somebody sees of an item: all its versions where it is theirs, and else what the public does. */
const seenBy = (within: PlacesWithin, id: RawBuilder<unknown>) => sql`cross join lateral (select ${itemWithin(within, id)} as mine, exists (select from public_item_words where item_id = ${id}) as shown) seen`
const mayRead = sql`(seen.mine or exists (select from public_item_words shown where shown.revision_id = said.id))`
const titleOf = (language: string, id: RawBuilder<unknown>) => sql<string>`coalesce((select said.words ->> 'title' from item_revisions said where said.item_id = ${id} and ${mayRead} order by said.language = ${language} desc, said.source_id is null desc, said.created_at desc limit 1), '')`

/** An item that a page leads to: what it is and what it is called, by language. */
export interface LinkedItem {
  id: string
  slug: string
  kind: ItemKind
  dated: string
  /** The same as exactly as it is known, as EDTF. */
  date: string
  says: Record<string, { title: string, summary: string, labels: ItemLabel[] }>
}

/** Public items by their ids, without their words: what is needed to lead to them. */
export async function linkedItems(db: Db, ids: string[]): Promise<Map<string, LinkedItem>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<LinkedItem>`
    select items.id, items.slug, items.kind, max(shown.dated)::text as dated, (array_agg(coalesce(known.roughly, shown.dated::text) order by shown.dated desc, known.roughly))[1] as date, jsonb_object_agg(shown.language, jsonb_build_object('title', shown.words -> 'title', 'summary', coalesce(shown.words ->> 'summary', ''), 'labels', coalesce(shown.words -> 'labels', '[]'))) as says
    from public_item_words shown join public_addresses items on items.id = shown.item_id
    -- As \`knownDate\` has it.
    cross join lateral (select case when shown.words ->> 'publishedOn' = shown.dated::text then nullif(shown.words ->> 'publishedRoughly', '') else (
      select nullif(min(coalesce(part ->> 'roughly', '')), '') from jsonb_array_elements(coalesce(shown.words -> 'paragraphs', '[]')) part where part ->> 'day' = shown.dated::text) end as roughly) known
    where shown.item_id = any (${ids}::uuid[]) group by items.id, items.slug, items.kind`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** What the public sees beside an item: other items by what they are to it, the newest first; the chronologies that are shown there; and those in which it has an entry. */
export interface Beside {
  related: { relation: Relation, back: boolean, item: LinkedItem }[]
  chronologies: { handle: string, record: Extract<RecordContent, { kind: 'chronology' }> }[]
  within: { handle: string, titles: Record<string, { title: string }> }[]
}

/** `beside` of an item says whether there may be any: where there is none, nothing is asked. */
export async function besideItem(db: Db, { id: itemId, beside }: { id: string, beside: boolean }): Promise<Beside> {
  if (!beside) return { related: [], chronologies: [], within: [] }
  const { rows } = await sql<{ id: string, relation: Relation, back: boolean }>`
    select other_id as id, relation, false as back from public_item_relations where item_id = ${itemId} union all select item_id, relation, true from public_item_relations where other_id = ${itemId}`.execute(db)
  const items = await linkedItems(db, rows.map(({ id }) => id))
  const { rows: chronologies } = await sql<{ handle: string, content: unknown, within: boolean }>`
    select handle, content, false as within from public_item_chronologies where item_id = ${itemId}
    union all select handle, jsonb_build_object('says', content -> 'says'), true from public_records where content ? 'entries' and content -> 'entries' @> ${JSON.stringify([{ leadsTo: { item: itemId } }])}::jsonb order by 3, 1`.execute(db)
  const [shown, within] = [chronologies.filter((each) => !each.within), chronologies.filter((each) => each.within)]
  return {
    related: rows.flatMap(({ id, relation, back }) => { const item = items.get(id); return item ? [{ relation, back, item }] : [] }).toSorted((a, b) => b.item.dated.localeCompare(a.item.dated)),
    chronologies: shown.map(({ handle, content }) => ({ handle, record: readContent('chronology', content) as Beside['chronologies'][number]['record'] })),
    within: within.filter(({ handle }) => !shown.some((each) => each.handle === handle)).map(({ handle, content }) => ({ handle, titles: (content as { says: Record<string, { title: string }> }).says })),
  }
}
