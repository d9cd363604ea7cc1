import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { encodePicture, ImageFault } from '#platform/images.ts'
import { storeImage } from '#modules/files/index.ts'
import { readContent } from '#modules/publishing/index.ts'
import { directiveOf, type GivenPicture } from './pictures.ts'
import type { Entry } from './to-words.ts'

/**
 * Keeps the pictures of these entries as records, each once, none of them public: a picture waits until somebody has seen to its credit and to its words for those who do not see it.
 * Returns the entries, which no longer show what is no picture or cannot be read, and how many pictures are new and how many were refused.
 */
export async function keepPictures(tx: Tx, entries: Entry[], { importId, subjectId, language, staffId }: { importId: string, subjectId: string | null, language: string, staffId: string | null }, now: Date): Promise<{ entries: Entry[], pictures: number, refused: number }> {
  const given = new Map(entries.flatMap(({ pictures }) => pictures.map((each) => [each.handle, each])))
  if (given.size === 0) return { entries, pictures: 0, refused: 0 }
  const { rows } = await sql<{ handle: string }>`select handle from records where handle = any (${[...given.keys()]}::text[])`.execute(tx)
  const fresh = [...given.values()].filter(({ handle }) => !rows.some((row) => row.handle === handle))
  const refused = new Set<string>()
  for (const each of fresh) {
    const id = await keepPicture(tx, each, { subjectId, language, staffId }, now)
    if (id === undefined) refused.add(each.handle)
    else await tx.insertInto('imported_pictures').values({ record_id: id, import_id: importId }).execute()
  }
  return { entries: refused.size > 0 ? entries.map((entry) => without(entry, refused)) : entries, pictures: fresh.length - refused.size, refused: refused.size }
}

async function keepPicture(tx: Tx, { handle, bytes, alt, caption, author, agency }: GivenPicture, { subjectId, language, staffId }: { subjectId: string | null, language: string, staffId: string | null }, now: Date): Promise<string | undefined> {
  const files = await encodePicture(bytes).catch((error: unknown) => {
    if (error instanceof ImageFault) return undefined
    throw error
  })
  if (!files) return undefined
  const { id: imageId, hashes } = await storeImage(tx, { credit: author || '–', files })
  const record = readContent('image', {
    imageId, files: files.map(({ use, width, height, mediaType, bytes: { length } }, place) => ({ use, width, height, mediaType, size: length, hash: hashes[place]! })),
    author, agency, says: alt || caption ? { [language]: { alt, caption } } : {},
  })
  const id = randomUUID()
  await tx.insertInto('records').values({ id, kind: 'image', handle, created_at: now }).execute()
  await tx.insertInto('record_revisions').values({ id: randomUUID(), record_id: id, content: JSON.stringify(record.content), created_at: now, staff_id: staffId }).execute()
  // Whoever looks after the place sees to its pictures.
  if (subjectId) await tx.insertInto('record_subjects').values({ record_id: id, subject_id: subjectId }).execute()
  return id
}

/** An entry whose text leaves some pictures out. */
function without(entry: Entry, refused: ReadonlySet<string>): Entry {
  const gone = entry.pictures.filter(({ handle }) => refused.has(handle)).map(({ handle }) => directiveOf(handle))
  const cut = (text: string) => text.split('\n\n').filter((each) => !gone.includes(each)).join('\n\n')
  return { ...entry, words: { ...entry.words, body: cut(entry.words.body), paragraphs: entry.words.paragraphs.map((each) => ({ ...each, text: cut(each.text) })) } }
}

/** The pictures that an import brought and that never were public: their records' ids, in the order of their names. */
export async function waitingPictures(db: Db, importId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select records.id from imported_pictures join records on records.id = record_id
    where import_id = ${importId} and not exists (select from record_publications where record_id = records.id and cancelled_at is null and revision_id is not null) order by records.handle`.execute(db)
  return rows.map(({ id }) => id)
}

/** Removes the pictures that an import brought, if they never were public, nobody edited them and no text shows them. */
export async function removePictures(tx: Tx, importId: string): Promise<number> {
  const { rows } = await sql<{ id: string, image_id: string }>`
    select records.id, revision.image_id from imported_pictures join records on records.id = record_id join record_revisions revision on revision.record_id = records.id
    where import_id = ${importId} and not exists (select from record_publications where record_id = records.id)
      and not exists (select from record_revisions other where other.record_id = records.id and other.id <> revision.id)
      and not exists (select from item_revisions where words::text like '%::image[' || records.handle || ']%')`.execute(tx)
  if (rows.length === 0) return 0
  await sql`delete from records where id = any (${rows.map(({ id }) => id)}::uuid[])`.execute(tx)
  await sql`delete from images where id = any (${rows.map(({ image_id }) => image_id)}::uuid[])`.execute(tx)
  return rows.length
}
