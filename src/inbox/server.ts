import type { Config } from '#platform/config.ts'
import { hostsFor } from '#platform/http/hosts.ts'
import { createWebServer, field, notFound, seeOther, sendPage, type FastifyInstance, type FastifyRequest } from '#platform/http/server.ts'
import { securityHeaders } from '#platform/http/security.ts'
import type { Log } from '#platform/log.ts'
import { addresses, inboxPolicy, listPage, mailPage, mailPolicy, messagePage } from './pages.ts'
import { readMail } from './read-mail.ts'
import { backFrom, isBack, type HandBack } from './send-back.ts'
import type { InboxStore } from './store.ts'
import { inboxWords, type InboxWords } from './words/index.ts'

const shown = 100

/** The local inbox's pages, for this machine only. `handBack` takes what somebody sends back, as a mail server would bring it. */
export function createInboxServer(store: InboxStore, config: Config, log: Log, handBack: HandBack): FastifyInstance {
  const words = (request: FastifyRequest): InboxWords => inboxWords(field(request.query, 'lang') || 'en')
  const server = createWebServer({
    hosts: hostsFor([], config.inboxPort, { loopbackOnly: true }), log, headers: securityHeaders(inboxPolicy), allowUnlabelledPosts: false,
    troublePage: async (trouble, request) => messagePage(words(request), words(request)(trouble === 'not-here' ? 'not-here' : trouble === 'not-found' ? 'not-found' : 'trouble')),
  })

  server.get('/', async (request, reply) => {
    const filter = field(request.query, 'to').trim().toLowerCase()
    const names = store.names()
    const listed = []
    for (const name of names) {
      if (listed.length === shown) break
      const mail = await readMail(store.read(name)!)
      if (!filter || addresses(mail.to).toLowerCase().includes(filter)) listed.push({ name, mail })
    }
    return sendPage(reply.header('cache-control', 'no-store'), listPage(words(request), listed, filter, names.length))
  })

  server.get('/mail/:name', async (request, reply) => {
    const { name } = request.params as { name: string }
    const raw = store.read(name) ?? notFound()
    return sendPage(reply.header('cache-control', 'no-store'), mailPage(words(request), { name, mail: await readMail(raw) }, field(request.query, 'said')))
  })

  server.post('/mail/:name/back', async (request, reply) => {
    const { name } = request.params as { name: string }
    const what = field(request.body, 'what')
    const raw = store.read(name) ?? notFound()
    const back = isBack(what) ? await backFrom(what, raw, new Date()) : undefined
    const delivery = back && await handBack({ from: back.from, to: back.to }, back.raw)
    return seeOther(reply, `/mail/${name}?lang=${words(request).language}&said=${delivery?.outcome === 'accepted' ? 'back' : 'not-back'}`)
  })

  server.get('/mail/:name/html', async (request, reply) => {
    const raw = store.read((request.params as { name: string }).name) ?? notFound()
    return reply.header('content-security-policy', mailPolicy).header('cache-control', 'no-store').type('text/html; charset=utf-8').send((await readMail(raw)).html ?? '')
  })

  // For programs that look at mail, such as stories in a browser.
  server.get('/mail/:name/raw', async (request, reply) => reply.type('message/rfc822').send(store.read((request.params as { name: string }).name) ?? notFound()))
  server.get('/mails.json', async (_, reply) => reply.header('cache-control', 'no-store').send(store.names()))

  server.post('/clear', async (request, reply) => {
    store.clear()
    return seeOther(reply, `/?lang=${words(request).language}`)
  })
  server.get('/healthz', (_, reply) => reply.send({ ok: true }))
  server.get('/readyz', (_, reply) => reply.send({ ok: true }))
  return server
}
