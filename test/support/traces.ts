import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import pg from 'pg'

/** How a word may lie about: as text in upper and lower case, and written in other ways that a program might use. */
interface Needle {
  word: string
  way: string
  text: string
  anyCase: boolean
}

function waysOf(word: string): Needle[] {
  const bytes = Buffer.from(word)
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '')
    return encoded.slice([0, 2, 3][shift], (shift + bytes.length) % 3 ? -1 : undefined)
  })
  const text = (way: string, value: string, anyCase = true): Needle => ({ word, way, text: anyCase ? value.toLowerCase() : value, anyCase })
  const all = [
    text('plain', bytes.toString('latin1')), text('UTF-16', Buffer.from(word, 'utf16le').toString('latin1')), text('hexadecimal', bytes.toString('hex')),
    text('percent', encodeURIComponent(word)), text('JSON', JSON.stringify(word).slice(1, -1).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)),
    ...base64.flatMap((each) => [text('base64', each, false), text('base64url', each.replaceAll('+', '-').replaceAll('/', '_'), false)]),
  ]
  return all.filter(({ text }, place) => all.findIndex((other) => other.text === text) === place)
}

/** A server that others use as well takes files away in between. */
function contents(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** Looks for words in heaps of bytes, however they are written there. */
export class Tracker {
  readonly #needles: Needle[]
  readonly found: string[] = []

  constructor(words: string[]) {
    this.#needles = words.flatMap(waysOf)
  }

  look(where: string, bytes: Buffer | string): void {
    const text = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : bytes.toString('latin1')
    const lower = text.toLowerCase()
    for (const needle of this.#needles) if ((needle.anyCase ? lower : text).includes(needle.text)) this.found.push(`${needle.word} as ${needle.way} in ${where}`)
  }

  /** Every file of a folder, its own sockets left out. Returns how many bytes that were. */
  lookThrough(folder: string): number {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const bytes = contents(path)
      this.look(relative(folder, path), `${path}\n`)
      this.look(relative(folder, path), bytes)
      return bytes.length
    }).reduce((sum, length) => sum + length, 0)
  }

  /** Every row of every table in a database, as text, and what its sessions last asked. Returns the names of the tables that have rows. */
  async lookIntoTables(client: pg.Client): Promise<string[]> {
    const { rows: tables } = await client.query<{ name: string }>(`
      select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p', 'm') and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_toast' order by 1`)
    const filled: string[] = []
    for (const { name } of [...tables, { name: 'pg_stat_activity' }]) {
      const { rows: [all] } = await client.query<{ text: string | null }>(`select string_agg(each::text, chr(10)) as text from ${name} each`)
      if (all?.text) filled.push(name)
      this.look(`table ${name}`, all?.text ?? '')
    }
    return filled
  }
}
