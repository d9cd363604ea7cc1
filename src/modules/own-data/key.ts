import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { tokenHash } from '#platform/tokens.ts'

/** What a capsule consists of: what the worker knows, and what only the desk opens. */
export type Part = 'contents' | 'record'

const version = 1
const saltLength = 16
const nonceLength = 12
const tagLength = 16
const smallest = 1 + saltLength + nonceLength + tagLength

/** HKDF-SHA256 (RFC 5869) of the link's token: whoever has the database has its hash and nothing that leads to this. */
function keyOf(token: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', token, salt, 'clarion capsule 1', 32))
}

const bound = (token: string, part: Part) => Buffer.from(`capsules\n${part}\n${tokenHash(token).toString('hex')}`)

/** Encrypts one part under the token of a link: version (1), salt (16), nonce (12), AES-256-GCM tag (16), ciphertext of the JSON, made small first. */
export function lock(token: string, part: Part, value: unknown): Buffer {
  const salt = randomBytes(saltLength)
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', keyOf(token, salt), nonce)
  cipher.setAAD(bound(token, part))
  const text = Buffer.concat([cipher.update(gzipSync(JSON.stringify(value), { level: 1 })), cipher.final()])
  return Buffer.concat([Buffer.of(version), salt, nonce, cipher.getAuthTag(), text])
}

/** Opens one part with the token that it was made for. Throws on another token, another part, or anything altered. */
export function unlock<Value>(token: string, part: Part, locked: Buffer): Value {
  if (locked.length < smallest || locked[0] !== version) throw new Error('Not a capsule')
  const nonceStart = 1 + saltLength
  const tagStart = nonceStart + nonceLength
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token, locked.subarray(1, nonceStart)), locked.subarray(nonceStart, tagStart))
  decipher.setAAD(bound(token, part))
  decipher.setAuthTag(locked.subarray(tagStart, smallest))
  return JSON.parse(gunzipSync(Buffer.concat([decipher.update(locked.subarray(smallest)), decipher.final()])).toString()) as Value
}
