import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { lockDataFolder, FolderFault } from '#platform/data-folder.ts'
import { inTransaction, openDb, openPool } from '#platform/db.ts'
import { networkAddresses } from '#platform/http/hosts.ts'
import { Log } from '#platform/log.ts'
import { qrText } from '#platform/qr.ts'
import { deskOrigin, siteOrigin, type Config } from '#platform/config.ts'
import type { ProcessName } from '#platform/secrets.ts'
import { makeSigninLink } from '#modules/staff/index.ts'
import { CliFault } from './fault.ts'
import { configOrFault, migrateInstallation, openInstallation, openSecrets, startContent, type Installation } from './installation.ts'
import { keepProcesses } from './hand-over.ts'
import { Supervised } from './supervise.ts'

/** `clarion start`: everything on one machine, until Ctrl-C. The site is loading already, so that the first page comes soon. */
export async function start(site: Supervised): Promise<void> {
  const config = configOrFault()
  const secrets = openSecrets(config)
  const lock = lockOrFault(config)
  await refuseTakenPorts(config).catch((error: unknown) => {
    lock.release()
    throw error
  })
  const log = new Log('supervisor')
  const [worker, desk, inbox] = (['worker', 'desk', 'inbox'] as const).map((name) => new Supervised(name, log)) as [Supervised, Supervised, Supervised]
  const processes = { site, worker, desk, inbox }
  let installation: Installation | undefined
  let stopping: Promise<void> | undefined
  let watching: { stop(): void } | undefined

  const stop = (): Promise<void> => stopping ??= (async () => {
    watching?.stop()
    await Promise.all(Object.values(processes).map((each) => each.stop()))
    await installation?.cluster?.stop()
    lock.release()
  })()
  const leave = (code: number) => void stop().then(() => process.exit(code))
  process.on('SIGINT', () => leave(0))
  process.on('SIGTERM', () => leave(0))
  process.on('SIGHUP', () => leave(0))

  try {
    installation = await openInstallation(config, secrets)
    await migrateInstallation(installation)
    const link = await prepareContent(installation)
    await launchAll(processes, installation)
    watching = keepProcesses(processes, installation)
    console.log(banner(config, link))
    keepDatabase(config, installation, () => stopping !== undefined)
  } catch (error) {
    await stop()
    throw error
  }
}

function lockOrFault(config: Config): { release(): void } {
  try {
    return lockDataFolder(config.dataFolder)
  } catch (error) {
    throw error instanceof FolderFault ? new CliFault(error.message) : error
  }
}

/**
 * Starts the embedded database again whenever it ends unasked, and tries until it comes: on a full disk, say, pages are shown from memory
 * and forms are kept in browsers until there is room. The processes keep their addresses and reconnect by themselves.
 */
function keepDatabase(config: Config, installation: Installation, isStopping: () => boolean): void {
  installation.cluster?.onLost(async () => {
    console.error('The embedded database has ended. Starting it again.')
    for (let pause = 500; !isStopping(); pause = Math.min(pause * 2, 15_000)) {
      try {
        installation.cluster = (await openInstallation(config, installation.secrets)).cluster
        // Somebody stopped Clarion in the meantime.
        if (isStopping()) await installation.cluster?.stop()
        else keepDatabase(config, installation, isStopping)
        return
      } catch (error) {
        console.error(error instanceof CliFault ? error.message : `The embedded database does not start: ${(error as { code?: string }).code ?? 'unknown reason'}.`)
        await wait(pause)
      }
    }
  })
}

async function refuseTakenPorts(config: Config): Promise<void> {
  for (const [name, port] of [['PORT', config.port], ['DESK_PORT', config.deskPort], ['INBOX_PORT', config.inboxPort]] as const) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer().once('error', (error: NodeJS.ErrnoException) => reject(new CliFault(
        error.code === 'EADDRINUSE' ? `${name}: port ${port} is taken by another program. Stop that, or set ${name} to a free port.` : `${name}: port ${port} cannot be used (${error.code}).`)))
      probe.listen(port, name === 'PORT' ? undefined : '127.0.0.1', () => probe.close(() => resolve()))
    })
  }
}

/** Something to publish on an empty database, and until there is an administrator a link to become one. */
async function prepareContent(installation: Installation): Promise<string | undefined> {
  const pool = openPool(installation.owner, { name: 'supervisor', size: 2 })
  try {
    const db = openDb(pool)
    await startContent(db, installation)
    const staff = await db.selectFrom('staff').select('id').where('left_at', 'is', null).executeTakeFirst()
    return staff ? undefined : await inTransaction(db, (tx) => makeSigninLink(tx, null, new Date()))
  } finally {
    await pool.end()
  }
}

async function launchAll(processes: Record<ProcessName, Supervised>, installation: Installation): Promise<void> {
  const { config, secrets, socketFolder } = installation
  // Addresses of servers carry passwords: each process gets those that it uses.
  const bare: Config = { ...config, databaseUrl: undefined, databaseDirectUrl: undefined, smtpUrl: undefined, imapUrl: undefined }
  const mailing: Config = { ...bare, smtpUrl: config.smtpUrl }
  const database = (role: 'site' | 'worker' | 'desk') => ({ database: installation.as(role), directDatabase: installation.as(role, true) })
  const refuse = (error: unknown) => { throw new CliFault(`Clarion could not start: ${(error as Error).message}`) }
  await processes.site.launch({ config: bare, socketFolder, ...database('site'), secrets: secrets.site }).catch(refuse)
  // The first page is slow to make; the others would make it slower while they load.
  await fetch(`http://localhost:${config.port}/`).catch(() => {})
  await Promise.all([
    processes.inbox.launch({ config: bare, socketFolder, secrets: secrets.inbox }),
    processes.worker.launch({ config: { ...mailing, imapUrl: config.imapUrl }, socketFolder, ...database('worker'), secrets: secrets.worker, workerId: randomUUID() }),
    processes.desk.launch({ config: mailing, socketFolder, ...database('desk'), secrets: secrets.desk }),
  ]).catch(refuse)
}

/** What whoever started it needs to know, and nothing more. */
function banner(config: Config, link: string | undefined): string {
  const site = siteOrigin(config)
  const desk = deskOrigin(config)
  const phone = config.origins.length ? undefined : networkAddresses()[0]
  return [
    '', `  Site    ${site}`, `  Desk    ${desk}`, `  Inbox   http://localhost:${config.inboxPort}`,
    ...(phone ? ['', `  On a phone in the same network:  http://${phone}:${config.port}`, '', qrText(`http://${phone}:${config.port}`).replace(/^/gm, '  ')] : []),
    ...(link ? ['', '  Sign in to the desk with this link (once, within 15 minutes):', `  ${desk}/sign-in/${link}`] : []),
    '', '  Practice: nothing leaves this machine until somebody goes live in the desk. Ctrl-C stops everything.', '',
  ].join('\n')
}
