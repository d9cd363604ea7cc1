import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProcessName } from '#platform/secrets.ts'

/** Beside the libraries that came with the program: `npm ci` has compiled it to there. */
const installed = fileURLToPath(new URL('../../node_modules/.cache/clarion', import.meta.url))

/**
 * Where a process keeps its compiled modules, so that it starts in half the time. The site's folder is its own: it may write there until it has loaded
 * its program (`processes/child.ts`), and nobody else loads what lies there. Where nobody may write beside the program it is in the data folder, which
 * a command alone does not make. Undefined where nothing can be written.
 */
export function moduleFolder(name: ProcessName | 'supervisor'): string | undefined {
  return [installed, resolve(process.env.CLARION_DATA || 'data', 'run')].map((place) => join(place, name === 'site' ? 'site-modules' : 'modules')).find((folder) => {
    try {
      if (name !== 'supervisor' || folder.startsWith(installed)) mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.W_OK)
      return true
    } catch {
      return false
    }
  })
}
