import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Log } from '#platform/log.ts'
import { migrate, type RoleName } from '#platform/migrate.ts'
import { openCluster, ownerRole, spareOf } from '#platform/postgres/cluster.ts'
import type { ProcessName } from '#platform/secrets.ts'
import { makeBundle } from '../bundle.ts'
import { embeddedDatabase, makeEmbeddedDatabase } from '../installation.ts'
import { preparedDatabase } from '../prepared-database.ts'
import { preparedPlace } from '../programs.js'
import { Supervised } from '../supervise.ts'

/**
 * Loads every program once, so that what it was compiled to is kept: `npm ci` does that in the end. Each process is compiled with the heap and the
 * permissions that it will have, because what was compiled with others is not taken. Then makes the empty database that first starts copy. Where `npm ci`
 * runs no scripts, the first start does all that for itself.
 */
export async function compileVerb(): Promise<void> {
  await Promise.all([import('../start.ts'), import('../content.ts'), import('../hand-over.ts')])
  flushCompileCache()
  // Where it cannot be made, processes load the sources.
  await makeBundle().catch(() => {})
  for (const name of ['site', 'worker', 'desk', 'inbox'] satisfies ProcessName[]) {
    const it = new Supervised(name, new Log('supervisor'))
    await it.loaded()
    await it.stop()
  }
  // Where it cannot be made, first starts make theirs from nothing.
  await prepareDatabase().catch(() => {})
}

/** Makes the database that first starts copy, and the spare one, under passwords that nobody keeps: a first start sets its own. */
async function prepareDatabase(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clarion-prepared-'))
  const sockets = join(folder, 'run')
  const fresh = `${preparedDatabase()}.new-${randomBytes(4).toString('hex')}`
  const copies = [fresh, spareOf(fresh)]
  try {
    mkdirSync(sockets, { mode: 0o700 })
    const password = secret()
    const cluster = await openCluster(folder, sockets, password)
    try {
      const owner = { socketFolder: cluster.socketFolder, user: ownerRole, password }
      await makeEmbeddedDatabase({ ...owner, database: 'postgres' })
      await migrate({ ...owner, database: embeddedDatabase }, { site: secret(), worker: secret(), desk: secret() } satisfies Record<RoleName, string>)
    } finally {
      await cluster.stop()
    }
    mkdirSync(preparedPlace, { recursive: true })
    for (const each of copies) cpSync(join(folder, 'postgres'), each, { recursive: true })
    // Those of other versions go: each is as large as all the rest.
    for (const each of readdirSync(preparedPlace)) if (each.startsWith('database-') && !copies.includes(join(preparedPlace, each))) rmSync(join(preparedPlace, each), { recursive: true, force: true })
    renameSync(fresh, preparedDatabase())
    renameSync(spareOf(fresh), spareOf(preparedDatabase()))
  } finally {
    for (const each of [folder, ...copies]) rmSync(each, { recursive: true, force: true })
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}
