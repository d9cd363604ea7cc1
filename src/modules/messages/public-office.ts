import type { On } from '#platform/days.ts'
import { sql, type Db } from '#platform/db.ts'
import { findOfficeHistory, officesById, publicReplies, type OfficeFacts, type OfficeHistory, type PublicReply } from '#modules/targets/index.ts'

/** How many wrote and what came back. Numbers below ten are not told: then they are null. */
export interface OfficeNumbers {
  people: number | null
  /** The day of the first message, as YYYY-MM-DD. */
  since: string
  noReply: number | null
  standardReply: number | null
  realReply: number | null
}

/** An office as anybody may see it. */
export interface PublicOffice {
  record: OfficeHistory
  /** As it stands today, or nothing if it has been abolished. */
  today: OfficeFacts | undefined
  /** Nothing if nobody's message has been accepted yet. */
  all: OfficeNumbers | undefined
  actions: (OfficeNumbers & { slug: string, titles: Record<string, string> })[]
  replies: PublicReply[]
  /** Words of the actions that the replies are about. */
  titles: Map<string, { slug: string, titles: Record<string, string> }>
}

interface NumbersRow {
  people: number | null
  first_on: string
  no_reply: number | null
  standard_reply: number | null
  real_reply: number | null
}

const numbers = (row: NumbersRow): OfficeNumbers => ({ people: row.people, since: row.first_on, noReply: row.no_reply, standardReply: row.standard_reply, realReply: row.real_reply })

/** An office with what the public may know of it, on a day or at a moment; nothing if there is none by that id. */
export async function findPublicOffice(db: Db, id: string, on: On): Promise<PublicOffice | undefined> {
  const record = await findOfficeHistory(db, id)
  if (!record) return undefined
  const [[today], { rows }, replies] = await Promise.all([
    officesById(db, [id], on),
    sql<NumbersRow & { action_id: string | null }>`select action_id, people, first_on, no_reply, standard_reply, real_reply from public_office_tallies where office_id = ${id} order by people desc nulls last, first_on desc limit 100`.execute(db),
    publicReplies(db, { officeId: id }),
  ])
  const all = rows.find((row) => row.action_id === null)
  const titles = await titlesOf(db, [...rows, ...replies.map((reply) => ({ action_id: reply.actionId }))].flatMap((row) => row.action_id ?? []))
  return {
    record, today, replies, titles, all: all && numbers(all),
    actions: rows.flatMap((row) => {
      const action = titles.get(row.action_id ?? '')
      return action ? [{ ...numbers(row), ...action }] : []
    }),
  }
}

/** The titles of some actions by language, and where their pages are. */
export async function titlesOf(db: Db, actionIds: string[]): Promise<Map<string, { slug: string, titles: Record<string, string> }>> {
  const { rows } = await sql<{ id: string, slug: string, titles: Record<string, string> }>`
    select id, slug, (select jsonb_object_agg(language, words ->> 'title') from public_action_words where action_id = public_actions.id) as titles
    from public_actions where id = any (${[...new Set(actionIds)]}::uuid[])`.execute(db)
  return new Map(rows.filter((row) => row.titles).map((row) => [row.id, { slug: row.slug, titles: row.titles }]))
}

/** The offices that most people have written to in an action, those that ten people or more wrote to. */
export async function mostWrittenTo(db: Db, actionId: string): Promise<{ officeId: string, label: string, labels: Record<string, string>, people: number }[]> {
  const { rows } = await sql<{ office_id: string, label: string, labels: Record<string, string>, people: number }>`
    select office_id, label, labels, people from public_office_tallies join offices on offices.id = office_id
    where action_id = ${actionId} and people is not null order by people desc, office_id limit 10`.execute(db)
  return rows.map((row) => ({ officeId: row.office_id, label: row.label, labels: row.labels, people: row.people }))
}
