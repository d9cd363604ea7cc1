import { loadWorld } from '#world/load.ts'
import { CliFault } from '../fault.ts'
import { onInstallation, startContent } from '../content.ts'

/** Makes keys, roles and tables where they are missing, and brings the database up to this program. */
export function migrateVerb(): Promise<void> {
  return onInstallation(async (db, installation, steps) => {
    await startContent(db, installation)
    console.log(steps ? `${steps} steps taken.` : 'The database is up to date.')
  })
}

/** Loads the sample country into a database that has nothing in it. */
export function demoVerb(): Promise<void> {
  return onInstallation(async (db) => {
    if (await db.selectFrom('publisher').select('id').executeTakeFirst()) throw new CliFault('There is something in this database already: the sample country goes into an empty one.')
    await loadWorld(db, new Date())
    console.log('The sample country is there.')
  })
}
