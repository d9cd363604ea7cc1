import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { sql, type Tx } from '#platform/db.ts'
import { plainDigits } from '#platform/digits.ts'
import { sealOne, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import type { Staff } from './accounts.ts'

const hashPassword = promisify(argon2) as (algorithm: string, parameters: object) => Promise<Buffer>

// OWASP's second recommendation for Argon2id: 19 MiB, two passes, one lane. About 25 ms.
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

async function derive(password: string, nonce: Buffer): Promise<Buffer> {
  return hashPassword('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce, ...cost })
}

export const shortestPassword = 12

export async function setPassword(tx: Tx, staffId: string, password: string): Promise<void> {
  const nonce = randomBytes(16)
  const hash = `argon2id1$${nonce.toString('base64url')}$${(await derive(password, nonce)).toString('base64url')}`
  await tx.updateTable('staff').set({ password_hash: hash, failed_attempts: 0, locked_until: null }).where('id', '=', staffId).execute()
}

async function passwordFits(hash: string | null, password: string): Promise<boolean> {
  const [, nonce, derived] = (hash ?? `argon2id1$${'A'.repeat(22)}$${'A'.repeat(43)}`).split('$')
  const typed = await derive(password, Buffer.from(nonce!, 'base64url'))
  return timingSafeEqual(typed, Buffer.from(derived!, 'base64url')) && hash !== null
}

function secretPlace(staffId: string): Place {
  return { purpose: 'contact', table: 'staff', column: 'one_time_secret', row: staffId }
}

function oneTimeCode(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Clarion', label, secret: Secret.fromBase32(secret), digits: 6, period: 30, algorithm: 'SHA1' })
}

/** A new secret for an authenticator app, and the address that its QR code carries. */
export function newOneTimeSecret(label: string): { secret: string, uri: string } {
  const secret = new Secret({ size: 20 }).base32
  return { secret, uri: oneTimeCode(secret, label).toString() }
}

/** Whether a code fits a secret that is not in use yet: before it is, somebody proves that the app has it. */
export function codeFits(secret: string, code: string, now: Date): boolean {
  return /^[A-Z2-7]{32}$/.test(secret) && oneTimeCode(secret, '').validate({ token: plainDigits(code).replace(/\D/g, ''), timestamp: now.getTime(), window: 1 }) !== null
}

export async function setOneTimeSecret(tx: Tx, key: SealingKey, staffId: string, secret: string): Promise<void> {
  const { table, column, row } = secretPlace(staffId)
  await tx.updateTable('staff').set({ one_time_secret: await sealOne(key, { table, column, row }, secret), one_time_last: 0 }).where('id', '=', staffId).execute()
}

const mostFailures = 5
const lockedMinutes = 15

/**
 * Checks password and one-time code of a staff member, or of nobody, in the same time. After five failures in a row the account
 * is locked for a quarter of an hour; the answer does not say so, nor whether there is such an account. A code works once.
 */
export async function passwordAndCodeFit(tx: Tx, opener: Opener, staff: Staff | undefined, password: string, code: string, now: Date): Promise<boolean> {
  const row = staff && await tx.selectFrom('staff').selectAll().where('id', '=', staff.id).forUpdate().executeTakeFirst()
  const fits = await passwordFits(row?.password_hash ?? null, password)
  if (!staff || !row?.one_time_secret || (row.locked_until && row.locked_until > now)) return false
  const secret = await opener.open<string>(secretPlace(staff.id), row.one_time_secret)
  const delta = oneTimeCode(secret, '').validate({ token: plainDigits(code).replace(/\D/g, ''), timestamp: now.getTime(), window: 1 })
  const step = delta === null ? 0 : Math.floor(now.getTime() / 30_000) + delta
  if (fits && step > row.one_time_last) {
    await sql`update staff set failed_attempts = 0, locked_until = null, one_time_last = ${step} where id = ${staff.id}`.execute(tx)
    return true
  }
  await sql`
    update staff set failed_attempts = failed_attempts + 1,
      locked_until = case when failed_attempts + 1 >= ${mostFailures} then ${new Date(now.getTime() + lockedMinutes * 60_000)} else locked_until end
    where id = ${staff.id}`.execute(tx)
  return false
}
