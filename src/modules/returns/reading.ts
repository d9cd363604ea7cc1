import PostalMime, { type Email } from 'postal-mime'
import { fieldGroups, judge, type Verdict } from './report.ts'

/** What a mail that came back is, from nothing but its own words. Who it is about, and whether to believe it, its address decides. */
export type Returned =
  | { kind: 'report', verdict: Verdict, status: string }
  /** Somebody pressed "this is spam" (RFC 5965). The addresses of ours that it names. */
  | { kind: 'complaint', named: string[] }
  /** A person is away, or a machine says that it got it (RFC 3834). */
  | { kind: 'absence' }
  /** A machine wants proof that we are no machine before it lets a mail through. We are one, and never answer. */
  | { kind: 'challenge' }
  /** Somebody wrote. */
  | { kind: 'letter', from: { name: string, address: string } | undefined, subject: string, text: string }
  /** From a machine, and we cannot say what it says. */
  | { kind: 'unclear' }

/** Bytes and lines of a mail that are looked at: the parser's time goes by the line. A report stands before the mail that it is about. */
export const readBytes = 262_144
const readLines = 5000

const limits = { forceRfc822Attachments: true, maxNestingDepth: 12, maxHeadersSize: 65_536 } as const

/**
 * Reads a mail that came back, in time and memory that its sender has no part in (measured: at most 0.2 s for the worst that we could think of).
 * What stands past the first 256 kB or 5000 lines is not looked at; what is nested too deeply or broken is unclear.
 */
export async function readReturned(raw: Buffer, nullSender: boolean): Promise<Returned> {
  const head = headOf(raw)
  let mail: Email
  try {
    mail = await PostalMime.parse(head, limits)
  } catch {
    return { kind: 'unclear' }
  }
  const report = part(mail, 'message/delivery-status') ?? part(mail, 'message/global-delivery-status')
  if (report !== undefined) return reported(report)
  const complaint = part(mail, 'message/feedback-report')
  if (complaint !== undefined) return complained(mail, complaint, head)
  if (automatic(mail)) return challenges(mail) ? { kind: 'challenge' } : { kind: 'absence' }
  // Servers from before RFC 3464 write in words of their own: never enough to give an address up at once.
  if (nullSender) return oldBounce(mail)
  return { kind: 'letter', from: sender(mail), subject: (mail.subject ?? '').slice(0, 500), text: (mail.text ?? withoutTags((mail.html ?? '').slice(0, 100_000))).slice(0, 100_000) }
}

function headOf(raw: Buffer): Buffer {
  const head = raw.subarray(0, readBytes)
  let end = 0
  for (let line = 0; line < readLines; line++) {
    const next = head.indexOf(10, end)
    if (next < 0) return head
    end = next + 1
  }
  return head.subarray(0, end)
}

function part(mail: Email, type: string): string | undefined {
  const found = mail.attachments.find((each) => each.mimeType.toLowerCase() === type)
  if (!found) return undefined
  return typeof found.content === 'string' ? found.content : new TextDecoder('utf-8').decode(found.content)
}

function reported(text: string): Returned {
  const [, ...recipients] = fieldGroups(text)
  const [worst] = recipients.map(judge).toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
  return worst ? { kind: 'report', ...worst } : { kind: 'unclear' }
}

// Our mails have one recipient each. A report about several is about the others too, and the mildest says most about ours.
const order: Verdict[] = ['delivered', 'delayed', 'soft', 'hard']

function complained(mail: Email, text: string, head: Buffer): Returned {
  const [fields = {}] = fieldGroups(text)
  const kind = (fields['feedback-type'] ?? '').toLowerCase()
  // "not-spam" and what people did not press themselves (auth-failure, dmarc) are no complaints.
  if (!['abuse', 'fraud', 'opt-out', 'opt-out-list', 'other', 'virus', 'miscategorized'].includes(kind)) return { kind: 'unclear' }
  const whole = head.toString('latin1').replace(/=\r?\n/g, '')
  const original = mail.attachments.map((each) => (typeof each.content === 'string' ? each.content : new TextDecoder('latin1').decode(each.content))).join('\n')
  return { kind: 'complaint', named: addressesIn(`${fields['original-mail-from'] ?? ''} ${whole} ${original}`) }
}

/** Everything in a text that looks like a return address of ours, twenty at most. */
function addressesIn(text: string): string[] {
  return [...new Set(text.match(/\b(?:bounce|unsubscribe|reply)\+[modnp][a-z2-7]{42}@[a-z0-9.-]{1,253}/gi))].slice(0, 20)
}

function header(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value.trim().toLowerCase() ?? ''
}

/** RFC 3834, and what was usual before it. */
function automatic(mail: Email): boolean {
  const submitted = header(mail, 'auto-submitted')
  return (submitted !== '' && submitted !== 'no') || header(mail, 'x-auto-response-suppress') !== '' || ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-boxbe-pass-through'].some((name) => header(mail, name) !== '')
    || ['auto_reply', 'bulk', 'junk', 'list'].includes(header(mail, 'precedence')) || challenges(mail)
    || /^(auto(matic)?[ :-]*(reply|response|antwort)|out of (the )?office|absence|abwesen|automatische antwort|réponse automatique|respuesta automática|fuera de la oficina|رد تلقائي|מענה אוטומטי)/i.test((mail.subject ?? '').trim())
}

function challenges(mail: Email): boolean {
  return /(please|action required).{0,30}(confirm|verify).{0,30}(e-?mail|message|address|delivery|sender)|challenge.?response|sender verification|verify you are (human|a person)|\[boxbe\]|spamarrest|your (message|e-?mail) (is|was) (being )?(held|waiting) for (approval|moderation|verification)/i.test(mail.subject ?? '')
    || ['x-challenge', 'x-tmda-fingerprint'].some((name) => header(mail, name) !== '')
}

function oldBounce(mail: Email): Returned {
  const text = `${mail.subject ?? ''}\n${(mail.text ?? '').slice(0, 4000)}`
  if (!/undeliver|returned mail|failure notice|delivery (status|failure|failed|incomplete)|mail delivery|could not be delivered|non remis|unzustellbar|no se pudo entregar/i.test(text)) return { kind: 'unclear' }
  return { kind: 'report', verdict: 'soft', status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(text)?.[0] ?? '' }
}

function sender(mail: Email): { name: string, address: string } | undefined {
  const from = mail.replyTo?.[0] ?? mail.from
  return from?.address ? { name: from.name ?? '', address: from.address } : undefined
}

/** The words of a page, in one go over it. Only for reading: nothing of it is ever shown as HTML. */
function withoutTags(page: string): string {
  const parts: string[] = []
  const small = page.toLowerCase()
  for (let at = 0; at < page.length;) {
    const tag = page.indexOf('<', at)
    parts.push(page.slice(at, tag < 0 ? page.length : tag))
    const hidden = tag < 0 ? undefined : /^<(style|script)\b/.exec(small.slice(tag, tag + 8))?.[1]
    const end = tag < 0 ? -1 : hidden ? small.indexOf(`</${hidden}`, tag) : page.indexOf('>', tag)
    if (end < 0) break
    at = hidden ? end : end + 1
  }
  return parts.join(' ').replace(/[ \t]+/g, ' ').replace(/\n\s*\n/g, '\n\n').trim()
}
