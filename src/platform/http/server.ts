import type { IncomingMessage, ServerResponse } from 'node:http'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isOutage } from '../db.ts'
import type { Html } from '../html/html.ts'
import type { Log } from '../log.ts'
import { Addresses } from './addresses.ts'
import { readForm } from './form.ts'
import type { Hosts } from './hosts.ts'
import { holdLines } from './lines.ts'
import { createServer } from './node-http.ts'

export type { FastifyInstance, FastifyReply, FastifyRequest }

/** What went wrong, for the one page that says so. */
export type Trouble = 'not-found' | 'cross-site' | 'too-large' | 'malformed' | 'wrong-type' | 'wrong-method' | 'busy' | 'failed' | 'gone' | 'not-here'

const statusOf: Record<Trouble, number> = {
  'not-found': 404, 'cross-site': 403, 'too-large': 413, malformed: 400, 'wrong-type': 415, 'wrong-method': 405, busy: 503, failed: 500, gone: 410, 'not-here': 421,
}

export interface ServerOptions {
  hosts: Hosts
  log: Log
  /** Of every answer that does not say otherwise. */
  headers: Record<string, string>
  trustedProxies?: string[]
  /** Largest form in bytes; and the largest without a file, where that is less. */
  bodyLimit?: number
  plainFormLimit?: number
  /** How many fields a form without a file can have: 500, if that is left out. */
  mostFields?: number
  /** Lines that are held at once; see `holdLines`. */
  mostLines?: number
  /** An address as the router is to have it; `originalUrl` stays what was asked for. */
  pathWithin?: (url: string) => string
  /** Answers a request without the router, or says no. For pages that are ready in memory. */
  fastLane?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Whether a POST may come without Origin and Sec-Fetch-Site, as from old browsers and command lines. */
  allowUnlabelledPosts: boolean
  /** Where something is now that is asked for at an address that nothing has. */
  elsewhere?: (url: string) => Promise<string | undefined>
  /** Routes that other machines post to, such as one-click unsubscribing (RFC 8058). */
  openToOthers?: (path: string) => boolean
  troublePage(trouble: Trouble, request: FastifyRequest, reply: FastifyReply): Promise<Html>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether cookies may be bound to this host, because it is reached by https. */
    isSecure: boolean
  }
  interface FastifyInstance {
    /** Every address by its pattern, with the methods that it takes. */
    knownAddresses: ReadonlyMap<string, ReadonlySet<string>>
  }
}

/** What also matters where an answer has no body and only sends the visitor on: there is nothing that could load, be framed or be taken for something else. */
const neededOnTheWay = new Set(['referrer-policy', 'strict-transport-security', 'cross-origin-opener-policy'])

/** A trouble that a route wants told to the visitor. */
export class Refusal extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble)
    this.trouble = trouble
  }
}

