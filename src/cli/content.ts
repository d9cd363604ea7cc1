import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { socketFolder } from '#platform/data-folder.ts'
import { inTransaction, openDb, openPool, reading, type Db } from '#platform/db.ts'
import { ownerRole } from '#platform/postgres/cluster.ts'
import { missingSecrets, readSecrets } from '#platform/secrets.ts'
import { startPublisher, unnamedPublisher } from '#modules/publisher/index.ts'
import { makeSigninLink } from '#modules/staff/index.ts'
import { loadWorld } from '#world/load.ts'
import { configOrFault, embeddedDatabase, migrateInstallation, openInstallation, openSecrets, type Installation } from './installation.ts'

/** An empty database gets somebody to publish: the embedded one the invented country to practise with, another one a publisher without a name. */
export async function startContent(db: Db, { cluster }: Installation): Promise<void> {
  if (await db.selectFrom('publisher').select('id').executeTakeFirst()) return
  if (cluster) await loadWorld(db, new Date())
  else await inTransaction(db, (tx) => startPublisher(tx, unnamedPublisher(), new Date()))
}

/**
 * Runs a command on an installation, beside a running Clarion or without one: an embedded database that was not running is
 * started for it and stopped again. `steps` says how many migrations that took.
 */
export async function onInstallation<Result>(work: (db: Db, installation: Installation, steps: number) => Promise<Result>): Promise<Result> {
  const config = configOrFault()
  const installation = await openInstallation(config, openSecrets(config))
  const pool = openPool(installation.owner, { name: 'command', size: 4 })
  try {
    const steps = await migrateInstallation(installation)
    return await work(openDb(pool), installation, steps)
  } finally {
    await pool.end()
    if (installation.cluster && !installation.cluster.adopted) await installation.cluster.stop()
  }
}

/** The same, on an installation that has somebody to publish. */
export function withInstallation<Result>(work: (db: Db, installation: Installation) => Promise<Result>): Promise<Result> {
  return onInstallation(async (db, installation) => {
    await startContent(db, installation)
    return work(db, installation)
  })
}

/** Looks into an installation that is there and runs, and changes nothing of it; nothing where there is none, or where it cannot answer. */
export async function lookInto<Result>(work: (db: Db) => Promise<Result>): Promise<Result | undefined> {
  const config = configOrFault()
  if (missingSecrets(config.dataFolder).isNew && !config.databaseUrl) return undefined
  const sockets = socketFolder(config.dataFolder)
  if (!config.databaseUrl && !existsSync(join(sockets, '.s.PGSQL.5432'))) return undefined
  const pool = openPool(config.databaseUrl ? { url: config.databaseDirectUrl ?? config.databaseUrl } : { socketFolder: sockets, user: ownerRole, password: readSecrets(config.dataFolder).owner.password, database: embeddedDatabase }, { name: 'command', size: 1, patience: 3000 })
  try {
    return await reading(openDb(pool), work)
  } catch {
    return undefined
  } finally {
    await pool.end()
  }
}

/** Until there is an administrator: a link to become one. */
export function firstLink(installation: Installation): Promise<string | undefined> {
  return asOwner(installation, async (db) => {
    const staff = await db.selectFrom('staff').select('id').where('left_at', 'is', null).executeTakeFirst()
    return staff ? undefined : inTransaction(db, (tx) => makeSigninLink(tx, null, new Date()))
  })
}

/** Fills an installation that has nobody to publish. */
export function fillEmpty(installation: Installation): Promise<void> {
  return asOwner(installation, (db) => startContent(db, installation))
}

async function asOwner<Result>({ owner }: Installation, work: (db: Db) => Promise<Result>): Promise<Result> {
  const pool = openPool(owner, { name: 'supervisor', size: 2 })
  try {
    return await work(openDb(pool))
  } finally {
    await pool.end()
  }
}
