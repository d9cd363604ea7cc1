import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Our own modules for the page where texts are written, and those that the server reads texts by. */
const own = ['../client/editing.js', '../client/visual.js', '../client/pasted.js', '../client/toolbar.js', '../client/words-as-blocks.js', '../../platform/html/markdown-reader.js', '../../modules/publishing/render/directive-syntax.js']
/** The editor's library, module by module, as it comes. */
const library = {
  ...Object.fromEntries(['commands', 'history', 'keymap', 'markdown', 'model', 'schema-list', 'state', 'transform', 'view'].map((name) => [`prosemirror-${name}`, `prosemirror-${name}/dist/index.js`])),
  'orderedmap': 'orderedmap/dist/index.js', 'rope-sequence': 'rope-sequence/dist/index.js', 'w3c-keyname': 'w3c-keyname/index.js', 'markdown-it': 'markdown-it/dist/browser/markdown-it.esm.min.mjs',
}

/** What a module imports is called by its file here. Nothing else of it is touched. */
function addressed(text: string): string {
  return text.replace(/(?<=\b(?:from|import)\s*\(?\s*)(?<quote>['"])(?<name>[^'"\n]+)\k<quote>/g, (found, quote: string, name: string) => {
    if (Object.hasOwn(library, name)) return `${quote}./${name}.js${quote}`
    return name.startsWith('#') ? `${quote}./${basename(name)}${quote}` : found
  })
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const texts = [
  ...own.map((path): [string, string] => [basename(path), addressed(read(path))]),
  ...Object.entries(library).map(([name, path]): [string, string] => [`${name}.js`, addressed(read(`../../../node_modules/${path}`))]),
]
const hash = createHash('sha256')
for (const [, text] of texts) hash.update(text)
const folder = `/assets/editing-${hash.digest('hex').slice(0, 12)}`

/** The scripts of the editor by their paths, which change with what is in them. */
export const editingScripts: ReadonlyMap<string, string> = new Map(texts.map(([name, text]) => [`${folder}/${name}`, text]))
export const editingScriptPath = `${folder}/editing.js`
