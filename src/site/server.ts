import { readFileSync } from 'node:fs'
import type { Config } from '#platform/config.ts'
import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { hostsFor } from '#platform/http/hosts.ts'
import { mostLines } from '#platform/http/lines.ts'
import { createWebServer, Refusal, type FastifyInstance, type FastifyRequest } from '#platform/http/server.ts'
import { securityHeaders } from '#platform/http/security.ts'
import { actionRoutes } from './actions/routes.ts'
import type { Site } from './context.ts'
import { frameOf } from './context.ts'
import { workScript, workScriptPath } from './guard/guard.ts'
import { linkRoutes } from './links/routes.ts'
import { layout, localPath, lookOf, script, scriptPath } from './look/layout.ts'
import { styleFor } from './look/style.ts'
import { boundaryRoutes } from './messages/boundaries.ts'
import { messageRoutes } from './messages/routes.ts'
import { dataRoutes } from './my-data/routes.ts'
import { leadsNow } from './reading/old-addresses.ts'
import { officeRoutes } from './offices/routes.ts'
import { Pages } from './pages/page.ts'
import { pathWithin } from './pages/way.ts'
import { plainPages } from './pages/plain-pages.ts'
import { readingRoutes } from './reading/routes.ts'
import { petitionRoutes } from './petitions/routes.ts'
import { receiptRoutes } from './receipts/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { documentRoutes } from './reading/documents.ts'
import { cardRoutes } from './cards.ts'
import { fileRoutes } from './files.ts'
import { siteMetrics } from './metrics.ts'

const icon = readFileSync(new URL('client/icon.svg', import.meta.url))
const nothingPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
const forever = 'public, max-age=31536000, immutable'

/** The public site as a server that is not listening yet. */
export function createSiteServer(site: Site, config: Config): FastifyInstance {
  const hosts = hostsFor(config.origins, config.port)
  // Pages say which style they carry; what is no page loads nothing.
  const allHeaders = securityHeaders(nothingPolicy, { strictTransport: config.origins[0]?.startsWith('https:') ?? false })
  const { 'content-security-policy': _, ...headers } = allHeaders
  let pages: Pages | undefined
  const server = createWebServer({
    hosts, log: site.log, headers: allHeaders, trustedProxies: config.trustedProxies, bodyLimit: 128 * 1024, allowUnlabelledPosts: true,
    mostLines: mostLines(),
    pathWithin,
    fastLane: (request, response) => pages!.fastLane(request, response),
    openToOthers: isUnsubscribing,
    elsewhere: (url) => leadsNow(site, url),
    async troublePage(trouble, request, reply) {
      const frame = await frameOf(site, request) ?? (await frameOf(site, { originalUrl: '/', query: {} }))!
      const { t, publisher } = frame
      void reply.header('content-security-policy', styleFor(publisher.accent, lookOf(frame, {})).policy)
      return layout(frame, {
        title: t(`trouble.${trouble}`), narrow: true,
        body: html`<h1>${t(`trouble.${trouble}`)}</h1><p>${t(`trouble.${trouble}.why`)}</p><div class="row">${trouble === 'not-found' && !frame.off.has('search') && html`<a class="plain" href="${localPath(frame, '/search')}">${t('nav.search')}</a>`}<a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`,
      })
    },
  })
  pages = new Pages(site, server, headers)
  // RFC 8058 section 3.2: a mail program may post the one field of one-click unsubscribing in this form too. No page of ours does.
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: 8192 }, async (request: FastifyRequest, body: Buffer) => {
    if (!isUnsubscribing(request.url)) throw new Refusal('wrong-type')
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type']! } }).formData().catch(() => { throw new Refusal('malformed') })
    return Object.fromEntries(form)
  })

  actionRoutes(pages, site)
  petitionRoutes(pages, site)
  messageRoutes(pages, site)
  linkRoutes(pages, site)
  officeRoutes(pages, site)
  dataRoutes(pages, site)
  receiptRoutes(pages, site)
  plainPages(pages)
  readingRoutes(pages, site)
  searchRoutes(pages, site)

  server.get(scriptPath, (_, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', forever).send(script))
  server.get(workScriptPath, (_, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', forever).send(workScript))
  server.get('/assets/icon.svg', (_, reply) => reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon))
  boundaryRoutes(server, site)
  fileRoutes(server, site, headers)
  cardRoutes(server, site, headers)
  documentRoutes(pages, site)
  server.get('/robots.txt', (_, reply) => reply.type('text/plain').send(`User-agent: *\nDisallow: /confirm/\nDisallow: /not-me/\nDisallow: /withdraw/\nDisallow: /unsubscribe/\nDisallow: /digests/\nDisallow: /replied/\nDisallow: /my-data/\nDisallow: /new-address/\nDisallow: /receipt/\nDisallow: /search?\nSitemap: ${site.origin}/sitemap.xml\n`))
  server.get('/healthz', (_, reply) => reply.header('cache-control', 'no-store').send({ ok: true }))
  server.get('/readyz', async (_, reply) => {
    const ready = await sql`select 1`.execute(site.db).then(() => true, () => false)
    return reply.code(ready ? 200 : 503).header('cache-control', 'no-store').send({ ok: ready })
  })
  siteMetrics(server, site)
  return server
}

function isUnsubscribing(path: string): boolean {
  return /\/unsubscribe\/[\w-]+$/.test(path)
}
