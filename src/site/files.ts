import { notFound, type FastifyInstance } from '#platform/http/server.ts'
import { PageCache } from '#platform/http/page-cache.ts'
import { reading, sql } from '#platform/db.ts'
import { tokenHash, isToken } from '#platform/tokens.ts'
import { findPublicFile } from '#modules/files/index.ts'
import type { Site } from './context.ts'

/** Pictures and printable sheets. A hundred of them are kept in memory, for as long as pages are. */
export function fileRoutes(server: FastifyInstance, site: Site, headers: Record<string, string>): void {
  const cache = new PageCache({ ...headers, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }, 100)

  site.switches.onChange(() => cache.forget())

  server.get('/files/:name', async (request, reply) => {
    const { name } = request.params as { name: string }
    if (cache.serve(request.raw, reply.raw)) return reply.hijack()
    const sendCached = await cache.make(request.raw.url!, async () => {
      const file = await reading(site.db, (tx) => findPublicFile(tx, name))
      return file && !(file.mediaType.startsWith('image/') && (await site.switches.off()).has('images')) ? { body: file.bytes, type: file.mediaType, compress: false } : undefined
    })
    if (!sendCached) return notFound()
    sendCached(request.raw, reply.hijack().raw)
    return reply
  })

  server.get('/rehearsal/:rehearsal/files/:name', async (request, reply) => {
    const { name, rehearsal } = request.params as { name: string, rehearsal: string }
    if (!isToken(rehearsal)) return notFound()
    const file = await reading(site.db, async (tx) => {
      await sql`select set_config('clarion.rehearsal', ${tokenHash(rehearsal).toString('hex')}, true)`.execute(tx)
      return findPublicFile(tx, name)
    })
    return file ? reply.type(file.mediaType).header('cache-control', 'no-store').send(file.bytes) : notFound()
  })
}
