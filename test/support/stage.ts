import { randomUUID } from 'node:crypto'
import { after } from 'node:test'
import type pg from 'pg'
import { openDb, openPool, type Db } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import type { RoleName } from '#platform/migrate.ts'
import { newSecrets, type Secrets } from '#platform/secrets.ts'
import { Opener } from '#platform/sealing/index.ts'
import type { Keys } from '#modules/actions/index.ts'
import { cloneDatabase, dropDatabase, ownerAddress, roleAddress } from './cluster.ts'

/** Made once: making RSA keys takes its time. */
const secrets = newSecrets()

export interface Stage {
  database: string
  /** As the owner, for looking at what happened. */
  db: Db
  /** As one of the processes, with nothing but its rights. */
  as(role: RoleName): Db
  poolOf(role: RoleName): pg.Pool
  secrets: Secrets
  keys: Keys
  workerId: string
  log: Log
  /** Lines that were logged. */
  logged: string[]
}

/** A database of this file's own with the invented country in it, gone when the file's tests are done. */
export async function stage({ template = 'world' }: { template?: 'world' | 'empty' } = {}): Promise<Stage> {
  const database = await cloneDatabase(template)
  const pools = new Map<string, pg.Pool>()
  const poolOf = (role: RoleName | 'owner') => {
    const pool = pools.get(role) ?? openPool(role === 'owner' ? ownerAddress(database) : roleAddress(database, role), { name: `test ${role}`, size: 4, pipeline: role === 'site' })
    pools.set(role, pool)
    return pool
  }
  after(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()))
    await dropDatabase(database)
  })
  const logged: string[] = []
  return {
    database, secrets, logged, poolOf, workerId: randomUUID(),
    db: openDb(poolOf('owner')), as: (role) => openDb(poolOf(role)),
    keys: { opener: new Opener(secrets.worker.contact), contact: secrets.site.contact, record: secrets.site.record, indexKeys: secrets.worker.indexKeys, linkKey: secrets.worker.linkKey },
    log: new Log('test', (line) => logged.push(line)),
  }
}
