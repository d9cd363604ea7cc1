import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleFolder, preparedPlace, programSources, root } from './programs.js'

/** Libraries of a hundred small files each; the others stay where they are, some with binaries and files of their own. */
const bundled = /^(?:kysely|zod)(?:\/|$)/

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
    entryPoints: programSources, outdir: folder, bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node26', chunkNames: '[hash]', outExtension: { '.js': '.mjs' }, logLevel: 'silent', absWorkingDir: root,
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
