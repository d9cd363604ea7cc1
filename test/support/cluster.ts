import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { clientSettings, type DatabaseAddress } from '#platform/db.ts'
import { ownerRole } from '#platform/postgres/cluster.ts'
import { roleFor, type RoleName } from '#platform/migrate.ts'

/** The database server that tools/test.ts started for all test files, and the template that each file's database is cloned from. */
export interface TestCluster {
  socketFolder: string
  password: string
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

/** A database of this test's own, with everything that the template has. */
export async function cloneDatabase(template: 'world' | 'empty'): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`
  await asOwner(`create database ${name} template template_${template}`)
  return name
}

export async function dropDatabase(name: string): Promise<void> {
  await asOwner(`drop database if exists ${name} with (force)`)
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(clientSettings(ownerAddress('postgres')))
  await client.connect()
  await client.query(statement)
  await client.end()
}
