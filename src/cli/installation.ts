import pg from 'pg'
import { readConfig, type Config } from '#platform/config.ts'
import { FolderFault, prepareDataFolder, socketFolder } from '#platform/data-folder.ts'
import { clientSettings, isOutage, type DatabaseAddress } from '#platform/db-address.ts'
import { migrate, MigrationFault, roleFor, roleNames, type RoleName } from '#platform/migrate.ts'
import { ClusterFault, openCluster, ownerRole, type Cluster } from '#platform/postgres/cluster.ts'
import { mended } from '#platform/key-changes.ts'
import { missingSecrets, newSecrets, readSecrets, writeSecrets, type Secrets } from '#platform/secrets.ts'
import { keyId, sealedFor } from '#platform/sealing/index.ts'
import { CliFault } from './fault.ts'
import { preparedDatabase } from './prepared-database.ts'

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
    const cluster = await openCluster(config.dataFolder, sockets, secrets.owner.password, { prepared: preparedDatabase() }).catch((error: unknown) => {
      throw error instanceof ClusterFault ? new CliFault(error.message) : error
    })
    const address = (user: string, password: string, database = embeddedDatabase): DatabaseAddress => ({ socketFolder: cluster.socketFolder, user, password, database })
    await makeEmbeddedDatabase(address(ownerRole, secrets.owner.password, 'postgres'))
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

/** Makes our database in the embedded server, where it is not there yet. */
export async function makeEmbeddedDatabase(maintenance: DatabaseAddress): Promise<void> {
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

/** The index keys lie in the database, sealed for the contact key of whoever filled it. One that was never used has none. */
async function refuseOtherKeys({ config, owner, secrets }: Installation): Promise<void> {
  const client = new pg.Client(clientSettings(owner))
  await client.connect()
  try {
    const { rows: [table] } = await client.query<{ known: boolean }>("select to_regclass('recovery_keys') is not null as known")
    if (!table!.known) return
    const { rows: [kept] } = await client.query<{ index_keys: Buffer }>('select index_keys from recovery_keys')
    if (kept && !secrets.worker.contact.some((key) => keyId(key) === sealedFor(kept.index_keys))) {
      throw new CliFault(`The keys in ${config.dataFolder}/secrets are not those that this database was filled with. Set CLARION_DATA to the folder that has them.`)
    }
  } finally {
    await client.end()
  }
}

/** Whether there is nobody to publish yet. */
export async function isEmpty({ owner }: Installation): Promise<boolean> {
  const client = new pg.Client(clientSettings(owner))
  await client.connect()
  try {
    return (await client.query('select from publisher')).rowCount === 0
  } finally {
    await client.end()
  }
}
