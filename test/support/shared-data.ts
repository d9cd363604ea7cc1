import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Where a file of real people's data is, which this repository does not carry: beside it, or where SHARED_DATA says. Tests that
 * need one are skipped where there is none; the same rules are tested with invented data as well.
 */
export function sharedData(name: string): { path: string, skip: string | false } {
  const path = `${process.env.SHARED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))}/${name}`
  return { path, skip: existsSync(path) ? false : `needs ${path}` }
}
