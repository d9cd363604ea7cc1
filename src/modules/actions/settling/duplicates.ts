import { randomBytes } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { normaliseAddress } from '#modules/people/index.ts'

/**
 * After an erasure an action remembers, under a salt of its own, that this address has been counted. The salt is destroyed some
 * days after the action has closed, and the hashes mean nothing from then on.
 */
function duplicateHash(key: IndexKey, salt: Buffer, email: string): Buffer {
  return keyedIndex(key, `duplicate ${salt.toString('hex')}`, normaliseAddress(email))
}

/** Which of these belong to an address that was erased after it had been counted, under any key that is still known. */
export async function findErasedDuplicates(tx: Tx, keys: IndexKey[], asked: { id: string, actionId: string, email: string }[]): Promise<Set<string>> {
  const salts = await saltsOf(tx, asked.map((each) => each.actionId))
  const hashed = asked.flatMap(({ id, actionId, email }) => {
    const salt = salts.get(actionId)
    return salt ? keys.map((key) => ({ id, actionId, hash: duplicateHash(key, salt, email) })) : []
  })
  if (hashed.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${hashed.map((each) => each.id)}::uuid[], ${hashed.map((each) => each.actionId)}::uuid[], ${hashed.map((each) => each.hash)}::bytea[]) as asked (id, action_id, hash)
    join erased_duplicates using (action_id, hash)`.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** Remembers which addresses were counted by which actions, just before their people are erased. */
export async function rememberCounted(tx: Tx, keys: IndexKey[], counted: { actionId: string, email: string }[]): Promise<void> {
  if (counted.length === 0) return
  const actionIds = [...new Set(counted.map(({ actionId }) => actionId))].toSorted()
  await sql`
    insert into duplicate_salts (action_id, salt) select * from unnest(${actionIds}::uuid[], ${actionIds.map(() => randomBytes(16))}::bytea[]) on conflict do nothing`.execute(tx)
  const salts = await saltsOf(tx, actionIds)
  const key = currentIndexKey(keys)
  await sql`
    insert into erased_duplicates (action_id, hash)
    select * from unnest(${counted.map(({ actionId }) => actionId)}::uuid[], ${counted.map(({ actionId, email }) => duplicateHash(key, salts.get(actionId)!, email))}::bytea[]) on conflict do nothing`.execute(tx)
}

async function saltsOf(tx: Tx, actionIds: string[]): Promise<Map<string, Buffer>> {
  const { rows } = await sql<{ action_id: string, salt: Buffer }>`
    select action_id, salt from duplicate_salts where action_id = any (${[...new Set(actionIds)]}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.action_id, row.salt]))
}
