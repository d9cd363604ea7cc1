import { createHash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'

/** So many statements are remembered by name; what comes beyond is planned each time, as if this were not here. */
const mostNamed = 300

/**
 * A pool whose questions are planned once for each connection instead of each time: for pages, planning takes longer than finding. A question gets its name when it comes the second
 * time, so that one that is put together anew each time takes no room.
 */
export function preparedPool(pool: pg.Pool): PostgresPool {
  const names = new Names()
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      let its = wrapped.get(client)
      if (!its) wrapped.set(client, its = { query: (<Row>(text: string | object, values: readonly unknown[]) => ask(client, names, text as string, values) as Promise<PostgresQueryResult<Row>>) as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) })
      return its
    },
    end: () => pool.end(),
    options: pool.options,
  }
}

async function ask(client: pg.PoolClient, names: Names, text: string, values: readonly unknown[]) {
  try {
    return await client.query({ name: names.of(text), text, values: [...values] })
  } catch (error) {
    if (isStalePlan(error)) names.forget()
    throw error
  }
}

/** A view has got another column since the statement was planned, as when the next version starts beside this one. Asked again, it is planned anew. */
export function isStalePlan(error: unknown): boolean {
  return (error as { code?: string }).code === '0A000' && /cached plan/.test((error as Error).message)
}

class Names {
  #generation = 0
  readonly #known = new Map<string, string | undefined>()

  of(text: string): string | undefined {
    // How many are wanted, and how often words are said, decides how to look: a plan for any number or word would be a bad one.
    if (!/^\s*(?:select|with)\b/i.test(text) || /\b(?:limit|offset) \$|@@/i.test(text)) return undefined
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
