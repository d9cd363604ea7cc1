import type { Email } from 'postal-mime'
import { sendBack, type BuiltReport, type SentBack } from '#platform/mail/reports.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import { readMail } from './read-mail.ts'

/** Everything that can come back about a mail, in the order of the buttons. */
export const backs = ['no-such-mailbox', 'mailbox-full', 'still-trying', 'away', 'answer', 'complaint', 'unsubscribe'] as const
export type Back = SentBack | 'unsubscribe'

/** Hands a mail in where Clarion takes what comes back. */
export type HandBack = (envelope: { from: string, to: string }, raw: Buffer) => Promise<Delivery>

export function isBack(text: string): text is Back {
  return (backs as readonly string[]).includes(text)
}

/** What can come back about this mail: nothing about one that names no address for it, an answer only where one would come to us. */
export function backsFor(mail: Email): Back[] {
  if (!returnPathOf(mail)) return []
  return backs.filter((what) => (what === 'answer' ? ours(mail.replyTo?.[0]?.address ?? '') : what !== 'unsubscribe' || unsubscribeOf(mail) !== undefined))
}

/** The mail that a server, a provider or a person would send back about this one; nothing where none of them could. */
export async function backFrom(what: Back, raw: Buffer, now: Date): Promise<BuiltReport | undefined> {
  const mail = await readMail(raw)
  if (!backsFor(mail).includes(what)) return undefined
  const to = mail.to?.[0]?.address ?? ''
  const original = { returnPath: returnPathOf(mail)!, replyTo: mail.replyTo?.[0]?.address ?? '', to, subject: mail.subject ?? '', raw }
  if (what !== 'unsubscribe') return sendBack(what, original, now)
  return sendBack('answer', { ...original, replyTo: unsubscribeOf(mail)! }, now, 'unsubscribe')
}

function ours(address: string): boolean {
  return /^(bounce|reply|unsubscribe)\+[a-z2-7]+@/.test(address)
}

function returnPathOf(mail: Email): string | undefined {
  const path = mail.returnPath?.replace(/^<|>$/g, '') ?? ''
  return ours(path) ? path : undefined
}

function unsubscribeOf(mail: Email): string | undefined {
  return /<mailto:([^?>]+)/.exec(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '')?.[1]
}
