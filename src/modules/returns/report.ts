/** What a report says of one recipient (RFC 3464): the fields in small letters. */
export type ReportFields = Record<string, string>

/** What became of a mail whose address a report is about. */
export type Verdict =
  /** No such mailbox or domain, or a closed one: it will not take mail tomorrow either. */
  | 'hard'
  /** It was given up for now: full, too large, no answer, or refused for what we are rather than for whom it was. */
  | 'soft'
  /** They are still trying. */
  | 'delayed'
  /** It arrived, or was handed on. */
  | 'delivered'

export interface Judged {
  verdict: Verdict
  /** The status of RFC 3463, such as 5.1.1; empty where there was none. */
  status: string
}

const mostFields = 200

/** The groups of fields of a message/delivery-status or message/feedback-report part: about the mail first, then one for each recipient. */
export function fieldGroups(text: string): ReportFields[] {
  return text.replaceAll('\0', '').replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/).slice(0, mostFields).map((group) => {
    const fields: ReportFields = Object.create(null) as ReportFields
    for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n').slice(0, mostFields)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      if (colon > 0 && /^[a-z-]{1,60}$/.test(name)) fields[name] ??= line.slice(colon + 1).trim().slice(0, 2000)
    }
    return fields
  }).filter((fields) => Object.keys(fields).length > 0)
}

/** Statuses of RFC 3463 by which an address is of no more use: no such mailbox or domain, moved, disabled, no way to its domain; 5.1.10 is a domain that takes no mail (RFC 7505). */
const forGood = /^5\.(1\.[1236]|1\.10|2\.1|4\.4)$/
const nobody = /user (is )?unknown|unknown user|no such (user|recipient|mailbox|address)|does ?n.t exist|does not exist|not found|invalid (recipient|mailbox|address)|mailbox (is )?(unavailable|disabled|inactive)|no mailbox|account (is |has been )?(disabled|closed|suspended|deactivated)|address rejected/i
const ours = /spam|blacklist|blocklist|blocked|reputation|policy|dmarc|spf|dkim|rate|quota|full|over ?quota|too large|size|greylist|try again|temporar/i

/** What a recipient's fields amount to. A status that says nothing exact (5.0.0, 5.5.0) is hard only where the server's words say that there is nobody. */
export function judge({ action = '', status = '', 'diagnostic-code': said = '' }: ReportFields): Judged {
  const code = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(status)?.[0] ?? /\b([45])\.(\d{1,3})\.(\d{1,3})\b/.exec(said)?.[0] ?? ''
  switch (action.trim().toLowerCase().split(/[\s;(]/)[0]) {
    case 'delayed': return { verdict: 'delayed', status: code }
    case 'delivered': case 'relayed': case 'expanded': return { verdict: 'delivered', status: code }
    default: {
      const exact = forGood.test(code) && !(code === '5.1.1' && ours.test(said) && !nobody.test(said))
      const vague = /^5\.(0|5)\.\d+$/.test(code) || (code === '' && /\b55[013]\b/.test(said))
      return { verdict: exact || (vague && nobody.test(said) && !ours.test(said)) ? 'hard' : 'soft', status: code }
    }
  }
}
