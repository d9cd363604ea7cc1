import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'

/** What an office said in public: its words, when, and where they can be read. */
export interface PublicReply {
  id: string
  officeId: string
  /** The office and who held it then, as the record has them. */
  office: { label: string, labels: Record<string, string> }
  official: { name: string, names: Record<string, string> } | null
  actionId: string | null
  saidOn: string
  language: string
  words: string
  source: string
  sourceUrl: string | null
}

/** The same with what only the desk sees. */
export interface ReplyRecord extends PublicReply {
  recordedAt: Date
  withdrawnAt: Date | null
  withdrawnReason: string
}

interface ReplyRow {
  id: string
  office_id: string
  label: string
  labels: Record<string, string>
  official: { name: string, names: Record<string, string> } | null
  action_id: string | null
  said_on: string
  language: string
  words: string
  source: string
  source_url: string | null
}

const read = (row: ReplyRow): PublicReply => ({
  id: row.id, officeId: row.office_id, office: { label: row.label, labels: row.labels }, official: row.official, actionId: row.action_id,
  saidOn: row.said_on, language: row.language, words: row.words, source: row.source, sourceUrl: row.source_url,
})

const facts = sql`offices.label, offices.labels, case when officials.id is not null then jsonb_build_object('name', officials.name, 'names', officials.names) end as official`
const joins = sql`join offices on offices.id = reply.office_id left join officials on officials.id = reply.official_id`

/** What offices answered to an action, or what one office answered, as the public may see it: newest first. */
export async function publicReplies(db: Db, of: { actionId: string } | { officeId: string }): Promise<PublicReply[]> {
  const where = 'actionId' in of ? sql`reply.action_id = ${of.actionId}` : sql`reply.office_id = ${of.officeId}`
  const { rows } = await sql<ReplyRow>`select reply.*, ${facts} from public_replies reply ${joins} where ${where} order by said_on desc, reply.id limit 100`.execute(db)
  return rows.map(read)
}

/** Everything that was recorded of an office, withdrawn or not: newest first. */
export async function repliesOf(db: Db, officeId: string): Promise<ReplyRecord[]> {
  const { rows } = await sql<ReplyRow & { recorded_at: Date, withdrawn_at: Date | null, withdrawn_reason: string }>`
    select reply.*, ${facts} from office_replies reply ${joins} where reply.office_id = ${officeId} order by said_on desc, reply.id limit 200`.execute(db)
  return rows.map((row) => ({ ...read(row), recordedAt: row.recorded_at, withdrawnAt: row.withdrawn_at, withdrawnReason: row.withdrawn_reason }))
}

export interface NewReply {
  officeId: string
  actionId: string | null
  saidOn: string
  language: string
  words: string
  source: string
  sourceUrl: string | null
  staffId: string
}

/** Records what an office said. Whoever held it on that day is noted beside it. Its words are kept as they were said. */
export async function recordReply(tx: Tx, reply: NewReply, now: Date): Promise<string> {
  const id = randomUUID()
  await sql`
    insert into office_replies (id, office_id, official_id, action_id, said_on, language, words, source, source_url, recorded_at, recorded_by)
    select ${id}, ${reply.officeId}, (
      select official_id from terms where office_id = ${reply.officeId} and coalesce(since <= ${reply.saidOn}::date, true) and coalesce(until > ${reply.saidOn}::date, true) order by since desc nulls last limit 1),
      ${reply.actionId}, ${reply.saidOn}, ${reply.language}, ${reply.words}, ${reply.source}, ${reply.sourceUrl}, ${now}, ${reply.staffId}`.execute(tx)
  return id
}

/** Takes a reply off every page. It stays in the record, with the reason. */
export async function withdrawReply(tx: Tx, id: string, decision: { reason: string, staffId: string }, now: Date): Promise<void> {
  await sql`
    update office_replies set withdrawn_at = ${now}, withdrawn_by = ${decision.staffId}, withdrawn_reason = ${decision.reason}
    where id = ${id} and withdrawn_at is null`.execute(tx)
}