/** A web server with what all of ours have: known hosts only, no cross-site posts, forms only, and one page for every trouble. */
export function createWebServer(options: ServerOptions): FastifyInstance {
  const { hosts, log, headers, fastLane, pathWithin } = options
  const server = Fastify({
    bodyLimit: options.bodyLimit ?? 256 * 1024,
    trustProxy: options.trustedProxies?.length ? options.trustedProxies : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    exposeHeadRoutes: true,
    ...pathWithin && { rewriteUrl: (request: { url?: string }) => pathWithin(request.url!) },
    // Forms are checked by who reads them: what compiles schemas need not be loaded.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // Addresses that no route could ever have; the router turns them away before any hook.
    frameworkErrors: (error, request, reply) => {
      void reply.headers(headers)
      request.params = {}
      const trouble = !hosts.knows(request.host) ? 'not-here' : error.code === 'FST_ERR_BAD_URL' ? 'malformed' : 'not-found'
      void answerWhatever(request, reply, trouble)
    },
    serverFactory: (handler) => {
      const listener = (request: IncomingMessage, response: ServerResponse) => {
        if (fastLane && hosts.knows(request.headers.host) && fastLane(request, response)) return lines?.passed(request)
        lines?.asked(request, response)
        handler(request, response)
      }
      const bare = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, connectionsCheckingInterval: 5000, noDelay: true }, listener)
      const lines = options.mostLines ? holdLines(bare, options.mostLines) : undefined
      return bare
    },
  })

  // A GET with a body, or a body nobody asked for, is none of ours.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer', bodyLimit: options.plainFormLimit }, (_, body, done) => {
    const form = readForm(body as Buffer, options.mostFields ?? 500)
    // Half of what was typed is not to be taken for all of it.
    return form ? done(null, form) : done(new Refusal('too-large'), undefined)
  })

  const addresses = new Addresses()
  server.decorate('knownAddresses', addresses.known)
  server.addHook('onRoute', ({ url, method }) => addresses.add(url, [method].flat()))

  server.decorateRequest('isSecure', false)
  server.addHook('onRequest', (request, reply, done) => {
    if (!hosts.knows(request.host)) return done(new Refusal('not-here'))
    request.isSecure = hosts.isSecure(request.host)
    const refused = request.method !== 'GET' && request.method !== 'HEAD' && !options.openToOthers?.(request.url) && !isOwnPost(request, options)
    if (refused) return done(new Refusal('cross-site'))
    const taken = request.is404 ? addresses.methodsOf(request.url.split('?', 1)[0]!) : undefined
    if (!taken) return done()
    void reply.header('allow', [...taken].join(', '))
    done(new Refusal('wrong-method'))
  })

  const onTheWay = Object.fromEntries(Object.entries(headers).filter(([name]) => neededOnTheWay.has(name)))
  server.addHook('onSend', (_, reply, payload, done) => {
    if (payload === undefined || payload === null) void reply.headers(onTheWay)
    else for (const name in headers) if (!reply.hasHeader(name)) void reply.header(name, headers[name])
    done(null, payload)
  })

  server.setNotFoundHandler(async (request, reply) => {
    const moved = request.method === 'GET' || request.method === 'HEAD' ? await options.elsewhere?.(request.originalUrl) : undefined
    return moved ? reply.code(308).header('location', moved).header('cache-control', 'public, max-age=300').send() : answer(request, reply, 'not-found')
  })
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const trouble = error instanceof Refusal ? error.trouble : troubleOf(error)
    if (trouble === 'failed') log.error('request failed', { route: request.routeOptions.url, method: request.method, error })
    return answer(request, reply, trouble)
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, trouble: Trouble): Promise<FastifyReply> {
    if (trouble === 'busy') void reply.header('retry-after', '10')
    // Closed at once, a line would be cut while a browser still sends, and it would show that instead of this page. What comes is dropped, for as long as any request may take.
    if (trouble === 'too-large') void reply.removeHeader('connection')
    const page = await options.troublePage(trouble, request, reply)
    return sendPage(reply.code(statusOf[trouble]).header('cache-control', 'no-store'), page)
  }

  /** Where no handler of errors stands behind: the request is answered even if there is no page to say so. */
  async function answerWhatever(request: FastifyRequest, reply: FastifyReply, trouble: Trouble): Promise<void> {
    try {
      await answer(request, reply, trouble)
    } catch {
      void reply.code(statusOf[trouble]).send('')
    }
  }
  return server
}

function noSchemas(): never {
  throw new Error('Routes have no schemas')
}

function isOwnPost(request: FastifyRequest, { hosts, allowUnlabelledPosts }: ServerOptions): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (origin !== undefined) return hosts.isOwnOrigin(origin, request.host)
  return site !== undefined || allowUnlabelledPosts
}

function troubleOf(error: FastifyError): Trouble {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': case 'FST_REQ_FILE_TOO_LARGE': return 'too-large'
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': return 'wrong-type'
    default: if (isOutage(error)) return 'busy'
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500 ? 'malformed' : 'failed'
  }
}

export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(`<!doctype html>${page.text}`)
}

/** Sends the visitor on with GET, so that reloading what comes next repeats nothing. */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header('cache-control', 'no-store').header('location', path).send()
}

/** A field of a posted form as text: the first one where it came several times, cleaned of control characters. */
export function field(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  const text: unknown = Array.isArray(value) ? value[0] : value
  return typeof text === 'string' ? clean(text) : ''
}

/** All values of a field that may come several times. */
export function fields(body: unknown, name: string): string[] {
  const value = (body as Record<string, unknown> | null | undefined)?.[name]
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string').map(clean)
}

/** Unicode in its composed form, lines ended by \n, and no other control characters. */
function clean(text: string): string {
  // Most fields are plain.
  if (/^[\u0020-\u007e]*$/.test(text)) return text
  // oxlint-disable-next-line no-control-regex
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
}

/** Ends the request with "there is no such page". */
export function notFound(): never {
  throw new Refusal('not-found')
}
