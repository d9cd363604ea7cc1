import { createHmac, timingSafeEqual } from 'node:crypto'

/** What may come to an address of ours: word of what became of a mail (VERP), a wish for no more of them, an answer. */
export type ReturnUse = 'bounce' | 'unsubscribe' | 'reply'

/** What it is about: a mail to a supporter, a message or a digest to an office, one recipient's copy of a mailing, a participation. */
export type ReturnAbout = 'mail' | 'message' | 'digest' | 'mailing' | 'participation'

export interface Returning {
  use: ReturnUse
  about: ReturnAbout
  id: string
}

const letters: Record<ReturnAbout, string> = { mail: 'm', message: 'o', digest: 'd', mailing: 'n', participation: 'p' }
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const markLength = 10

/**
 * An address of ours that says what came back to it, and that nobody else can make: the id with ten bytes of HMAC-SHA256 under the link key.
 * 42 letters of base32, because servers on the way may change capitals; with its prefix 55 at most, of the 64 that RFC 5321 allows.
 */
export function returnAddress(key: string, { use, about, id }: Returning, domain: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw new Error('Not an id')
  return `${use}+${letters[about]}${base32(Buffer.concat([bytes, mark(key, { use, about, id })]))}@${domain}`
}

/** Whether an address looks like one of these; only whoever has the key knows whether it is. */
export function looksReturned(address: string): boolean {
  return /^(bounce|unsubscribe|reply)\+[modnp][a-z2-7]{42}@[^@\s]+$/i.test(address)
}

/** What a return address is about; nothing if it is none or was not made with this key. Its domain does not matter. */
export function readReturnAddress(key: string, address: string): Returning | undefined {
  if (!looksReturned(address)) return undefined
  const [use, rest] = address.slice(0, address.indexOf('@')).toLowerCase().split('+') as [ReturnUse, string]
  const about = (Object.keys(letters) as ReturnAbout[]).find((each) => letters[each] === rest[0])!
  const bytes = fromBase32(rest.slice(1))
  // The last letter carries two bits of nothing: only the one that we write is ours.
  if (base32(bytes) !== rest.slice(1)) return undefined
  const hex = bytes.toString('hex', 0, 16)
  const it: Returning = { use, about, id: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') }
  return timingSafeEqual(mark(key, it), bytes.subarray(16)) ? it : undefined
}

function mark(key: string, { use, about, id }: Returning): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(`return\n${use}\n${about}\n${id}`).digest().subarray(0, markLength)
}

function base32(bytes: Buffer): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return bits.match(/.{1,5}/g)!.map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)))
}
