import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzipSync } from 'node:zlib'
import { orElse } from '../fall-back.ts'

/** A page that is the same for everyone who asks for its address. */
export interface CachedPage {
  body: string | Buffer
  type: string
  status?: number
  headers?: Record<string, string>
  /** False for what is compressed already. */
  compress?: boolean
}

interface Variant {
  head: string[]
  /** For whoever has it already. */
  headUnchanged: string[]
  /** The bytes; a few of them as latin1. */
  body: Buffer | string
}

interface Entry {
  madeAt: number
  etag: string
  status: number
  variants: { br?: Variant, gzip?: Variant, identity: Variant }
}

/** So few bytes go out as text in one write with what stands before them: 22 bytes take 2 µs less in that way, 5000 take longer. */
const few = 1000
const freshFor = 500
/** Our own caches hold nothing longer than this many milliseconds; DESIGN's one rule of freshness. */
const staleUntil = 1000
/** How long a page that is past its second may be in the making before the old one is sent: then the database is away. */
const patience = 1000

/**
 * Pages ready to be sent, by address. A page is made again after half a second, in the background if somebody asks for it;
 * past a second nobody gets the old one, unless it cannot be made at all: reading goes on while the database is away.
 */
export class PageCache {
  readonly #entries = new Map<string, Entry>()
  readonly #making = new Map<string, Promise<Entry | undefined>>()
  readonly #makers = new Map<string, () => Promise<CachedPage | undefined>>()
  readonly #headers: Record<string, string>
  readonly #mostEntries: number
  #generation = 0

  /** `headers` go with every page that has none of the same name. */
  constructor(headers: Record<string, string>, mostEntries = 2000) {
    this.#headers = headers
    this.#mostEntries = mostEntries
  }

  /** Sends the page of this request's address if it is here and young enough. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const key = request.url!
    const entry = this.#entries.get(key)
    if (!entry) return false
    const age = Date.now() - entry.madeAt
    if (age > staleUntil) return false
    if (age > freshFor) void this.#make(key)
    send(entry, request, response)
    return true
  }

  /**
   * Makes the page of an address, or waits for the making that is under way, and returns what sends it. Nothing if there is no
   * such page; rejects if it cannot be made and there is no earlier one.
   */
  async make(key: string, maker: () => Promise<CachedPage | undefined>): Promise<((request: IncomingMessage, response: ServerResponse) => void) | undefined> {
    this.#makers.set(key, maker)
    const old = this.#entries.get(key)
    const making = this.#make(key)
    const entry = await (old ? orElse(making, patience, () => {
      // The next ones need not wait for the same: they get it at once, and it is tried again behind their backs.
      old.madeAt = Date.now() - freshFor
      return old
    }) : making)
    return entry && ((request, response) => send(entry, request, response))
  }

  /** Makes nobody see again what is here or in the making: something about all pages has changed. */
  forget(): void {
    this.#generation += 1
    for (const entry of this.#entries.values()) entry.madeAt = Math.min(entry.madeAt, Date.now() - staleUntil - 1)
  }

  #make(key: string): Promise<Entry | undefined> {
    let making = this.#making.get(key)
    if (!making) {
      making = this.#makeNow(key).finally(() => this.#making.delete(key))
      this.#making.set(key, making)
      making.catch(() => {})
    }
    return making
  }

  async #makeNow(key: string): Promise<Entry | undefined> {
    const generation = this.#generation
    const page = await this.#makers.get(key)!()
    if (!page) {
      this.#entries.delete(key)
      this.#makers.delete(key)
      return undefined
    }
    const entry = await pack(page, this.#headers, this.#entries.get(key))
    if (generation !== this.#generation) entry.madeAt = 0
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > this.#mostEntries) {
      const oldest = this.#entries.keys().next().value!
      this.#entries.delete(oldest)
      this.#makers.delete(oldest)
    }
    return entry
  }
}

const compressBrotli = promisify(brotliCompress)

/** Most pages that are made again say what they said before: these are not compressed anew. */
async function pack(page: CachedPage, headers: Record<string, string>, before: Entry | undefined): Promise<Entry> {
  const identity = Buffer.from(page.body as string)
  const etag = `W/"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`
  const variant = (body: Buffer, encoding?: string): Variant => {
    const headUnchanged = [
      ...Object.entries({ ...headers, ...page.headers }).flat(), 'content-type', page.type, 'etag', etag, 'cache-control', 'public, max-age=0, s-maxage=5, stale-if-error=3600', 'vary', 'accept-encoding',
      ...(encoding ? ['content-encoding', encoding] : []),
    ]
    return { head: [...headUnchanged, 'content-length', String(body.length)], headUnchanged, body: body.length < few ? body.toString('latin1') : body }
  }
  const status = page.status ?? 200
  const plain = variant(identity)
  if (before?.etag === etag && before.status === status && String(before.variants.identity.head) === String(plain.head)) return { ...before, madeAt: Date.now() }
  if (page.compress === false || identity.length < 200) return { madeAt: Date.now(), etag, status, variants: { identity: plain } }
  const br = await compressBrotli(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } })
  // Made once somebody asks who takes no other: hardly any browser, and pages are made again twice a second.
  let gzipped: Variant | undefined
  return { madeAt: Date.now(), etag, status, variants: { br: variant(br, 'br'), get gzip() { return gzipped ??= variant(gzipSync(identity), 'gzip') }, identity: plain } }
}

function send({ status, etag, variants }: Entry, request: IncomingMessage, response: ServerResponse): void {
  const accepted = request.headers['accept-encoding'] ?? ''
  const variant = (accepted.includes('br') && variants.br) || (accepted.includes('gzip') && variants.gzip) || variants.identity
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, variant.headUnchanged)
    response.end()
    return
  }
  response.writeHead(status, variant.head)
  response.end(request.method === 'HEAD' ? undefined : variant.body, 'latin1')
}
