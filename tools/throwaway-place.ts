import { chmodSync, globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** A whole run holds about a third of it at once. */
const needed = 6 * 2 ** 30

/**
 * Where a run keeps all that it throws away, gone with it when it is disposed of: in memory where the system has a place for that and room in it. Each
 * test file's database is 1,500 files, and making and deleting them took the file system of a disk (ext4) a fifth of all that a run computed.
 */
export function throwawayPlace(): { folder: string } & Disposable {
  const root = roomIn(memory) ? memory : tmpdir()
  // What was killed has put nothing away, and memory is not swept by the system.
  for (const left of globSync(`${root}/clarion-run-*-*`)) if (!isThere(Number(left.split('-')[2]))) rmSync(left, { recursive: true, force: true })
  const folder = mkdtempSync(join(root, `clarion-run-${process.pid}-`))
  // As open as the system's own: servers that refuse root run as somebody else.
  chmodSync(folder, 0o1777)
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
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
