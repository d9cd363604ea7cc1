import { openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { openQueue } from '#platform/queue.ts'
import { openDesk } from '#desk/context.ts'
import { createDeskServer } from '#desk/server.ts'
import { watchWorker } from './desk-watch.ts'
import type { Launches, Running } from './launch.ts'

/** The process that faces staff: on loopback, unless it has an origin of its own behind a proxy. */
export async function runDesk({ config, database, directDatabase, secrets, socketFolder }: Launches['desk']): Promise<Running> {
  const log = new Log('desk')
  const pool = openPool(database, { name: 'desk', size: 8 })
  const queue = await openQueue(directDatabase, log)
  const desk = openDesk({ config, pool, secrets, queue, log })
  const server = await createDeskServer(desk)
  await server.listen({ port: config.deskPort, host: '127.0.0.1' })
  const watch = watchWorker({ db: desk.db, opener: desk.opener, config, installId: secrets.installId, socketFolder }, log)
  return {
    async stop() {
      await watch.stop()
      await server.close()
      await queue.stop()
      await pool.end()
    },
  }
}
