import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { addressOf } from '#platform/slug.ts'
import { keepPictures, removePictures } from './picture-records.ts'
import type { Entry } from './to-words.ts'

export interface Imported {
  added: number
  changed: number
  unchanged: number
  /** Entries whose item was edited here since it was imported: left as they are. */
  kept: number
  /** Pictures that came along; and those that could not be read. */
  pictures: number
  refused: number
}

const atOnce = 1000

interface Known {
  source_key: string
  item_id: string
  hash: string
  revision_id: string
  newest_id: string
}

/**
 * Makes drafts of entries, all in the caller's transaction: nothing becomes public by it. An entry that was imported before is not made again; if its source has changed,
 * its item gets a new version, unless somebody has edited it here. Its old address leads to it from then on.
 */
export async function importEntries(tx: Tx, given: Entry[], into: { importId: string, subjectId: string | null, language: string, staffId: string | null }, now: Date): Promise<Imported> {
  const { entries, ...pictured } = await keepPictures(tx, given, into, now)
  // One import at a time, and no new address meanwhile.
  await sql`select pg_advisory_xact_lock(hashtext('clarion items'))`.execute(tx)
  const done: Imported = { added: 0, changed: 0, unchanged: 0, kept: 0, ...pictured }
  for (let from = 0; from < entries.length; from += atOnce) {
    const some = entries.slice(from, from + atOnce).map((entry) => ({ ...entry, key: `${into.subjectId ?? ''} ${entry.key}` }))
    const known = await knownOf(tx, some)
    const fresh = some.filter(({ key }) => !known.has(key))
    const before = some.filter(({ key }) => known.has(key))
    const changed = before.filter(({ key, hash }) => known.get(key)!.hash !== hash)
    const ours = changed.filter(({ key }) => known.get(key)!.newest_id === known.get(key)!.revision_id)
    await addItems(tx, fresh, into, now)
    await addVersions(tx, ours, known, into, now)
    done.added += fresh.length
    done.changed += ours.length
    done.kept += changed.length - ours.length
    done.unchanged += before.length - changed.length
  }
  return done
}

