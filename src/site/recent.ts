import { orElse } from '#platform/fall-back.ts'

const freshFor = 500
const staleUntil = 1000
/** How long a value that is past its second may be in the reading before the old one is given out. */
const patience = 1000
/** For how long after the database did not answer nobody waits for it again: old values are given out at once, and read again behind their back. */
const awayFor = 5000

const most = 2000

/**
 * Values that may be half a second old, one for each key. A value that cannot be read again, because the database is away, is
 * given out as it was, for as long as this process lives: reading goes on. Loading happens once, however many ask.
 */
export class Recent<Value> {
  static #awaySince = 0
  readonly #load: (key: string) => Promise<Value>
  readonly #instead: (key: string) => Value | undefined
  readonly #entries = new Map<string, { value: Value, at: number }>()
  readonly #loading = new Map<string, Promise<Value>>()

  /** `instead` says what to give out for a key that was never asked for while the database is away, if that is known from elsewhere. */
  constructor(load: (key: string) => Promise<Value>, instead: (key: string) => Value | undefined = () => undefined) {
    this.#load = load
    this.#instead = instead
  }

  get(key: string): Promise<Value> | Value {
    const entry = this.#entries.get(key)
    const age = entry ? Date.now() - entry.at : Number.POSITIVE_INFINITY
    if (age < freshFor) return entry!.value
    const loading = this.#loading.get(key) ?? this.#start(key)
    // Up to a second old while the next one is on its way; older only if it cannot be had.
    if (age < staleUntil) return entry!.value
    return this.#orKnown(key, loading)
  }

  /** The value as it is at this moment, for what must not be seen a moment longer. As it was last read where the database is away. */
  now(key: string): Promise<Value> | Value {
    return this.#orKnown(key, this.#loading.get(key) ?? this.#start(key))
  }

  #orKnown(key: string, loading: Promise<Value>): Promise<Value> | Value {
    const entry = this.#entries.get(key)
    const known = entry ? entry.value : this.#instead(key)
    if (known === undefined) return loading
    if (Date.now() - Recent.#awaySince < awayFor) return known
    return orElse(loading, patience, () => {
      Recent.#awaySince = Date.now()
      return known
    })
  }

  /** The value as it was last read, however long ago. */
  last(key: string): Value | undefined {
    return this.#entries.get(key)?.value
  }

  #start(key: string): Promise<Value> {
    const loading = this.#load(key).then((value) => {
      this.#entries.delete(key)
      this.#entries.set(key, { value, at: Date.now() })
      if (this.#entries.size > most) this.#entries.delete(this.#entries.keys().next().value!)
      Recent.#awaySince = 0
      return value
    }).finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    loading.catch(() => {})
    return loading
  }
}
