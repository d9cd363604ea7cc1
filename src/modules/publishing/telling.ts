import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { wordsWith, type ItemKind, type ItemLabel, type ItemWords, type LinkKind, type Paragraph } from './item.ts'
import { createItem } from './items.ts'
import { newestRevision, saveItem } from './revisions.ts'

/** Something of ours that a digest can tell of, an item or an action. */
export interface Told {
  title: string
  /** Plain text. Where there is none, what `body` begins with is told. */
  summary: string
  /** Markdown with directives. */
  body?: string
  kind: ItemKind
  labels: ItemLabel[]
  /** When it happened, as EDTF, where somebody has said so. */
  happened: string
  /** Where readers find it, and what they can do there. */
  link: { kind: LinkKind, url: string }
  /** Ids of the places and topics on whose pages it is told. */
  subjects: string[]
}

export interface Telling {
  told: Told
  /** The thread that gets a paragraph; a new one, if there is none. */
  threadId?: string
  language: string
  /** The day of the paragraph. */
  day: string
  staffId: string | null
}

const sentences = 2

/** Puts a paragraph about something of ours into a thread of the digest, with a link to it, as words that are saved and not public. One that led there already on that day gets no second: what came of it later is told where it was told first. Returns the thread. */
export async function tellInDigest(tx: Tx, { told, threadId, language, day, staffId }: Telling, now: Date): Promise<string> {
  const paragraph: Paragraph = { id: randomUUID().slice(0, 8), day, happened: told.happened, text: beginning(told, language), links: [{ ...told.link, text: '' }] }
  const itemId = threadId ?? await begun(tx, told, language, now) ?? await createItem(tx, { kind: told.kind, thread: true, wanted: told.title, subjects: told.subjects }, now)
  await sql`select 1 from items where id = ${itemId} for update`.execute(tx)
  const newest = await newestRevision(tx, itemId, language)
  if (newest && tells(newest.words, told.link.url, day)) return itemId
  const words = newest ? { ...newest.words, paragraphs: [paragraph, ...newest.words.paragraphs] } : wordsWith({ title: told.title, labels: told.labels, paragraphs: [paragraph] })
  await saveItem(tx, { itemId, language, words, staffId }, now)
  return itemId
}

/** The entry that somebody began about it within a day and has not published: a second click begins no second one. */
async function begun(tx: Tx, { link }: Told, language: string, now: Date): Promise<string | undefined> {
  // The same lock as of whoever makes an item.
  await sql`select pg_advisory_xact_lock(hashtext('clarion items'))`.execute(tx)
  const { rows: [row] } = await sql<{ id: string }>`
    select items.id from items join item_revisions said on said.item_id = items.id and said.language = ${language}
    where items.thread and items.created_at > ${new Date(now.getTime() - 86_400_000)} and not exists (select from item_publications where item_id = items.id)
      and said.words -> 'paragraphs' @> ${JSON.stringify([{ links: [{ url: link.url }] }])}::jsonb limit 1`.execute(tx)
  return row?.id
}

function tells(words: ItemWords, url: string, day: string): boolean {
  return words.paragraphs.some((each) => each.day === day && each.links.some((link) => link.url === url))
}

/** The first sentences of something, for whoever goes on from there. */
function beginning({ summary, body = '', title }: Told, language: string): string {
  // What stands for a record, a heading and a quotation do not begin a text.
  const text = summary.trim() || body.split(/\n{2,}/).map((part) => part.trim()).find((part) => part && !/^(?:::|#|>|!|[-*] )/.test(part)) || title
  let told = ''
  let whole = 0
  for (const { segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text.replace(/\s+/g, ' '))) {
    if (whole === sentences) break
    told += segment
    // "Dr." is no sentence.
    if (segment.trim().length > 6) whole += 1
  }
  return told.trim().slice(0, 2000)
}
