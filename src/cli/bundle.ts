import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { preparedPlace } from './prepared-database.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What is run: a process of the supervisor's, and what was asked for on the command line. */
const sources = { child: join(root, 'src/processes/child.ts'), verbs: join(root, 'src/cli/verbs.ts') }
/** Libraries of a hundred small files each; the others stay where they are, some with binaries and files of their own. */
const bundled = /^(?:kysely|zod)(?:\/|$)/

/**
 * Where the program is: as `npm ci` bound it together, where that was made of exactly the files that are here; otherwise the sources. Loading a thousand
 * files takes half a second, the same in a few takes half of that (measured, decision 73).
 */
export function programFile(name: keyof typeof sources): string {
  const file = join(bundleFolder(), `${name}.mjs`)
  return existsSync(file) ? file : sources[name]
}

/** Binds the programs together, for this place and these sources: all of it is there at once, or nothing. What was made of others goes. */
export async function makeBundle(): Promise<void> {
  const folder = bundleFolder()
  const fresh = `${folder}.new-${randomBytes(4).toString('hex')}`
  if (!existsSync(folder)) {
    await bind(fresh)
    renameSync(fresh, folder)
  }
  for (const each of readdirSync(preparedPlace)) if (each.startsWith('programs-') && join(preparedPlace, each) !== folder) rmSync(join(preparedPlace, each), { recursive: true, force: true })
}

async function bind(folder: string): Promise<void> {
  const { build } = await import('esbuild')
  await build({
    entryPoints: sources, outdir: folder, bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node26', chunkNames: '[hash]', outExtension: { '.js': '.mjs' }, logLevel: 'silent', absWorkingDir: root,
    plugins: [{
      name: 'in its place',
      setup(its) {
        its.onResolve({ filter: /^[^.#/]/ }, ({ path }) => (bundled.test(path) ? undefined : { path, external: true }))
        // What stands beside a file (a style, a template, a script) is still found from there.
        its.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => (isLibrary(path) ? undefined : { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: path.endsWith('.ts') ? 'ts' : 'js' }))
        // The words of five languages are read faster as what they are.
        its.onLoad({ filter: /\.json$/ }, ({ path }) => (isLibrary(path) ? undefined : { contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))))})` }))
      },
    }],
  })
}

function isLibrary(path: string): boolean {
  return path.startsWith(join(root, 'node_modules'))
}

let named: string | undefined

/** The name says what it was made of: where the program stands, each of its files, and the versions of the libraries. */
function bundleFolder(): string {
  if (named) return named
  const hash = createHash('sha256').update(`${root}\n${process.version}\n`).update(readFileSync(join(root, 'package.json')))
  const files = ['src', 'world'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  for (const each of files.filter((name) => /\.(?:ts|js|json)$/.test(name) && !name.endsWith('.test.ts')).toSorted()) {
    const { size, mtimeMs } = statSync(join(root, each))
    hash.update(`${each} ${size} ${mtimeMs}\n`)
  }
  return named = join(preparedPlace, `programs-${hash.digest('hex').slice(0, 16)}`)
}
