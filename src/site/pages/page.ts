import type { IncomingMessage, ServerResponse } from 'node:http'
import { PageCache, type CachedPage } from '#platform/http/page-cache.ts'
import { notFound, Refusal, sendPage, type FastifyInstance, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { roomSoon, sendBusy } from '../busy.ts'
import { frameOf, type Site } from '../context.ts'
import { layout, lookOf, type Frame, type PageParts } from '../look/layout.ts'
import { guards } from '../look/style.ts'
import { inDefaultLanguage } from '../switchboard.ts'
import { languageOffPage } from '../switch-pages.ts'
import { wayOf } from './way.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether this address is there in every language and in rehearsals. */
    everyWay?: boolean
  }
}

/** Where pages are put up: each under the publisher's default language, under every other one, and in rehearsals. */
export class Pages {
  readonly site: Site
  readonly server: FastifyInstance
  readonly cache: PageCache

  constructor(site: Site, server: FastifyInstance, headers: Record<string, string>) {
    this.site = site
    this.server = server
    this.cache = new PageCache(site.state, headers)
    site.switches.onChange(() => this.cache.forget())
    // What is no page has one address and no language.
    server.addHook('onRequest', (request, _, done) => {
      const { rehearsal, lang } = wayOf(request)
      const strays = (rehearsal ?? lang) !== undefined && !request.routeOptions.config.everyWay && !request.is404
      done(strays ? new Refusal('not-found') : undefined)
    })
  }

  /** For requests that are answered from memory before anything else looks at them. */
  readonly fastLane = (request: IncomingMessage, response: ServerResponse): boolean => this.cache.serve(request, response)

