import { html, type Html } from '#platform/html/html.ts'
import type { FastifyInstance } from '#platform/http/server.ts'
import { cardSize, findCard } from '#modules/cards/index.ts'
import type { Site } from './context.ts'
import { bytesRoute } from './public-bytes.ts'

/** Cards of shared links: as fresh as pages are, and gone with the words that they show. */
export function cardRoutes(server: FastifyInstance, site: Site, headers: Record<string, string>): void {
  bytesRoute(server, site, '/cards/:name.png', { ...headers, 'content-security-policy': "default-src 'none'" }, async (tx, name) => {
    const png = await findCard(tx, name)
    return png && { body: png, type: 'image/png' }
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
