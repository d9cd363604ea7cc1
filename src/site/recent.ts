import { orElse } from '#platform/fall-back.ts'

const freshFor = 500
const staleUntil = 1000
/** How long a value that is past its second may be in the reading before the old one is given out. */
const patience = 1000

/**
 * Values that may be half a second old, one for each key. A value that cannot be read again, because the database is away, is
 * given out as it was: reading goes on. Loading happens once, however many ask.
 */
export class Recent<Value> {
  readonly #load: (key: string) => Promise<Value>
  readonly #entries = new Map<string, { value: Value, at: number }>()
  readonly #loading = new Map<string, Promise<Value>>()

  constructor(load: (key: string) => Promise<Value>) {
    this.#load = load
  }

  get(key: string): Promise<Value> | Value {
    const entry = this.#entries.get(key)
    if (entry && Date.now() - entry.at < freshFor) return entry.value
    let loading = this.#loading.get(key)
    if (!loading) {
      loading = this.#load(key).then((value) => {
        if (this.#entries.size > 2000) this.#entries.clear()
        this.#entries.set(key, { value, at: Date.now() })
        return value
      }).finally(() => this.#loading.delete(key))
      this.#loading.set(key, loading)
      loading.catch(() => {})
    }
    // Up to a second old while the next one is on its way; older only if it cannot be had.
    if (entry && Date.now() - entry.at < staleUntil) return entry.value
    return entry ? orElse(loading, patience, () => {
      // The next ones need not wait for the same.
      entry.at = Date.now() - freshFor
      return entry.value
    }) : loading
  }
}
