import { createHmac } from 'node:crypto'

/** A key for turning identifiers into something that can be compared and not read. Retired keys still match and make nothing new. */
export interface IndexKey {
  id: number
  /** 32 bytes, base64url. */
  secret: string
  retired?: boolean
}

/** HMAC-SHA256 of `text` under `key`, 32 bytes; `use` keeps the indexes of one text for several uses apart. */
export function keyedIndex(key: IndexKey, use: string, text: string): Buffer {
  return createHmac('sha256', Buffer.from(key.secret, 'base64url')).update(`${use}\n${text}`).digest()
}

/** The keys that new rows are indexed under: while a rotation goes on both, so that a worker that has only the old one finds them too. Oldest first. */
export function liveIndexKeys(keys: IndexKey[]): IndexKey[] {
  return keys.filter((key) => !key.retired)
}

/** The newest of them: of what is compared without knowing its key. */
export function currentIndexKey(keys: IndexKey[]): IndexKey {
  const current = keys.findLast((key) => !key.retired)
  if (!current) throw new Error('There is no index key in use')
  return current
}
