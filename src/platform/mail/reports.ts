import { randomUUID } from 'node:crypto'

/** What a mail server, a provider or a person may send back about a mail. Made for practice and for tests: real ones come from outside. */
export type SentBack = 'no-such-mailbox' | 'mailbox-full' | 'still-trying' | 'complaint' | 'away' | 'answer'

/** The mail that is answered: its return path, where answers to it go, and its own bytes. */
export interface Original {
  returnPath: string
  replyTo: string
  to: string
  subject: string
  raw: Buffer
}

export interface BuiltReport {
  /** Empty: from nobody. */
  from: string
  to: string
  raw: Buffer
}

const statuses = {
  'no-such-mailbox': ['failed', '5.1.1', 'smtp; 550 5.1.1 User unknown'],
  'mailbox-full': ['failed', '5.2.2', 'smtp; 552 5.2.2 Mailbox full'],
  'still-trying': ['delayed', '4.4.1', 'smtp; 451 4.4.1 No answer from host'],
} as const

/** Writes it as it would come: reports by RFC 3464 and RFC 5965, an absence by RFC 3834, an answer as people write one. */
export function sendBack(what: SentBack, original: Original, now: Date, words = 'Thank you. We have read it.'): BuiltReport {
  const head = (from: string, to: string, subject: string, ...more: string[]) => [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${now.toUTCString().replace('GMT', '+0000')}`, `Message-ID: <${randomUUID()}@practice.invalid>`, 'MIME-Version: 1.0', ...more]
  const headers = original.raw.toString('latin1').split(/\r?\n\r?\n/, 1)[0]!
  if (what === 'away' || what === 'answer') {
    const lines = [...head(original.to, what === 'away' ? original.returnPath : original.replyTo, what === 'away' ? 'Out of office' : `Re: ${original.subject}`, ...(what === 'away' ? ['Auto-Submitted: auto-replied'] : []), 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'), '', words, '']
    return { from: what === 'away' ? '' : original.to, to: what === 'away' ? original.returnPath : original.replyTo, raw: Buffer.from(lines.join('\r\n')) }
  }
  const edge = randomUUID()
  const parts = what === 'complaint'
    ? [['message/feedback-report', ['Feedback-Type: abuse', 'User-Agent: practice/1', 'Version: 1', `Original-Mail-From: <${original.returnPath}>`]]]
    : [['message/delivery-status', ['Reporting-MTA: dns; mail.practice.invalid', '', `Final-Recipient: rfc822; ${original.to}`, `Action: ${statuses[what][0]}`, `Status: ${statuses[what][1]}`, `Diagnostic-Code: ${statuses[what][2]}`]]] as [string, string[]][]
  const lines = [
    ...head('Mail server <mailer-daemon@practice.invalid>', original.returnPath, what === 'complaint' ? 'Complaint' : 'Delivery report', `Content-Type: multipart/report; report-type=${what === 'complaint' ? 'feedback-report' : 'delivery-status'}; boundary="${edge}"`), '',
    `--${edge}`, 'Content-Type: text/plain', '', 'This is a report about a mail.', ...parts.flatMap(([type, fields]) => [`--${edge}`, `Content-Type: ${type as string}`, '', ...fields as string[], '']),
    `--${edge}`, 'Content-Type: text/rfc822-headers', '', headers, `--${edge}--`, '',
  ]
  return { from: '', to: original.returnPath, raw: Buffer.from(lines.join('\r\n'), 'latin1') }
}
