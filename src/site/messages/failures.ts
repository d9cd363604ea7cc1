import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { codeBeginning, noteLookupFailures, type LookupFailure, type Scheme } from '#modules/targets/index.ts'

type Result = LookupFailure['result']

/** Counts look-ups that found nothing, so that staff can see gaps in their data: by result and first half of the code, written every few seconds. */
export class LookupFailures {
  readonly #db: Db
  readonly #log: Log
  readonly #today: () => Promise<string>
  readonly #counts = new Map<string, number>()
  readonly #timer: NodeJS.Timeout

  /** `today`: the day by the publisher’s clock. */
  constructor(db: Db, log: Log, today: () => Promise<string>) {
    this.#db = db
    this.#log = log
    this.#today = today
    this.#timer = setInterval(() => void this.write(), 5000)
    this.#timer.unref()
  }

  addTyped(scheme: Scheme, typed: string, result: Result): void {
    this.add(scheme.id, codeBeginning(scheme, typed), result)
  }

  add(schemeId: string, beginning: string, result: Result): void {
    const key = JSON.stringify([schemeId, beginning, result])
    // A flood of nonsense must not fill the memory.
    if (this.#counts.size < 5000 || this.#counts.has(key)) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  async write(): Promise<void> {
    const counts = [...this.#counts].map(([key, times]): LookupFailure => {
      const [schemeId, beginning, result] = JSON.parse(key) as [string, string, Result]
      return { schemeId, beginning, result, times }
    })
    if (counts.length === 0) return
    this.#counts.clear()
    await this.#today().then((day) => noteLookupFailures(this.#db, counts, day)).catch((error: unknown) => this.#log.warn('look-up failures not written', { error }))
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
