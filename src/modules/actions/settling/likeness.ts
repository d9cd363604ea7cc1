import { currentIndexKey, keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { addressPattern, domainOf, strictAddress } from '#modules/people/index.ts'

/** What an address has in common with others, as indexes: surges are noticed by them, and what is alike can be removed together. */
export interface Likeness {
  domain: Buffer
  /** Only where the address has numbers in it. */
  pattern: Buffer | null
}

/** The index of a domain, as `Likeness` has it. */
export function domainIndex(keys: IndexKey[], domain: string): Buffer {
  return keyedIndex(currentIndexKey(keys), 'domain', domain.toLowerCase()).subarray(0, 16)
}

/** Likenesses of the addresses of a batch: its domains are few. */
export function likenesses(keys: IndexKey[]): (email: string) => Likeness {
  const key = currentIndexKey(keys)
  const domains = new Map<string, Buffer>()
  return (email) => {
    const name = domainOf(email)
    const domain = domains.get(name) ?? domainIndex(keys, name)
    domains.set(name, domain)
    const pattern = addressPattern(strictAddress(email))
    return { domain, pattern: pattern === undefined ? null : keyedIndex(key, 'pattern', pattern).subarray(0, 16) }
  }
}
