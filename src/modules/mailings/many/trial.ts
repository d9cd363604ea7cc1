import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Post } from '#modules/mails/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { mailWords } from '../words/index.ts'
import type { MailingTools } from './courier.ts'
import { exampleMould, type BulletinTools } from '../bulletins/mould.ts'
import { mailingLetter, mouldOf, type Mould } from './letter.ts'
import { findMailing, textsOf } from './mailing.ts'
import { topicOf } from './topics.ts'

/** What somebody wants to see in their own mailbox: a mailing as it is saved now, or the next edition of a bulletin. */
export type Tried = { mailingId: string } | { subjectId: string }

/** A staff member asks to get one in their own mailbox. */
export async function askForTrial(tx: Tx, tried: Tried, { language, staffId }: { language: string, staffId: string }, now: Date): Promise<void> {
  await tx.insertInto('mailing_tests').values({ id: randomUUID(), mailing_id: 'mailingId' in tried ? tried.mailingId : null, subject_id: 'subjectId' in tried ? tried.subjectId : null, staff_id: staffId, language, state: 'queued', asked_at: now }).execute()
}

export interface Trial {
  language: string
  state: 'queued' | 'accepted' | 'failed'
  problem: string | null
  askedAt: Date
}

/** What became of the last trials that somebody asked for. */
export async function trialsOf(db: Db, tried: Tried, staffId: string): Promise<Trial[]> {
  const rows = await db.selectFrom('mailing_tests').selectAll().where('mailingId' in tried ? 'mailing_id' : 'subject_id', '=', 'mailingId' in tried ? tried.mailingId : tried.subjectId).where('staff_id', '=', staffId).orderBy('asked_at', 'desc').limit(3).execute()
  return rows.map((row) => ({ language: row.language, state: row.state as Trial['state'], problem: row.problem, askedAt: row.asked_at }))
}

/** Sends the trials that were asked for, each to whoever asked and to nobody else. Its links lead nowhere: they are nobody's. */
export async function deliverTrials({ db, keys: { opener, linkKey }, log }: MailingTools, { post, publisher }: { post: Post, publisher: Publisher }, now: Date): Promise<number> {
  const { rows } = await sql<Row>`
    select id, mailing_id, subject_id, staff_id, language from mailing_tests where state = 'queued' order by asked_at limit 10`.execute(db)
  for (const row of rows) {
    const end = (state: 'accepted' | 'failed', problem: string | null) => sql`update mailing_tests set state = ${state}, problem = ${problem}, ended_at = ${now} where id = ${row.id}`.execute(db)
    try {
      const found = row.mailing_id === null ? await nextEdition(db, row.subject_id!, row.language, { publisher, origin: post.origin }, now) : await written(db, row.mailing_id, row.language, { publisher, origin: post.origin })
      const staff = await staffContact(db, opener, row.staff_id)
      if (!found || !staff) {
        await end('failed', 'gone')
        continue
      }
      const wording = await exampleWording(db, found.statements, row.language)
      const letter = mailingLetter(asTrial(found.mould), { id: row.id, to: { name: staff.name, address: staff.email }, participationId: row.id, consent: wording === undefined ? undefined : { since: now, wording } }, { publisher, post, linkKey, listId: row.mailing_id ?? row.subject_id! }, now)
      const delivery = await post.deliver(letter)
      await end(delivery.outcome === 'accepted' ? 'accepted' : 'failed', delivery.outcome === 'accepted' ? null : delivery.outcome === 'refused' ? `refused ${delivery.code}` : delivery.problem)
    } catch (error) {
      log.error('trial not written', { job: 'mailings', error })
      await end('failed', 'not written')
    }
  }
  return rows.length
}

interface Row {
  id: string
  mailing_id: string | null
  subject_id: string | null
  staff_id: string
  language: string
}

interface Found {
  mould: Mould
  statements: string[]
}

async function written(db: Db, mailingId: string, language: string, { publisher, origin }: BulletinTools): Promise<Found | undefined> {
  const mailing = await findMailing(db, mailingId)
  const text = (await textsOf(db, mailingId)).get(language)
  return mailing && text && { mould: mouldOf(text, language, origin, await topicOf(db, mailing, language, publisher.defaultLanguage)), statements: mailing.statements }
}

async function nextEdition(db: Db, subjectId: string, language: string, tools: BulletinTools, now: Date): Promise<Found | undefined> {
  const mould = await exampleMould(db, subjectId, language, tools, now)
  const { rows: [asked] } = await sql<{ statement_id: string }>`select statement_id from public_bulletin_question limit 1`.execute(db)
  return mould && { mould, statements: asked ? [asked.statement_id] : [] }
}

function asTrial(mould: Mould): Mould {
  return {
    ...mould, of(name) {
      const said = mould.of(name)
      return { ...said, subject: mailWords(mould.language)('many.trial', { subject: said.subject }) }
    },
  }
}

async function exampleWording(db: Db, statements: string[], language: string): Promise<string | undefined> {
  const { rows: [row] } = await sql<{ wording: string }>`
    select wording from consent_wordings where statement_id = any (${statements}::uuid[]) order by language = ${language} desc, version desc limit 1`.execute(db)
  return row?.wording
}
