// @ts-check
/**
 * Where the programs are, and what they were compiled to. Plain JavaScript, as is `main.js`: loading what strips types takes a tenth of a second of every
 * start, and what is bound together needs none of it.
 */
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where all of it lies. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** What is run: a process of the supervisor's, and what was asked for on the command line. */
export const programSources = { child: join(root, 'src/processes/child.ts'), verbs: join(root, 'src/cli/verbs.ts') }

/** What `npm ci` prepares lies beside the libraries. */
export const preparedPlace = join(root, 'node_modules/.cache/clarion')

/**
 * Where a process keeps its compiled modules, so that it starts in half the time. The site's folder is its own: it may write there until it has loaded
 * its program (`processes/child.ts`), and nobody else loads what lies there. Where nobody may write beside the program it is in the data folder, which
 * a command alone does not make. Undefined where nothing can be written.
 * @param {import('#platform/secrets.ts').ProcessName | 'supervisor'} name
 * @returns {string | undefined}
 */
export function moduleFolder(name) {
  return [preparedPlace, resolve(process.env.CLARION_DATA || 'data', 'run')].map((place) => join(place, name === 'site' ? 'site-modules' : 'modules')).find((folder) => {
    try {
      if (name !== 'supervisor' || folder.startsWith(preparedPlace)) mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.W_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Where a program is: as `npm ci` bound it together, where that was made of exactly the files that are here; otherwise the sources. Loading a thousand
 * files takes half a second, the same in a few takes half of that (measured, decision 73).
 * @param {keyof typeof programSources} name
 */
export function programFile(name) {
  const file = join(bundleFolder(), `${name}.mjs`)
  return existsSync(file) ? file : programSources[name]
}

/** @type {string | undefined} */
let named

/** The name says what it was made of: where the program stands, each of its files, and the versions of the libraries. */
export function bundleFolder() {
  if (named) return named
  const hash = createHash('sha256').update(`${root}\n${process.version}\n`).update(readFileSync(join(root, 'package.json')))
  const files = ['src', 'world'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  for (const each of files.filter((name) => /\.(?:ts|js|json)$/.test(name) && !name.endsWith('.test.ts')).toSorted()) {
    const { size, mtimeMs } = statSync(join(root, each))
    hash.update(`${each} ${size} ${mtimeMs}\n`)
  }
  return named = join(preparedPlace, `programs-${hash.digest('hex').slice(0, 16)}`)
}
