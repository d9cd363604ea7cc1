import { createHash } from 'node:crypto'

/** A short name for something that has no code of its own: lower-case Latin letters, digits and hyphens. */
export function slug(text: string): string {
  const latin = latinOf(text)
  return latin.length >= 2 ? latin.slice(0, most) : createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** The same for an address that people read: whole words of it. */
export function addressOf(title: string): string {
  const short = slug(title)
  const inWord = /[a-z0-9]/.test(latinOf(title)[most] ?? '')
  return (inWord && short.lastIndexOf('-') > 10 ? short.replace(/-[^-]*$/, '') : short).replace(/-$/, '')
}

const most = 60

function latinOf(text: string): string {
  return text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}

/** Whether something can be an address: what `slug` makes, as long as the database takes it. */
export function isSlug(text: string, longest = 80): boolean {
  return text.length <= longest && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
}
