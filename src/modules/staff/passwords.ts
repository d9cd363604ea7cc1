import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { plainDigits } from '#platform/digits.ts'
import { sealOne, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import type { Staff } from './accounts.ts'
import { audit } from './audit.ts'
import { useRecoveryCode } from './recovery-codes.ts'

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

// What is compared with where there is nobody: it takes as long, and fits nothing that counts.
const nobodysSecret = 'A'.repeat(32)
const mostFailures = 5
const lockedMinutes = 15

/** What signs somebody in: nothing, the one-time code of their app, or one of their recovery codes. */
export type Fit = false | 'code' | 'recovery'

/**
 * Checks password and code of a staff member, or of nobody, in the same time. After five failures in a row password and one-time code
 * do not let in for a quarter of an hour; the answer does not say so, nor whether there is such an account. So that nobody can keep somebody
 * out for ever, passkeys, recovery codes and links go on working. A code works once. Who has no password signs in with a recovery code alone.
 * Without `recovery` no recovery code fits, and none is used up.
 */
export async function passwordAndCodeFit(tx: Tx, opener: Opener, staff: Staff | undefined, password: string, code: string, now: Date, { recovery = true }: { recovery?: boolean } = {}): Promise<Fit> {
  const row = staff && await tx.selectFrom('staff').selectAll().where('id', '=', staff.id).forUpdate().executeTakeFirst()
  const fits = await passwordFits(row?.password_hash ?? null, password)
  if (recovery && staff && row && (fits || row.password_hash === null) && await useRecoveryCode(tx, staff.id, code, now)) {
    await clearFailures(tx, staff.id)
    return 'recovery'
  }
  const secret = staff && row?.one_time_secret ? await opener.open<string>(secretPlace(staff.id), row.one_time_secret) : nobodysSecret
  const delta = oneTimeCode(secret, '').validate({ token: plainDigits(code).replace(/\D/g, ''), timestamp: now.getTime(), window: 1 })
  const step = delta === null ? 0 : Math.floor(now.getTime() / 30_000) + delta
  const locked = row?.locked_until && row.locked_until > now
  if (staff && row?.one_time_secret && !locked && fits && step > row.one_time_last) {
    await clearFailures(tx, staff.id, step)
    return 'code'
  }
  // A failure costs a write, whoever it was about.
  await sql`insert into signin_failures (day, failures) values (${now.toISOString().slice(0, 10)}, 1) on conflict (day) do update set failures = signin_failures.failures + 1`.execute(tx)
  if (staff && row && !locked) await noteFailure(tx, staff.id, row.failed_attempts + 1, now)
  return false
}

async function clearFailures(tx: Tx, staffId: string, step?: number): Promise<void> {
  await tx.updateTable('staff').set({ failed_attempts: 0, locked_until: null, ...(step !== undefined && { one_time_last: step }) }).where('id', '=', staffId).execute()
}

async function noteFailure(tx: Tx, staffId: string, failures: number, now: Date): Promise<void> {
  const locks = failures >= mostFailures
  await tx.updateTable('staff').set({ failed_attempts: locks ? 0 : failures, ...(locks && { locked_until: new Date(now.getTime() + lockedMinutes * 60_000) }) }).where('id', '=', staffId).execute()
  if (locks) await audit(tx, { staffId: null, verb: 'lock-account', subjectKind: 'staff', subjectIds: [staffId] }, now)
}

/** Lets password and code in again before the quarter of an hour is over. */
export async function unlockAccount(tx: Tx, staffId: string): Promise<void> {
  await clearFailures(tx, staffId)
}

/** Failed attempts to sign in, by day, since a day. */
export async function failedSignins(db: Db, since: Date): Promise<number> {
  const { rows: [row] } = await sql<{ failures: number }>`select coalesce(sum(failures), 0)::int as failures from signin_failures where day >= ${since.toISOString().slice(0, 10)}`.execute(db)
  return row!.failures
}
