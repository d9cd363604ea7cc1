import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Several times what a whole run holds at once. */
const needed = 6 * 2 ** 30

/**
 * Where a run keeps all that it throws away, gone with it when it is disposed of: in memory where the system has a place for that and room in it. Each
 * test file's database is 1,200 files, and making and deleting them on a disk (ext4) took a fifth of what rules and pages compute.
 */
export function throwawayPlace(): { folder: string } & Disposable {
  const root = roomIn(memory) ? memory : tmpdir()
  sweep(root)
  const folder = mkdtempSync(join(root, `clarion-run-${process.pid}-`))
  // As open as the system's own: servers that refuse root run as somebody else.
  chmodSync(folder, 0o1777)
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What was killed has put nothing away, and memory is not swept by the system. */
function sweep(root: string): void {
  for (const name of readdirSync(root)) {
    const processId = /^clarion-run-(\d+)-/.exec(name)?.[1]
    if (processId && !isThere(Number(processId))) rmSync(join(root, name), { recursive: true, force: true })
  }
}

function roomIn(place: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize >= needed && process.availableMemory() >= 2 * needed
  } catch {
    return false
  }
}

function isThere(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
