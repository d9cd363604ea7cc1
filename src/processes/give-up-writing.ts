import { flushCompileCache, getCompileCacheDir } from 'node:module'

/**
 * Ends the loading of a process that has few permissions: it keeps what it compiled, and may write nowhere from then on. It is called before the
 * process is handed anything. Node takes permissions away for good (`process.permission.drop`).
 */
export function giveUpWriting(): void {
  const modules = getCompileCacheDir()
  if (!process.permission || !modules) return
  flushCompileCache()
  process.permission.drop('fs.write')
}
