import { sql, type Db, type Tx } from '#platform/db.ts'
import { dayIn } from '#platform/days.ts'
import { newestDay, type ItemWords } from './item.ts'
import { numberItem } from './numbers.ts'
import { findRecords } from './records.ts'
import { referencesIn, straysIn, type Reference } from './render/references.ts'
import { findRevision, type Revision } from './revisions.ts'

export interface Publishing {
  revisionId: string
  staffId: string | null
  /** The clock by which a day begins. */
  zone: string
  /** When it becomes public; now, if that is left out or past. */
  from?: Date
  /** Whether readers see it as news: otherwise only a first publication and a new paragraph move its date. */
  news?: boolean
  /** A correction made on this day moves a thread's day. */
  correctedOn?: string
  /** The day on which it was first public elsewhere, for words that do not say it. */
  firstOn?: string
}

export type Published =
  | { outcome: 'published' | 'scheduled', from: Date }
  /** Its texts refer to what is not there, or not public by then: a page never shows a reference as it is written. */
  | { outcome: 'missing', missing: Reference[] }
  /** References where none is read: readers would see them as they are written. */
  | { outcome: 'misplaced', strays: string[] }
  /** Without a title; a thread without a paragraph; brought from elsewhere, and nobody has said of which day it is. */
  | { outcome: 'untitled' | 'empty' | 'undated' }
  /** Others have signed these words: only a correction changes them. */
  | { outcome: 'locked' }

/** Makes a revision public from a moment on. Nothing else does. */
export async function publishItem(tx: Tx, { revisionId, staffId, zone, news, correctedOn, firstOn, ...when }: Publishing, now: Date): Promise<Published> {
  const revision = await findRevision(tx, revisionId)
  if (!revision) throw new Error('A revision that nobody saved cannot be published')
  const { rows: [item] } = await sql<{ thread: boolean, kind: string }>`select thread, kind from items where id = ${revision.itemId} for update`.execute(tx)
  if (!revision.words.title.trim()) return { outcome: 'untitled' }
  if (item!.thread && revision.words.paragraphs.length === 0) return { outcome: 'empty' }
  const scheduled = when.from !== undefined && when.from > now
  const wanted = scheduled ? when.from! : now
  const strays = straysIn(revision.words)
  if (strays.length > 0) return { outcome: 'misplaced', strays }
  const references = referencesIn(revision.words)
  const found = await findRecords(tx, references, wanted)
  const missing = references.filter((each) => !found.has(each.key))
  if (missing.length > 0) return { outcome: 'missing', missing }
  const before = await pointerBefore(tx, revision, wanted)
  const said = revision.words.publishedOn || before?.firstDay || item!.thread ? undefined : await saidInOthers(tx, revision)
  const day = firstOn ?? said?.day
  if ((revision.words.undated || said?.undated) && !day && !before?.firstDay) return { outcome: 'undated' }
  if (item!.kind === 'joint-statement' && before?.words && correctedOn === undefined && !sameText(before.words, revision.words)) return { outcome: 'locked' }
  await numberItem(tx, revision.itemId, dayIn(zone, wanted).slice(0, 4), now)
  const from = await place(tx, revision, {
    from: wanted, staffId, dated: datedOn(item!.thread, revision.words, before, day ?? dayIn(zone, wanted), correctedOn),
    moves: !before?.words || news === true || correctedOn !== undefined || hasNewParagraph(before.words, revision.words),
  }, now)
  const records = [...new Set([...found.values()].flatMap(({ recordId }) => recordId ?? []))]
  if (records.length > 0) await tx.insertInto('item_uses').values(records.map((record_id) => ({ revision_id: revisionId, record_id }))).onConflict((conflict) => conflict.doNothing()).execute()
  return { outcome: scheduled ? 'scheduled' : 'published', from }
}

/** Takes an item away from the public at once, in one language or in all; what was to become public later does not. Returns the languages in which it was public, or was to become so. */
export async function withdrawItem(tx: Tx, { itemId, language, staffId }: { itemId: string, language?: string, staffId: string | null }, now: Date): Promise<string[]> {
  await sql`select 1 from items where id = ${itemId} for update`.execute(tx)
  const { rows } = await sql<{ language: string, shown: boolean }>`
    select language, bool_or(revision_id is not null and from_at <= ${now} and (until_at is null or until_at > ${now})) as shown
    from item_publications where item_id = ${itemId} and cancelled_at is null and (${language ?? null}::text is null or language = ${language ?? null}) group by language`.execute(tx)
  const withdrawn: string[] = []
  for (const { language: its, shown } of rows) {
    const cancelled = await cancelLater(tx, itemId, its, now)
    if (shown) await place(tx, { itemId, language: its, id: null }, { from: now, staffId, dated: null, moves: false }, now)
    if (shown || cancelled) withdrawn.push(its)
  }
  return withdrawn
}

