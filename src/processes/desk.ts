import { openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { startLoop } from '#platform/loop.ts'
import { openQueue } from '#platform/queue.ts'
import { recordKeys } from '#platform/secrets.ts'
import { workOnExports } from '#modules/exports/index.ts'
import { addRecords } from '#modules/own-data/index.ts'
import { openDesk, type Desk } from '#desk/context.ts'
import { moveKeys } from '#desk/move-keys.ts'
import { createDeskServer } from '#desk/server.ts'
import { watchWorker } from './desk-watch.ts'
import { ExportMaker } from './export-maker.ts'
import type { AskForKeys, Launches, Rekeyable } from './launch.ts'

/** The process that faces staff: on loopback, unless it has an origin of its own behind a proxy. */
export async function runDesk({ config, database, directDatabase, secrets, socketFolder }: Launches['desk'], ask?: AskForKeys): Promise<Rekeyable<'desk'>> {
  const log = new Log('desk')
  const pool = openPool(database, { name: 'desk', size: 8, patience: 15_000 })
  const queue = await openQueue(directDatabase, log)
  const desk = openDesk({ config, pool, secrets, queue, log, changeKeys: ask })
  const server = await createDeskServer(desk)
  await server.listen({ port: config.deskPort, host: '127.0.0.1' })
  const watch = watchWorker({ db: desk.db, opener: desk.opener, config, installId: secrets.installId, socketFolder }, log)
  const moving = startLoop('keys', () => moveKeys(desk, new Date()), { idle: 5000, restAfter: (took) => took, log })
  const records = startLoop('own-data', () => addRecords({ db: desk.db, opener: desk.opener }, new Date()), { idle: 500, log })
  // The keys to what is exported are here; a process of its own has them while it makes the lines.
  const maker = new ExportMaker(database)
  const exports = startLoop('exports', () => makeExports(desk, maker), { idle: 1000, log })
  return {
    async rekey(fresh) { desk.rekey(fresh) },
    async stop() {
      await moving.stop()
      maker.stop()
      await exports.stop()
      await records.stop()
      await watch.stop()
      await server.close()
      await queue.stop()
      await pool.end()
    },
  }
}

/** A step of the exports' work with the keys that are at hand for it. */
function makeExports({ db, opener, secrets, recordLock, log }: Desk, maker: ExportMaker): Promise<number> {
  const now = new Date()
  const record = recordKeys(secrets).at(-1)!
  return workOnExports({ db, opener, record, log, auditLines: new Map() }, now, (it) => maker.step({ it, now, keys: [...secrets.contact, ...recordLock.keys], record }))
}
