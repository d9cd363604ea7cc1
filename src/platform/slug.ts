import { createHash } from 'node:crypto'

/** A short name for something that has no code of its own: lower-case Latin letters, digits and hyphens. */
export function slug(text: string): string {
  const latin = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return latin.length >= 2 ? latin.slice(0, 60) : createHash('sha256').update(text).digest('hex').slice(0, 12)
}
