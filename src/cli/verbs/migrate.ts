import { openDb, openPool } from '#platform/db.ts'
import { loadWorld } from '#world/load.ts'
import { CliFault } from '../fault.ts'
import { configOrFault, migrateInstallation, openInstallation, openSecrets, withInstallation } from '../installation.ts'

/** Makes keys, roles and tables where they are missing, and brings the database up to this program. */
export async function migrateVerb(): Promise<void> {
  const config = configOrFault()
  const installation = await openInstallation(config, openSecrets(config))
  try {
    const taken = await migrateInstallation(installation)
    console.log(taken ? `${taken} steps taken.` : 'The database is up to date.')
    const pool = openPool(installation.owner, { name: 'migrate', size: 1 })
    const db = openDb(pool)
    // A publisher there must be: pages have its name on them.
    if (!await db.selectFrom('publisher').select('id').executeTakeFirst()) await loadWorld(db, new Date())
    await pool.end()
  } finally {
    if (installation.cluster && !installation.cluster.adopted) await installation.cluster.stop()
  }
}

/** Loads the sample country into a database that has nothing in it. */
export async function demoVerb(): Promise<void> {
  await withInstallation(async (db) => {
    if (await db.selectFrom('publisher').select('id').executeTakeFirst()) throw new CliFault('There is something in this database already: the sample country goes into an empty one.')
    await loadWorld(db, new Date())
    console.log('The sample country is there.')
  })
}
