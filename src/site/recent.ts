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
    if (entry && Date.now() - entry.at < 500) return entry.value
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
    if (entry && Date.now() - entry.at < 1000) return entry.value
    return entry ? loading.catch(() => entry.value) : loading
  }
}
