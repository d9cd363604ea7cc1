import { openDb, openPool, type Db } from '#platform/db.ts'
import { socketFolder } from '#platform/data-folder.ts'
import { roleFor, type RoleName } from '#platform/migrate.ts'
import { ownerRole } from '#platform/postgres/cluster.ts'
import { readSecrets } from '#platform/secrets.ts'
import type { RunningClarion } from './clarion.ts'

/** A way into the embedded database of a running Clarion, as its owner or as one of its processes. */
export function poolOf({ folder }: Pick<RunningClarion, 'folder'>, role: RoleName | 'owner'): ReturnType<typeof openPool> {
  const secrets = readSecrets(folder)
  const who = role === 'owner' ? { user: ownerRole, password: secrets.owner.password } : { user: roleFor('clarion', role), password: secrets[role].database.password }
  return openPool({ ...who, socketFolder: socketFolder(folder), database: 'clarion' }, { name: `looking as ${role}`, size: 4 })
}

/** The same as the owner, to be closed at the end of a block. */
export function ownerDb(clarion: Pick<RunningClarion, 'folder'>): { db: Db } & AsyncDisposable {
  const pool = poolOf(clarion, 'owner')
  return { db: openDb(pool), [Symbol.asyncDispose]: () => (pool.ended ? Promise.resolve() : pool.end()) }
}