  /** A page that is the same for everybody. `make` returns nothing where there is no such page; `takenBack` is asked then whether there was one, and says what is there instead. */
  getCached(path: string, make: (frame: Frame, request: FastifyRequest) => Promise<PageParts | Moved | undefined>, takenBack?: TakenBack): void {
    this.#each('get', path, async (frame, request, reply) => {
      // A rehearsal is somebody's private view: it is made for each request and kept nowhere.
      if (frame.rehearsal) {
        const page = await make(frame, request)
        if (page && 'moved' in page) return reply.code(308).header('location', page.moved).send()
        return page ? this.send(frame, reply.header('cache-control', 'no-store'), page) : this.#tellTakenBack(frame, request, reply, takenBack)
      }
      const maker = async (): Promise<CachedPage | undefined> => {
        const fresh = await frameOf(this.site, request)
        // Asked for again and again it would stay for as long as somebody asks.
        if (!fresh || this.#leavesFor(fresh, request, path)) return undefined
        const page = await make(fresh, request)
        if (page && 'moved' in page) return movedPage(page)
        return page && {
          body: `<!doctype html>${layout(fresh, page).text}`, type: 'text/html; charset=utf-8',
          headers: guards(fresh.publisher.accent, lookOf(fresh, page), page.asksPosition),
        }
      }
      const sendCached = await this.cache.make(request.originalUrl, maker, request.raw)
      if (!sendCached) return this.#notMade(path, request, reply, takenBack)
      sendCached(request.raw, reply.hijack().raw)
      return reply
    })
  }

  /** What is no page, such as a feed or a bulletin as PDF: the same for everybody, in each language, and cached like one. */
  getText(path: string, make: (frame: Frame, request: FastifyRequest) => Promise<{ type: string, body: string | Buffer, compress?: boolean } | Moved | undefined>, takenBack?: TakenBack): void {
    this.#each('get', path, async (frame, request, reply) => {
      if (frame.rehearsal) return notFound()
      const sendCached = await this.cache.make(request.originalUrl, async () => {
        const fresh = await frameOf(this.site, request)
        if (!fresh || this.#leavesFor(fresh, request, path)) return undefined
        // Whoever subscribes to a feed in words alone follows links to whole pages.
        const text = await make({ ...fresh, textOnly: undefined }, request)
        if (text && 'moved' in text) return movedPage(text)
        return text && { ...text, headers: { 'content-security-policy': "default-src 'none'" } }
      }, request.raw)
      if (!sendCached) return this.#notMade(path, request, reply, takenBack)
      sendCached(request.raw, reply.hijack().raw)
      return reply
    })
  }

  /** Facts for programs, cached like a page; without a language in its address. */
  getJson(path: string, make: (frame: Frame, request: FastifyRequest) => Promise<object | undefined>): void {
    this.server.get(path, async (request, reply) => {
      const maker = async (): Promise<CachedPage | undefined> => {
        const facts = await make((await frameOf(this.site, request))!, request)
        return facts && { body: JSON.stringify(facts), type: 'application/json', headers: { 'access-control-allow-origin': '*', 'content-security-policy': "default-src 'none'" } }
      }
      const sendCached = await this.cache.make(request.originalUrl, maker, request.raw)
      if (!sendCached) return notFound()
      sendCached(request.raw, reply.hijack().raw)
      return reply
    })
  }

  /** A page for this visitor alone. */
  get(path: string, handle: Handler): void {
    this.#each('get', path, handle)
  }

  post(path: string, handle: Handler): void {
    this.#each('post', path, handle)
  }

  /** Sends a page that nobody keeps but the visitor's own browser, if it answers a form. */
  send(frame: Frame, reply: FastifyReply, page: PageParts, status = 200): FastifyReply {
    // A browser that may not keep the answer to a form shows an error when its reader goes back, and what was typed there is gone.
    // "Forget me on this device" empties that cache.
    void reply.headers(guards(frame.publisher.accent, lookOf(frame, page), page.asksPosition)).header('cache-control', reply.request.method === 'POST' ? 'private, no-cache' : 'no-store')
    if (status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '10')
    return sendPage(reply.code(status), layout(frame, page))
  }

  /** What is answered where a page is not to be had in this language at this address; nothing where it is. */
  #leavesFor(frame: Frame, request: FastifyRequest, path: string): ((reply: FastifyReply) => FastifyReply) | undefined {
    const { lang } = wayOf(request)
    // The default language has no prefix: one page, one address.
    if (lang === frame.publisher.defaultLanguage) return (reply) => reply.code(308).header('location', withoutLanguage(request.originalUrl, lang)).send()
    // Links from mails go on working in the language that they were sent in: nobody is kept from taking something back.
    if (!frame.languageOff || aboutOneself.test(path)) return undefined
    return (reply) => this.send(frame, reply.header('retry-after', '600'), languageOffPage(frame, withoutLanguage(request.originalUrl, frame.t.language)), 503)
  }

  /** Whoever follows an old link is told that there is nothing to find any more, and is led on. Nobody keeps that: it may be published again. */
  async #tellTakenBack(frame: Frame, request: FastifyRequest, reply: FastifyReply, takenBack?: TakenBack): Promise<FastifyReply> {
    const page = await takenBack?.(frame, request)
    return page ? this.send(frame, reply, page, 410) : notFound()
  }

  /** There is no such page, or since it was asked for it has gone elsewhere. */
  async #notMade(path: string, request: FastifyRequest, reply: FastifyReply, takenBack?: TakenBack): Promise<FastifyReply> {
    const frame = await frameOf(this.site, request)
    if (!frame) return notFound()
    return this.#leavesFor(frame, request, path)?.(reply) ?? this.#tellTakenBack(frame, request, reply, takenBack)
  }

  #each(method: 'get' | 'post', path: string, handle: Handler): void {
    const takesIn = method === 'post' && /\/(sign|send)$/.test(path)
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const frame = await frameOf(this.site, request)
      if (!frame) return notFound()
      if (takesIn && this.site.collector.full && !await roomSoon(this.site.collector)) return sendBusy(frame, request, reply)
      const leaves = this.#leavesFor(frame, request, path)
      if (method === 'get') return leaves ? leaves(reply) : handle(frame, request, reply)
      return handle(frame.languageOff && leaves ? inDefaultLanguage(frame) : frame, request, reply)
    }
    this.server[method](path || '/', { config: { everyWay: true } }, handler)
  }
}

/** The page in the place of one that was taken back; nothing where there was none. */
export type TakenBack = (frame: Frame, request: FastifyRequest) => Promise<PageParts | undefined>

/** What has another address since. */
export interface Moved {
  moved: string
}

function movedPage({ moved }: Moved): CachedPage {
  return { status: 308, body: '', type: 'text/plain', headers: { location: moved, 'content-security-policy': "default-src 'none'" } }
}

const aboutOneself = /^\/(confirm|not-me|withdraw|unsubscribe|done|forget-me|my-data|new-address|receipt)\b|\/(one-more-step|code)$/

function withoutLanguage(url: string, language: string): string {
  // Two slashes at the beginning would lead to another site.
  return url.replace(new RegExp(`/${language}(?=[/?]|$)`), '').replace(/^\/*/, '/')
}

export type Handler = (frame: Frame, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>
