import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import { deskOrigin, siteOrigin, type Config } from '#platform/config.ts'
import { openDb, reading, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Queue } from '#platform/queue.ts'
import { Opener, type SealingKey } from '#platform/sealing/index.ts'
import type { DeskSecrets } from '#platform/secrets.ts'
import type { DeskPlace } from '#modules/staff/index.ts'
import type { KeyChange } from '#platform/key-changes.ts'
import { RecordLock } from './record-lock.ts'

/** What the desk's pages work with: the database as the desk may see it, and the keys that open what is sealed. */
export interface Desk {
  /** The database: while a page is read, within the read-only transaction of that page, whoever asks for it and from wherever. */
  readonly db: Db
  /** Does something that changes nothing: the database refuses every change that is tried meanwhile. */
  reading<Result>(work: () => Promise<Result>): Promise<Result>
  opener: Opener
  contactKey: SealingKey
  secrets: DeskSecrets
  /** Where the private record keys are, and whether what lies under them can be opened now. */
  recordLock: RecordLock
  /** Asks whoever has the files to change the keys. */
  changeKeys: (change: KeyChange) => Promise<KeyChangeAnswer>
  /** From now on other keys. */
  rekey(secrets: DeskSecrets): void
  queue: Queue
  config: Config
  log: Log
  now: () => Date
  place: DeskPlace
  /** Where the public site is reached. */
  siteOrigin: string
}

/** `elsewhere`: nobody at hand has all the files, and a command does it where they are. */
export type KeyChangeAnswer = { outcome: 'done' } | { outcome: 'elsewhere' } | { outcome: 'refused', why: string, left?: number, lastUsed?: string }

export interface DeskOptions {
  config: Config
  pool: pg.Pool
  secrets: DeskSecrets
  queue: Queue
  log: Log
  now?: () => Date
  changeKeys?: Desk['changeKeys']
}

export function openDesk({ config, pool, secrets, queue, log, now = () => new Date(), changeKeys = () => Promise.resolve({ outcome: 'elsewhere' }) }: DeskOptions): Desk {
  const origin = deskOrigin(config)
  const open = openDb(pool)
  // What is asked for deep inside of a page is asked in its transaction, without every page having to hand it on: none can forget it.
  const pageOf = new AsyncLocalStorage<Db>()
  const opener = new Opener([...secrets.contact, ...secrets.record])
  const desk: Desk = {
    get db() { return pageOf.getStore() ?? open },
    reading: (work) => reading(open, (tx) => pageOf.run(tx, work)),
    opener, contactKey: secrets.contact.at(-1)!, secrets, changeKeys, queue, config, log, now,
    place: { origin, host: new URL(origin).hostname }, siteOrigin: siteOrigin(config),
    recordLock: new RecordLock(secrets, () => opener.use([...desk.secrets.contact, ...desk.recordLock.keys])),
    rekey(fresh) {
      desk.secrets = fresh
      desk.contactKey = fresh.contact.at(-1)!
      desk.recordLock.take(fresh)
      opener.use([...fresh.contact, ...desk.recordLock.keys])
    },
  }
  return desk
}
