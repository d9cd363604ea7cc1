import { CompiledQuery, Kysely, PostgresDialect, sql, type RawBuilder, type Transaction } from 'kysely'
import pg from 'pg'
import { clientSettings, type DatabaseAddress } from './db-address.ts'
import { isStalePlan, preparedPool } from './prepared.ts'
import type { Schema } from './schema.ts'

/** Somewhere to read from: the pool, or a transaction already open. */
export type Db = Kysely<Schema>

/** A promise from the caller that a transaction is open. Passing a Db here does not compile. */
export type Tx = Transaction<Schema>

export { jsonArrayFrom } from 'kysely/helpers/postgres'
export { sql, type RawBuilder }
export { clientSettings, isOutage, type DatabaseAddress } from './db-address.ts'

// Counts are far below 2^53, and a day is a day in no time zone.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/**
 * The patience of a process that nobody waits for, in milliseconds: longer than any of its statements takes. Where a network swallows what is sent,
 * the system would give a line up only after a quarter of an hour.
 */
export const longPatience = 300_000

/** A pool for one process. A lost connection is replaced when it is next needed; a statement that was under way on it fails. `patience` is how long one statement may take, in milliseconds: then its connection is given up, and the server undoes the transaction that it stood in. `pipeline`: what is asked on one connection is sent without waiting for the answer to what was asked before. */
export function openPool(address: DatabaseAddress, { name, size = 10, patience, pipeline = false }: { name: string, size?: number, patience?: number, pipeline?: boolean }): pg.Pool {
  const pool = new pg.Pool({ ...clientSettings(address), max: size, application_name: `clarion ${name}`, connectionTimeoutMillis: 5000, idleTimeoutMillis: 60_000, keepAlive: true, query_timeout: patience, pipeline })
  pool.on('error', () => {})
  // The pool listens to idle connections only. One that is cut while it is at work says so to its statement, and then once more to nobody, which would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => {})
    if (patience && !pipeline) endWhenSilent(client)
  })
  return pool
}

/** Whatever is asked next on a line that does not answer would wait behind that, as even the end of its transaction does. Where statements are sent without waiting, the driver sees to it. */
function endWhenSilent(client: pg.PoolClient & { end?(): Promise<void> }): void {
  const ask = client.query.bind(client) as (...question: unknown[]) => unknown
  client.query = ((...question: unknown[]) => {
    const answer = ask(...question)
    Promise.resolve(answer).catch((error: Error) => { if (error.message === 'Query read timeout') void client.end?.() })
    return answer
  }) as typeof client.query
}

/** `prepared`: for a process that asks the same questions all the time. */
export function openDb(pool: pg.Pool, { prepared = false }: { prepared?: boolean } = {}): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: prepared ? preparedPool(pool) : pool }) })
}

/** Runs `work` in one transaction: all of it is kept, or none. */
export function inTransaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(work)
}

/** Runs `work` in a transaction in which the database refuses every change: what a GET is given. */
export async function reading<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const read = () => db.transaction().setAccessMode('read only').execute(work)
  try {
    return await read()
  } catch (error) {
    if (!isStalePlan(error)) throw error
    return read()
  }
}

/**
 * A condition that a claim checks again, on rows that it has found already by their keys. Written so that no partial index has it: in a queue
 * that has just filled, the planner believes such an index to be empty, goes through all of it and compares each row with each that was found.
 */
export function stillTrue(condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${condition}, false)`
}

/** One of a list, on the right of `=`. Written with `in`, each length of it is another question to be planned; this is one, however many there are. */
export function anyOf(values: readonly string[], type: 'uuid' | 'text'): RawBuilder<string> {
  return sql<string>`any (${values}::${sql.raw(type)}[])`
}

/**
 * A list whose length the planner cannot see. For one that it sees it makes a plan each time that the question is asked, because that looks cheaper for one
 * row than the plan for ten; and planning takes several times as long as finding (decision 72).
 */
export function anyNumber(values: string[]): RawBuilder<string[]> {
  return sql<string[]>`array(select unnest(${values}::text[]))`
}

/** Whether a query finds anything. Loops ask before they open a transaction: most of their looks find nothing. */
export async function findsAny(db: Db, query: RawBuilder<unknown>): Promise<boolean> {
  const { rows: [found] } = await sql<{ any: boolean }>`select exists (${query}) as any`.execute(db)
  return found!.any
}

/** Runs one statement of plain SQL with numbered parameters. */
export async function run<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))).rows
}
