import { sql, type Db } from '#platform/db.ts'
import type { BulletinFrequency } from '#modules/people/index.ts'
import { readHabits } from '../many/habits.ts'
import { mailingFrom, type Mailing, type MailingRow } from '../many/mailing.ts'
import { mailingNumbers, type MailingNumbers } from '../many/numbers.ts'
import { movedSince, nextWeekly } from './editions.ts'

/** How the bulletin of a place or topic stands, in numbers: nobody's name, address or answer. */
export interface BulletinStanding {
  /** Whether visitors are asked: there is a question to ask. */
  offered: boolean
  /** Who said yes and still wants it, by how often and language. */
  readers: { frequency: BulletinFrequency, language: string, count: number }[]
  /** Who asked and has not confirmed. */
  waiting: number
  pausedAt: Date | null
  /** When something became public that is not told yet; and when the next edition is due that tells it, as far as that is known. */
  untold: Record<BulletinFrequency, Date | null>
  nextWeekly: Date
  editions: (Mailing & { numbers: MailingNumbers })[]
}

const mostEditions = 12

/** The question that is asked of whoever wants a bulletin, in one language. */
export interface BulletinQuestion {
  language: string
  statement: string
  wording: string
  words: string
}

/** In all its languages; in none where bulletins are not offered. */
export async function bulletinQuestions(db: Db): Promise<BulletinQuestion[]> {
  const { rows } = await sql<{ language: string, statement_id: string, wording_id: string, wording: string }>`select language, statement_id, wording_id, wording from public_bulletin_question`.execute(db)
  return rows.map((row) => ({ language: row.language, statement: row.statement_id, wording: row.wording_id, words: row.wording }))
}

export async function bulletinStanding(db: Db, subjectId: string, zone: string, now: Date): Promise<BulletinStanding> {
  const { rows: readers } = await sql<BulletinStanding['readers'][number]>`
    select wanted.frequency, people.language, count(*)::int as count
    from preferences wanted join consent_statements statement on statement.id = wanted.statement_id and statement.purpose = 'bulletin' join people on people.id = wanted.person_id and people.confirmed_at is not null
    where wanted.topic = ${subjectId}::text and wanted.frequency in ('at-once', 'weekly')
      and exists (select from current_consents(wanted.person_id) held where held.statement_id = wanted.statement_id and held.answer = 'yes')
    group by 1, 2 order by 1, 2`.execute(db)
  const { rows: [row] } = await sql<{ offered: boolean, waiting: number, paused_at: Date | null, at_once: Date | null, weekly: Date | null }>`
    select exists (select from public_bulletin_question) as offered, (select count(*)::int from bulletin_requests where subject_id = ${subjectId} and state = 'waiting') as waiting, bulletins.paused_at,
      (select moved.first_at from ${movedSince(sql`${subjectId}::uuid`, sql`bulletins.at_once_until`, sql`${now}::timestamptz`)} moved) as at_once, (select moved.first_at from ${movedSince(sql`${subjectId}::uuid`, sql`bulletins.weekly_until`, sql`${now}::timestamptz`)} moved) as weekly
    from (select ${subjectId}::uuid as id) subject left join bulletins on bulletins.subject_id = subject.id`.execute(db)
  const { rows } = await sql<MailingRow>`select * from mailings where kind = 'bulletin' and subject_id = ${subjectId} order by created_at desc, id limit ${mostEditions}`.execute(db)
  const editions: BulletinStanding['editions'] = []
  for (const mailing of rows.map(mailingFrom)) editions.push({ ...mailing, numbers: await mailingNumbers(db, mailing.id, mailing.results) })
  return {
    offered: row!.offered, readers, waiting: row!.waiting, pausedAt: row!.paused_at, untold: { 'at-once': row!.at_once, weekly: row!.weekly }, nextWeekly: nextWeekly(await readHabits(db), zone, now), editions,
  }
}
