import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type Opener, type Place } from '#platform/sealing/index.ts'
import type { Keys } from '#modules/actions/index.ts'
import { recipientById } from '#modules/mailings/index.ts'
import { mailById, type Returning } from '#modules/mails/index.ts'
import { sentToOffice, type ReturnedFrom } from '#modules/messages/index.ts'
import { readAddress } from '#modules/people/index.ts'
import type { ReturnKind } from './work-off.ts'

/** What somebody wrote back, in plain text. */
export interface ReturnedLetter {
  from: { name: string, address: string } | undefined
  subject: string
  text: string
  /** Whether there was more, or something was attached that we do not keep. */
  cut: boolean
}

export function letterPlace(purpose: 'contact' | 'record', id: string): Place {
  return { purpose, table: 'returned_letters', column: purpose, row: id }
}

/**
 * Keeps what somebody wrote to one of our addresses: for the desk, sealed to the record key. Where it is the answer of a supporter's own
 * representative, who took the wrong address, it is passed on to the supporter; staff see then that it came, and can read it no more than any other letter without a line in the log.
 */
export async function keepLetter(tx: Tx, keys: Keys, to: Returning, letter: ReturnedLetter, now: Date): Promise<ReturnKind> {
  const about = await origin(tx, to)
  if (!about) return 'unknown'
  const id = randomUUID()
  const seal = (purpose: 'contact' | 'record') => {
    const { table, column, row } = letterPlace(purpose, id)
    return sealOne(keys[purpose], { table, column, row }, letter)
  }
  const passOn = about.ownOf !== null && letter.from !== undefined && readAddress(letter.from.address) !== undefined
  await sql`
    insert into returned_letters (id, about, about_id, office_id, action_id, person_id, contact, record, state, practice, received_at)
    values (${id}, ${to.about}, ${to.id}, ${about.officeId}, ${about.actionId}, ${passOn ? about.ownOf : null}, ${passOn ? await seal('contact') : null}, ${await seal('record')}, ${passOn ? 'passing-on' : 'unread'}, ${about.practice}, ${now})`.execute(tx)
  return 'letter'
}

type Origin = Omit<ReturnedFrom, 'officeId' | 'leftAgainAt'> & { officeId: string | null }

async function origin(tx: Tx, { about, id }: Returning): Promise<Origin | undefined> {
  if (about === 'message' || about === 'digest') return sentToOffice(tx, about, id)
  if (about === 'mailing') {
    const recipient = await recipientById(tx, id)
    return recipient && { officeId: null, actionId: null, practice: recipient.practice, rehearsal: false, ownOf: null }
  }
  const mail = about === 'mail' ? await mailById(tx, id) : undefined
  return mail && { officeId: null, actionId: mail.actionId, practice: mail.practice, rehearsal: mail.rehearsal, ownOf: null }
}

/** Opens a letter for somebody who is named in the log for it: `auditLine` was written before. */
export async function openLetter(db: Db, opener: Opener, auditLine: string): Promise<ReturnedLetter | undefined> {
  const { rows: [row] } = await sql<{ id: string, record: Buffer }>`select id, record from open_returned_letters(${auditLine})`.execute(db)
  return row && opener.open<ReturnedLetter>(letterPlace('record', row.id), row.record)
}

/** Notes that somebody has read it. */
export async function markRead(tx: Tx, id: string, staffId: string, now: Date): Promise<void> {
  await sql`update returned_letters set state = 'read', read_at = ${now}, read_by = ${staffId} where id = ${id} and state = 'unread'`.execute(tx)
}
