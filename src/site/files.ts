import { notFound, type FastifyInstance } from '#platform/http/server.ts'
import { reading, sql } from '#platform/db.ts'
import { tokenHash, isToken } from '#platform/tokens.ts'
import { findPublicFile } from '#modules/files/index.ts'
import type { Site } from './context.ts'
import { bytesRoute } from './public-bytes.ts'

/** Pictures and printable sheets. */
export function fileRoutes(server: FastifyInstance, site: Site, headers: Record<string, string>): void {
  bytesRoute(server, site, '/files/:name', { ...headers, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }, async (tx, name) => {
    const file = await findPublicFile(tx, name)
    return file && { body: file.bytes, type: file.mediaType }
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
