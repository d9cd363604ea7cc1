import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Post } from '#modules/mails/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { mailWords } from '../words/index.ts'
import type { MailingTools } from './courier.ts'
import { mailingLetter, mouldOf } from './letter.ts'
import { findMailing, textsOf } from './mailing.ts'

/** A staff member asks to get a mailing in their own mailbox, as it is saved now. */
export async function askForTrial(tx: Tx, mailingId: string, { language, staffId }: { language: string, staffId: string }, now: Date): Promise<void> {
  await tx.insertInto('mailing_tests').values({ id: randomUUID(), mailing_id: mailingId, staff_id: staffId, language, state: 'queued', asked_at: now }).execute()
}

export interface Trial {
  language: string
  state: 'queued' | 'accepted' | 'failed'
  problem: string | null
  askedAt: Date
}

/** What became of the last trials that somebody asked for. */
export async function trialsOf(db: Db, mailingId: string, staffId: string): Promise<Trial[]> {
  const rows = await db.selectFrom('mailing_tests').selectAll().where('mailing_id', '=', mailingId).where('staff_id', '=', staffId).orderBy('asked_at', 'desc').limit(3).execute()
  return rows.map((row) => ({ language: row.language, state: row.state as Trial['state'], problem: row.problem, askedAt: row.asked_at }))
}

/** Sends the trials that were asked for, each to whoever asked and to nobody else. Its links lead nowhere: they are nobody's. */
export async function deliverTrials({ db, keys: { opener, linkKey }, log }: MailingTools, { post, publisher }: { post: Post, publisher: Publisher }, now: Date): Promise<number> {
  const { rows } = await sql<{ id: string, mailing_id: string, staff_id: string, language: string }>`
    select id, mailing_id, staff_id, language from mailing_tests where state = 'queued' order by asked_at limit 10`.execute(db)
  for (const row of rows) {
    const end = (state: 'accepted' | 'failed', problem: string | null) => sql`update mailing_tests set state = ${state}, problem = ${problem}, ended_at = ${now} where id = ${row.id}`.execute(db)
    try {
      const mailing = await findMailing(db, row.mailing_id)
      const text = (await textsOf(db, row.mailing_id)).get(row.language)
      const staff = await staffContact(db, opener, row.staff_id)
      if (!mailing || !text || !staff) {
        await end('failed', 'gone')
        continue
      }
      const mould = mouldOf({ ...text, subject: mailWords(row.language)('many.trial', { subject: text.subject }) }, row.language, post.origin)
      const wording = await exampleWording(db, mailing.statements, row.language)
      const letter = mailingLetter(mould, { id: row.id, to: { name: staff.name, address: staff.email }, participationId: row.id, consent: wording === undefined ? undefined : { since: now, wording } }, { publisher, post, linkKey, mailingId: mailing.id }, now)
      const delivery = await post.deliver(letter)
      await end(delivery.outcome === 'accepted' ? 'accepted' : 'failed', delivery.outcome === 'accepted' ? null : delivery.outcome === 'refused' ? `refused ${delivery.code}` : delivery.problem)
    } catch (error) {
      log.error('trial not written', { job: 'mailings', error })
      await end('failed', 'not written')
    }
  }
  return rows.length
}

async function exampleWording(db: Db, statements: string[], language: string): Promise<string | undefined> {
  const { rows: [row] } = await sql<{ wording: string }>`
    select wording from consent_wordings where statement_id = any (${statements}::uuid[]) order by language = ${language} desc, version desc limit 1`.execute(db)
  return row?.wording
}
