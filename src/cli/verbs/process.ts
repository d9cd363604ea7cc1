import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { socketFolder } from '#platform/data-folder.ts'
import { Log } from '#platform/log.ts'
import { roleFor } from '#platform/migrate.ts'
import { readSecretsOf, type ProcessName } from '#platform/secrets.ts'
import type { DatabaseAddress } from '#platform/db.ts'
import type { Launches } from '#processes/launch.ts'
import { CliFault } from '../fault.ts'
import { configOrFault } from '../installation.ts'
import { keepProcess } from '../hand-over.ts'
import { Supervised } from '../supervise.ts'

/**
 * Runs one process as a service of its own, on a database that DATABASE_URL names. It reads its own secrets file and no other,
 * and signs in as its own role, whatever user the URL has.
 */
export async function processVerb(name: ProcessName): Promise<void> {
  const config = configOrFault()
  if (!config.databaseUrl && name !== 'inbox') throw new CliFault(`${name}: set DATABASE_URL. "clarion start" runs everything with the embedded database.`, 2)
  mkdirSync(`${config.dataFolder}/run`, { recursive: true, mode: 0o700 })
  const common = { config: { ...config, databaseUrl: undefined, databaseDirectUrl: undefined, smtpUrl: name === 'site' || name === 'inbox' ? undefined : config.smtpUrl, imapUrl: name === 'worker' ? config.imapUrl : undefined }, socketFolder: socketFolder(config.dataFolder) }
  const supervised = new Supervised(name, new Log('supervisor'))
  const stop = () => void supervised.stop().then(() => process.exit(0))
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  await supervised.launch(launchOf(name, common, config.dataFolder, config.databaseUrl, config.databaseDirectUrl)).catch(async (error: Error) => {
    await supervised.stop()
    throw new CliFault(`${name} could not start: ${error.message}`)
  })
  keepProcess(supervised, name, config.dataFolder)
}

function launchOf(name: ProcessName, common: Pick<Launches['site'], 'config' | 'socketFolder'>, dataFolder: string, url: string | undefined, directUrl: string | undefined): Launches[ProcessName] {
  const secrets = readOrFault(dataFolder, name)
  if (name === 'inbox') return { ...common, secrets } as Launches['inbox']
  const { password } = (secrets as Launches['site']['secrets']).database
  const user = roleFor(decodeURIComponent(new URL(url!).pathname.slice(1)), name)
  const address = (to: string): DatabaseAddress => ({ url: to, user, password })
  return { ...common, database: address(url!), directDatabase: address(directUrl!), secrets, ...(name === 'worker' && { workerId: randomUUID(), besideId: randomUUID() }) } as Launches[ProcessName]
}

function readOrFault(dataFolder: string, name: ProcessName) {
  try {
    return readSecretsOf(dataFolder, name)
  } catch {
    throw new CliFault(`There is no ${dataFolder}/secrets/${name}.json: run "clarion migrate" once, and give each service its own file.`)
  }
}
