import { createHash, randomBytes } from 'node:crypto'
import type { Db, Tx } from '#platform/db.ts'

const howMany = 10
/** With so few left somebody should make new ones. */
export const fewRecoveryCodes = 3

// Without letters and digits that people take for each other: 16 of 31 signs are 79 bits, which nobody guesses and no table lists.
const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
const length = 16

function newCode(): string {
  let code = ''
  // A byte past the last whole round of signs would make some signs likelier.
  while (code.length < length) for (const byte of randomBytes(length)) if (byte < 248 && code.length < length) code += signs[byte % signs.length]
  return code
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest()
}

/** A code as it was typed, without spaces and hyphens; nothing if it cannot be one. */
function plainCode(typed: string): string | undefined {
  const code = typed.toLowerCase().replace(/[\s\u00ad\u2010-\u2015-]/g, '')
  return new RegExp(`^[${signs}]{${length}}$`).test(code) ? code : undefined
}

/** Ten new codes, in place of all that there were. They are shown once and kept as hashes. */
export async function makeRecoveryCodes(tx: Tx, staffId: string, now: Date): Promise<string[]> {
  const codes = Array.from({ length: howMany }, newCode)
  await tx.deleteFrom('recovery_codes').where('staff_id', '=', staffId).execute()
  await tx.insertInto('recovery_codes').values(codes.map((code) => ({ staff_id: staffId, code_hash: hashOf(code), made_at: now }))).execute()
  return codes.map((code) => code.match(/.{4}/g)!.join('-'))
}

/** Uses a code up. False if it is none of theirs, or was used. */
export async function useRecoveryCode(tx: Tx, staffId: string, typed: string, now: Date): Promise<boolean> {
  const code = plainCode(typed)
  if (!code) return false
  const used = await tx.updateTable('recovery_codes').set({ used_at: now }).where('staff_id', '=', staffId).where('code_hash', '=', hashOf(code)).where('used_at', 'is', null).returning('staff_id').execute()
  return used.length > 0
}

/** How many codes somebody has that are still good, of how many; none of none if they never made any. */
export async function recoveryCodesLeft(db: Db, staffId: string): Promise<{ left: number, made: number }> {
  const rows = await db.selectFrom('recovery_codes').select('used_at').where('staff_id', '=', staffId).execute()
  return { left: rows.filter((row) => row.used_at === null).length, made: rows.length }
}
