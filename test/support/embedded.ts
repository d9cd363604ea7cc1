import { openDb, openPool, type DatabaseAddress, type Db } from '#platform/db.ts'
import { socketFolder } from '#platform/data-folder.ts'
import { roleFor, type RoleName } from '#platform/migrate.ts'
import { ownerRole } from '#platform/postgres/cluster.ts'
import { readSecrets } from '#platform/secrets.ts'
import type { RunningClarion } from './clarion.ts'
import { databaseNameOf, onOtherServer, ownerAddress } from './cluster.ts'

/** A way into the database of a running Clarion, as its owner or as one of its processes. */
export function poolOf({ folder }: Pick<RunningClarion, 'folder'>, role: RoleName | 'owner'): ReturnType<typeof openPool> {
  return openPool(databaseOf(folder, role), { name: `looking as ${role}`, size: 4 })
}

/** Where the database of a Clarion in a folder is: in there, or on the server that the tests run against. */
export function databaseOf(folder: string, role: RoleName | 'owner'): DatabaseAddress {
  const secrets = readSecrets(folder)
  if (onOtherServer()) {
    const name = databaseNameOf(folder)
    return role === 'owner' ? ownerAddress(name) : { ...ownerAddress(name), user: roleFor(name, role), password: secrets[role].database.password }
  }
  const who = role === 'owner' ? { user: ownerRole, password: secrets.owner.password } : { user: roleFor('clarion', role), password: secrets[role].database.password }
  return { ...who, socketFolder: socketFolder(folder), database: 'clarion' }
}

/** The same as the owner, to be closed at the end of a block. */
export function ownerDb(clarion: Pick<RunningClarion, 'folder'>): { db: Db } & AsyncDisposable {
  const pool = poolOf(clarion, 'owner')
  return { db: openDb(pool), [Symbol.asyncDispose]: () => (pool.ended ? Promise.resolve() : pool.end()) }
}
