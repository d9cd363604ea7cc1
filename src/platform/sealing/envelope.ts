/**
 * The sealed form of one value, as bytes: suite (1), key id (4), enc (32), nonce (12), ciphertext with its tag (16).
 *
 * Suite 1 is HPKE base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, used for its exporter
 * interface (section 5.3): the exported secret is the AES-256-GCM key of every value sealed in that context.
 */
export const suiteOne = 1
const keyIdLength = 4
const encLength = 32
export const nonceLength = 12
export const tagLength = 16
export const headerLength = 1 + keyIdLength + encLength
const smallest = headerLength + nonceLength + tagLength

export interface Envelope extends Body {
  /** Which private key opens it, as hexadecimal. */
  keyId: string
  enc: Buffer
}

/** What an envelope has behind its header. */
export interface Body {
  nonce: Buffer
  ciphertext: Buffer
  tag: Buffer
}

/** Throws on bytes that are no envelope. */
export function readEnvelope(bytes: Buffer): Envelope {
  if (bytes.length < smallest || bytes[0] !== suiteOne) throw new Error('Not a sealed value')
  return { keyId: bytes.toString('hex', 1, 1 + keyIdLength), enc: bytes.subarray(1 + keyIdLength, headerLength), ...bodyOf(bytes) }
}

/** Of bytes that begin as an envelope. */
export function bodyOf(bytes: Buffer): Body {
  if (bytes.length < smallest) throw new Error('Not a sealed value')
  const nonceEnd = headerLength + nonceLength
  return { nonce: bytes.subarray(headerLength, nonceEnd), ciphertext: bytes.subarray(nonceEnd, -tagLength), tag: bytes.subarray(-tagLength) }
}

/** Which key a sealed value was sealed for, as hexadecimal. */
export function sealedFor(bytes: Buffer): string {
  return readEnvelope(bytes).keyId
}

/** The two kinds of sealed data, each with its own key: *contact* the worker needs to write to people, *record* only the desk opens. */
export type Purpose = 'contact' | 'record'

/** Where a value lives. It is bound to the ciphertext, so that a row cannot be moved to another place. */
export interface Place {
  purpose: Purpose
  table: string
  column: string
  row: string
}

export function additionalData({ purpose, table, column, row }: Place): Buffer {
  return Buffer.from(`${purpose}\n${table}\n${column}\n${row}`)
}
