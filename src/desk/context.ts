import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import { deskOrigin, siteOrigin, type Config } from '#platform/config.ts'
import { openDb, reading, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Queue } from '#platform/queue.ts'
import { Opener, type SealingKey } from '#platform/sealing/index.ts'
import type { DeskSecrets } from '#platform/secrets.ts'
import type { DeskPlace } from '#modules/staff/index.ts'

/** What the desk's pages work with: the database as the desk may see it, and the keys that open what is sealed. */
export interface Desk {
  /** The database: while a page is read, within the read-only transaction of that page, whoever asks for it and from wherever. */
  readonly db: Db
  /** Does something that changes nothing: the database refuses every change that is tried meanwhile. */
  reading<Result>(work: () => Promise<Result>): Promise<Result>
  opener: Opener
  contactKey: SealingKey
  secrets: DeskSecrets
  queue: Queue
  config: Config
  log: Log
  now: () => Date
  place: DeskPlace
  /** Where the public site is reached. */
  siteOrigin: string
}

export interface DeskOptions {
  config: Config
  pool: pg.Pool
  secrets: DeskSecrets
  queue: Queue
  log: Log
  now?: () => Date
}

export function openDesk({ config, pool, secrets, queue, log, now = () => new Date() }: DeskOptions): Desk {
  const origin = deskOrigin(config)
  const open = openDb(pool)
  // What is asked for deep inside of a page is asked in its transaction, without every page having to hand it on: none can forget it.
  const pageOf = new AsyncLocalStorage<Db>()
  return {
    get db() { return pageOf.getStore() ?? open },
    reading: (work) => reading(open, (tx) => pageOf.run(tx, work)),
    opener: new Opener([...secrets.contact, ...secrets.record]), contactKey: secrets.contact.at(-1)!, secrets, queue, config, log, now,
    place: { origin, host: new URL(origin).hostname }, siteOrigin: siteOrigin(config),
  }
}
