import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Opener, Place } from '#platform/sealing/index.ts'
import { looksAfterAny, type PlacesWithin } from './reach.ts'

/** What a reader wrote to whoever looks after a place or topic. Sealed where it was typed: only the desk opens it. */
export interface ContactMessage {
  name: string
  email: string
  text: string
}

/** One on its way in. */
export interface NewContactMessage {
  id: string
  subjectId: string
  /** Whoever has the address. */
  personId: string
  language: string
  record: Buffer
  at: Date
}

export type ContactMessageState = 'unread' | 'read' | 'answered'

/** Where a message is sealed for. */
export function contactMessagePlace(id: string): Place {
  return { purpose: 'record', table: 'contact_messages', column: 'record', row: id }
}

/** Keeps what came in, each once: a second click brings the same id. About a place that there is not, nothing is kept. */
export async function keepContactMessages(tx: Tx, messages: NewContactMessage[], practice: boolean): Promise<void> {
  if (messages.length === 0) return
  const of = <Value>(pick: (message: NewContactMessage) => Value) => messages.map(pick)
  await sql`
    insert into contact_messages (id, subject_id, person_id, language, record, practice, received_at)
    select it.id, it.subject_id, it.person_id, it.language, it.record, ${practice}, it.received_at
    from unnest(${of(({ id }) => id)}::uuid[], ${of(({ subjectId }) => subjectId)}::uuid[], ${of(({ personId }) => personId)}::uuid[], ${of(({ language }) => language)}::text[], ${of(({ record }) => record)}::bytea[], ${of(({ at }) => at)}::timestamptz[])
      as it (id, subject_id, person_id, language, record, received_at)
    join subjects on subjects.id = it.subject_id on conflict (id) do nothing`.execute(tx)
}

/** A message without what it says. */
export interface ListedContactMessage {
  id: string
  subjectId: string
  language: string
  state: ContactMessageState
  practice: boolean
  receivedAt: Date
}

/** One page of messages, those that wait first, with how many there are, how many wait for an answer and how many nobody has read; of the places with these short codes only, where that is given. */
export async function contactMessages(db: Db, { within, most, after }: { within: PlacesWithin, most: number, after: number }): Promise<{ messages: ListedContactMessage[], all: number, waiting: number, unread: number }> {
  const { rows } = await sql<{ id: string, subject_id: string, language: string, state: ContactMessageState, practice: boolean, received_at: Date, all_rows: number, waiting: number, unread: number }>`
    select message.id, message.subject_id, message.language, message.state, message.practice, message.received_at, count(*) over ()::int as all_rows, count(*) filter (where message.state <> 'answered') over ()::int as waiting, count(*) filter (where message.state = 'unread') over ()::int as unread
    from contact_messages message
    where ${looksAfterAny(within, sql`message.subject_id`)}
    order by message.state = 'answered', message.received_at desc, message.id limit ${most} offset ${after}`.execute(db)
  return { messages: rows.map((row) => ({ id: row.id, subjectId: row.subject_id, language: row.language, state: row.state, practice: row.practice, receivedAt: row.received_at })), all: rows[0]?.all_rows ?? 0, waiting: rows[0]?.waiting ?? 0, unread: rows[0]?.unread ?? 0 }
}

/** About which place or topic a message is, and how it stands; nothing where there is none. */
export async function findContactMessage(db: Db, id: string): Promise<{ subjectId: string, state: ContactMessageState } | undefined> {
  const row = await db.selectFrom('contact_messages').select(['subject_id', 'state']).where('id', '=', id).executeTakeFirst()
  return row && { subjectId: row.subject_id, state: row.state as ContactMessageState }
}

/** Opens a message for somebody who is named in the log for it: `auditLine` was written before. */
export async function openContactMessage(db: Db, opener: Opener, auditLine: string): Promise<ContactMessage | undefined> {
  const { rows: [row] } = await sql<{ id: string, record: Buffer }>`select id, record from open_contact_messages(${auditLine})`.execute(db)
  return row && opener.open<ContactMessage>(contactMessagePlace(row.id), row.record)
}

/** Notes that somebody has read it. */
export async function contactMessageRead(tx: Tx, id: string, staffId: string, now: Date): Promise<void> {
  await tx.updateTable('contact_messages').set({ state: 'read', read_at: now, read_by: staffId }).where('id', '=', id).where('state', '=', 'unread').execute()
}

/** Notes that it was answered or needs no answer; returns false where it was already. */
export async function contactMessageAnswered(tx: Tx, id: string, staffId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('contact_messages').set({ state: 'answered', answered_at: now, answered_by: staffId }).where('id', '=', id).where('state', '<>', 'answered').executeTakeFirst()
  return numUpdatedRows > 0n
}
