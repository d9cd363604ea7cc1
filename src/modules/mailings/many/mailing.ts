import { createHash, randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { MailingsRow } from '#platform/schema.ts'
import type { BulletinFrequency } from '#modules/people/index.ts'
import type { Covers } from '../bulletins/news.ts'
import { ours } from './questions.ts'

/** Kinds that staff write. */
export const mailingKinds = ['update', 'newsletter'] as const
export type MailingKind = (typeof mailingKinds)[number] | 'bulletin'

export const mailingStates = ['draft', 'waiting', 'scheduled', 'planning', 'sending', 'paused', 'stopped', 'sent'] as const
export type MailingState = (typeof mailingStates)[number]

/** Why somebody who fits does not get a mailing. `gone`, `stopped` and `empty` (nothing of it is public any more) are found while it is sent. */
export const leftOutReasons = ['no-consent', 'suppressed', 'bounced', 'paused', 'frequency', 'language', 'gone', 'stopped', 'empty'] as const
export type LeftOut = (typeof leftOutReasons)[number]

/** Who among those that asked for it gets a mailing; what is left out fits all. `topic`: only who chose that one. `answer` is what was said to another question. */
export const mailingFilter = z.object({
  topic: z.uuid().optional(),
  action: z.uuid().optional(),
  country: z.string().regex(/^[A-Z]{2}$/).optional(),
  area: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  question: z.uuid().optional(),
  answer: z.enum(['yes', 'no']).optional(),
})
export type MailingFilter = z.infer<typeof mailingFilter>

const counted = z.object({ byLanguage: z.record(z.string(), z.number()), leftOut: z.partialRecord(z.enum(leftOutReasons), z.number()) })
/** How many get it in each language, and how many that fit do not, by the reason. */
export type Counted = z.infer<typeof counted>

/** Which bulletin a mailing is an edition of, and what it tells of. */
export interface Edition extends Covers {
  frequency: BulletinFrequency
}

/** Something that is written once and sent to many: an update about one action, or a newsletter; or an edition of a bulletin, whose words are found when it leaves. */
export interface Mailing {
  id: string
  kind: MailingKind
  actionId: string | null
  edition: Edition | null
  state: MailingState
  /** A yes to one of these questions lets us write. */
  statements: string[]
  filter: MailingFilter
  /** What those read whose language it is not written in; nothing: they are left out. */
  fallbackLanguage: string | null
  sendAt: Date | null
  zone: string
  /** From when until when, by the clock of the zone, nothing leaves; "21:00". */
  quiet: { from: string, until: string } | null
  practice: boolean | null
  createdBy: string | null
  createdAt: Date
  counted: Counted | null
  countedAt: Date | null
  /** Since when a new count is waited for. */
  countAskedAt: Date | null
  /** Whether recipients have been listed: some, or (`planned`) all. */
  listing: boolean
  planned: boolean
  nextAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  /** Why it was paused or stopped. */
  reason: string
  results: unknown
}

/** A mailing in one language. The body is Markdown. */
export interface MailingText {
  subject: string
  /** Whom it comes from, in words; empty: the publisher's name. */
  fromName: string
  body: string
}

/** One that somebody writes. Editions of bulletins are made and sent by themselves. */
export async function findMailing(db: Db, id: string): Promise<Mailing | undefined> {
  const row = await db.selectFrom('mailings').selectAll().where('id', '=', id).where('kind', '<>', 'bulletin').executeTakeFirst()
  return row && mailingFrom(row)
}

/** A row of `mailings`, as every statement here gives it. */
export type MailingRow = Selectable<MailingsRow>

export function mailingFrom(row: MailingRow): Mailing {
  return {
    id: row.id, kind: row.kind as MailingKind, actionId: row.action_id, edition: row.subject_id && { subjectId: row.subject_id, from: row.covers_from!, until: row.covers_until!, frequency: row.frequency as BulletinFrequency } || null, state: row.state as MailingState, statements: row.statements, filter: mailingFilter.parse(row.filter), fallbackLanguage: row.fallback_language,
    sendAt: row.send_at, zone: row.zone, quiet: row.quiet_from && row.quiet_until ? { from: row.quiet_from, until: row.quiet_until } : null, practice: row.practice, createdBy: row.created_by, createdAt: row.created_at,
    counted: row.counted ? counted.parse(row.counted) : null, countedAt: row.counted_at, countAskedAt: row.count_asked_at, listing: row.planned_after !== null || row.planned_at !== null, planned: row.planned_at !== null, nextAt: row.next_at,
    startedAt: row.started_at, endedAt: row.ended_at, reason: row.reason, results: row.results,
  }
}

export async function textsOf(db: Db, mailingId: string): Promise<Map<string, MailingText>> {
  const rows = await db.selectFrom('mailing_texts').selectAll().where('mailing_id', '=', mailingId).orderBy('language').execute()
  return new Map(rows.map((row) => [row.language, { subject: row.subject, fromName: row.from_name, body: row.body }]))
}

/** How many it would go to by the last count. */
export function reachOf({ counted }: Pick<Mailing, 'counted'>): number {
  return Object.values(counted?.byLanguage ?? {}).reduce((sum, each) => sum + each, 0)
}

/** What a second person's yes holds for: the words, and whom they go to. Anything else needs another yes. */
export function fingerprintOf(mailing: Mailing, texts: Map<string, MailingText>): string {
  const { kind, actionId, statements, filter, fallbackLanguage } = mailing
  return createHash('sha256').update(JSON.stringify([kind, actionId, statements, filter, fallbackLanguage, [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1))])).digest('hex')
}

