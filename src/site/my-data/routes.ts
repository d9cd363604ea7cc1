import { setTimeout as wait } from 'node:timers/promises'
import { createHash } from 'node:crypto'
import { reading, sql } from '#platform/db.ts'
import { cookieName, readCookie, setCookie } from '#platform/http/cookies.ts'
import { field, notFound, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import { askForCapsule, readCapsule, type Capsule } from '#modules/own-data/index.ts'
import { readAddress } from '#modules/people/index.ts'
import type { OwnEntry } from '#modules/actions/index.ts'
import type { PathParameters, Site } from '../context.ts'
import { busyBody } from '../links/pages.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { readChanges } from './changes.ts'
import { download } from './download.ts'
import { dataPage } from './data-page.ts'
import { erasePage, erasedPage, expiredPage, newAddressDonePage, newAddressPage, onItsWayPage, openPage, requestPage, unknownPage, waitingPage } from './pages.ts'

/** The mark of a browser that asked to see a page: opaque, an hour long. A program that only follows links never has it. */
export const dataCookie = 'clarion-data'
const viewSeconds = 3600
/** How long an answer waits for a capsule that is being written, in milliseconds; after that the page says so and looks again by itself. */
const patience = 1500

const markOf = (token: string) => createHash('sha256').update(`view\n${token}`).digest().toString('base64url', 0, 16)

/** What somebody knows to be known about them: asking for a link, and the page that it leads to. */
export function dataRoutes(pages: Pages, site: Site): void {
  pages.getCached('/my-data', async (frame) => requestPage(frame, {}, {}))
  pages.getCached('/my-data/on-its-way', async (frame) => onItsWayPage(frame))
  pages.getCached('/done/erased', async (frame) => erasedPage(frame))
  pages.getCached('/done/new-address', async (frame) => newAddressDonePage(frame))

  // The same page in the same time whether the address is known or not: nothing here looks it up.
  pages.post('/my-data', async (frame, request, reply) => {
    const typed = field(request.body, 'email').trim()
    const email = readAddress(typed)
    if (!email) return pages.send(frame, reply, requestPage(frame, { email: typed.slice(0, 300) }, { email: frame.t(typed ? 'fault.email' : 'fault.email-missing') }), 422)
    return await handedIn({ kind: 'data-request', email, language: frame.t.language, at: site.now().toISOString() }) ? seeOther(reply, localPath(frame, '/my-data/on-its-way')) : busy(frame, reply)
  })

  page('get', '', async (frame, request, reply, token) => {
    if (!hasSeen(request, token)) return pages.send(frame, reply, openPage(frame, token, field(request.query, 'said')))
    return show(frame, request, reply, token, await awaited(token))
  })
  page('post', '', async (frame, request, reply, token) => {
    if ((await read(token)).state !== 'ready' && !await ask(frame, token)) return pages.send(frame, reply, unknownPage(frame), 404)
    return show(frame, request, reply, token, await awaited(token))
  })
  page('post', '/download', async (frame, request, reply, token) => {
    const capsule = await awaited(token)
    if (capsule.state !== 'ready') return show(frame, request, reply, token, capsule)
    return download(frame, reply, capsule, field(request.body, 'as') === 'html' ? 'html' : 'json')
  })
  page('get', '/erase', async (frame, _request, reply, token) => pages.send(frame, reply, erasePage(frame, token)))

  page('post', '/change', async (frame, request, reply, token) => {
    const capsule = await read(token)
    const changes = await readChanges(site, frame, request.body, capsule.state === 'ready' ? capsule : undefined)
    if (changes.fault) {
      if (capsule.state !== 'ready') return pages.send(frame, reply, openPage(frame, token, ''), 422)
      return pages.send(frame, mark(request, reply, token), dataPage(frame, token, capsule, site.now(), { faults: changes.fault, typed: changes.typed }), 422).header('cache-control', 'no-store')
    }
    for (const change of changes.all) if (!await handedIn({ kind: 'data-change', link: linkOf(token), change, at: site.now().toISOString() })) return busy(frame, reply)
    if (changes.all.some(({ what }) => what === 'erase')) {
      return seeOther(reply.header('set-cookie', setCookie(dataCookie, '', { secure: request.isSecure, seconds: 0 })), localPath(frame, '/done/erased'))
    }
    // What the page shows next has what was just handed in.
    await ask(frame, token)
    return seeOther(mark(request, reply, token), localPath(frame, `/my-data/${token}?said=${changes.all[0]?.what ?? 'nothing'}`))
  })

  pages.get('/new-address/:token', async (frame, request, reply) => {
    const { token } = request.params as PathParameters
    const status = await statusOf(token)
    return status === 'address' ? pages.send(frame, reply, newAddressPage(frame, token!)) : pages.send(frame, reply, status === 'expired' ? expiredPage(frame) : unknownPage(frame), status === 'expired' ? 410 : 404)
  })
  pages.post('/new-address/:token', async (frame, request, reply) => {
    const { token } = request.params as PathParameters
    if (await statusOf(token) !== 'address') return pages.send(frame, reply, unknownPage(frame), 404)
    return await handedIn({ kind: 'new-address', link: linkOf(token!), at: site.now().toISOString() }) ? seeOther(reply, localPath(frame, '/done/new-address')) : busy(frame, reply)
  })

  /** A page of one link; whoever comes with another one reads that it leads nowhere, or no more. */
  function page(method: 'get' | 'post', rest: string, handle: (frame: Frame, request: FastifyRequest, reply: FastifyReply, token: string) => Promise<FastifyReply>): void {
    pages[method](`/my-data/:token${rest}`, async (frame, request, reply) => {
      const { token } = request.params as PathParameters
      if (frame.rehearsal) return notFound()
      const status = await statusOf(token)
      if (status === 'data') return handle(frame, request, reply, token!)
      return pages.send(frame, reply, status === 'expired' ? expiredPage(frame) : unknownPage(frame), status === 'expired' ? 410 : 404)
    })
  }

  async function statusOf(token: string | undefined): Promise<string | undefined> {
    if (!isToken(token)) return undefined
    const { rows: [row] } = await reading(site.db, (tx) => sql<{ status: string | null }>`select data_token(${tokenHash(token)}, ${site.now()}) as status`.execute(tx))
    return row?.status ?? undefined
  }

  const read = (token: string) => reading(site.db, (tx) => readCapsule(tx, token, site.now()))
  const ask = (frame: Frame, token: string) => askForCapsule(site.db, site.secrets.contact, token, frame.t.language, site.now())

  async function awaited(token: string): Promise<Capsule> {
    for (const end = performance.now() + patience; ;) {
      const capsule = await read(token)
      if (capsule.state !== 'asked' || performance.now() > end) return capsule
      await wait(60)
    }
  }

  async function show(frame: Frame, request: FastifyRequest, reply: FastifyReply, token: string, capsule: Capsule): Promise<FastifyReply> {
    const said = field(request.query, 'said')
    switch (capsule.state) {
      case 'none': return pages.send(frame, reply, openPage(frame, token, said))
      case 'asked': {
        // Whoever waits is told in the end, too, what was saved.
        const again = localPath(frame, `/my-data/${token}${said && `?said=${encodeURIComponent(said)}`}`)
        return pages.send(frame, mark(request, reply, token).header('refresh', `2; url=${again}`), waitingPage(frame, again), 202)
      }
      case 'ready': return pages.send(frame, mark(request, reply, token), dataPage(frame, token, capsule, site.now(), { said })).header('cache-control', 'no-store')
    }
  }

  async function handedIn(entry: OwnEntry): Promise<boolean> {
    return await site.collector.submit(entry) === 'kept'
  }

  function busy(frame: Frame, reply: FastifyReply): FastifyReply {
    return pages.send(frame, reply, { title: frame.t('busy.title'), narrow: true, body: busyBody(frame) }, 503)
  }
}

const linkOf = (token: string) => tokenHash(token).toString('base64url')

function hasSeen(request: FastifyRequest, token: string): boolean {
  return readCookie(request.headers.cookie, cookieName(dataCookie, request.isSecure)) === markOf(token)
}

function mark(request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply {
  return reply.header('set-cookie', setCookie(dataCookie, markOf(token), { secure: request.isSecure, seconds: viewSeconds }))
}
