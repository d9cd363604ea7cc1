import { inTransaction, sql, type Db } from '#platform/db.ts'
import { readPdfText, type PdfText } from '#platform/pdf-text.ts'

const limits = { pages: 1000, milliseconds: 60_000, megabytes: 700 }
/** A file that ended the whole machine twice is not opened a third time. */
const mostAttempts = 2
/** A worker that has not come back from a file for so long has died with it, in milliseconds. */
const abandonedAfter = 300_000

/** What became of a file that an item offers, for staff. */
export interface FileText {
  state: PdfText['state'] | 'reading'
  pages: number
}

/** Reads the next PDF that something public offers and nobody has read. Returns 1 if there was one. */
export async function readNextFile(db: Db, now: Date): Promise<0 | 1> {
  const { rows: [claimed] } = await sql<{ hash: Buffer, attempts: number }>`
    insert into file_texts (hash, state, attempts, begun_at)
    select files.hash, 'reading', 1, ${now} from files
    where files.media_type = 'application/pdf' and exists (select from revision_files join public_item_words shown on shown.revision_id = revision_files.revision_id where revision_files.hash = files.hash)
      and not exists (select from file_texts known where known.hash = files.hash and not (known.state = 'reading' and known.begun_at < ${new Date(now.getTime() - abandonedAfter)})) limit 1
    on conflict (hash) do update set attempts = file_texts.attempts + 1, begun_at = excluded.begun_at where file_texts.state = 'reading' and file_texts.begun_at < ${new Date(now.getTime() - abandonedAfter)}
    returning hash, attempts`.execute(db)
  if (!claimed) return 0
  const { hash, attempts } = claimed
  const { bytes } = await db.selectFrom('files').select('bytes').where('hash', '=', hash).executeTakeFirstOrThrow()
  const read: PdfText = attempts > mostAttempts ? { state: 'unreadable', pages: 0, texts: [] } : await readPdfText(bytes, limits)
  await inTransaction(db, async (tx) => {
    await sql`delete from file_pages where hash = ${hash}`.execute(tx)
    await sql`insert into file_pages (hash, page, text) select ${hash}, page, text from unnest(${read.texts.map(({ page }) => page)}::int[], ${read.texts.map(({ text }) => text)}::text[]) as found (page, text)`.execute(tx)
    await sql`update file_texts set state = ${read.state}, pages = ${read.pages} where hash = ${hash}`.execute(tx)
  })
  return 1
}

/** What became of some files, by their hash in hexadecimal; nothing of those that nobody has looked at. */
export async function fileTexts(db: Db, hashes: string[]): Promise<Map<string, FileText>> {
  const { rows } = await sql<FileText & { hash: string }>`select encode(hash, 'hex') as hash, state, pages from file_texts where hash = any (${hashes.map((hash) => Buffer.from(hash, 'hex'))}::bytea[])`.execute(db)
  return new Map(rows.map(({ hash, state, pages }) => [hash, { state, pages }]))
}

/** What files say that nothing public offers any more goes. */
export async function forgetFileTexts(db: Db): Promise<void> {
  await sql`delete from file_texts where not exists (select from revision_files join public_item_words shown on shown.revision_id = revision_files.revision_id where revision_files.hash = file_texts.hash)`.execute(db)
}
