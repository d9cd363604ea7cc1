import { flushCompileCache } from 'node:module'
import { Log } from '#platform/log.ts'
import type { ProcessName } from '#platform/secrets.ts'
import { Supervised } from '../supervise.ts'

/**
 * Loads every program once, so that what it was compiled to is kept: `npm ci` does that in the end. Each process is compiled with the heap and the
 * permissions that it will have, because what was compiled with others is not taken. Where `npm ci` runs no scripts, the first start compiles for itself.
 */
export async function compileVerb(): Promise<void> {
  await Promise.all([import('../start.ts'), import('../content.ts'), import('../hand-over.ts')])
  flushCompileCache()
  for (const name of ['site', 'worker', 'desk', 'inbox'] satisfies ProcessName[]) {
    const it = new Supervised(name, new Log('supervisor'))
    await it.loaded()
    await it.stop()
  }
}
