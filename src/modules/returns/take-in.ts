import { createHash, randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import { sealOne, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { looksReturned } from '#modules/mails/index.ts'

/** A mail that came to one of our addresses, as it is kept until the worker reads it. */
export interface KeptReturn {
  to: string
  /** Whether it was sent as machines send what must not be answered (RFC 5321: an empty return path). */
  nullSender: boolean
  /** Base64. */
  raw: string
  /** Whether there was more of it. */
  cut: boolean
}

export type ReturnWay = 'smtp' | 'imap' | 'inbox'

/** Largest mail that is taken in, and how much of it is kept. */
export const mostBytes = 30_000_000
export const keptBytes = 262_144

export function returnPlace(id: string): Place {
  return { purpose: 'contact', table: 'returned_mails', column: 'contact', row: id }
}

/**
 * Keeps a mail for the worker, once for each address of ours that it came to; the same mail a second time changes nothing. It is on disk when
 * this returns. Sealed to the contact key: whoever takes it in cannot read it afterwards.
 */
export async function takeIn(db: Db, key: SealingKey, mail: { to: string[], raw: Buffer, cut: boolean, nullSender?: boolean }, way: ReturnWay, now: Date): Promise<void> {
  const head = headOf(mail.raw)
  for (const to of new Set(mail.to.filter(looksReturned))) {
    const fingerprint = createHash('sha256').update(`${to.toLowerCase()}\n${nameOf(head) ?? createHash('sha256').update(mail.raw).digest('hex')}`).digest()
    const id = randomUUID()
    const kept: KeptReturn = { to, nullSender: mail.nullSender ?? /^return-path:\s*<>/im.test(head), raw: mail.raw.toString('base64'), cut: mail.cut }
    const { table, column, row } = returnPlace(id)
    await sql`insert into returned_mails (id, fingerprint, way, contact, received_at) values (${id}, ${fingerprint}, ${way}, ${await sealOne(key, { table, column, row }, kept)}, ${now}) on conflict do nothing`.execute(db)
  }
}

/** Our addresses among those that a mail in a mailbox says it came to. */
export function addressedTo(raw: Buffer): string[] {
  const lines = headOf(raw).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/).filter((line) => /^(delivered-to|x-original-to|envelope-to|x-envelope-to|to|cc):/i.test(line))
  return [...new Set(lines.flatMap((line) => line.slice(0, 10_000).match(/\b(?:bounce|unsubscribe|reply)\+[modnp][a-z2-7]{42}@[a-z0-9.-]{1,253}/gi) ?? []).map((each) => each.toLowerCase()))].slice(0, 20)
}

function headOf(raw: Buffer): string {
  const text = raw.toString('latin1', 0, 65_536)
  const end = /\r?\n\r?\n/.exec(text)
  return end ? text.slice(0, end.index) : text
}

/** The Message-ID, by which the same mail is known however often and by whichever way it comes. */
function nameOf(head: string): string | undefined {
  return /^message-id:\s{0,20}(<[^\s<>]{1,500}>)/im.exec(head)?.[1]
}
