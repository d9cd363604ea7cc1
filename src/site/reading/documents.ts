import { reading } from '#platform/db.ts'
import { fileName } from '#platform/document-types.ts'
import { notFound, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { findPublicFile } from '#modules/files/index.ts'
import { formerAddress, shownItem } from '#modules/publishing/index.ts'
import { frameOf, type Site } from '../context.ts'
import type { Pages } from '../pages/page.ts'
import { takenBackPage } from './taken-back.ts'

/** After a rename the file is where its item is now; where that was taken back, so was the file. */
async function movedOn(pages: Pages, site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { slug, id, name } = request.params as Record<string, string>
  if (!/^[a-z0-9-]{1,80}$/.test(slug!)) return notFound()
  const frame = await frameOf(site, request)
  const instead = frame && await takenBackPage(site, frame, 'item', slug!)
  if (frame && instead) return pages.send(frame, reply, instead, 410)
  const now = await reading(site.db, (tx) => formerAddress(tx, 'item', slug!))
  return now === undefined ? notFound() : reply.code(308).header('location', `/items/${now}/files/${encodeURIComponent(id!)}/${encodeURIComponent(name!)}`).send()
}

/** The files of items: handed over as long as the version that offers them is public, to be saved and never to be run here. */
export function documentRoutes(pages: Pages, site: Site): void {
  pages.server.get('/items/:slug/files/:id/:name', async (request, reply) => {
    const { slug, id } = request.params as { slug: string, id: string }
    const found = await reading(site.db, async (tx) => {
      const item = /^[a-z0-9-]{1,80}$/.test(slug) ? await shownItem(tx, { slug }) : undefined
      const document = Object.values(item?.words ?? {}).flatMap(({ words }) => words.documents).find((each) => each.id === id)
      const file = document && await findPublicFile(tx, document.hash)
      return file && { document, file }
    })
    if (!found) return movedOn(pages, site, request, reply)
    const { document, file } = found
    const type = document.mediaType.startsWith('text/') ? `${document.mediaType}; charset=utf-8` : document.mediaType
    return reply.type(type).header('content-disposition', `attachment; filename="${fileName(document)}"; filename*=UTF-8''${encodeURIComponent(`${document.title}.${fileName(document).split('.').at(-1)}`).replace(/['()*]/g, '')}`)
      .header('cache-control', 'public, max-age=0, s-maxage=5').send(file.bytes)
  })
}
