import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Db, Tx } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import type { Staff } from './accounts.ts'

/** Where the desk is reached: passkeys are bound to it. */
export interface DeskPlace {
  origin: string
  host: string
}

const library = () => import('@simplewebauthn/server')
const minutes = 5

async function keepChallenge(tx: Tx, challenge: string, staffId: string | null, now: Date): Promise<string> {
  const token = newToken()
  await tx.insertInto('passkey_challenges').values({ token_hash: tokenHash(token), challenge, staff_id: staffId, expires_at: new Date(now.getTime() + minutes * 60_000) }).execute()
  return token
}

/** A challenge works once. */
async function takeChallenge(tx: Tx, token: string, now: Date): Promise<{ challenge: string, staff_id: string | null } | undefined> {
  return tx.deleteFrom('passkey_challenges').where('token_hash', '=', tokenHash(token)).where('expires_at', '>', now).returning(['challenge', 'staff_id']).executeTakeFirst()
}

/** What a browser needs to make a passkey, and the token to hand back with it. */
export async function offerPasskey(tx: Tx, place: DeskPlace, staff: Staff, now: Date): Promise<{ token: string, options: object }> {
  const { generateRegistrationOptions } = await library()
  const known = await tx.selectFrom('passkeys').select(['id']).where('staff_id', '=', staff.id).execute()
  const options = await generateRegistrationOptions({
    rpName: 'Clarion', rpID: place.host, userName: staff.email, userDisplayName: staff.name, userID: new Uint8Array(Buffer.from(staff.id)),
    excludeCredentials: known.map((key) => ({ id: key.id.toString('base64url') })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { token: await keepChallenge(tx, options.challenge, staff.id, now), options }
}

export async function addPasskey(tx: Tx, place: DeskPlace, staff: Staff, token: string, response: RegistrationResponseJSON, label: string, now: Date): Promise<boolean> {
  const { verifyRegistrationResponse } = await library()
  const asked = await takeChallenge(tx, token, now)
  if (asked?.staff_id !== staff.id) return false
  const verified = await verifyRegistrationResponse({ response, expectedChallenge: asked.challenge, expectedOrigin: place.origin, expectedRPID: place.host, requireUserVerification: true }).catch(() => undefined)
  if (!verified?.verified) return false
  const { credential } = verified.registrationInfo
  await tx.insertInto('passkeys').values({
    id: Buffer.from(credential.id, 'base64url'), staff_id: staff.id, public_key: Buffer.from(credential.publicKey), counter: credential.counter,
    transports: credential.transports ?? [], label: label.slice(0, 100), created_at: now,
  }).execute()
  return true
}

/** What a browser needs to sign in with whichever passkey it has: it says nothing about who has an account. */
export async function askForPasskey(tx: Tx, place: DeskPlace, now: Date): Promise<{ token: string, options: object }> {
  const { generateAuthenticationOptions } = await library()
  const options = await generateAuthenticationOptions({ rpID: place.host, userVerification: 'required' })
  return { token: await keepChallenge(tx, options.challenge, null, now), options }
}

/** Whose passkey answered, if the answer is good. */
export async function passkeyStaff(tx: Tx, place: DeskPlace, token: string, response: AuthenticationResponseJSON, now: Date): Promise<string | undefined> {
  const { verifyAuthenticationResponse } = await library()
  const asked = await takeChallenge(tx, token, now)
  const key = await tx.selectFrom('passkeys').innerJoin('staff', 'staff.id', 'passkeys.staff_id').selectAll('passkeys')
    .where('passkeys.id', '=', Buffer.from(response.id ?? '', 'base64url')).where('staff.left_at', 'is', null).executeTakeFirst()
  if (!asked || !key) return undefined
  const verified = await verifyAuthenticationResponse({
    response, expectedChallenge: asked.challenge, expectedOrigin: place.origin, expectedRPID: place.host, requireUserVerification: true,
    credential: { id: response.id, publicKey: new Uint8Array(key.public_key), counter: key.counter, transports: key.transports },
  }).catch(() => undefined)
  if (!verified?.verified) return undefined
  await tx.updateTable('passkeys').set({ counter: verified.authenticationInfo.newCounter, last_used_at: now }).where('id', '=', key.id).execute()
  return key.staff_id
}

export async function passkeysOf(db: Db, staffId: string): Promise<{ id: string, label: string, createdAt: Date, lastUsedAt: Date | null }[]> {
  const rows = await db.selectFrom('passkeys').selectAll().where('staff_id', '=', staffId).orderBy('created_at').execute()
  return rows.map((row) => ({ id: row.id.toString('base64url'), label: row.label, createdAt: row.created_at, lastUsedAt: row.last_used_at }))
}

export async function removePasskey(tx: Tx, staffId: string, id: string): Promise<void> {
  await tx.deleteFrom('passkeys').where('staff_id', '=', staffId).where('id', '=', Buffer.from(id, 'base64url')).execute()
}
