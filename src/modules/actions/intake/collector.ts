import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { isOutage } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { keyId, sealedFor, Sealer, type SealingKey } from '#platform/sealing/index.ts'
import type { Entry } from './entry.ts'
import { intakePlace, keepBatch, type SealedBatch } from './store.ts'

/** What became of an entry. `kept`: it is on disk, and no crash loses it. `busy`: it was not taken; the sender may try again. */
export type Submitted = 'kept' | 'busy'

interface Waiting {
  /** As JSON. */
  entry: string
  answer: (outcome: Submitted) => void
}

/** What entries are sealed for; the record key has been used where they were typed. */
export interface IntakeKeys {
  contact: SealingKey
  record: SealingKey
}

export interface CollectorLimits {
  /** Entries in one commit. */
  batch: number
  /** Commits under way at once. */
  flights: number
  /** Entries waiting for a commit; past it the answer is "busy". */
  queue: number
  /** How long a batch is tried while the database is away, in milliseconds. */
  patience: number
}

/** Characters in one commit: far more than a crowd's batch has, and little enough for one parameter. */
const mostCharacters = 1_000_000

const usual: CollectorLimits = { batch: 400, flights: 2, queue: 6000, patience: 6000 }

/** Entries waiting beside a commit that make another one worth its while: each costs the disk a millisecond. */
const crowd = 48

/** Milliseconds from the beginning of one commit to the next, unless a crowd waits: at two thousand a second it makes a quarter of the commits, and each costs as much as several entries. */
const pace = 8

/**
 * Collects entries into batches and answers each one after its batch has been committed. A batch is sealed as one: sealing each entry
 * by itself took a fifth of the site's time in a crowd (decision 35). While commits are under way the next
 * batch grows, so a crowd makes batches large and a single visitor waits for nobody.
 */
export class Collector {
  readonly #pool: pg.Pool
  readonly #sealer: Sealer
  #record: string
  readonly #now: () => Date
  readonly #limits: CollectorLimits
  readonly #waiting: Waiting[] = []
  #flights = 0
  #lastFlight = 0
  #scheduled = false
  readonly #log: Log
  readonly stats = { batches: 0, entries: 0, refused: 0, commitMilliseconds: 0 }

  constructor(pool: pg.Pool, keys: IntakeKeys, now: () => Date, log: Log, limits: Partial<CollectorLimits> = {}) {
    this.#pool = pool
    this.#sealer = new Sealer(keys.contact)
    this.#record = keyId(keys.record)
    this.#now = now
    this.#log = log
    this.#limits = { ...usual, ...limits }
  }

  /** From now on other keys. */
  use({ contact, record }: IntakeKeys): void {
    this.#sealer.use(contact)
    this.#record = keyId(record)
  }

  /** Hands in one entry. Never rejects. */
  submit(entry: Entry): Promise<Submitted> {
    if (this.#waiting.length >= this.#limits.queue) {
      this.stats.refused += 1
      return Promise.resolve('busy')
    }
    return new Promise((answer) => {
      this.#waiting.push({ entry: JSON.stringify(entry), answer })
      this.#schedule()
    })
  }

  /** Entries that wait for a commit. */
  get depth(): number {
    return this.#waiting.length
  }

  /** Whether whoever comes now would be told "busy". */
  get full(): boolean {
    return this.#waiting.length >= this.#limits.queue
  }

  /** Waits until everything handed in so far has been answered. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#flights > 0) await wait(5)
  }

  #schedule(): void {
    if (!this.#mayFly()) return
    if (this.#waiting.length >= crowd) return this.#fly()
    if (this.#scheduled) return
    this.#scheduled = true
    const go = () => {
      this.#scheduled = false
      if (this.#mayFly()) this.#fly()
    }
    const rest = this.#lastFlight + pace - performance.now()
    // One turn of the event loop: whatever arrived with it shares the commit.
    if (rest < 1) setImmediate(go)
    else setTimeout(go, rest)
  }

  #fly(): void {
    const batch = this.#waiting.splice(0, this.#howMany())
    this.#flights += 1
    this.#lastFlight = performance.now()
    void this.#keep(batch).finally(() => {
      this.#flights -= 1
      this.#schedule()
    })
  }

  /** Entries of the next batch: at least one. */
  #howMany(): number {
    const most = Math.min(this.#limits.batch, this.#waiting.length)
    let characters = 0
    for (let count = 0; count < most; count++) {
      characters += this.#waiting[count]!.entry.length
      if (characters > mostCharacters) return Math.max(count, 1)
    }
    return most
  }

  /** A commit starts when none is under way; another beside it only for as many as make it worth its while. */
  #mayFly(): boolean {
    return this.#waiting.length > 0 && (this.#flights === 0 || (this.#flights < this.#limits.flights && this.#waiting.length >= crowd))
  }

  async #keep(batch: Waiting[]): Promise<void> {
    try {
      const context = await this.#sealer.context()
      const id = randomUUID()
      const contact = context.seal(intakePlace(id), Buffer.from(`[${batch.map(({ entry }) => entry).join(',')}]`))
      const startedAt = performance.now()
      const outcome = await this.#commit({ id, entries: batch.length, contact, keys: [sealedFor(contact), this.#record] })
      this.stats.commitMilliseconds += performance.now() - startedAt
      if (outcome === 'rejected') return await this.#bisect(batch)
      this.stats.batches += 1
      this.stats.entries += outcome === 'kept' ? batch.length : 0
      for (const { answer } of batch) answer(outcome)
    } catch {
      for (const { answer } of batch) answer('busy')
    }
  }

  /** A lost reply leaves the question whether the batch was kept; asking again with the same id settles it. */
  async #commit(batch: SealedBatch): Promise<Submitted | 'rejected'> {
    const until = Date.now() + this.#limits.patience
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      try {
        await keepBatch(this.#pool, batch, this.#now())
        return 'kept'
      } catch (error) {
        if (!isOutage(error)) {
          this.#log.error('intake rejected by the database', { count: batch.entries, error })
          return 'rejected'
        }
        if (Date.now() + pause > until) {
          this.#log.warn('intake busy', { count: batch.entries, error })
          return 'busy'
        }
        await wait(pause)
      }
    }
  }

  /** The database refuses something in this batch: halves find out what, so that everybody else is kept. */
  async #bisect(batch: Waiting[]): Promise<void> {
    if (batch.length === 1) {
      this.stats.refused += 1
      return batch[0]!.answer('busy')
    }
    const middle = batch.length >> 1
    await this.#keep(batch.slice(0, middle))
    await this.#keep(batch.slice(middle))
  }
}
