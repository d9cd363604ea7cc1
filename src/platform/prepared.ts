import { createHash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'

/** So many statements are remembered by name; what comes beyond is planned each time, as if this were not here. */
const mostNamed = 300

/**
 * A pool whose questions are planned once for each connection instead of each time: for pages, planning takes longer than finding. A question gets its name when it comes the second
 * time, so that one that is put together anew each time takes no room. Where its connections send without waiting, nobody waits for a reading transaction to begin or to end either.
 */
export function preparedPool(pool: pg.Pool): PostgresPool {
  const names = new Names()
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      let its = wrapped.get(client)
      if (!its) {
        const asking = new Asking(client, names)
        wrapped.set(client, its = { query: ((text: string | object, values: readonly unknown[]) => asking.query(text as string, values)) as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) })
      }
      return its
    },
    end: () => pool.end(),
    options: pool.options,
  }
}

/** What is asked on one connection of such a pool. */
class Asking {
  readonly #client: pg.PoolClient
  readonly #names: Names
  /** The beginning of a transaction that only reads: what is asked in it stands behind that in the line. Should it have failed, the end says so. */
  #begun: Promise<unknown> | undefined

  constructor(client: pg.PoolClient, names: Names) {
    this.#client = client
    this.#names = names
  }

  async query(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    if (this.#client.pipeline && text === 'start transaction read only') {
      this.#begun = this.#unawaited(text)
      return nothingYet
    }
    const begun = this.#begun
    if (begun && (text === 'commit' || text === 'rollback')) {
      this.#begun = undefined
      await begun
      // Nothing was changed that could be lost.
      if (text === 'commit') void this.#unawaited(text)
      else await this.#client.query(text)
      return nothingYet
    }
    try {
      return await this.#client.query({ name: this.#names.of(text), text, values: [...values] }) as PostgresQueryResult<unknown>
    } catch (error) {
      if (isStalePlan(error)) this.#names.forget()
      throw error
    }
  }

  #unawaited(text: string): Promise<unknown> {
    const answer = this.#client.query(text)
    answer.catch(() => {})
    return answer
  }
}

const nothingYet = { command: 'SELECT', rowCount: 0, rows: [] } as const satisfies PostgresQueryResult<unknown>

/** A view has got another column since the statement was planned, as when the next version starts beside this one. Asked again, it is planned anew. */
export function isStalePlan(error: unknown): boolean {
  return (error as { code?: string }).code === '0A000' && /cached plan/.test((error as Error).message)
}

class Names {
  #generation = 0
  readonly #known = new Map<string, string | undefined>()

  of(text: string): string | undefined {
    // How many are wanted decides how to look: a plan for any number would be a bad one. Where it does not, the number stands in brackets.
    if (!/^\s*(?:select|with)\b/i.test(text) || /\b(?:limit|offset) \$/i.test(text)) return undefined
    const name = this.#known.get(text)
    if (name !== undefined) return name
    const again = this.#known.has(text)
    if (!again && this.#known.size >= mostNamed) return undefined
    // From its words, because one connection may serve several of these.
    this.#known.set(text, again ? `${this.#generation}-${createHash('sha256').update(text).digest('base64url').slice(0, 24)}` : undefined)
    return this.#known.get(text)
  }

  forget(): void {
    this.#generation += 1
    this.#known.clear()
  }
}
