import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Our own modules for the page where texts are written. */
const own = { 'editing.js': '../client/editing.js' }

/** What browsers load there, by the names that the modules give each other: all from here, as they are, but for the addresses of what they import. */
const texts = new Map(Object.entries(own).map(([name, path]) => [name, readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')]))
const hash = createHash('sha256')
for (const text of texts.values()) hash.update(text)
const folder = `/assets/editing-${hash.digest('hex').slice(0, 12)}`

/** The scripts of the editor by their paths, which change with what is in them. */
export const editingScripts: ReadonlyMap<string, string> = new Map([...texts].map(([name, text]) => [`${folder}/${name}`, text]))
export const editingScriptPath = `${folder}/editing.js`
