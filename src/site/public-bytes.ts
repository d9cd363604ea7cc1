import { PageCache } from '#platform/http/page-cache.ts'
import { reading, type Tx } from '#platform/db.ts'
import { notFound, type FastifyInstance } from '#platform/http/server.ts'
import type { Site } from './context.ts'

export interface PublicBytes {
  body: Buffer
  type: string
}

/** Serves at `path` what is found by its name: pictures, sheets, cards. What was asked for last is kept in memory, for as long as pages are; pictures are not shown while they are switched off. */
export function bytesRoute(server: FastifyInstance, site: Site, path: string, headers: Record<string, string>, find: (tx: Tx, name: string) => Promise<PublicBytes | undefined>): void {
  const cache = new PageCache(site.state, headers, { mostBytes: 32_000_000 })
  site.switches.onChange(() => cache.forget())
  server.get(path, async (request, reply) => {
    const { name } = request.params as { name: string }
    if (cache.serve(request.raw, reply.raw)) return reply.hijack()
    const sendCached = await cache.make(request.raw.url!, async () => {
      const found = await reading(site.db, (tx) => find(tx, name))
      return found && !(found.type.startsWith('image/') && (await site.switches.off()).has('images')) ? { ...found, compress: false } : undefined
    }, request.raw)
    if (!sendCached) return notFound()
    sendCached(request.raw, reply.hijack().raw)
    return reply
  })
}
