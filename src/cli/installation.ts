import pg from 'pg'
import { readConfig, type Config } from '#platform/config.ts'
import { FolderFault, prepareDataFolder, socketFolder } from '#platform/data-folder.ts'
import { clientSettings, inTransaction, isOutage, openDb, openPool, type DatabaseAddress, type Db } from '#platform/db.ts'
import { migrate, MigrationFault, roleFor, roleNames, type RoleName } from '#platform/migrate.ts'
import { ClusterFault, openCluster, ownerRole, type Cluster } from '#platform/postgres/cluster.ts'
import { mended } from '#platform/key-changes.ts'
import { missingSecrets, newSecrets, readSecrets, writeSecrets, type Secrets } from '#platform/secrets.ts'
import { keysFit } from '#modules/privacy/index.ts'
import { startPublisher, unnamedPublisher } from '#modules/publisher/index.ts'
import { loadWorld } from '#world/load.ts'
import { CliFault } from './fault.ts'

export const embeddedDatabase = 'clarion'

/** An installation: its settings, its keys and its database, ready to be used. */
export interface Installation {
  config: Config
  secrets: Secrets
  socketFolder: string
  /** The embedded server, where there is one. */
  cluster: Cluster | undefined
  /** As the owner of the database. */
  owner: DatabaseAddress
  /** As one of the processes; `direct` goes past a pooler. */
  as(role: RoleName, direct?: boolean): DatabaseAddress
}

export function configOrFault(environment: NodeJS.ProcessEnv = process.env): Config {
  const read = readConfig(environment)
  if ('faults' in read) throw new CliFault(read.faults.join('\n'), 2)
  return read.config
}

/** The keys of this data folder; made now if it is a new one. Where some are missing nothing is made: what they sealed could never be opened again. */
export function openSecrets(config: Config): Secrets {
  try {
    prepareDataFolder(config.dataFolder)
  } catch (error) {
    if (error instanceof FolderFault) throw new CliFault(error.message)
    throw error
  }
  const { missing, isNew } = missingSecrets(config.dataFolder)
  if (isNew) writeSecrets(config.dataFolder, newSecrets())
  else if (missing.length) throw new CliFault(`Of the keys in ${config.dataFolder}/secrets, ${missing.join(', ')} cannot be found. Put them back from a copy, or restore a backup into an empty folder.`)
  return mended(readSecrets(config.dataFolder))
}

/** Opens the database of an installation, starting or adopting the embedded one where no other is set. Throws a CliFault in one line. */
export async function openInstallation(config: Config, secrets: Secrets): Promise<Installation> {
  const sockets = socketFolder(config.dataFolder)
  if (!config.databaseUrl) {
    const cluster = await openCluster(config.dataFolder, sockets, secrets.owner.password).catch((error: unknown) => {
      throw error instanceof ClusterFault ? new CliFault(error.message) : error
    })
    const address = (user: string, password: string, database = embeddedDatabase): DatabaseAddress => ({ socketFolder: cluster.socketFolder, user, password, database })
    await makeDatabase(address(ownerRole, secrets.owner.password, 'postgres'))
    return {
      config, secrets, socketFolder: sockets, cluster, owner: address(ownerRole, secrets.owner.password),
      as: (role) => address(roleFor(embeddedDatabase, role), secrets[role].database.password),
    }
  }
  const database = decodeURIComponent(new URL(config.databaseUrl).pathname.slice(1)) || 'postgres'
  const owner = { url: config.databaseDirectUrl ?? config.databaseUrl }
  await refuseUnreachable(owner)
  return {
    config, secrets, socketFolder: sockets, cluster: undefined, owner,
    as: (role, direct = false) => ({ url: direct ? config.databaseDirectUrl! : config.databaseUrl!, user: roleFor(database, role), password: secrets[role].database.password }),
  }
}

async function makeDatabase(maintenance: DatabaseAddress): Promise<void> {
  const client = new pg.Client(clientSettings(maintenance))
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [embeddedDatabase])
    if (!rowCount) await client.query(`create database ${embeddedDatabase}`)
  } finally {
    await client.end()
  }
}

async function refuseUnreachable(address: DatabaseAddress): Promise<void> {
  const client = new pg.Client({ ...clientSettings(address), connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
    if (Number(rows[0]!.server_version_num) < 150_000) throw new CliFault('DATABASE_URL: this PostgreSQL is older than 15; Clarion needs 15 or newer.')
  } catch (error) {
    if (error instanceof CliFault) throw error
    const { host } = new URL(address.url!)
    throw new CliFault(isOutage(error) || !(error as { code?: string }).code ? `DATABASE_URL: no database answers at ${host}.` : `DATABASE_URL: the database at ${host} refuses us (${reason(error)}).`)
  } finally {
    await client.end().catch(() => {})
  }
}

function reason(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case '28P01': case '28000': return 'wrong name or password'
    case '3D000': return 'there is no such database'
    default: return (error as { code?: string }).code ?? 'for an unknown reason'
  }
}

/** Brings the database up to this program. Throws a CliFault if it is newer, or was filled with other keys than these. */
export async function migrateInstallation(installation: Installation): Promise<number> {
  await refuseOtherKeys(installation)
  const passwords = Object.fromEntries(roleNames.map((role) => [role, installation.secrets[role].database.password])) as Record<RoleName, string>
  return migrate(installation.owner, passwords).catch((error: unknown) => {
    throw error instanceof MigrationFault ? new CliFault(error.message, 3) : error
  })
}

async function refuseOtherKeys({ config, owner, secrets }: Installation): Promise<void> {
  const pool = openPool(owner, { name: 'command', size: 1 })
  try {
    if (!await keysFit(openDb(pool), secrets.worker.contact)) {
      throw new CliFault(`The keys in ${config.dataFolder}/secrets are not those that this database was filled with. Set CLARION_DATA to the folder that has them.`)
    }
  } finally {
    await pool.end()
  }
}

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
