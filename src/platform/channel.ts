import pg from 'pg'
import { clientSettings, type DatabaseAddress } from './db-address.ts'

/** What PostgreSQL takes at most, in bytes. */
export const longestSaying = 7999

/**
 * Short texts between the processes that listen on one channel of the database (NOTIFY): nothing of them is written to a table, and
 * whoever is not there misses them. A line of its own, past any pooler; one that is lost is opened again with the next `open`.
 */
export class Channel {
  readonly #settings: pg.ClientConfig
  readonly #name: string
  readonly #heard: (text: string) => void
  #client: pg.Client | undefined

  constructor(address: DatabaseAddress, { name, process }: { name: string, process: string }, heard: (text: string) => void) {
    this.#settings = { ...clientSettings(address), application_name: `clarion ${process}`, connectionTimeoutMillis: 5000, query_timeout: 3000, keepAlive: true }
    this.#name = name
    this.#heard = heard
  }

  /** Listens from here on, if it does not yet. Throws if the database cannot be reached. */
  async open(): Promise<void> {
    if (this.#client) return
    const client = new pg.Client(this.#settings)
    const lost = () => {
      if (this.#client === client) this.#client = undefined
    }
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''))
    try {
      await client.connect()
      // What is said is of the moment: nobody waits for a disk on its account.
      await client.query('set synchronous_commit = off')
      await client.query(`listen ${client.escapeIdentifier(this.#name)}`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    this.#client = client
  }

  /** Says texts to everybody who listens, this process too. Throws if the line is lost. */
  async say(texts: string[]): Promise<void> {
    const client = this.#client
    try {
      await client!.query('select pg_notify($1, text) from unnest($2::text[]) text', [this.#name, texts])
    } catch (error) {
      this.#client = undefined
      await client?.end().catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => {})
  }
}
