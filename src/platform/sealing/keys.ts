import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { AEAD_AES_256_GCM, CipherSuite, KEM_DHKEM_X25519_HKDF_SHA256 } from 'hpke'
import type { Purpose } from './envelope.ts'
import { hkdfSha256 } from './hkdf.ts'

export const suite = new CipherSuite(() => ({ ...KEM_DHKEM_X25519_HKDF_SHA256(), kdf: hkdfSha256() }), hkdfSha256, AEAD_AES_256_GCM)

/** What seals: the public half of a key, raw (32 bytes, base64url). It may be known to everyone. */
export interface SealingKey {
  purpose: Purpose
  publicKey: string
}

/** What opens: the private half too, raw (32 bytes, base64url). */
export interface OpeningKey extends SealingKey {
  privateKey: string
}

/** A new X25519 key pair for one purpose. */
export function generateKey(purpose: Purpose): OpeningKey {
  const { privateKey } = generateKeyPairSync('x25519')
  return keyFromPrivate(purpose, privateKey.export({ format: 'jwk' }).d!)
}

/** The key pair whose private half is given, as when it is typed in from the recovery sheet. Throws on bytes that are no key. */
export function keyFromPrivate(purpose: Purpose, privateKey: string): OpeningKey {
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(privateKey, 'base64url')])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { purpose, privateKey, publicKey: createPublicKey(key).export({ format: 'jwk' }).x! }
}

/** Names a key in envelopes: the first four bytes of the SHA-256 of its public half, as hexadecimal. */
export function keyId(key: SealingKey): string {
  return createHash('sha256').update(Buffer.from(key.publicKey, 'base64url')).digest('hex').slice(0, 8)
}

/** HPKE's info parameter: ties every context to what it is for. */
export function contextInfo(purpose: Purpose): Uint8Array {
  return new TextEncoder().encode(`clarion ${purpose} 1`)
}

export const exporterContext = new TextEncoder().encode('rows')

const imported = new Map<string, ReturnType<typeof suite.DeserializePublicKey>>()

/** The public half as the cipher suite wants it. Kept, because reading it in costs as much as using it. */
export function publicKeyOf({ publicKey }: SealingKey): ReturnType<typeof suite.DeserializePublicKey> {
  const known = imported.get(publicKey) ?? suite.DeserializePublicKey(Buffer.from(publicKey, 'base64url'))
  imported.set(publicKey, known)
  return known
}
