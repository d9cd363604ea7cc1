import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { clientSettings, type DatabaseAddress } from './db-address.ts'

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** A fault that a person can mend, said in one line. */
export class MigrationFault extends Error {}

interface Step {
  number: number
  name: string
  text: string
  checksum: string
}

function knownSteps(): Step[] {
  return readdirSync(folder).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    const text = readFileSync(folder + file, 'utf8')
    return { number: Number(file.slice(0, 4)), name: file, text, checksum: createHash('sha256').update(text).digest('hex') }
  })
}

/** The newest step that this program knows. */
export function newestStep(): number {
  return knownSteps().at(-1)!.number
}

/** Changes with any change of a step. */
export function stepsPrint(): string {
  return createHash('sha256').update(knownSteps().map((step) => step.checksum).join()).digest('hex').slice(0, 16)
}

/** The processes that sign in to the database, each with a role of its own. */
export const roleNames = ['site', 'worker', 'desk'] as const
export type RoleName = (typeof roleNames)[number]

/** Roles belong to the whole server, so their names carry the database's: two installations can share a server. */
export function roleFor(database: string, role: RoleName): string {
  return `${database.replace(/[^a-z0-9_]/gi, '_').toLowerCase()}_${role}`
}

/**
 * Brings the database up to this program's newest step and sets the roles' passwords. Forward only; each step is a transaction;
 * several programs may call it at once. Returns how many steps ran. Throws a MigrationFault if the database is ahead of the
 * program or a step that ran has been edited since. `upTo` stops at a step, for loading what an older program saved.
 */
export async function migrate(address: DatabaseAddress, passwords: Record<RoleName, string>, { rolePrefix, upTo }: { rolePrefix?: string, upTo?: number } = {}): Promise<number> {
  const client = new pg.Client(clientSettings(address))
  await client.connect()
  try {
    // One at a time: the number is arbitrary and used for nothing else.
    await client.query('select pg_advisory_lock(740112)')
    // A step that a crash takes back is taken again; those before it stay.
    await client.query('set synchronous_commit = off')
    const database = rolePrefix ?? (await client.query<{ name: string }>('select current_database() as name')).rows[0]!.name
    await makeRoles(client, database, passwords)
    return await takeSteps(client, database, upTo)
  } finally {
    await client.end()
  }
}

async function makeRoles(client: pg.Client, database: string, passwords: Record<RoleName, string>): Promise<void> {
  for (const role of roleNames) {
    const name = roleFor(database, role)
    const known = await client.query('select 1 from pg_roles where rolname = $1', [name])
    const verb = known.rowCount ? 'alter' : 'create'
    // CREATE ROLE takes no parameters; the password is base64url and the name is checked above.
    await client.query(`${verb} role ${client.escapeIdentifier(name)} login password ${client.escapeLiteral(passwords[role])}`)
  }
}

async function takeSteps(client: pg.Client, database: string, upTo = Number.POSITIVE_INFINITY): Promise<number> {
  await client.query('create table if not exists migrations (step int primary key, name text not null, checksum text not null, taken_at timestamptz not null default now())')
  const taken = new Map((await client.query<{ step: number, checksum: string }>('select step, checksum from migrations')).rows.map((row) => [row.step, row.checksum]))
  const steps = knownSteps()
  const ahead = Math.max(0, ...taken.keys())
  if (ahead > steps.at(-1)!.number) {
    throw new MigrationFault(`The database is newer than this program (step ${ahead}; this program knows ${steps.at(-1)!.number}): start the newer program, or restore a backup made by this one.`)
  }
  let ran = 0
  for (const step of steps) {
    const before = taken.get(step.number)
    if (before && before !== step.checksum) throw new MigrationFault(`${step.name} was changed after it ran on this database: put the file back as it was.`)
    if (before || step.number > upTo) continue
    await client.query('begin')
    try {
      await client.query(await withRoles(client, step.text, database))
      await client.query('insert into migrations (step, name, checksum) values ($1, $2, $3)', [step.number, step.name, step.checksum])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw new Error(`${step.name} failed`, { cause: error })
    }
    ran += 1
  }
  return ran
}

/** Migrations write `:site`, `:worker` and `:desk` for the roles, and `:queue` for the schema of the job queue. */
async function withRoles(client: pg.Client, text: string, database: string): Promise<string> {
  const queue = /^:queue;$/m.test(text) ? (await import('pg-boss')).getConstructionPlans('pgboss').replace(/^\s*(BEGIN|COMMIT);\s*$/gm, '') : ''
  return text
    .replace(/^:queue;$/m, () => queue)
    .replace(/(?<![:\w]):(site|worker|desk)\b/g, (_, role: RoleName) => client.escapeIdentifier(roleFor(database, role)))
}
