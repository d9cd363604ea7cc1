import { createDecipheriv } from 'node:crypto'
import type { KeyPair } from 'hpke'
import { additionalData, bodyOf, headerLength, readEnvelope, type Body, type Envelope, type Place, type Purpose } from './envelope.ts'
import { contextInfo, exporterContext, keyId, publicKeyOf, suite, type OpeningKey } from './keys.ts'
import { cipherName } from './seal.ts'

const remembered = 2000

/** The private key that would open this is not here: it is kept elsewhere, or it is another installation's. */
export class KeyElsewhere extends Error {}

/**
 * Opens sealed values with the private keys that this process was given. Values sealed in one batch share a secret, which is
 * derived once (about 0.1 ms) and remembered for a while.
 */
export class Opener {
  #keys: Map<string, OpeningKey>
  readonly #pairs = new Map<string, ReturnType<typeof pairOf>>()
  readonly #rowKeys = new Map<string, Promise<Uint8Array>>()

  constructor(keys: OpeningKey[]) {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
  }

  /** From now on these keys open, and no others: after a rotation, or when somebody has brought a key that is kept elsewhere. */
  use(keys: OpeningKey[]): void {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#pairs.clear()
    this.#rowKeys.clear()
  }

  /** The JSON value sealed at `place`. Throws if it was sealed elsewhere or was altered, and a `KeyElsewhere` if it needs a key that is not here. */
  async open<Value>(place: Place, sealed: Buffer): Promise<Value> {
    return JSON.parse((await this.openBytes(place, sealed)).toString()) as Value
  }

  /** The same as the bytes that were sealed. */
  async openBytes(place: Place, sealed: Buffer): Promise<Buffer> {
    const envelope = readEnvelope(sealed)
    return decrypted(place, envelope, await this.#rowKey(this.#keyFor(place, envelope), envelope.enc))
  }

  /** Derives what many values need, of each purpose, so that they open without a promise for each of them: a list takes half the time. */
  async prepare(sealed: Record<Purpose, (Buffer | null)[]>): Promise<Prepared> {
    const [contact, record] = await Promise.all([this.#secretsOf('contact', sealed.contact), this.#secretsOf('record', sealed.record)])
    return new Prepared({ contact, record })
  }

  /** By header. */
  async #secretsOf(purpose: Purpose, sealed: (Buffer | null)[]): Promise<Map<string, Uint8Array>> {
    const derived = new Map<string, Promise<Uint8Array>>()
    let last: Buffer | undefined
    for (const value of sealed) {
      if (!value || (last && haveSameHeader(value, last))) continue
      const envelope = readEnvelope(value)
      derived.set(headerOf(value), this.#rowKey(this.#keyFor({ purpose }, envelope), envelope.enc))
      last = value
    }
    return new Map(await Promise.all([...derived].map(async ([header, secret]): Promise<[string, Uint8Array]> => [header, await secret])))
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

  #rowKey(key: OpeningKey, enc: Buffer): Promise<Uint8Array> {
    const name = enc.toString('latin1')
    const known = this.#rowKeys.get(name)
    if (known) return known
    const derived = this.#deriveRowKey(key, enc)
    // Whoever asked for it is told.
    derived.catch(() => {})
    this.#rowKeys.set(name, derived)
    if (this.#rowKeys.size > remembered) this.#rowKeys.delete(this.#rowKeys.keys().next().value!)
    return derived
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

/** Sealed values whose secrets are at hand for as long as somebody has this, however many others are opened meanwhile. */
export class Prepared {
  readonly #secrets: Record<Purpose, Map<string, Uint8Array>>
  #last: { purpose: Purpose, sealed: Buffer, secret: Uint8Array } | undefined

  constructor(secrets: Record<Purpose, Map<string, Uint8Array>>) {
    this.#secrets = secrets
  }

  /** The same as `Opener.open`, of a value that was prepared. */
  open<Value>(place: Place, sealed: Buffer): Value {
    // Of a list, what was sealed together comes together.
    if (this.#last?.purpose !== place.purpose || !haveSameHeader(sealed, this.#last.sealed)) {
      const secret = this.#secrets[place.purpose].get(headerOf(sealed))
      if (!secret) throw new Error('Not prepared')
      this.#last = { purpose: place.purpose, sealed, secret }
    }
    return JSON.parse(decrypted(place, bodyOf(sealed), this.#last.secret).toString()) as Value
  }
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

/** What is the same for values that were sealed in one context. */
function headerOf(sealed: Buffer): string {
  return sealed.toString('latin1', 0, headerLength)
}

function haveSameHeader(one: Buffer, other: Buffer): boolean {
  return one.compare(other, 0, headerLength, 0, headerLength) === 0
}
