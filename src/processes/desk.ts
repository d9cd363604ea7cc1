import { openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { openQueue } from '#platform/queue.ts'
import { openDesk } from '#desk/context.ts'
import { createDeskServer } from '#desk/server.ts'
import type { Launches, Running } from './launch.ts'

/** The process that faces staff: on loopback, unless it has an origin of its own behind a proxy. */
export async function runDesk({ config, database, directDatabase, secrets }: Launches['desk']): Promise<Running> {
  const log = new Log('desk')
  const pool = openPool(database, { name: 'desk', size: 8 })
  const queue = await openQueue(directDatabase, log)
  const server = await createDeskServer(openDesk({ config, pool, secrets, queue, log }))
  await server.listen({ port: config.deskPort, host: '127.0.0.1' })
  return {
    async stop() {
      await server.close()
      await queue.stop()
      await pool.end()
    },
  }
}