async function knownOf(tx: Tx, entries: Entry[]): Promise<Map<string, Known>> {
  const { rows } = await sql<Known>`
    select imported.source_key, imported.item_id, imported.hash, imported.revision_id, newest.id as newest_id
    from imported_items imported cross join lateral (
      select id from item_revisions where item_id = imported.item_id and language = imported.language order by created_at desc limit 1
    ) newest where imported.source_key = any (${entries.map(({ key }) => key)}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.source_key, row]))
}

async function addItems(tx: Tx, entries: Entry[], { importId, subjectId, language, staffId }: { importId: string, subjectId: string | null, language: string, staffId: string | null }, now: Date): Promise<void> {
  if (entries.length === 0) return
  const slugs = await freeSlugs(tx, entries.map(({ words }) => words.title))
  const made = entries.map((entry, place) => ({ ...entry, id: randomUUID(), revisionId: randomUUID(), slug: slugs[place]! }))
  const ids = made.map(({ id }) => id)
  await sql`
    insert into items (id, slug, kind, thread, created_at)
    select id, slug, kind, thread, ${now} from unnest(${ids}::uuid[], ${slugs}::text[], ${made.map(({ kind }) => kind)}::text[], ${made.map(({ thread }) => thread)}::boolean[]) as item (id, slug, kind, thread)`.execute(tx)
  if (subjectId) await sql`insert into item_subjects (item_id, subject_id) select id, ${subjectId} from unnest(${ids}::uuid[]) as item (id)`.execute(tx)
  await sql`
    insert into item_revisions (id, item_id, language, words, created_at, staff_id)
    select id, item_id, ${language}, words::jsonb, ${now}, ${staffId} from unnest(${made.map(({ revisionId }) => revisionId)}::uuid[], ${ids}::uuid[], ${made.map(({ words }) => JSON.stringify(words))}::text[]) as revision (id, item_id, words)`.execute(tx)
  await sql`
    insert into imported_items (source_key, item_id, language, hash, import_id, revision_id)
    select key, item_id, ${language}, hash, ${importId}, revision_id
    from unnest(${made.map(({ key }) => key)}::text[], ${ids}::uuid[], ${made.map(({ hash }) => hash)}::text[], ${made.map(({ revisionId }) => revisionId)}::uuid[]) as imported (key, item_id, hash, revision_id)`.execute(tx)
  const moved = made.filter(({ oldPath }) => oldPath !== null)
  await sql`
    insert into old_addresses (path, item_id, import_id) select path, item_id, ${importId} from unnest(${moved.map(({ oldPath }) => oldPath)}::text[], ${moved.map(({ id }) => id)}::uuid[]) as old (path, item_id)
    on conflict (path) do nothing`.execute(tx)
}

async function addVersions(tx: Tx, entries: Entry[], known: Map<string, Known>, { importId, language, staffId }: { importId: string, language: string, staffId: string | null }, now: Date): Promise<void> {
  if (entries.length === 0) return
  const made = entries.map((entry) => ({ ...entry, item: known.get(entry.key)!, revisionId: randomUUID() }))
  await sql`
    insert into item_revisions (id, item_id, language, words, source_id, created_at, staff_id)
    select revision.id, revision.item_id, ${language}, revision.words::jsonb, before.source_id, greatest(${now}::timestamptz, before.created_at + interval '1 millisecond'), ${staffId}
    from unnest(${made.map(({ revisionId }) => revisionId)}::uuid[], ${made.map(({ item }) => item.item_id)}::uuid[], ${made.map(({ words }) => JSON.stringify(words))}::text[], ${made.map(({ item }) => item.newest_id)}::uuid[]) as revision (id, item_id, words, before_id)
    join item_revisions before on before.id = revision.before_id`.execute(tx)
  await sql`
    update imported_items set hash = new.hash, import_id = ${importId}, before_id = imported_items.revision_id, revision_id = new.revision_id
    from unnest(${made.map(({ key }) => key)}::text[], ${made.map(({ hash }) => hash)}::text[], ${made.map(({ revisionId }) => revisionId)}::uuid[]) as new (key, hash, revision_id) where source_key = new.key`.execute(tx)
}

/** An address for each title that nothing has or had, in one look at the database. */
async function freeSlugs(tx: Tx, titles: string[]): Promise<string[]> {
  const starts = titles.map((title) => addressOf(title))
  const { rows } = await sql<{ slug: string }>`
    select slug from items where slug = any (${starts}::text[]) or regexp_replace(slug, '-[0-9]+$', '') = any (${starts}::text[])
    union select slug from item_former_slugs where slug = any (${starts}::text[]) or regexp_replace(slug, '-[0-9]+$', '') = any (${starts}::text[])`.execute(tx)
  const taken = new Set(rows.map(({ slug }) => slug))
  const next = new Map<string, number>()
  return starts.map((start) => {
    let number = next.get(start) ?? 1
    let slug = number === 1 ? start : `${start}-${number}`
    while (taken.has(slug)) slug = `${start}-${++number}`
    taken.add(slug)
    next.set(start, number + 1)
    return slug
  })
}

export interface Undone {
  removed: number
  restored: number
  /** Items that were published or edited here since: they stay. */
  kept: number
}

/** Takes an import back: items that it made go, items that it changed get their words from before. What was published or edited since stays as it is. */
export async function undoImport(tx: Tx, importId: string, staffId: string | null, now: Date): Promise<Undone> {
  const { rows } = await sql<{ item_id: string, language: string, before_id: string | null, untouched: boolean, published: boolean }>`
    select imported.item_id, imported.language, imported.before_id,
      not exists (select from item_revisions newer join item_revisions mine on mine.id = imported.revision_id where newer.item_id = imported.item_id and newer.created_at > mine.created_at) as untouched,
      exists (select from item_publications pointer where pointer.item_id = imported.item_id and pointer.cancelled_at is null and pointer.revision_id is not null and (imported.before_id is null or pointer.revision_id = imported.revision_id)) as published
    from imported_items imported where imported.import_id = ${importId}`.execute(tx)
  const free = rows.filter(({ untouched, published }) => untouched && !published)
  const made = free.filter(({ before_id }) => before_id === null).map(({ item_id }) => item_id)
  const changed = free.filter(({ before_id }) => before_id !== null)
  await sql`delete from items where id = any (${made}::uuid[])`.execute(tx)
  await removePictures(tx, importId)
  const versions = changed.map(({ item_id, before_id }) => ({ item_id, before_id, id: randomUUID() }))
  await sql`
    insert into item_revisions (id, item_id, language, words, source_id, created_at, staff_id)
    select back.id, before.item_id, before.language, before.words, before.source_id, ${now}, ${staffId}
    from unnest(${versions.map(({ id }) => id)}::uuid[], ${versions.map(({ before_id }) => before_id)}::uuid[]) as back (id, before_id) join item_revisions before on before.id = back.before_id`.execute(tx)
  // The next import knows the item still, and brings it up to date again.
  await sql`
    update imported_items set hash = '', revision_id = back.id, before_id = null
    from unnest(${versions.map(({ id }) => id)}::uuid[], ${versions.map(({ item_id }) => item_id)}::uuid[]) as back (id, item_id) where imported_items.item_id = back.item_id and import_id = ${importId}`.execute(tx)
  return { removed: made.length, restored: changed.length, kept: rows.length - free.length }
}
