import { randomBytes } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { normaliseAddress } from '#modules/people/index.ts'

/**
 * After an erasure an action remembers, under a salt of its own, that this address has been counted. The salt is destroyed some
 * days after the action has closed, and the hashes mean nothing from then on.
 */
function duplicateHash(keys: IndexKey[], salt: Buffer, email: string): Buffer {
  return keyedIndex(currentIndexKey(keys), `duplicate ${salt.toString('hex')}`, normaliseAddress(email))
}

/** Which of these belong to an address that was erased after it had been counted. */
export async function findErasedDuplicates(tx: Tx, keys: IndexKey[], asked: { id: string, actionId: string, email: string }[]): Promise<Set<string>> {
  const salts = await saltsOf(tx, asked.map((each) => each.actionId))
  const hashed = asked.flatMap(({ id, actionId, email }) => {
    const salt = salts.get(actionId)
    return salt ? [{ id, actionId, hash: duplicateHash(keys, salt, email) }] : []
  })
  if (hashed.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${hashed.map((each) => each.id)}::uuid[], ${hashed.map((each) => each.actionId)}::uuid[], ${hashed.map((each) => each.hash)}::bytea[]) as asked (id, action_id, hash)
    join erased_duplicates using (action_id, hash)`.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** Remembers that an address was counted by these actions, just before its person is erased. */
export async function rememberCounted(tx: Tx, keys: IndexKey[], actionIds: string[], email: string): Promise<void> {
  for (const actionId of actionIds) await sql`insert into duplicate_salts (action_id, salt) values (${actionId}, ${randomBytes(16)}) on conflict do nothing`.execute(tx)
  const salts = await saltsOf(tx, actionIds)
  for (const [actionId, salt] of salts) await sql`insert into erased_duplicates (action_id, hash) values (${actionId}, ${duplicateHash(keys, salt, email)}) on conflict do nothing`.execute(tx)
}

async function saltsOf(tx: Tx, actionIds: string[]): Promise<Map<string, Buffer>> {
  const { rows } = await sql<{ action_id: string, salt: Buffer }>`
    select action_id, salt from duplicate_salts where action_id = any (${[...new Set(actionIds)]}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.action_id, row.salt]))
}
