import { openDb, openPool } from '#platform/db.ts'
import { changeSecrets, KeyFault, type KeyChange } from '#platform/key-changes.ts'
import { keyId } from '#platform/sealing/index.ts'
import { recordKeys, type Secrets } from '#platform/secrets.ts'
import { destroyKey } from '#modules/keys/index.ts'
import type { KeyAnswer } from '#processes/launch.ts'
import type { Installation } from './installation.ts'

/**
 * Changes the keys of an installation, in its files: for the desk, which asks, or for a command. A key is thrown away only once the database has
 * noted that nothing lies under it and refuses what would. `handOver` gives the new secrets to the processes that run.
 */
export async function keepKeys(installation: Pick<Installation, 'config' | 'owner' | 'secrets'>, change: KeyChange, handOver: (secrets: Secrets) => void, now: Date): Promise<KeyAnswer> {
  try {
    if (change.do === 'destroy') {
      const refused = await mayNotBeDestroyed(installation, change, now)
      if (refused) return refused
    }
    if (newlyOnSheet(change)) await outdateSheet(installation)
    handOver(changeSecrets(installation.config.dataFolder, change, now))
    return { outcome: 'done' }
  } catch (error) {
    if (error instanceof KeyFault) return { outcome: 'refused', why: error.message }
    throw error
  }
}

/** Whether the recovery sheets that were printed lack something from now on, or have too much. */
function newlyOnSheet(change: KeyChange): boolean {
  return change.do === 'keep-outside' || change.do === 'bring-back' || (change.do === 'rotate' && change.kind !== 'dkim')
}

/** Staff are reminded to print the sheet, as if there had never been one. */
async function outdateSheet({ owner }: Pick<Installation, 'owner'>): Promise<void> {
  const pool = openPool(owner, { name: 'keys', size: 1 })
  try {
    await openDb(pool).deleteFrom('milestones').where('name', '=', 'recovery-sheet').execute()
  } finally {
    await pool.end()
  }
}

async function mayNotBeDestroyed({ owner, secrets }: Pick<Installation, 'owner' | 'secrets'>, { kind, key }: Extract<KeyChange, { do: 'destroy' }>, now: Date): Promise<KeyAnswer | undefined> {
  const ring = (kind === 'contact' ? secrets.desk.contact : recordKeys(secrets.desk)).map(keyId)
  if (!ring.slice(0, -1).includes(key)) return { outcome: 'refused', why: 'There is no such old key.' }
  const pool = openPool(owner, { name: 'keys', size: 1 })
  try {
    const answer = await destroyKey(openDb(pool), { purpose: kind, key, newest: ring.at(-1)! }, now)
    if (answer.outcome === 'destroyed') return undefined
    return answer.why === 'left' ? { outcome: 'refused', why: 'left', left: answer.left } : { outcome: 'refused', why: 'in-use', lastUsed: answer.lastUsed.toISOString() }
  } finally {
    await pool.end()
  }
}
