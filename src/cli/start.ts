import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { lockDataFolder, FolderFault } from '#platform/data-folder.ts'
import { networkAddresses } from '#platform/http/hosts.ts'
import { request } from '#platform/http/node-http.ts'
import { Log } from '#platform/log.ts'
import { qrText } from '#platform/qr.ts'
import { deskOrigin, siteOrigin, type Config } from '#platform/config.ts'
import type { ProcessName } from '#platform/secrets.ts'
import { CliFault } from './fault.ts'
import { configOrFault, isEmpty, migrateInstallation, openInstallation, openSecrets, type Installation } from './installation.ts'
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
    // A new database takes a second to be made; what will fill it is loaded meanwhile.
    if (!existsSync(join(config.dataFolder, 'postgres'))) contents().catch(() => {})
    installation = await openInstallation(config, secrets)
    await migrateInstallation(installation)
    if (await isEmpty(installation)) await (await contents()).fillEmpty(installation)
    await launchSite(site, installation)
    const [link] = await Promise.all([contents().then(({ firstLink }) => firstLink(installation!)), launchOthers(processes, installation)])
    watching = (await import('./hand-over.ts')).keepProcesses(processes, installation)
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

/** What knows the modules is loaded when it is wanted: on a folder that is there, that is after the first page. */
function contents(): Promise<typeof import('./content.ts')> {
  return import('./content.ts')
}

/** Addresses of servers carry passwords: each process gets those that it uses. */
function bare(config: Config): Config {
  return { ...config, databaseUrl: undefined, databaseDirectUrl: undefined, smtpUrl: undefined, imapUrl: undefined }
}

function database(installation: Installation, role: 'site' | 'worker' | 'desk') {
  return { database: installation.as(role), directDatabase: installation.as(role, true) }
}

function refuse(error: unknown): never {
  throw new CliFault(`Clarion could not start: ${(error as Error).message}`)
}

/** The first page is slow to make, and the others would make it slower while they load. */
async function launchSite(site: Supervised, installation: Installation): Promise<void> {
  const { config, secrets, socketFolder } = installation
  await site.launch({ config: bare(config), socketFolder, ...database(installation, 'site'), secrets: secrets.site }).catch(refuse)
  await new Promise<void>((resolve) => request({ port: config.port }, (page) => page.resume().on('close', resolve)).on('error', () => resolve()).end())
}

async function launchOthers({ inbox, worker, desk }: Record<ProcessName, Supervised>, installation: Installation): Promise<void> {
  const { config, secrets, socketFolder } = installation
  const mailing: Config = { ...bare(config), smtpUrl: config.smtpUrl }
  await Promise.all([
    inbox.launch({ config: bare(config), socketFolder, secrets: secrets.inbox }),
    worker.launch({ config: { ...mailing, imapUrl: config.imapUrl }, socketFolder, ...database(installation, 'worker'), secrets: secrets.worker, workerId: randomUUID(), besideId: randomUUID() }),
    desk.launch({ config: mailing, socketFolder, ...database(installation, 'desk'), secrets: secrets.desk }),
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