/** Takes back what was to become public later in a language. Returns whether there was anything. */
export async function cancelSchedules(tx: Tx, { itemId, language }: { itemId: string, language: string }, now: Date): Promise<boolean> {
  await sql`select 1 from items where id = ${itemId} for update`.execute(tx)
  const cancelled = await cancelLater(tx, itemId, language, now)
  await settlePointers(tx, itemId, language)
  return cancelled
}

async function cancelLater(tx: Tx, itemId: string, language: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`update item_publications set cancelled_at = ${now} where item_id = ${itemId} and language = ${language} and from_at > ${now} and cancelled_at is null`.execute(tx)
  return Boolean(numAffectedRows)
}

async function place(tx: Tx, { itemId, language, id }: { itemId: string, language: string, id: string | null }, pointer: { from: Date, staffId: string | null, dated: string | null, moves: boolean }, now: Date): Promise<Date> {
  // Two pointers within a millisecond still have an order, and one that was cancelled keeps its moment.
  const { rows: [row] } = await sql<{ from_at: Date }>`
    insert into item_publications (item_id, language, from_at, revision_id, dated, moves, staff_id, made_at)
    select ${itemId}, ${language}, coalesce((
      select min(moment) from generate_series(${pointer.from}::timestamptz, ${pointer.from}::timestamptz + interval '1 second', interval '1 millisecond') moment
      where not exists (select from item_publications taken where taken.item_id = ${itemId} and taken.language = ${language} and taken.from_at = moment)), ${pointer.from}),
      ${id}, ${pointer.dated}, ${pointer.moves}, ${pointer.staffId}, ${now}
    returning from_at`.execute(tx)
  await settlePointers(tx, itemId, language)
  return row!.from_at
}

/** Each pointer holds until the next one of its language. */
async function settlePointers(tx: Tx, itemId: string, language: string): Promise<void> {
  await sql`
    update item_publications pointer set until_at = placed.next
    from (select from_at, lead(from_at) over (order by from_at) as next from item_publications where item_id = ${itemId} and language = ${language} and cancelled_at is null) placed
    where pointer.item_id = ${itemId} and pointer.language = ${language} and pointer.from_at = placed.from_at and pointer.until_at is distinct from placed.next`.execute(tx)
}

interface Before {
  words: ItemWords | undefined
  firstDay: string | undefined
}

/** What was public of this language just before, and the day that the item has stood under so far. */
async function pointerBefore(db: Db, revision: Revision, from: Date): Promise<Before | undefined> {
  const { rows: [row] } = await sql<{ revision_id: string | null, first_day: string | null }>`
    select revision_id, (select min(dated)::text from item_publications every where every.item_id = ${revision.itemId} and every.cancelled_at is null and every.from_at <= ${from}) as first_day
    from item_publications where item_id = ${revision.itemId} and language = ${revision.language} and cancelled_at is null and from_at <= ${from} order by from_at desc limit 1`.execute(db)
  if (!row) {
    const { rows: [other] } = await sql<{ first_day: string | null }>`select min(dated)::text as first_day from item_publications where item_id = ${revision.itemId} and cancelled_at is null and from_at <= ${from}`.execute(db)
    return other?.first_day ? { words: undefined, firstDay: other.first_day } : undefined
  }
  const shown = row.revision_id === null ? undefined : await findRevision(db, row.revision_id)
  return { words: shown?.words, firstDay: row.first_day ?? undefined }
}

/** What the other languages of an item say, as they were saved last, of when it was public elsewhere: a day, or that nobody knows it yet. */
async function saidInOthers(db: Db, { itemId, language }: Revision): Promise<{ day: string | undefined, undated: boolean }> {
  const { rows } = await sql<{ day: string | null, undated: boolean | null }>`
    select distinct on (language) nullif(words ->> 'publishedOn', '') as day, (words ->> 'undated')::boolean as undated from item_revisions where item_id = ${itemId} and language <> ${language} order by language, created_at desc`.execute(db)
  const day = rows.find((row) => row.day !== null)?.day ?? undefined
  return { day, undated: day === undefined && rows.some(({ undated }) => undated === true) }
}

function datedOn(thread: boolean, words: ItemWords, before: Before | undefined, today: string, correctedOn: string | undefined): string {
  if (!thread) return words.publishedOn || before?.firstDay || today
  return [newestDay(words)!, correctedOn].filter((each) => each !== undefined).toSorted().at(-1)!
}

function hasNewParagraph(before: ItemWords, after: ItemWords): boolean {
  const known = new Set(before.paragraphs.map(({ id }) => id))
  return after.paragraphs.some(({ id }) => !known.has(id))
}

function sameText(before: ItemWords, after: ItemWords): boolean {
  return before.title === after.title && before.summary === after.summary && before.body === after.body && JSON.stringify(before.paragraphs) === JSON.stringify(after.paragraphs)
}
