import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { clientSettings, type DatabaseAddress } from '#platform/db.ts'
import { ownerRole } from '#platform/postgres/cluster.ts'
import { roleFor, roleNames, type RoleName } from '#platform/migrate.ts'

/** The database server that tools/test.ts started for all test files, and the template that each file's database is cloned from. */
export interface TestCluster {
  socketFolder: string
  password: string
  /** Where its files are. */
  folder: string
  /** Whether it is not the server that comes with Clarion: `npm run test:postgres`. */
  other: boolean
  /** A folder in which a Clarion of its own has been started once and stopped; none on another server. */
  prepared?: string
}

export const rolePrefix = 'test'
export const rolePassword = 'role-password'

export function testCluster(): TestCluster {
  const given = process.env.CLARION_TEST_CLUSTER
  if (!given) throw new Error('Run tests with "npm test" or "npm run test:only -- FILE": they need the database that these start.')
  return JSON.parse(given) as TestCluster
}

export function ownerAddress(database: string): DatabaseAddress {
  const { socketFolder, password } = testCluster()
  return { socketFolder, user: ownerRole, password, database }
}

export function roleAddress(database: string, role: RoleName): DatabaseAddress {
  return { socketFolder: testCluster().socketFolder, user: roleFor(rolePrefix, role), password: rolePassword, database }
}

/** A database of this test's own, with everything that the template has: copied as files, which on a disk takes half of what copying by blocks does. */
export async function cloneDatabase(template: 'world' | 'empty'): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`
  await asOwner(`create database ${name} template template_${template} strategy file_copy`)
  return name
}

export async function dropDatabase(name: string): Promise<void> {
  await asOwner(`drop database if exists ${name} with (force)`)
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(clientSettings(ownerAddress('postgres')))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The folder that a story's Clarion begins with a copy of, if there is one. Benches have none: they measure what starts from nothing. */
export function preparedFolder(): string | undefined {
  return process.env.CLARION_TEST_CLUSTER === undefined ? undefined : testCluster().prepared
}

/** Where the tests of one run say which ports they have drawn; nowhere outside of a run. */
export function portsFolder(): string | undefined {
  if (process.env.CLARION_TEST_CLUSTER === undefined) return undefined
  const folder = join(testCluster().folder, 'ports')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Whether a whole Clarion belongs on the test server. Benches have none: they measure the one that comes with it. */
export function onOtherServer(): boolean {
  return process.env.CLARION_TEST_CLUSTER !== undefined && testCluster().other
}

/**
 * What a Clarion in a folder has to be told to keep its data on the test server: nothing where that is the one that it brings. Each folder has a
 * database of its own there, made when it is first asked for.
 */
export async function databaseSettings(folder: string): Promise<Record<string, string>> {
  if (!onOtherServer()) return {}
  const name = databaseNameOf(folder)
  await asOwner(`create database ${name}`).catch((error: unknown) => {
    // It is there, or comes to be there this moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  })
  return { DATABASE_URL: urlOf(ownerAddress(name)) }
}

/** What that database is called. */
export function databaseNameOf(folder: string): string {
  return `c_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
}

/** Gives up the database of a folder, with its roles. */
export async function giveUpDatabase(folder: string): Promise<void> {
  if (!onOtherServer()) return
  await dropDatabase(databaseNameOf(folder))
  for (const role of roleNames) await asOwner(`drop role if exists ${roleFor(databaseNameOf(folder), role)}`)
}

/** A database's address as a setting. */
export function urlOf({ user, password, socketFolder, database }: DatabaseAddress): string {
  return `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder!)}`
}
