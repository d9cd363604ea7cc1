import { inTransaction, sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import type { Term } from './query.ts'
import { documentOfAction, documentOfItem, type Document } from './said.ts'
import { documentOfContact, documentOfRecord, foundRecords } from './said-in-records.ts'
import { isMendable, nearOf, vectorsOf } from './vector.ts'

/** So many documents are in memory at once. */
const atOnce = 200
/** So many are kept in one transaction: the words of many documents are counted together, because most of them are said in each. */
const keptTogether = 1000
const mostInOneLook = 5000

/** Which documents a turn looks at: all that there are, or what may have changed in the last minutes. */
type Reach = 'all' | 'lately'

/**
 * Whatever is public, with what its words depend on. Of items only those that a pointer has touched lately are looked at most of the time: there are many.
 * Names of places change without a pointer, and actions and contacts are few: those are always looked at. Of records, those that a pointer has touched.
 */
const sources = (reach: Reach): RawBuilder<unknown> => sql`(
  select 'item' as about, shown.item_id as id, shown.language, shown.revision_id,
    coalesce((select md5(string_agg(name.name, ' ' order by name.language, name.name)) from items join subject_names name on name.subject_id = items.subject_id where items.id = shown.item_id), '') || coalesce((select item_numbers.number from item_numbers where item_numbers.item_id = shown.item_id), '') || coalesce((select ' files ' || string_agg(encode(read.hash, 'hex') || read.state, ' ' order by read.hash) from revision_files join file_texts read on read.hash = revision_files.hash and read.state in ('read', 'partly') where revision_files.revision_id = shown.revision_id), '') as besides
  from public_item_words shown ${reach === 'lately' ? sql`where shown.item_id in ${lately}` : sql``}
  union all
  select 'action', shown.action_id, shown.language, shown.revision_id, coalesce(shown.ask_id::text, '')
  from public_action_words shown join public_actions on public_actions.id = shown.action_id where public_actions.state <> 'draft'
  union all
  select 'record', shown.id, says.language, shown.revision_id, ''
  from public_records shown cross join lateral jsonb_object_keys(shown.content -> 'says') says (language) where shown.kind = any (${[...foundRecords]}::text[]) ${reach === 'lately' ? sql`and shown.id in ${latelyRecords}` : sql``}
  union all
  select 'contact', shown.id, says.language, shown.id, md5(shown.says::text)
  from public_contacts shown cross join lateral jsonb_object_keys(shown.says) says (language))`

const lately = sql`(select item_id from item_publications where from_at between now() - interval '3 minutes' and now() union select id from items where subject_id is not null
  union select revision.item_id from file_texts read join revision_files on revision_files.hash = read.hash join item_revisions revision on revision.id = revision_files.revision_id where read.begun_at > now() - interval '5 minutes')`
const latelyRecords = sql`(select record_id from record_publications where from_at between now() - interval '3 minutes' and now())`
const among = (reach: Reach) => (reach === 'lately' ? sql`(found.about in ('action', 'contact') or found.id in ${lately} or found.id in ${latelyRecords})` : sql`true`)

/**
 * Brings what is searched up to what is public: some hundred documents at most, or some thousand where all are looked at, because looking takes as long
 * as writing them. Returns how many were added or taken away; none where another worker is at it. The view that is searched asks for itself what is
 * public, so that nothing depends on this being quick.
 */
export async function indexSearch(db: Db, reach: Reach): Promise<number> {
  const { gone, wanted } = await alone(db, (tx) => lookFor(tx, reach)) ?? { gone: 0, wanted: [] }
  let done = gone
  for (const some of inParts(wanted, keptTogether)) {
    done += await alone(db, async (tx) => {
      const words: WordCounts = new Map()
      await takeAway(tx, keys(some))
      for (const part of inParts(some, atOnce)) await put(tx, part, await documents(tx, part, ({ besides }) => besides !== ''), words)
      await putWords(tx, words)
      return some.length
    }) ?? 0
  }
  return done
}

function inParts<Each>(all: Each[], most: number): Each[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, place) => all.slice(place * most, (place + 1) * most))
}

