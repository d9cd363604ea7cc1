import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzipSync } from 'node:zlib'
import type { Copy, DataState } from '../data-state.ts'
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

type Maker = () => Promise<CachedPage | undefined>

interface Variant {
  head: string[]
  /** For whoever has it already. */
  headUnchanged: string[]
  /** The bytes; a few of them as latin1. */
  body: Buffer | string
}

interface Packed {
  etag: string
  status: number
  /** Of all variants together, those not made yet reckoned in. */
  bytes: number
  variants: { br?: Variant, gzip?: Variant, identity: Variant }
}

interface Entry extends Packed {
  copy: Copy
}

/** So few bytes go out as text in one write with what stands before them: 22 bytes take 2 µs less in that way, 5000 take longer. */
const few = 1000
const freshFor = 450
/** With what pages are made of (site/recent.ts), which may be 400 milliseconds old, nobody sees what is older than a second: DESIGN's one rule of freshness. */
const staleUntil = 600
/** How long a page that is past its second may be in the making before the old one is sent: then the database is away. */
const patience = 1000

/**
 * Pages ready to be sent, by address. After not quite half a second it is looked whether any data has changed, and the page is made again if so, in the
 * background if somebody asks for it; past `staleUntil` nobody gets the old one, unless it cannot be made at all: reading goes on while the database is away.
 */
export class PageCache {
  readonly #entries = new Map<string, Entry>()
  readonly #making = new Map<string, Promise<Entry | undefined>>()
  /** How pages are made that may be asked for again behind somebody's back, the latest last. Each has hold of the request that it came with. */
  readonly #makers = new Map<string, Maker>()
  readonly #state: DataState
  readonly #headers: Record<string, string>
  readonly #most: number
  #bytes = 0
  #generation = 0

  /** `headers` go with every page that has none of the same name. Pages of at most so many bytes are kept: somebody who goes through all of a large site fills no memory. */
  constructor(state: DataState, headers: Record<string, string>, { mostBytes = 48_000_000 }: { mostBytes?: number } = {}) {
    this.#state = state
    this.#headers = headers
    this.#most = mostBytes
  }

  /** Sends the page of this request's address if it is here and young enough. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const key = request.url!
    const entry = this.#entries.get(key)
    if (!entry) return false
    const age = performance.now() - entry.copy.at
    if (age > staleUntil) return false
    if (age > freshFor) void this.#make(key)
    send(entry, request, response)
    return true
  }

  /**
   * Makes the page of an address, or waits for the making that is under way, and returns what sends it. Nothing if there is no
   * such page; rejects if it cannot be made and there is no earlier one.
   */
  async make(key: string, maker: Maker): Promise<((request: IncomingMessage, response: ServerResponse) => void) | undefined> {
    this.#makers.set(key, maker)
    const old = this.#entries.get(key)
    const making = this.#make(key)
    const entry = await (old ? orElse(making, patience, () => {
      // The next ones need not wait for the same: they get it at once, and it is tried again behind their backs.
      old.copy = { ...old.copy, at: performance.now() - freshFor }
      return old
    }) : making)
    return entry && ((request, response) => send(entry, request, response))
  }

  /** Makes nobody see again what is here or in the making: something about all pages has changed. */
  forget(): void {
    this.#generation += 1
    for (const entry of this.#entries.values()) entry.copy = outdated
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
    const before = this.#entries.get(key)
    if (before && await this.#state.holds(before.copy) && generation === this.#generation) return this.#keep(key, before)
    const { value: page, copy } = await this.#state.read(this.#makers.get(key)!)
    if (!page) {
      this.#drop(key)
      this.#makers.delete(key)
      return undefined
    }
    return this.#keep(key, { ...await pack(page, this.#headers, before), copy: generation === this.#generation ? copy : outdated })
  }

  #keep(key: string, entry: Entry): Entry {
    const maker = this.#makers.get(key)!
    this.#drop(key)
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
    while (this.#bytes > this.#most) this.#drop(this.#entries.keys().next().value!)
    this.#makers.delete(key)
    this.#makers.set(key, maker)
    this.#letGo()
    return entry
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }

  /** Lets go of the requests of pages that are too old to be made again for somebody who gets the old one meanwhile: whoever asks next brings their own. */
  #letGo(): void {
    const latest = performance.now() - staleUntil
    for (const key of this.#makers.keys()) {
      if ((this.#entries.get(key)?.copy ?? outdated).at >= latest || this.#making.has(key)) break
      this.#makers.delete(key)
    }
  }
}

/** Of what must be made again. */
const outdated: Copy = { at: Number.NEGATIVE_INFINITY, readAt: Number.NEGATIVE_INFINITY, state: undefined }

const compressBrotli = promisify(brotliCompress)

/** Most pages that are made again say what they said before: these are not compressed anew. */
async function pack({ body, type, status = 200, headers: its, compress = true }: CachedPage, headers: Record<string, string>, before: Packed | undefined): Promise<Packed> {
  const identity = Buffer.from(body as string)
  const etag = `W/"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`
  const head = [...Object.entries({ ...headers, ...its }).flat(), 'content-type', type, 'etag', etag, 'cache-control', 'public, max-age=0, s-maxage=5, stale-if-error=3600', 'vary', 'accept-encoding']
  const plain = variant(head, identity)
  if (before?.etag === etag && before.status === status && String(before.variants.identity.head) === String(plain.head)) return before
  if (!compress || identity.length < 200) return { etag, status, bytes: identity.length, variants: { identity: plain } }
  // A window as large as the page: getting the memory for a larger one takes a fifth of the time.
  const window = Math.min(22, Math.max(16, Math.ceil(Math.log2(identity.length + 16))))
  const br = await compressBrotli(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_LGWIN]: window } })
  return { etag, status, bytes: identity.length + 2 * br.length, variants: variants(head, identity, br) }
}

/** Apart from where a page comes as text: thousands of them stay here, and what stays as text has to be gone through whenever there is tidying up. */
function variants(head: string[], identity: Buffer, br: Buffer): Packed['variants'] {
  // Made once somebody asks who takes no other: hardly any browser, and pages are made again all the time.
  let gzipped: Variant | undefined
  return { br: variant(head, br, 'br'), get gzip() { return gzipped ??= variant(head, gzipSync(identity), 'gzip') }, identity: variant(head, identity) }
}

function variant(head: string[], body: Buffer, encoding?: string): Variant {
  const headUnchanged = encoding ? [...head, 'content-encoding', encoding] : head
  return { head: [...headUnchanged, 'content-length', String(body.length)], headUnchanged, body: body.length < few ? body.toString('latin1') : body }
}

function send({ status, etag, variants }: Packed, request: IncomingMessage, response: ServerResponse): void {
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
