import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { ownerRole } from '#platform/postgres/cluster.ts'

/** Who runs it where we are root, which PostgreSQL refuses to be: the user that its package made, or nobody. */
function user(): { uid?: number, gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))?.slice(1).map(Number) ?? [65534, 65534]
  return { uid, gid }
}

/** A server of somebody else's PostgreSQL in `folder`, reached by a Unix socket only; made first where there is none. Nothing of it is kept safe from a power cut. */
export async function openOtherCluster(programs: string, folder: string, socketFolder: string, password: string): Promise<{ processId: number, stop(): Promise<void> }> {
  const identity = user()
  const data = join(folder, 'postgres')
  const log = join(folder, 'postgres.log')
  if (!existsSync(data)) {
    const passwordFile = join(folder, 'password')
    writeFileSync(passwordFile, password, { mode: 0o600 })
    if (identity.uid !== undefined) for (const path of [folder, socketFolder, passwordFile]) chownSync(path, identity.uid, identity.gid!)
    const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', ownerRole, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions', '--no-sync'], { ...identity, cwd: folder, encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr || String(made.error)}`)
  }
  const output = openSync(log, 'a')
  const settings = ['listen_addresses=', 'unix_socket_permissions=0700', 'max_connections=200', 'fsync=off', 'timezone=UTC', 'log_min_error_statement=panic', 'log_error_verbosity=terse']
  const child = spawn(join(programs, 'postgres'), ['-D', data, '-k', socketFolder, ...settings.flatMap((each) => ['-c', each])], { ...identity, cwd: folder, detached: true, stdio: ['ignore', output, output] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (const until = Date.now() + 30_000; ;) {
    const client = new pg.Client({ host: socketFolder, user: ownerRole, password, database: 'postgres' })
    client.on('error', () => {})
    const answers = await client.connect().then(() => true, () => false)
    await client.end().catch(() => {})
    if (answers) break
    if (child.exitCode !== null || Date.now() > until) throw new Error(`This PostgreSQL does not start:\n${readFileSync(log, 'utf8').slice(-2000)}`)
    await wait(30)
  }
  return {
    processId: child.pid!,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}
