import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { processStart } from '../process-start.ts'
import { findBinaries, type Binaries } from './binaries.ts'
import { chooseIdentity, giveTo } from './identity.ts'
import { makeDatabaseFolder, ownerRole, removeHalfMade } from './making.ts'
import { ClusterFault, exit, faultFrom, run } from './program.ts'

/** A database server that runs in our own folder and listens on a Unix socket only. */
export interface Cluster {
  /** The folder of the socket: what a PostgreSQL client calls host. */
  socketFolder: string
  /** True if it ran already, left behind by a start that was killed. */
  adopted: boolean
  processId: number
  /** Ends all sessions, writes a checkpoint and waits for the server to be gone. */
  stop(): Promise<void>
  /** Called once if the server ends although nobody asked it to. */
  onLost(listener: () => void): void
}

export { ClusterFault } from './program.ts'
export { ownerRole, spareOf } from './making.ts'

const settings = [
  'listen_addresses=', 'unix_socket_permissions=0700', 'max_connections=100', 'shared_buffers=256MB', 'timezone=UTC', 'log_timezone=UTC',
  'random_page_cost=1.1', 'wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=2GB', 'checkpoint_timeout=10min', 'jit=off',
  'autovacuum_naptime=10s', 'autovacuum_vacuum_cost_limit=1000',
  // Statements and rows could name people; the log must not.
  'log_error_verbosity=terse', 'log_min_error_statement=panic', 'log_checkpoints=off',
]

/**
 * Starts the database of `folder`, making it first where there is none, or adopts the one that still runs there.
 * `socketFolder` must be short (Unix sockets allow about 100 characters) and private. `prepared` is a folder to copy where there is none, made by
 * `prepareDatabase`. Throws a ClusterFault for what a person can mend.
 */
export async function openCluster(folder: string, socketFolder: string, ownerPassword: string, { prepared }: { prepared?: string } = {}): Promise<Cluster> {
  const data = join(folder, 'postgres')
  const running = runningServer(data)
  if (running) return adopt(data, socketFolder, ownerPassword, running)

  const binaries = findBinaries(join(folder, 'run', 'lib'))
  const identity = chooseIdentity()
  if (identity.needsPassage) chmodSync(folder, 0o711)
  const log = join(folder, 'postgres.log')
  if (existsSync(log) && statSync(log).size > 5_000_000) rmSync(log)
  const isNew = !existsSync(join(data, 'PG_VERSION'))
  if (isNew) await makeDatabaseFolder({ binaries, identity, data, log }, ownerPassword, prepared)
  else refuseOtherVersion(binaries, data)
  removeHalfMade(data)
  giveTo(identity, data)
  giveTo(identity, socketFolder)
  rmSync(join(data, 'postmaster.pid'), { force: true })

  // What was written goes to the disk while the server starts.
  const synced = isNew ? exit(run(binaries.initdb, ['-D', data, '--sync-only'], binaries, identity, log)) : undefined
  const child = run(binaries.postgres, ['-D', data, '-k', socketFolder, ...settings.flatMap((each) => ['-c', each])], binaries, identity, log)
  const ended = exit(child)
  const ready = await Promise.race([answers(socketFolder, ownerPassword, 60_000), ended.then(() => 'ended' as const)])
  if (ready !== true || await synced) {
    child.kill('SIGQUIT')
    throw faultFrom(log, 'The embedded database did not start.')
  }
  child.unref()
  let stopping = false
  return {
    socketFolder, adopted: false, processId: child.pid!,
    async stop() {
      stopping = true
      child.ref()
      child.kill('SIGINT')
      await ended
    },
    onLost: (listener) => void ended.then(() => stopping || listener()),
  }
}

function refuseOtherVersion(binaries: Binaries, data: string): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  const ours = binaries.version
  if (made !== ours) throw new ClusterFault(`The database in ${data} was made by PostgreSQL ${made} and this program brings ${ours}: take a backup with the program that made it, and restore that here.`)
}

function runningServer(data: string): number | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const processId = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!isAlive(processId)) return undefined
  // After a restart of the machine the number may belong to some other program.
  const commandFile = `/proc/${processId}/comm`
  if (process.platform === 'linux' && (!existsSync(commandFile) || !readFileSync(commandFile, 'utf8').startsWith('postgres'))) return undefined
  return processId
}

function isAlive(processId: number): boolean {
  return processStart(processId) !== undefined
}

async function adopt(data: string, socketFolder: string, ownerPassword: string, processId: number): Promise<Cluster> {
  if (await answers(socketFolder, ownerPassword, 30_000) !== true) {
    throw new ClusterFault(`A database server (process ${processId}) runs on ${data} but does not answer: end it and start again.`)
  }
  let stopping = false
  let lost = () => {}
  const watch = setInterval(() => {
    if (isAlive(processId)) return
    clearInterval(watch)
    if (!stopping) lost()
  }, 1000)
  watch.unref()
  return {
    socketFolder, adopted: true, processId,
    async stop() {
      stopping = true
      process.kill(processId, 'SIGINT')
      while (isAlive(processId)) await wait(20)
    },
    onLost: (listener) => { lost = listener },
  }
}

async function answers(socketFolder: string, password: string, patience: number): Promise<unknown> {
  let lastFault: unknown
  for (const until = Date.now() + patience; Date.now() < until; await wait(10)) {
    const client = new pg.Client({ host: socketFolder, user: ownerRole, password, database: 'postgres' })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch (error) {
      lastFault = error
      if ((error as { code?: string }).code === '28P01') return error
    } finally {
      await client.end().catch(() => {})
    }
  }
  return lastFault
}
