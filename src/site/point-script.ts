import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { siteWords, type SiteWord } from './words/index.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
// One file, so that a slow line is asked once: the geometry that the server uses too, and what is made of it on a page.
const source = `${read('../platform/shapes.js')}\n${read('client/point.js').replace(/^import .*\n/gm, '')}`.replaceAll(/^\s*\/\*\*[\s\S]*?\*\/\n|^\s*\/\/.*\n/gm, '')

const said = ['asking', 'denied', 'unavailable', 'looking', 'failed', 'outside', 'several', 'found', 'near'] as const satisfies (SiteWord extends infer Word ? Word extends `point.${infer Name}` ? Name : never : never)[]
const scripts = new Map<string, { path: string, text: string }>()

function scriptFor(language: string): { path: string, text: string } {
  const made = scripts.get(language)
  if (made) return made
  const t = siteWords(language)
  const words = Object.fromEntries(said.map((name) => [name, t(`point.${name}`, { area: '{area}', others: '{others}' })]))
  const text = `export const words = ${JSON.stringify(words)}\n${source}`
  const script = { text, path: `/assets/point-${language}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.js` }
  scripts.set(language, script)
  return script
}

/** Where a page in a language finds the script that looks an area up on the visitor's own device. */
export function pointScriptPath(language: string): string {
  return scriptFor(language).path
}

/** That script, by its address; nothing if the address is not, or no longer, one of ours. */
export function pointScript(path: string, languages: string[]): string | undefined {
  return languages.map(scriptFor).find((script) => script.path === path)?.text
}
