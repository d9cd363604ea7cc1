import { sql, type Db } from './db.ts'

/** Something that was read from the database, and what is known of how true it still is. Moments are those of `performance.now()`, in milliseconds. */
export interface Copy {
  /** When it was ready, or was last known to hold. */
  at: number
  readonly readAt: number
  /** The state of the data that all of it comes from; none if it may be from several. */
  readonly state: string | undefined
}

/** What is read by way of other copies may be made of parts that were ready so much earlier, in milliseconds; */
const oldestPart = 400
/** and whose reading took so long. What took longer makes a doubt. */
const longestReading = 300
/** A look this young does for the next one who asks, in milliseconds. */
const young = 100

/**
 * Which state of the data there is, so that what has been made of it need not be made again while nothing changes. PostgreSQL says so exactly: the
 * snapshot that a statement would see names the transactions that have ended, so two equal ones see the same rows (PostgreSQL manual, 9.27.9). What
 * changes by itself, because a publication or a deadline has come, does so at the beginning of a minute: the minute is part of the state.
 */
export class DataState {
  /** The name of the state at this moment. */
  readonly look: () => Promise<string>
  readonly #longest: number
  #known: { state: string, since: number, at: number } | undefined
  #looking: Promise<void> | undefined
  #doubts = 0

  /** No copy is held to be true for more than `longest` milliseconds without being read: something may change by itself in the middle of a minute, and the database's clock is not ours. */
  constructor(look: () => Promise<string>, { longest = 5000 }: { longest?: number } = {}) {
    this.look = look
    this.#longest = longest
  }

  /** Does some work that reads, by way of copies too, and returns what came of it and how to tell later whether it is still so. */
  async read<Value>(work: () => Promise<Value>): Promise<{ value: Value, copy: Copy }> {
    const began = performance.now()
    const known = this.#known && began - this.#known.since > oldestPart + longestReading ? this.#known.state : undefined
    const doubts = this.#doubts
    const value = await work()
    const state = doubts === this.#doubts ? known : undefined
    const at = performance.now()
    if (at - began > longestReading) this.doubt()
    return { value, copy: { at, readAt: began, state } }
  }

  /** Whether reading again would give the same; then the copy is as good as one read now. */
  async holds(copy: Copy): Promise<boolean> {
    if (!this.#known || this.#known.at < performance.now() - young) await (this.#looking ??= this.#look().finally(() => { this.#looking = undefined })).catch(() => {})
    if (!this.#known || this.#known.state !== copy.state || this.#known.at < copy.at || performance.now() - copy.readAt > this.#longest) return false
    copy.at = this.#known.at
    return true
  }

  /** To be called by whoever gives out something older than copies may be: what is being made of it is from no one state. */
  doubt(): void {
    this.#doubts += 1
  }

  async #look(): Promise<void> {
    const at = performance.now()
    const state = await this.look()
    this.#known = { state, at, since: this.#known?.state === state ? this.#known.since : performance.now() }
  }
}

/** The state of what a process reads from `db`, where `now` tells it the time. On a server that others write to as well it changes with them: then pages are made as often as if this were not here. */
export function dataState(db: Db, now: () => Date): DataState {
  return new DataState(async () => {
    const { rows: [seen] } = await sql<{ state: string }>`select pg_current_snapshot() || ' ' || floor(extract(epoch from now()) / 60) as state`.execute(db)
    return `${seen!.state} ${Math.floor(now().getTime() / 60_000)}`
  })
}
