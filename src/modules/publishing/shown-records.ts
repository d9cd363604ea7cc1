import { anyOf, sql, type Db } from '#platform/db.ts'
import { endsOf, type Chronology } from './chronology.ts'
import { readContent, type RecordContent } from './record.ts'
import { linkedItems, type LinkedItem } from './relations.ts'
import type { ShownLink } from './render/chronology.ts'
import type { ShownAction } from './render/render.ts'
import type { Reference } from './render/references.ts'
import { sayKind } from './say.ts'
import { publishingWords } from './words/index.ts'

/** An action as texts lead to it: its titles by language. */
interface NamedAction {
  titles: Record<string, string>
  open: boolean
}

export interface ShownRecords {
  /** By "kind handle". */
  records: Map<string, RecordContent>
  /** By slug. */
  actions: Map<string, NamedAction>
  /** What chronologies among them lead to, by id; and items that are referred to themselves, by slug. */
  items: Map<string, LinkedItem>
}

/** What texts refer to, as far as it is public, with what chronologies among that lead to. */
export async function shownRecords(db: Db, references: Omit<Reference, 'key'>[]): Promise<ShownRecords> {
  const slugs = references.filter(({ kind }) => kind === 'action').map(({ handle }) => handle)
  const records = await recordsOf(db, references.filter(({ kind }) => kind !== 'action' && kind !== 'item').map(({ handle }) => handle))
  const ends = await shownEnds(db, [...records.values()].flatMap((record) => (record.kind === 'chronology' ? [record.content] : [])))
  const { rows: actions } = slugs.length === 0 ? { rows: [] } : await sql<{ slug: string, open: boolean, titles: Record<string, string> }>`
    select action.slug, action.state = 'open' and coalesce(action.closes_at > now(), true) as open, jsonb_object_agg(words.language, words.words ->> 'title') as titles
    from public_actions action join public_action_words words on words.action_id = action.id where action.slug = any (${slugs}) group by action.slug, open`.execute(db)
  return {
    records: new Map([...ends.records, ...records]), items: new Map([...ends.items, ...await itemsOf(db, references.filter(({ kind }) => kind === 'item').map(({ handle }) => handle))]),
    actions: new Map(actions.map((row) => [row.slug, { titles: row.titles, open: row.open }])),
  }
}

/** What chronologies lead to, as far as it is public. */
export async function shownEnds(db: Db, chronologies: Chronology[]): Promise<Pick<ShownRecords, 'records' | 'items'>> {
  const ends = chronologies.map(endsOf)
  return { records: await recordsOf(db, ends.flatMap(({ records }) => records.map(({ handle }) => handle))), items: await linkedItems(db, ends.flatMap(({ items }) => items)) }
}

async function itemsOf(db: Db, slugs: string[]): Promise<Map<string, LinkedItem>> {
  if (slugs.length === 0) return new Map()
  const rows = await db.selectFrom('public_addresses').select('id').where('slug', '=', anyOf(slugs, 'text')).execute()
  const items = await linkedItems(db, rows.map(({ id }) => id))
  return new Map([...items.values()].map((each) => [each.slug, each]))
}

async function recordsOf(db: Db, handles: string[]): Promise<Map<string, RecordContent>> {
  const rows = handles.length === 0 ? [] : await db.selectFrom('public_records').select(['kind', 'handle', 'content']).where('handle', '=', anyOf(handles, 'text')).execute()
  return new Map(rows.map((row) => [`${row.kind} ${row.handle}`, readContent(row.kind, row.content)]))
}

/** The actions of `shownRecords` in a language, at addresses that the caller makes. */
export function actionsIn(actions: Map<string, NamedAction>, language: string, fallback: string, pathOf: (slug: string) => string): Map<string, ShownAction> {
  return new Map([...actions].map(([slug, { titles, open }]) => [slug, { title: titles[language] ?? titles[fallback] ?? Object.values(titles)[0]!, path: pathOf(slug), open }]))
}

/** The same for items: what each is, and what it is called. */
export function linksIn(items: Map<string, LinkedItem>, language: string, fallback: string, pathOf: (item: LinkedItem) => string): Map<string, ShownLink> {
  return new Map([...items].map(([id, item]) => [id, linkIn(item, language, fallback, pathOf(item))]))
}

/** One item as a page in a language leads to it. */
export function linkIn(item: LinkedItem, language: string, fallback: string, path: string): ShownLink {
  const chosen = [language, fallback, ...Object.keys(item.says)].find((each) => item.says[each])!
  const { title, labels } = item.says[chosen]!
  return { title, language: chosen, kind: sayKind(publishingWords(language), item.kind, labels), path }
}
