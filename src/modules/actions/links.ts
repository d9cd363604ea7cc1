import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
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

/**
 * The token of a link that lets out of all mail and does nothing else: List-Unsubscribe is read by mail programs and companies in between, who are to
 * hold no more than that. The participation's id and 16 bytes of HMAC, 43 letters; nobody needs to look it up before it is settled.
 */
export function leavingToken(linkKey: string, participationId: string): string {
  return Buffer.concat([Buffer.from(participationId.replaceAll('-', ''), 'hex'), leavingMark(linkKey, participationId)]).toString('base64url')
}

/** Whether text looks like such a token; only the worker, which has the key, knows whether it is one. */
export function isLeavingToken(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** The participation that such a token lets out; nothing if it was not made with this key. */
export function readLeavingToken(linkKey: string, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== 32) return undefined
  const id = bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return timingSafeEqual(leavingMark(linkKey, id), bytes.subarray(16)) ? id : undefined
}

function leavingMark(linkKey: string, participationId: string): Buffer {
  return createHmac('sha256', Buffer.from(linkKey, 'base64url')).update(`leaving\n${participationId}`).digest().subarray(0, 16)
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
