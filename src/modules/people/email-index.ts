import { keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { normaliseAddress } from './address.ts'

/** The index of an address under one key, 32 bytes. */
export function emailIndex(key: IndexKey, email: string): Buffer {
  return keyedIndex(key, 'email', normaliseAddress(email))
}
