import { keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { normaliseAddress } from './address.ts'

/** The index of an address under one key, 32 bytes. */
export function emailIndex(key: IndexKey, email: string): Buffer {
  return keyedIndex(key, 'email', normaliseAddress(email))
}

/** An address as one key sees it. */
export interface KeyedAddress {
  index: Buffer
  keyId: number
}

/** The addresses of a batch under every key that is still known, each worked out once: several tables are asked about them, and none is shown an address. */
export class IndexedAddresses {
  readonly keys: IndexKey[]
  /** Side by side, for a statement: `unnest(indexes, keyIds)`. */
  readonly indexes: Buffer[] = []
  readonly keyIds: number[] = []
  readonly #emails = new Map<string, string>()
  readonly #byEmail = new Map<string, Map<number, Buffer>>()

  constructor(keys: IndexKey[], emails: string[]) {
    this.keys = keys
    for (const email of new Set(emails.map(normaliseAddress))) {
      const under = new Map(keys.map((key) => [key.id, keyedIndex(key, 'email', email)]))
      this.#byEmail.set(email, under)
      for (const [keyId, index] of under) {
        this.#emails.set(nameOf({ index, keyId }), email)
        this.indexes.push(index)
        this.keyIds.push(keyId)
      }
    }
  }

  /** The index of a normalised address that is among them, under one of the keys. */
  of(normal: string, keyId: number): Buffer {
    return this.#byEmail.get(normal)!.get(keyId)!
  }

  /** The normalised address that has been found by one of the indexes. */
  found(by: KeyedAddress): string {
    return this.#emails.get(nameOf(by))!
  }
}

function nameOf({ index, keyId }: KeyedAddress): string {
  return `${keyId}:${index.toString('latin1')}`
}