export async function addMailing(tx: Tx, mailing: { kind: (typeof mailingKinds)[number], actionId: string | null, statements: string[], zone: string, staffId: string }, now: Date): Promise<string> {
  const id = randomUUID()
  await sql`
    insert into mailings (id, kind, action_id, state, statements, zone, quiet_from, quiet_until, created_by, created_at, changed_at)
    select ${id}, ${mailing.kind}, ${mailing.actionId}, 'draft', ${ours(mailing.statements)}, ${mailing.zone}, quiet_from, quiet_until, ${mailing.staffId}, ${now}, ${now} from mailing_habits`.execute(tx)
  return id
}

/** Another draft with the same words for the same people. */
export async function duplicateMailing(tx: Tx, id: string, staffId: string, now: Date): Promise<string> {
  const copy = randomUUID()
  await sql`
    insert into mailings (id, kind, action_id, state, statements, filter, fallback_language, zone, quiet_from, quiet_until, created_by, created_at, changed_at)
    select ${copy}, kind, action_id, 'draft', statements, filter, fallback_language, zone, quiet_from, quiet_until, ${staffId}, ${now}, ${now} from mailings where id = ${id}`.execute(tx)
  await sql`insert into mailing_texts (mailing_id, language, subject, from_name, body, changed_at) select ${copy}, language, subject, from_name, body, ${now} from mailing_texts where mailing_id = ${id}`.execute(tx)
  return copy
}

/** Drafts only: false says that it is none any more, and nothing was changed. */
async function ifDraft(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { rows } = await sql`update mailings set changed_at = ${now} where id = ${id} and state = 'draft' returning 1`.execute(tx)
  return rows.length > 0
}

export async function discardMailing(tx: Tx, id: string, now: Date): Promise<boolean> {
  if (!await ifDraft(tx, id, now)) return false
  await tx.deleteFrom('mailings').where('id', '=', id).execute()
  return true
}

/** Saves the words in one language; without a subject and a body that language goes. */
export async function saveText(tx: Tx, id: string, language: string, text: MailingText, now: Date): Promise<boolean> {
  if (!await ifDraft(tx, id, now)) return false
  if (!text.subject && !text.body) {
    await tx.deleteFrom('mailing_texts').where('mailing_id', '=', id).where('language', '=', language).execute()
    await sql`update mailings set fallback_language = null where id = ${id} and fallback_language = ${language}`.execute(tx)
  } else {
    const row = { subject: text.subject, from_name: text.fromName, body: text.body, changed_at: now }
    await tx.insertInto('mailing_texts').values({ mailing_id: id, language, ...row }).onConflict((conflict) => conflict.columns(['mailing_id', 'language']).doUpdateSet(row)).execute()
  }
  return askForCount(tx, id, now)
}

/** Saves whom it goes to. */
export async function saveAudience(tx: Tx, id: string, { statements, filter, fallbackLanguage }: Pick<Mailing, 'statements' | 'filter' | 'fallbackLanguage'>, now: Date): Promise<boolean> {
  if (!await ifDraft(tx, id, now)) return false
  await sql`update mailings set statements = ${ours(statements)}, filter = ${JSON.stringify(filter)}, fallback_language = ${fallbackLanguage} where id = ${id}`.execute(tx)
  return askForCount(tx, id, now)
}

/** The worker counts anew whom a draft would go to; until then nothing is said. */
export async function askForCount(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { rows } = await sql`update mailings set counted = null, counted_at = null, count_asked_at = ${now} where id = ${id} and state = 'draft' returning 1`.execute(tx)
  return rows.length > 0
}
