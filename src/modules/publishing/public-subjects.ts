import { oldPath } from './old-path.ts'
import { sql, type Db } from '#platform/db.ts'
import { shownContacts, type Contact, type Subject, type SubjectKind } from '#modules/places/index.ts'
import { readContent, type RecordContent, type RecordKind } from './record.ts'

/** A place or topic that has a page. */
export interface ShownSubject extends Subject {
  /** The item that holds the text of its page. */
  itemId: string
  /** Ids of the actions that its page leads to. */
  actions: string[]
  /** Who readers turn to. */
  contacts: Contact[]
}

/** All places and topics that have a page. */
export async function shownSubjects(db: Db): Promise<ShownSubject[]> {
  const rows = await db.selectFrom('public_subjects').selectAll().orderBy('slug').execute()
  const names = await db.selectFrom('public_subject_names').selectAll().orderBy('language').orderBy('shown', 'desc').orderBy('name').execute()
  const of = Map.groupBy(names, ({ subject_id }) => subject_id)
  const actions = Map.groupBy(await db.selectFrom('public_subject_actions').selectAll().execute(), ({ subject_id }) => subject_id)
  const contacts = Map.groupBy(await shownContacts(db), ({ subjectId }) => subjectId)
  return rows.map((row) => ({
    id: row.id, kind: row.kind as SubjectKind, slug: row.slug, code: row.code, parentId: row.parent_id, itemId: row.item_id, actions: (actions.get(row.id) ?? []).map(({ action_id }) => action_id), contacts: contacts.get(row.id) ?? [],
    names: (of.get(row.id) ?? []).map(({ language, name, shown }) => ({ language, name, shown })),
  }))
}

/** Where something that had this address is now; nothing if it is public nowhere. */
export async function formerAddress(db: Db, kind: SubjectKind | 'item', slug: string): Promise<string | undefined> {
  return (await db.selectFrom('public_former_slugs').select('now_slug').where('kind', '=', kind).where('slug', '=', slug).executeTakeFirst())?.now_slug
}

/**
 * Where to go on from an item, or the page of a place or topic, that was public and is not any more: ids of the places and topics that it was about, or that are around it, as far as
 * they have a page. Nothing if nothing with this address, or number of an item, was taken back.
 */
export async function takenBackBeside(db: Db, kind: SubjectKind | 'item', asked: string): Promise<string[] | undefined> {
  if (!/^[a-zA-Z0-9.-]{1,80}$/.test(asked)) return undefined
  const { rows } = await sql<{ beside: string[] | null }>`select taken_back_beside(${kind}, ${asked})::text[] as beside`.execute(db)
  return rows[0]!.beside ?? undefined
}

type Of<Kind extends RecordKind> = { handle: string, record: Extract<RecordContent, { kind: Kind }> }

/** The records that the page of a place or topic shows. What has expired or is stopped is not public. */
export interface AboutSubject {
  /** Those that are not settled first. */
  demands: Of<'demand'>[]
  /** Bills, proceedings and what is held elsewhere: the latest first. */
  matters: Of<'measure' | 'proceeding' | 'elsewhere'>[]
  /** By their names only, with how many entries each has. */
  chronologies: { handle: string, titles: Record<string, { title: string }>, count: number }[]
}

export async function aboutSubject(db: Db, subjectId: string): Promise<AboutSubject> {
  const { rows } = await sql<{ kind: string, handle: string, content: unknown, entries: number | null }>`
    select shown.kind, shown.handle, case shown.kind when 'chronology' then jsonb_build_object('says', shown.content -> 'says') else shown.content end as content,
      case shown.kind when 'chronology' then jsonb_array_length(shown.content -> 'entries') end as entries
    from public_record_subjects its join public_records shown on shown.id = its.record_id
    where its.subject_id = ${subjectId} and shown.kind in ('demand', 'measure', 'proceeding', 'elsewhere', 'chronology')
    order by shown.content ->> 'status' in ('met', 'rejected', 'overtaken', 'withdrawn', 'lapsed'), coalesce(nullif(shown.content ->> 'nextHearing', ''), shown.content ->> 'statusOn', shown.content ->> 'firstMade') desc nulls last, shown.handle`.execute(db)
  const of = <Kind extends RecordKind>(...kinds: Kind[]) => rows.filter(({ kind }) => (kinds as string[]).includes(kind)).map((row) => ({ handle: row.handle, record: readContent(row.kind, row.content) as Of<Kind>['record'] }))
  return {
    demands: of('demand'), matters: of('measure', 'proceeding', 'elsewhere'),
    chronologies: rows.filter(({ kind }) => kind === 'chronology').map(({ handle, content, entries }) => ({ handle, titles: (content as { says: Record<string, { title: string }> }).says, count: entries! })),
  }
}

/** All that is asked about a place or topic, with everything that each demand is about: those that are not settled first. */
export async function demandsAbout(db: Db, subjectId: string): Promise<(Of<'demand'> & { subjects: string[] })[]> {
  const { rows } = await sql<{ handle: string, content: unknown, subjects: string[] }>`
    select shown.handle, shown.content, array(select other.subject_id::text from public_record_subjects other where other.record_id = shown.id) as subjects
    from public_record_subjects its join public_records shown on shown.id = its.record_id
    where its.subject_id = ${subjectId} and shown.kind = 'demand'
    order by shown.content ->> 'status' in ('met', 'rejected', 'overtaken'), shown.content ->> 'firstMade' desc nulls last, shown.handle`.execute(db)
  return rows.map(({ handle, content, subjects }) => ({ handle, subjects, record: readContent('demand', content) as Of<'demand'>['record'] }))
}

/** The addresses of all chronologies, with the languages that each has a name in. */
export async function shownChronologies(db: Db): Promise<{ handle: string, languages: string[], changedAt: Date }[]> {
  const { rows } = await sql<{ handle: string, languages: string[], from_at: Date }>`select handle, array(select jsonb_object_keys(content -> 'says')) as languages, from_at from public_records where kind = 'chronology' order by handle`.execute(db)
  return rows.map((row) => ({ handle: row.handle, languages: row.languages, changedAt: row.from_at }))
}

/** The slug of the item that was at this address of the site before ours; nothing where there was none, or it is not public. */
export async function itemAtOldAddress(db: Db, url: string): Promise<string | undefined> {
  const path = oldPath(url)
  return path === null ? undefined : (await db.selectFrom('public_old_addresses').select('slug').where('path', '=', path).executeTakeFirst())?.slug ?? undefined
}
