import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Copy, DataState } from '../data-state.ts'
import { orElse } from '../fall-back.ts'
import { acceptedBy, pack, sendPacked, type CachedPage, type Packed } from './packed.ts'

export type { CachedPage } from './packed.ts'

type Maker = () => Promise<CachedPage | undefined>

interface Entry extends Packed {
  copy: Copy
}

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
    if (age > freshFor) void this.#make(key, acceptedBy(request))
    sendPacked(entry, request, response)
    return true
  }

  /**
   * Makes the page of an address for whoever `asked`, or waits for the making that is under way, and returns what sends it. Nothing if there is no
   * such page; rejects if it cannot be made and there is no earlier one.
   */
  async make(key: string, maker: Maker, asked: IncomingMessage): Promise<((request: IncomingMessage, response: ServerResponse) => void) | undefined> {
    this.#makers.set(key, maker)
    const old = this.#entries.get(key)
    const making = this.#make(key, acceptedBy(asked))
    const entry = await (old ? orElse(making, patience, () => {
      // The next ones need not wait for the same: they get it at once, and it is tried again behind their backs.
      old.copy = { ...old.copy, at: performance.now() - freshFor }
      return old
    }) : making)
    return entry && ((request, response) => sendPacked(entry, request, response))
  }

  /** Makes nobody see again what is here or in the making: something about all pages has changed. */
  forget(): void {
    this.#generation += 1
    for (const entry of this.#entries.values()) entry.copy = outdated
  }

  #make(key: string, accepted: string): Promise<Entry | undefined> {
    let making = this.#making.get(key)
    if (!making) {
      making = this.#makeNow(key, accepted).finally(() => this.#making.delete(key))
      this.#making.set(key, making)
      making.catch(() => {})
    }
    return making
  }

  async #makeNow(key: string, accepted: string): Promise<Entry | undefined> {
    const generation = this.#generation
    const before = this.#entries.get(key)
    if (before && await this.#state.holds(before.copy) && generation === this.#generation) return this.#keep(key, before)
    const { value: page, copy } = await this.#state.read(this.#makers.get(key)!)
    if (!page) {
      this.#drop(key)
      this.#makers.delete(key)
      return undefined
    }
    return this.#keep(key, { ...await pack(page, this.#headers, accepted, before), copy: generation === this.#generation ? copy : outdated })
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
