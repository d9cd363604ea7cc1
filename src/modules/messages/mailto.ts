/** A link that long may be cut by mail programs: the shortest limits reported are about 2,000 characters, and 1,600 for one web mailer. */
export const longestMailto = 1600

/** Percent-encodes for a mailto link: UTF-8, lines ended by CRLF, spaces as %20 (RFC 6068 section 5). */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\r\n?|\n/g, '\r\n')).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Encodes an address: what RFC 6068 lets stand in a local part stays, an international domain is left as it is written. */
function encodeAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return `${encode(address.slice(0, at)).replaceAll('%2B', '+')}@${encode(address.slice(at + 1))}`
}

export interface Mailto {
  href: string
  /** False where the text did not fit and the link carries the subject alone: the text has to be copied. */
  whole: boolean
}

/** A link that opens a message in the visitor's own mail program. Several recipients stand side by side, as one mail to all. */
export function mailto(to: string[], subject: string, body: string): Mailto {
  const start = `mailto:${to.map(encodeAddress).join(',')}`
  const withSubject = subject ? `${start}?subject=${encode(subject)}` : start
  const whole = `${withSubject}${subject ? '&' : '?'}body=${encode(body)}`
  return whole.length <= longestMailto ? { href: whole, whole: true } : { href: withSubject, whole: false }
}
