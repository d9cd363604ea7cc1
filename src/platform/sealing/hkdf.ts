import { createHmac } from 'node:crypto'
import { KDF_HKDF_SHA256, type KDF } from 'hpke'

/**
 * HKDF-SHA256 (RFC 5869) for the cipher suite, computed where it is asked for. The library's own hands each of its ten hashes for one context to another
 * thread and waits for it: that took two thirds of what a context costs.
 */
export const hkdfSha256 = (): KDF => ({
  ...KDF_HKDF_SHA256(),
  Extract: (salt, ikm) => Promise.resolve(hmac(salt, ikm)),
  Expand(prk, info, length) {
    const blocks: Uint8Array[] = []
    for (let number = 1, last = new Uint8Array(); blocks.length * 32 < length; number++) blocks.push(last = hmac(prk, last, info, Uint8Array.of(number)))
    // The library hands it to WebCrypto, which takes a buffer of exactly this size.
    return Promise.resolve(Uint8Array.from(Buffer.concat(blocks).subarray(0, length)))
  },
})

function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = createHmac('sha256', key)
  for (const part of parts) hash.update(part)
  return Uint8Array.from(hash.digest())
}
