import { createDecipheriv } from 'node:crypto'
import type { KeyPair } from 'hpke'
import { additionalData, bodyOf, headerLength, readEnvelope, type Body, type Envelope, type Place, type Purpose } from './envelope.ts'
import { contextInfo, exporterContext, keyId, publicKeyOf, suite, type OpeningKey } from './keys.ts'
import { cipherName } from './seal.ts'

const remembered = 2000

/** The private key that would open this is not here: it is kept elsewhere, or it is another installation's. */
export class KeyElsewhere extends Error {}

/** The secret of what was sealed together: being derived, and once it is, at hand. */
interface RowKey {
  derived: Promise<Uint8Array>
  key?: Uint8Array
}

/**
 * Opens sealed values with the private keys that this process was given. Values sealed in one batch share a secret, which is
 * derived once (about 0.1 ms) and remembered for a while.
 */
export class Opener {
  #keys: Map<string, OpeningKey>
  readonly #pairs = new Map<string, ReturnType<typeof pairOf>>()
  readonly #rowKeys = new Map<string, RowKey>()
  #last: { purpose: Purpose, header: Buffer, key: Uint8Array } | undefined

  constructor(keys: OpeningKey[]) {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
  }

  /** From now on these keys open, and no others: after a rotation, or when somebody has brought a key that is kept elsewhere. */
  use(keys: OpeningKey[]): void {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#pairs.clear()
    this.#rowKeys.clear()
    this.#last = undefined
  }

  /** The JSON value sealed at `place`. Throws if it was sealed elsewhere or was altered, and a `KeyElsewhere` if it needs a key that is not here. */
  async open<Value>(place: Place, sealed: Buffer): Promise<Value> {
    return JSON.parse((await this.openBytes(place, sealed)).toString()) as Value
  }

  /** The same as the bytes that were sealed. */
  async openBytes(place: Place, sealed: Buffer): Promise<Buffer> {
    const envelope = readEnvelope(sealed)
    return decrypted(place, envelope, await this.#rowKey(this.#keyFor(place, envelope), envelope.enc).derived)
  }

  /** Derives what up to some hundreds of values of one purpose need, so that `openNow` opens them. */
  async prepare(purpose: Purpose, sealed: (Buffer | null)[]): Promise<void> {
    const derived: Promise<Uint8Array>[] = []
    let last: Buffer | undefined
    for (const value of sealed) {
      if (!value || (last && haveSameHeader(value, last))) continue
      const envelope = readEnvelope(value)
      const rowKey = this.#rowKey(this.#keyFor({ purpose }, envelope), envelope.enc)
      if (!rowKey.key) derived.push(rowKey.derived)
      last = value
    }
    await Promise.all(derived)
  }

  /** The same as `open`, of a value that was prepared: without a promise for each of them a list takes half the time. */
  openNow<Value>(place: Place, sealed: Buffer): Value {
    const last = this.#last
    // Of a list, what was sealed together comes together.
    if (last?.purpose !== place.purpose || !haveSameHeader(sealed, last.header)) {
      const envelope = readEnvelope(sealed)
      const { key } = this.#rowKey(this.#keyFor(place, envelope), envelope.enc)
      if (!key) throw new Error('Not prepared')
      this.#last = { purpose: place.purpose, header: sealed.subarray(0, headerLength), key }
    }
    return JSON.parse(decrypted(place, bodyOf(sealed), this.#last!.key).toString()) as Value
  }

  /** What the keys that are here are called in envelopes. */
  get names(): string[] {
    return [...this.#keys.keys()]
  }

  /** Whether this process holds a key for that purpose. */
  opens(purpose: Purpose): boolean {
    return [...this.#keys.values()].some((key) => key.purpose === purpose)
  }

  #keyFor({ purpose, table, column }: Pick<Place, 'purpose'> & Partial<Place>, { keyId: id }: Envelope): OpeningKey {
    const key = this.#keys.get(id)
    if (key?.purpose !== purpose) throw new KeyElsewhere(`No ${purpose} key ${id} here to open ${table ?? 'these'}.${column ?? 'values'}`)
    return key
  }

  #rowKey(key: OpeningKey, enc: Buffer): RowKey {
    const name = enc.toString('latin1')
    const known = this.#rowKeys.get(name)
    if (known) return known
    const rowKey: RowKey = { derived: this.#deriveRowKey(key, enc) }
    rowKey.derived.then((derived) => { rowKey.key = derived }, () => {})
    this.#rowKeys.set(name, rowKey)
    if (this.#rowKeys.size > remembered) this.#rowKeys.delete(this.#rowKeys.keys().next().value!)
    return rowKey
  }

  async #deriveRowKey(key: OpeningKey, enc: Buffer): Promise<Uint8Array> {
    const pair = this.#pairs.get(key.privateKey) ?? pairOf(key)
    this.#pairs.set(key.privateKey, pair)
    const context = await suite.SetupRecipient(await pair, enc, { info: contextInfo(key.purpose) })
    return context.Export(exporterContext, 32)
  }
}

/** Both halves: without the public one the library works it out each time. */
async function pairOf(key: OpeningKey): Promise<KeyPair<CryptoKey>> {
  return { privateKey: await suite.DeserializePrivateKey(Buffer.from(key.privateKey, 'base64url'), false), publicKey: await publicKeyOf(key) }
}

function decrypted(place: Place, { nonce, ciphertext, tag }: Body, rowKey: Uint8Array): Buffer {
  const decipher = createDecipheriv(cipherName, rowKey, nonce)
  decipher.setAAD(additionalData(place))
  decipher.setAuthTag(tag)
  const value = decipher.update(ciphertext)
  // Of this mode all has come out by then; what is left to do is to check the tag.
  decipher.final()
  return value
}

/** Whether two values were sealed in one context. */
function haveSameHeader(one: Buffer, other: Buffer): boolean {
  return one.compare(other, 0, headerLength, 0, headerLength) === 0
}
