import type { Config } from '#platform/config.ts'
import type { DatabaseAddress } from '#platform/db.ts'
import type { KeyChange } from '#platform/key-changes.ts'
import type { DeskSecrets, InboxSecrets, ProcessName, SiteSecrets, WorkerSecrets } from '#platform/secrets.ts'

interface Common {
  config: Config
  /** How this process signs in to the database, as its own role. */
  database: DatabaseAddress
  /** For listeners, where a pooler stands in between. */
  directDatabase: DatabaseAddress
  /** A private folder for Unix sockets. */
  socketFolder: string
}

/** What a process is handed when it starts: never on a command line, never in its environment. */
export interface Launches {
  site: Common & { secrets: SiteSecrets }
  /** The ids name the worker in its claims, the second one where it settles two batches at a time; whoever starts it again after a crash gives it the same ones, so that it need not wait for them to end. */
  worker: Common & { secrets: WorkerSecrets, workerId: string, besideId: string }
  desk: Common & { secrets: DeskSecrets }
  inbox: Pick<Common, 'config' | 'socketFolder'> & { secrets: InboxSecrets }
}

export type Launch<Name extends ProcessName = ProcessName> = Launches[Name]

/** A process that runs until it is told to stop. */
export interface Running {
  stop(): Promise<void>
}

/** One that can be handed other keys while it runs: what is new goes under the newest from then on, and what is old stays readable. */
export interface Rekeyable<Name extends ProcessName> extends Running {
  rekey(secrets: Launches[Name]['secrets']): Promise<void>
}

/** What came of asking for a change of keys: who asked learns `elsewhere` where nobody at hand has all the files, and in one sentence why else it was not done. */
export type KeyAnswer = { outcome: 'done' } | { outcome: 'elsewhere' } | { outcome: 'refused', why: string, left?: number, lastUsed?: string }

/** Asks whoever started this process, and has the files with the keys, to change them. */
export type AskForKeys = (change: KeyChange) => Promise<KeyAnswer>

/** Where the local inbox takes mail in, where it hands things back, and where processes without a port of their own answer about their health. */
export const inboxSocket = (socketFolder: string) => `${socketFolder}/inbox.sock`
export const returnsSocket = (socketFolder: string) => `${socketFolder}/returns.sock`
export const healthSocket = (socketFolder: string, name: ProcessName) => `${socketFolder}/${name}.sock`
