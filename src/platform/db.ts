import { CompiledQuery, Kysely, PostgresDialect, sql, type RawBuilder, type Transaction } from 'kysely'
import pg from 'pg'
import type { Schema } from './schema.ts'

/** Somewhere to read from: the pool, or a transaction already open. */
export type Db = Kysely<Schema>

/** A promise from the caller that a transaction is open. Passing a Db here does not compile. */
export type Tx = Transaction<Schema>

export { sql, type RawBuilder }

// Counts are far below 2^53, and a day is a day in no time zone.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** How one process reaches the database. */
export interface DatabaseAddress {
  /** A URL, or the folder of the embedded database's socket. */
  url?: string
  socketFolder?: string
  user?: string
  password?: string
  database?: string
}

export function clientSettings(address: DatabaseAddress): pg.ClientConfig {
  if (!address.url) return { host: address.socketFolder, user: address.user, password: address.password, database: address.database ?? 'clarion' }
  const url = new URL(address.url)
  if (address.user) url.username = encodeURIComponent(address.user)
  if (address.password) url.password = encodeURIComponent(address.password)
  if (address.database) url.pathname = `/${address.database}`
  return { connectionString: url.href }
}

/** A pool for one process. A lost connection is replaced when it is next needed; a statement that was under way on it fails. `patience` is how long one statement may take, in milliseconds. */
export function openPool(address: DatabaseAddress, { name, size = 10, patience }: { name: string, size?: number, patience?: number }): pg.Pool {
  const pool = new pg.Pool({ ...clientSettings(address), max: size, application_name: `clarion ${name}`, connectionTimeoutMillis: 5000, idleTimeoutMillis: 60_000, keepAlive: true, query_timeout: patience })
  pool.on('error', () => {})
  // The pool listens to idle connections only. One that is cut while it is at work says so to its statement, and then once more to nobody, which would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export function openDb(pool: pg.Pool): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}

/** Runs `work` in one transaction: all of it is kept, or none. */
export function inTransaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(work)
}

/** Runs `work` in a transaction in which the database refuses every change: what a GET is given. */
export function reading<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().setAccessMode('read only').execute(work)
}

/**
 * A condition that a claim checks again, on rows that it has found already by their keys. Written so that no partial index has it: in a queue
 * that has just filled, the planner believes such an index to be empty, goes through all of it and compares each row with each that was found.
 */
export function stillTrue(condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${condition}, false)`
}

/** Runs one statement of plain SQL with numbered parameters. */
export async function run<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))).rows
}

/** Whether an error says that the database could not be reached or gave up on us: the statement may be tried again later. */
export function isOutage(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  const message = error instanceof Error ? error.message : ''
  return /^(08|53|57P|58)/.test(code) || code === '25006' || /^E(CONN|PIPE|NOENT|TIMEDOUT|HOSTUNREACH|NOTFOUND)/.test(code)
    || /Connection terminated|Query read timeout|timeout exceeded when trying to connect|not queryable|connection ended/i.test(message)
}