/** Does something while no other worker indexes; nothing if one does. */
function alone<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result | undefined> {
  return inTransaction(db, async (tx) => {
    const { rows: [lock] } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtext('clarion search')) as mine`.execute(tx)
    return lock?.mine ? work(tx) : undefined
  })
}

/** Takes away what is public no more, and says what is new or has changed. */
async function lookFor(tx: Tx, reach: Reach): Promise<{ gone: number, wanted: Wanted[] }> {
  const gone = await takeAway(tx, sql`select found.about, found.id, found.language from search_texts found
    where ${among(reach)} and not exists (select from ${sources(reach)} source where source.about = found.about and source.id = found.id and source.language = found.language) limit ${atOnce}`)
  const { rows: wanted } = await sql<Wanted>`
    select source.about, source.id, source.language, source.revision_id, source.besides from ${sources(reach)} source
    left join search_texts found on found.about = source.about and found.id = source.id and found.language = source.language
    where found.revision_id is distinct from source.revision_id or found.besides is distinct from source.besides limit ${reach === 'all' ? mostInOneLook : atOnce}`.execute(tx)
  return { gone, wanted }
}

/** What is found. */
export type About = 'item' | 'action' | 'record' | 'contact'

interface Key {
  about: About
  id: string
  language: string
}

interface Wanted extends Key {
  revision_id: string
  besides: string
}

const keys = (wanted: Key[]) => sql`select * from unnest(${wanted.map(({ about }) => about)}::text[], ${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ language }) => language)}::text[]) as key (about, id, language)`

async function takeAway(tx: Tx, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ lexemes: string[] }>`delete from search_texts using (${which}) gone where search_texts.about = gone.about and search_texts.id = gone.id and search_texts.language = gone.language
    returning tsvector_to_array(search_texts.words) as lexemes`.execute(tx)
  const counts = new Map<string, number>()
  for (const { lexemes } of rows) for (const word of lexemes) if (isMendable(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  if (counts.size === 0) return rows.length
  await sql`update search_words set texts = search_words.texts - gone.texts from unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::int[]) as gone (word, texts) where search_words.word = gone.word`.execute(tx)
  await sql`delete from search_words where word = any (${[...counts.keys()]}::text[]) and texts <= 0`.execute(tx)
  return rows.length
}

async function put(tx: Tx, wanted: Wanted[], found: Map<string, Document>, words: WordCounts): Promise<void> {
  // What says nothing has a row too: it is not looked at again.
  const made = wanted.map((key) => {
    const { title, parts } = found.get(nameOf(key)) ?? { title: '', parts: [] }
    return { ...key, ...vectorsOf({ title, rest: parts.map(({ text }) => text) }, key.language) }
  })
  await sql`insert into search_texts (about, id, language, revision_id, besides, title, words)
    select about, id, language, revision_id, besides, title::tsvector, words::tsvector
    from unnest(${made.map(({ about }) => about)}::text[], ${made.map(({ id }) => id)}::uuid[], ${made.map(({ language }) => language)}::text[], ${made.map((each) => each.revision_id)}::uuid[], ${made.map(({ besides }) => besides)}::text[],
      ${made.map(({ title }) => title)}::text[], ${made.map((each) => each.words)}::text[]) as made (about, id, language, revision_id, besides, title, words)`.execute(tx)
  for (const { spellings } of made) for (const [word, spelling] of spellings) {
    const its = words.get(word)
    if (its) its.texts += 1
    else if (isMendable(word)) words.set(word, { spelling, texts: 1 })
  }
}

/** By word: as somebody wrote it, and in how many texts it is. */
type WordCounts = Map<string, { spelling: string, texts: number }>

async function putWords(tx: Tx, counts: WordCounts): Promise<void> {
  if (counts.size === 0) return
  const { rows: known } = await sql<{ word: string }>`update search_words set texts = search_words.texts + more.texts
    from unnest(${[...counts.keys()]}::text[], ${[...counts.values()].map(({ texts }) => texts)}::int[]) as more (word, texts) where search_words.word = more.word returning search_words.word`.execute(tx)
  for (const { word } of known) counts.delete(word)
  if (counts.size === 0) return
  const words = [...counts.keys()]
  await sql`insert into search_words (word, spelling, texts, near)
    select word, spelling, texts, string_to_array(near, ' ') from unnest(${words}::text[], ${words.map((word) => counts.get(word)!.spelling)}::text[], ${words.map((word) => counts.get(word)!.texts)}::int[], ${words.map((word) => nearOf(word).join(' '))}::text[]) as made (word, spelling, texts, near)`.execute(tx)
}

/** What documents say now, by `nameOf` their key; with `terms` only those pages of their files that may say one of them. What has ceased to be public in between is not among them. Names are read for those of which `named` says that they are a place's or topic's page. */
export async function documents<Each extends Key>(db: Db, wanted: Each[], named: (key: Each) => boolean, terms?: Term[]): Promise<Map<string, Document>> {
  const found = new Map<string, Document>()
  const items = wanted.filter(({ about }) => about === 'item')
  const actions = wanted.filter(({ about }) => about === 'action')
  if (items.length > 0) {
    const ids = items.map(({ id }) => id)
    const names = await namesOf(db, items.filter(named).map(({ id }) => id))
    const numbers = new Map((await db.selectFrom('public_item_numbers').select(['item_id', 'number']).where('item_id', 'in', ids).execute()).map((row) => [row.item_id, row.number]))
    const rows = await db.selectFrom('public_item_words').select(['item_id as id', 'language', 'words']).where('item_id', 'in', ids).execute()
    const pages = await pagesOf(db, ids, terms)
    for (const { id, language, words } of rows) found.set(nameOf({ about: 'item', id, language }), documentOfItem(words, [...names.get(id) ?? [], ...[numbers.get(id) ?? []].flat()], (hash) => pages.get(hash) ?? []))
  }
  if (actions.length > 0) {
    const rows = await db.selectFrom('public_action_words').select(['action_id as id', 'language', 'words', 'ask']).where('action_id', 'in', actions.map(({ id }) => id)).execute()
    for (const { id, language, words, ask } of rows) found.set(nameOf({ about: 'action', id, language }), documentOfAction(words, ask))
  }
  await putSmall(db, wanted, found)
  return found
}

/** The same for records and contacts, which are read whole. */
async function putSmall(db: Db, wanted: Key[], found: Map<string, Document>): Promise<void> {
  const ids = (about: About) => [...new Set(wanted.filter((key) => key.about === about).map(({ id }) => id))]
  const [records, contacts] = [ids('record'), ids('contact')]
  const shown = new Map((records.length === 0 ? [] : await db.selectFrom('public_records').select(['id', 'kind', 'content']).where('id', 'in', records).execute()).map((row) => [row.id, row]))
  const says = new Map((contacts.length === 0 ? [] : await db.selectFrom('public_contacts').select(['id', 'says']).where('id', 'in', contacts).execute()).map((row) => [row.id, row.says as Record<string, { role: string }>]))
  for (const key of wanted) {
    const [record, contact] = [shown.get(key.id), says.get(key.id)]
    const document = key.about === 'record' && record ? documentOfRecord(record.kind, record.content, key.language) : key.about === 'contact' && contact ? documentOfContact(contact, key.language) : undefined
    if (document) found.set(nameOf(key), document)
  }
}

/** So much of an item's files is found, in letters: a vector holds no more. */
const mostOfFiles = 1_000_000
/** How many pages of a file are looked through for the best one. */
const mostLooked = 12

/** The pages of the files that items offer, by hash. */
async function pagesOf(db: Db, items: string[], terms?: Term[]): Promise<Map<string, { page: number, text: string }[]>> {
  // Letters are compared as they stand, which may leave a page out that has the word in another spelling: then another part says why it was found.
  const words = terms?.flatMap((term) => [term.text, ...term.words.map(({ word }) => word)]).filter((word) => word.length > 1).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows } = await sql<{ hash: string, page: number, text: string }>`
    select hash, page, text from (
      select encode(its.hash, 'hex') as hash, its.page, its.text, sum(length(its.text)) over (partition by its.hash order by its.page) as letters, row_number() over (partition by its.hash order by its.page) as place
      from (select distinct hash, page, text from public_file_pages where item_id = any (${items}::uuid[])) its
      where (${words ?? null}::text[] is null or its.text ilike any (${words ?? null}::text[]))) found
    where letters <= ${mostOfFiles} and (${words === undefined} or place <= ${mostLooked}) order by hash, page`.execute(db)
  return Map.groupBy(rows, ({ hash }) => hash)
}

/** All names of the places and topics whose pages these items are. */
async function namesOf(db: Db, items: string[]): Promise<Map<string, string[]>> {
  if (items.length === 0) return new Map()
  const rows = await db.selectFrom('public_subjects').innerJoin('public_subject_names', 'public_subject_names.subject_id', 'public_subjects.id').select(['public_subjects.item_id', 'public_subject_names.name'])
    .where('public_subjects.item_id', 'in', items).orderBy('public_subject_names.shown', 'desc').orderBy('public_subject_names.language').orderBy('public_subject_names.name').execute()
  return new Map([...Map.groupBy(rows, ({ item_id }) => item_id)].map(([id, its]) => [id, its.flatMap(({ name }) => name ?? [])]))
}

export function nameOf({ about, id, language }: Key): string {
  return `${about} ${id} ${language}`
}

/** Keeps what is searched up to what is public, turn by turn; everything is looked at when it begins and from time to time. */
export class SearchIndexer {
  readonly #db: Db
  #allAt = Number.NEGATIVE_INFINITY
  #catchingUp = true

  constructor(db: Db) {
    this.#db = db
  }

  async turn(now: Date): Promise<number> {
    if (now.getTime() - this.#allAt > 300_000) this.#catchingUp = true
    // What has just been published is found soon, however much there is to catch up with.
    const lately = await indexSearch(this.#db, 'lately')
    if (!this.#catchingUp) return lately
    const done = lately + await indexSearch(this.#db, 'all')
    if (done === 0) {
      this.#catchingUp = false
      this.#allAt = now.getTime()
    }
    return done
  }
}
