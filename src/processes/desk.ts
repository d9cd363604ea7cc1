import { openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { startLoop } from '#platform/loop.ts'
import { openQueue } from '#platform/queue.ts'
import { recordKeys } from '#platform/secrets.ts'
import { workOnExports, type ExportTools } from '#modules/exports/index.ts'
import { addRecords } from '#modules/own-data/index.ts'
import { openDesk } from '#desk/context.ts'
import { moveKeys } from '#desk/move-keys.ts'
import { createDeskServer } from '#desk/server.ts'
import { watchWorker } from './desk-watch.ts'
import type { AskForKeys, Launches, Rekeyable } from './launch.ts'

/** The process that faces staff: on loopback, unless it has an origin of its own behind a proxy. */
export async function runDesk({ config, database, directDatabase, secrets, socketFolder }: Launches['desk'], ask?: AskForKeys): Promise<Rekeyable<'desk'>> {
  const log = new Log('desk')
  const pool = openPool(database, { name: 'desk', size: 8 })
  const queue = await openQueue(directDatabase, log)
  const desk = openDesk({ config, pool, secrets, queue, log, changeKeys: ask })
  const server = await createDeskServer(desk)
  await server.listen({ port: config.deskPort, host: '127.0.0.1' })
  const watch = watchWorker({ db: desk.db, opener: desk.opener, config, installId: secrets.installId, socketFolder }, log)
  const moving = startLoop('keys', () => moveKeys(desk, new Date()), { idle: 5000, restAfter: (took) => took, log })
  const records = startLoop('own-data', () => addRecords({ db: desk.db, opener: desk.opener }, new Date()), { idle: 500, log })
  // Exports are made here, because here are the keys; some lines at a time, and pages are answered in between.
  const auditLines: ExportTools['auditLines'] = new Map()
  const exports = startLoop('exports', () => workOnExports({ db: desk.db, opener: desk.opener, record: recordKeys(desk.secrets).at(-1)!, log, auditLines }, new Date()), { idle: 1000, log })
  return {
    async rekey(fresh) { desk.rekey(fresh) },
    async stop() {
      await moving.stop()
      await exports.stop()
      await records.stop()
      await watch.stop()
      await server.close()
      await queue.stop()
      await pool.end()
    },
  }
}
