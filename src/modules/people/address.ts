import { domainToASCII } from 'node:url'

// What most addresses look like. No label is encoded and the last one begins with a letter, so that none of the tables of letters below has to be asked.
const plain = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@((?!xn--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!xn--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

/**
 * An e-mail address as somebody typed it, trimmed and composed, or nothing if mail could not be sent to it.
 * Any letters are welcome (RFC 6531); what is refused is what could break a header or is no address at all.
 */
export function readAddress(typed: string): string | undefined {
  const address = typed.normalize('NFC').trim().replace(/^mailto:/i, '')
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (at < 1 || local.length > 64 || address.length > 254) return undefined
  if (plain.test(address)) return address
  if (!/^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local)) return undefined
  // What follows a slash, and line breaks, would be dropped without a word by what reads domains, and stay in the address.
  if (!/^[\p{L}\p{M}\p{N}.。．｡\u200c\u200d-]+$/u.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  return /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/i.test(ascii) ? address : undefined
}

/** The form in which two spellings of one address are equal: domain in lower case, case of the rest folded; dots and plus tags stay. */
export function normaliseAddress(address: string): string {
  const at = address.lastIndexOf('@')
  // Most addresses are plain. A domain that ends in a number could be another spelling of one.
  if (/^[\x21-\x7e]+@[a-z0-9.-]+\.[a-z][a-z0-9-]*$/i.test(address)) return address.toLowerCase()
  return `${address.slice(0, at).normalize('NFC').toLowerCase()}@${domainToASCII(address.slice(at + 1))}`
}

/** A stricter form, for limits on abuse only: many mail services ignore dots and what follows a plus sign. */
export function strictAddress(address: string): string {
  const normal = normaliseAddress(address)
  const at = normal.lastIndexOf('@')
  const local = normal.slice(0, at)
  const plus = local.indexOf('+')
  return (plus < 0 ? local : local.slice(0, plus)).replaceAll('.', '') + normal.slice(at)
}

/** What addresses have in common that were counted up, such as someone1@ and someone2@: the strict form with a sign for each number. Nothing for one without numbers. */
export function addressPattern(strict: string): string | undefined {
  const at = strict.lastIndexOf('@')
  const local = strict.slice(0, at)
  return /\d/.test(local) ? local.replace(/\d+/g, '#') + strict.slice(at) : undefined
}

export function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)).toLowerCase()
}
