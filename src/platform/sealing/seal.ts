import { createCipheriv, type CipherGCMTypes } from 'node:crypto'
import { additionalData, headerLength, nonceLength, suiteOne, tagLength, type Place } from './envelope.ts'
import { contextInfo, exporterContext, keyId, publicKeyOf, suite, type SealingKey } from './keys.ts'

export const cipherName: CipherGCMTypes = 'aes-256-gcm'

/** Seals the values of a batch, or of a moment. Every context has a secret of its own, so a counter is a nonce that never repeats. */
export interface SealingContext {
  seal(place: Omit<Place, 'purpose'>, value: Buffer): Buffer
}

/** Opens one HPKE context to `key`, about 0.1 ms of work: one serves everything that is sealed together. */
export async function sealingContext(key: SealingKey): Promise<SealingContext> {
  const { encapsulatedSecret, ctx } = await suite.SetupSender(await publicKeyOf(key), { info: contextInfo(key.purpose) })
  const rowKey = await ctx.Export(exporterContext, 32)
  const header = Buffer.concat([Buffer.of(suiteOne), Buffer.from(keyId(key), 'hex'), encapsulatedSecret])
  let counter = 0
  return {
    seal(place, value) {
      const envelope = Buffer.allocUnsafe(headerLength + nonceLength + value.length + tagLength)
      header.copy(envelope)
      envelope.fill(0, headerLength, headerLength + nonceLength)
      envelope.writeUIntBE(++counter, headerLength + nonceLength - 6, 6)
      const cipher = createCipheriv(cipherName, rowKey, envelope.subarray(headerLength, headerLength + nonceLength))
      cipher.setAAD(additionalData({ purpose: key.purpose, ...place }))
      cipher.update(value).copy(envelope, headerLength + nonceLength)
      cipher.final()
      cipher.getAuthTag().copy(envelope, envelope.length - tagLength)
      return envelope
    },
  }
}

/** How long a context serves before there is another one, and how long at most while the other one is being made, in milliseconds. */
const moment = 100
const longest = 500

/**
 * Contexts to one key for a process that seals all day. One serves what is sealed within a moment, also when a crowd makes that many
 * batches; then there is a new one, and the old secret is gone. While the new one is being made, which takes many turns of a busy
 * event loop, the old one serves on: waiting for it cost a crowd a fifth of its pace.
 */
export class Sealer {
  #key: SealingKey
  #current: { context: SealingContext, since: number } | undefined
  #next: Promise<SealingContext> | undefined

  constructor(key: SealingKey) {
    this.#key = key
  }

  /** From now on another key. What has been begun with the old one is finished with it. */
  use(key: SealingKey): void {
    this.#key = key
    this.#current = undefined
    this.#next = undefined
  }

  context(): SealingContext | Promise<SealingContext> {
    const age = this.#current ? performance.now() - this.#current.since : Infinity
    if (age < moment) return this.#current!.context
    if (!this.#next) {
      this.#next = this.#make()
      // Whoever waits for it is told; the next one asks again.
      this.#next.catch(() => {})
    }
    return age < longest ? this.#current!.context : this.#next
  }

  async #make(): Promise<SealingContext> {
    const key = this.#key
    try {
      const context = await sealingContext(key)
      if (key === this.#key) this.#current = { context, since: performance.now() }
      return context
    } finally {
      if (key === this.#key) this.#next = undefined
    }
  }
}

/** Seals one value in a context of its own, for where there is no batch. */
export async function sealOne(key: SealingKey, place: Omit<Place, 'purpose'>, value: unknown): Promise<Buffer> {
  return (await sealingContext(key)).seal(place, sealable(value))
}

/** How a value looks before it is sealed: JSON, so that a new field needs no new format. */
export function sealable(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
