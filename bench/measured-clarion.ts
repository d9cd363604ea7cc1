import { setTimeout as wait } from 'node:timers/promises'
import { openDb, sql, type Db } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import type { RoleName } from '#platform/migrate.ts'
import { Opener } from '#platform/sealing/index.ts'
import { readSecrets, type ProcessName, type Secrets } from '#platform/secrets.ts'
import type { Keys } from '#modules/actions/index.ts'
import { startClarion, type RunningClarion } from '#test/support/clarion.ts'
import { poolOf } from '#test/support/embedded.ts'
import { processOf } from '#test/support/processes.ts'

/** A whole Clarion on an empty folder, started as anybody starts it, with a way to look into its database. */
export interface MeasuredClarion extends AsyncDisposable {
  clarion: RunningClarion
  port: number
  secrets: Secrets
  keys: Keys
  /** As the owner, for looking. */
  db: Db
  /** As one of its processes. */
  poolOf(role: RoleName): ReturnType<typeof poolOf>
  log: Log
  /** Stops a process where it stands, until `release`. */
  hold(name: ProcessName): void
  /** The same at a moment when it is not in the middle of a transaction: nothing that is tidied up meanwhile has to be kept for it. */
  holdAtRest(name: ProcessName): Promise<void>
  release(name: ProcessName): void
}

export async function measuredClarion(environment: Record<string, string> = {}): Promise<MeasuredClarion> {
  const clarion = await startClarion({ environment })
  const secrets = readSecrets(clarion.folder)
  const pools: ReturnType<typeof poolOf>[] = []
  const open = (role: RoleName | 'owner') => {
    const pool = poolOf(clarion, role)
    pools.push(pool)
    return pool
  }
  const signal = (name: ProcessName, what: NodeJS.Signals) => {
    const id = processOf(clarion, name)
    if (!id) throw new Error(`There is no ${name} process`)
    process.kill(id, what)
  }
  const held = new Set<ProcessName>()
  const hold = (name: ProcessName) => {
    held.add(name)
    signal(name, 'SIGSTOP')
  }
  const release = (name: ProcessName) => {
    held.delete(name)
    signal(name, 'SIGCONT')
  }
  const owner = openDb(open('owner'))
  const isBusy = async (name: ProcessName) => (await sql`select from pg_stat_activity where application_name like ${`clarion ${name}%`} and xact_start is not null`.execute(owner)).rows.length > 0
  return {
    clarion, secrets, port: Number(new URL(clarion.site).port), log: new Log('bench'),
    keys: { opener: new Opener(secrets.worker.contact), contact: secrets.site.contact, record: secrets.site.record, indexKeys: secrets.worker.indexKeys, linkKey: secrets.worker.linkKey },
    db: owner,
    poolOf: open,
    hold,
    release,
    async holdAtRest(name) {
      for (hold(name); await isBusy(name); hold(name)) {
        release(name)
        await wait(20)
      }
    },
    async [Symbol.asyncDispose]() {
      // Who is held could not stop when it is told to.
      for (const name of held) signal(name, 'SIGCONT')
      await Promise.all(pools.map((pool) => pool.end()))
      await clarion[Symbol.asyncDispose]()
    },
  }
}
