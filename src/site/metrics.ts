import { notFound, type FastifyInstance } from '#platform/http/server.ts'
import { isLoopback, metricsText } from '#platform/http/metrics.ts'
import type { Site } from './context.ts'

/** Numbers for whoever watches the machine; on loopback only, and none of them about a person. */
export function siteMetrics(server: FastifyInstance, site: Site): void {
  server.get('/metrics', (request, reply) => {
    if (!isLoopback(request.raw.socket.remoteAddress) || request.headers['x-forwarded-for']) return notFound()
    const { batches, entries, refused, commitMilliseconds } = site.collector.stats
    return reply.type('text/plain; version=0.0.4').send(metricsText('site', {
      clarion_intake_entries_total: entries, clarion_intake_batches_total: batches, clarion_intake_refused_total: refused,
      clarion_intake_commit_seconds_total: commitMilliseconds / 1000, clarion_intake_waiting: site.collector.depth,
      clarion_work_asked_total: site.door.stats.asked, clarion_work_done_total: site.door.stats.worked, clarion_waited_total: site.door.stats.waited,
    }))
  })
}
