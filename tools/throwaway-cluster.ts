import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { clientSettings, type DatabaseAddress } from '#platform/db.ts'
import { openCluster, ownerRole, type Cluster } from '#platform/postgres/cluster.ts'
import { openOtherCluster } from './other-postgres.ts'

export interface ThrowawayCluster extends AsyncDisposable {
  folder: string
  /** Its main process. */
  processId: number
  address(database: string): DatabaseAddress
  createDatabase(name: string, template?: string): Promise<DatabaseAddress>
  /** Ends it as for an update of the machine, and starts it again on what it holds. */
  stop(): Promise<void>
  startAgain(): Promise<void>
}

/**
 * A database server in a temporary folder, gone with all that is in it when it is disposed of: the one that comes with Clarion, or the
 * one whose programs lie in the folder that CLARION_TEST_POSTGRES names.
 */
export async function throwawayCluster(programs = process.env.CLARION_TEST_POSTGRES): Promise<ThrowawayCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'clarion-'))
  const sockets = join(folder, 'run')
  mkdirSync(sockets, { mode: 0o700 })
  const password = 'throwaway'
  const open = (): Promise<Pick<Cluster, 'processId' | 'stop'>> => (programs ? openOtherCluster(programs, folder, sockets, password) : openCluster(folder, sockets, password))
  let cluster = await open()
  // What is thrown away need not reach a disk: tests take a sixth less of the machine.
  const client = new pg.Client(clientSettings({ socketFolder: sockets, user: ownerRole, password, database: 'postgres' }))
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) await client.query(`alter system set ${setting} = off`)
  await client.query('select pg_reload_conf()')
  await client.end()
  const address = (database: string): DatabaseAddress => ({ socketFolder: sockets, user: ownerRole, password, database })
  return {
    folder, address,
    get processId() { return cluster.processId },
    stop: () => cluster.stop(),
    async startAgain() { cluster = await open() },
    async createDatabase(name, template) {
      const client = new pg.Client(clientSettings(address('postgres')))
      await client.connect()
      await client.query(`create database ${client.escapeIdentifier(name)}${template ? ` template ${client.escapeIdentifier(template)}` : ''}`)
      await client.end()
      return address(name)
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
