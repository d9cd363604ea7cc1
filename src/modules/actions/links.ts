import { createHash, createHmac } from 'node:crypto'
import { tokenHash } from '#platform/tokens.ts'

/**
 * The token of the links in all mails about one participation, made from the worker's link key, so that a mail that is written
 * again has the same links. The database keeps its hash alone.
 */
export function linkToken(linkKey: string, participationId: string): string {
  return createHmac('sha256', Buffer.from(linkKey, 'base64url')).update(`link\n${participationId}`).digest().toString('base64url', 0, 16)
}

export function linkHash(linkKey: string, participationId: string): Buffer {
  return tokenHash(linkToken(linkKey, participationId))
}

/** The short code of a confirmation mail: six digits, for people who would rather type than follow a link. */
export function shortCode(linkKey: string, participationId: string): string {
  const drawn = createHmac('sha256', Buffer.from(linkKey, 'base64url')).update(`code\n${participationId}`).digest().readUIntBE(0, 6)
  return String(drawn % 1_000_000).padStart(6, '0')
}

/** What is kept of a code: its hash with the cookie of the browser that signed, so that a stolen database cannot try all codes. */
export function codeHash(code: string, cookie: string): Buffer {
  return createHash('sha256').update(`${cookie}\n${code}`).digest()
}
