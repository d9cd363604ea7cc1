import { createHash } from 'node:crypto'

/** A short name for something that has no code of its own: lower-case Latin letters, digits and hyphens. */
export function slug(text: string): string {
  const latin = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return latin.length >= 2 ? latin.slice(0, 60) : createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Whether something can be an address: what `slug` makes, as long as the database takes it. */
export function isSlug(text: string, most = 80): boolean {
  return text.length <= most && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
}
