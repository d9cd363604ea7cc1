import { reading } from '#platform/db.ts'
import { PageCache } from '#platform/http/page-cache.ts'
import { html, type Html } from '#platform/html/html.ts'
import { notFound, type FastifyInstance } from '#platform/http/server.ts'
import { cardSize, findCard } from '#modules/cards/index.ts'
import type { Site } from './context.ts'

/** Cards of shared links: as fresh as pages are, and gone with the words that they show. */
export function cardRoutes(server: FastifyInstance, site: Site, headers: Record<string, string>): void {
  const cache = new PageCache({ ...headers, 'content-security-policy': "default-src 'none'" }, 100)
  site.switches.onChange(() => cache.forget())
  server.get('/cards/:name.png', async (request, reply) => {
    const { name } = request.params as { name: string }
    if (cache.serve(request.raw, reply.raw)) return reply.hijack()
    const sendCached = await cache.make(request.raw.url!, async () => {
      const png = (await site.switches.off()).has('images') ? undefined : await reading(site.db, (tx) => findCard(tx, name))
      return png && { body: png, type: 'image/png', compress: false }
    })
    if (!sendCached) return notFound()
    sendCached(request.raw, reply.hijack().raw)
    return reply
  })
}

/** A picture for whoever shows a link to a page. */
export interface LinkPicture {
  url: string
  width: number
  height: number
  alt: string
}

/** The card of a published version, or the publisher's own of a language. */
export function cardOf(site: Pick<Site, 'origin'>, name: string, alt: string): LinkPicture {
  return { url: `${site.origin}/cards/${name}.png`, ...cardSize, alt }
}

/** What a page says of its picture to those who show links. */
export function pictureTags({ url, width, height, alt }: LinkPicture): Html {
  return html`<meta property="og:image" content="${url}"><meta property="og:image:width" content="${width}"><meta property="og:image:height" content="${height}"><meta property="og:image:alt" content="${alt}"><meta name="twitter:card" content="summary_large_image">`
}
