import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const pool = Buffer.alloc(16 * 256)
let used = pool.length

/** 128 random bits as 22 characters that are safe in a URL. Drawn from a pool, because a draw of its own costs a microsecond or two. */
export function newToken(): string {
  if (used === pool.length) {
    randomBytes(pool.length).copy(pool)
    used = 0
  }
  const token = pool.toString('base64url', used, used + 16)
  pool.fill(0, used, used + 16)
  used += 16
  return token
}

/** What is kept of a token: its SHA-256. */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** Whether text looks like one of our tokens. */
export function isToken(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{22}$/.test(text)
}

/** Compares two texts without telling by its time how much of them agrees. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(tokenHash(one), tokenHash(other))
}
