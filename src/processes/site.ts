import { openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { openSite } from '#site/context.ts'
import { countTogether } from '#site/guard/between-sites.ts'
import { keepCopies } from '#site/keep-copies.ts'
import { createSiteServer } from '#site/server.ts'
import type { Launches, Rekeyable } from './launch.ts'

/** Visitors who come in the same moment and wait for their line. */
const backlog = 4096

/** The process that faces the public. It has public keys only and may insert into the intake and read what is public. */
export async function runSite({ config, database, directDatabase, secrets }: Launches['site']): Promise<Rekeyable<'site'>> {
  const log = new Log('site')
  const pool = openPool(database, { name: 'site', size: 10, patience: 3000, pipeline: true })
  const site = openSite({ config, pool, secrets, log })
  const server = createSiteServer(site, config)
  // Configured origins come through a proxy on this machine or another one; without them, phones on this network reach us directly.
  await server.listen({ port: config.port, host: '::', backlog }).catch(() => server.listen({ port: config.port, host: '0.0.0.0', backlog }))
  const copies = keepCopies(site)
  const counting = countTogether(site.door, { address: directDatabase, secrets, now: site.now, log })
  // Strangers come to this port: here, where nothing can be read, and not to the worker, which has the keys. Loaded only where it is wanted.
  const returns = config.bounceAt && await (await import('./returns.ts')).receiveReturns(config.bounceAt, { db: site.db, key: () => site.secrets.contact, way: 'smtp' })
  return {
    async rekey(fresh) {
      site.secrets = fresh
      site.collector.use(fresh)
      site.records.use(fresh.record)
    },
    async stop() {
      await returns?.stop()
      await server.close()
      await site.collector.drain()
      copies.stop()
      await counting.stop()
      site.switches.stop()
      site.failures.stop()
      await site.failures.write()
      await pool.end()
    },
  }
}
