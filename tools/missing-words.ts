/**
 * What each language lacks: `node tools/missing-words.ts [language …]` prints, as JSON by language and catalogue, every message that is missing, with its English
 * words. Filled in, the same JSON goes into the catalogues, each message in its place, by `node tools/missing-words.ts --put FILE`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { interfaceLanguages } from '#platform/words.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
type Messages = Record<string, string>
type ByLanguage = Record<string, Record<string, Messages>>

/** The folders that have catalogues, from the root of the repository. */
export const catalogueFolders = globSync('src/**/words/en.json', { cwd: root }).map(dirname).toSorted()

export function messagesOf(folder: string, language: string): Messages {
  return JSON.parse(readFileSync(join(root, folder, `${language}.json`), 'utf8')) as Messages
}

/** Messages that a language lacks, by language and folder, with their English words. What is complete is not in it. */
export function missingWords(languages: readonly string[] = interfaceLanguages): ByLanguage {
  return listed(languages, (english, present) => Object.entries(english).filter(([key]) => !(key in present)))
}

/** Messages that a language has and English has not (any more). */
export function leftOverWords(languages: readonly string[] = interfaceLanguages): ByLanguage {
  return listed(languages, (english, present) => Object.entries(present).filter(([key]) => !(key in english)))
}

function listed(languages: readonly string[], find: (english: Messages, present: Messages) => [string, string][]): ByLanguage {
  return filled(languages.map((language) => [language, filled(catalogueFolders.map((folder) => [folder, Object.fromEntries(find(messagesOf(folder, 'en'), messagesOf(folder, language)))]))]))
}

function filled<Value extends object>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.filter(([, value]) => Object.keys(value).length > 0))
}

/** Writes a catalogue with what was added, in the order of the English one and without what that has lost. */
function put(folder: string, language: string, added: Messages): void {
  const present = { ...messagesOf(folder, language), ...added }
  const ordered = Object.fromEntries(Object.keys(messagesOf(folder, 'en')).flatMap((key) => (key in present ? [[key, present[key]]] : [])))
  writeFileSync(join(root, folder, `${language}.json`), `${JSON.stringify(ordered, undefined, 2)}\n`)
}

if (import.meta.main) {
  const given = process.argv.slice(2)
  if (given[0] === '--put') {
    const added = JSON.parse(readFileSync(given[1]!, 'utf8')) as ByLanguage
    for (const [language, folders] of Object.entries(added)) for (const [folder, messages] of Object.entries(folders)) put(folder, language, messages)
  } else console.log(JSON.stringify(missingWords(given.length ? given : undefined), undefined, 2))
}
