import type { Copy, DataState } from '#platform/data-state.ts'
import { orElse } from '#platform/fall-back.ts'

const freshFor = 350
/** Together with the page that is made of it nothing is older than a second (platform/http/page-cache.ts). */
const staleUntil = 400
/** How long a value that is older may be in the reading before the old one is given out. */
const patience = 1000
/** For how long after the database did not answer nobody waits for it again: old values are given out at once, and read again behind their back. */
const awayFor = 5000

const most = 2000

interface Entry<Value> {
  value: Value
  copy: Copy
}

/**
 * Values that may be some tenths of a second old, one for each key, read again when any data has changed. A value that cannot be read again, because the database is away, is
 * given out as it was, for as long as this process lives: reading goes on. Loading happens once, however many ask.
 */
export class Recent<Value> {
  static #awaySince = Number.NEGATIVE_INFINITY
  readonly #state: DataState
  readonly #load: (key: string) => Promise<Value>
  readonly #instead: (key: string) => Value | undefined
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #loading = new Map<string, Promise<Value>>()

  /** `instead` says what to give out for a key that was never asked for while the database is away, if that is known from elsewhere. */
  constructor(state: DataState, load: (key: string) => Promise<Value>, instead: (key: string) => Value | undefined = () => undefined) {
    this.#state = state
    this.#load = load
    this.#instead = instead
  }

  get(key: string): Promise<Value> | Value {
    const entry = this.#entries.get(key)
    const age = entry ? performance.now() - entry.copy.at : Number.POSITIVE_INFINITY
    if (age < freshFor) return entry!.value
    const loading = this.#loading.get(key) ?? this.#start(key, entry)
    // A little older while the next one is on its way; much older only if it cannot be had.
    if (age < staleUntil) return entry!.value
    return this.#orKnown(key, loading)
  }

  #orKnown(key: string, loading: Promise<Value>): Promise<Value> | Value {
    const entry = this.#entries.get(key)
    const known = entry ? entry.value : this.#instead(key)
    if (known === undefined) return loading
    if (performance.now() - Recent.#awaySince < awayFor) return this.#outdated(known)
    return orElse(loading, patience, () => {
      Recent.#awaySince = performance.now()
      return this.#outdated(known)
    })
  }

  /** The value as it was last read, however long ago. */
  last(key: string): Value | undefined {
    return this.#entries.get(key)?.value
  }

  #outdated(value: Value): Value {
    this.#state.doubt()
    return value
  }

  #start(key: string, before: Entry<Value> | undefined): Promise<Value> {
    const loading = this.#read(key, before).finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    loading.catch(() => {})
    return loading
  }

  async #read(key: string, before: Entry<Value> | undefined): Promise<Value> {
    const entry = before && await this.#state.holds(before.copy) ? before : await this.#state.read(() => this.#load(key))
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > most) this.#entries.delete(this.#entries.keys().next().value!)
    Recent.#awaySince = Number.NEGATIVE_INFINITY
    return entry.value
  }
}
