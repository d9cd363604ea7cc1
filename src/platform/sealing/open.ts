import { createDecipheriv } from 'node:crypto'
import { additionalData, readEnvelope, type Place, type Purpose } from './envelope.ts'
import { contextInfo, exporterContext, keyId, suite, type OpeningKey } from './keys.ts'
import { cipherName } from './seal.ts'

const remembered = 2000

/** The private key that would open this is not here: it is kept elsewhere, or it is another installation's. */
export class KeyElsewhere extends Error {}

/**
 * Opens sealed values with the private keys that this process was given. Values sealed in one batch share a secret, which is
 * derived once (about 0.3 ms) and remembered for a while.
 */
export class Opener {
  #keys: Map<string, OpeningKey>
  readonly #privateKeys = new Map<string, ReturnType<typeof suite.DeserializePrivateKey>>()
  readonly #rowKeys = new Map<string, Promise<Uint8Array>>()

  constructor(keys: OpeningKey[]) {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
  }

  /** From now on these keys open, and no others: after a rotation, or when somebody has brought a key that is kept elsewhere. */
  use(keys: OpeningKey[]): void {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#privateKeys.clear()
    this.#rowKeys.clear()
  }

  /** The JSON value sealed at `place`. Throws if it was sealed elsewhere or was altered, and a `KeyElsewhere` if it needs a key that is not here. */
  async open<Value>(place: Place, sealed: Buffer): Promise<Value> {
    return JSON.parse((await this.openBytes(place, sealed)).toString()) as Value
  }

  /** The same as the bytes that were sealed. */
  async openBytes(place: Place, sealed: Buffer): Promise<Buffer> {
    const { keyId: id, enc, nonce, ciphertext, tag } = readEnvelope(sealed)
    const key = this.#keys.get(id)
    if (key?.purpose !== place.purpose) throw new KeyElsewhere(`No ${place.purpose} key ${id} here to open ${place.table}.${place.column}`)
    const decipher = createDecipheriv(cipherName, await this.#rowKey(key, enc), nonce)
    decipher.setAAD(additionalData(place))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  }

  /** What the keys that are here are called in envelopes. */
  get names(): string[] {
    return [...this.#keys.keys()]
  }

  /** Whether this process holds a key for that purpose. */
  opens(purpose: Purpose): boolean {
    return [...this.#keys.values()].some((key) => key.purpose === purpose)
  }

  #rowKey(key: OpeningKey, enc: Buffer): Promise<Uint8Array> {
    const name = enc.toString('latin1')
    let rowKey = this.#rowKeys.get(name)
    if (!rowKey) {
      rowKey = this.#deriveRowKey(key, enc)
      this.#rowKeys.set(name, rowKey)
      if (this.#rowKeys.size > remembered) this.#rowKeys.delete(this.#rowKeys.keys().next().value!)
    }
    return rowKey
  }

  async #deriveRowKey(key: OpeningKey, enc: Buffer): Promise<Uint8Array> {
    const privateKey = this.#privateKeys.get(key.privateKey) ?? suite.DeserializePrivateKey(Buffer.from(key.privateKey, 'base64url'), false)
    this.#privateKeys.set(key.privateKey, privateKey)
    const context = await suite.SetupRecipient(await privateKey, enc, { info: contextInfo(key.purpose) })
    return context.Export(exporterContext, 32)
  }
}
