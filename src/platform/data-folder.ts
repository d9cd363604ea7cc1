import { createHash } from 'node:crypto'
import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processStart } from './process-start.ts'

/** A fault that a person can mend, said in one line. */
export class FolderFault extends Error {}

/** Makes the data folder, readable by its owner only, and proves that it can be written. Throws a FolderFault. */
export function prepareDataFolder(folder: string): void {
  try {
    for (const part of ['', 'run', 'secrets', 'inbox']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    chmodSync(join(folder, 'secrets'), 0o700)
    const probe = join(folder, 'run', `probe-${process.pid}`)
    writeFileSync(probe, Buffer.alloc(4096))
    rmSync(probe)
  } catch (error) {
    throw new FolderFault(sentence(folder, error as NodeJS.ErrnoException), { cause: error })
  }
  const { bavail, bsize } = statfsSync(folder)
  const megabytes = Math.floor(bavail * bsize / 1e6)
  if (megabytes < 100) throw new FolderFault(`CLARION_DATA: only ${megabytes} MB are free on the disk of ${folder}; Clarion needs at least 100 MB.`)
}

function sentence(folder: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EROFS': case 'EACCES': case 'EPERM': return `CLARION_DATA: ${folder} cannot be written. Choose another folder or give this user leave to write there.`
    case 'ENOSPC': case 'EDQUOT': return `CLARION_DATA: the disk of ${folder} is full.`
    case 'ENOTDIR': case 'EEXIST': return `CLARION_DATA: ${folder} is not a folder.`
    default: return `CLARION_DATA: ${folder} cannot be used (${error.code ?? error.message}).`
  }
}

/**
 * A private folder for Unix sockets. Their paths may have about 100 characters, so a data folder that lies deep gets a short
 * folder of its own beside the machine's other temporary files.
 */
export function socketFolder(dataFolder: string): string {
  const near = join(dataFolder, 'run')
  if (near.length <= 75) return near
  const short = join(tmpdir(), `clarion-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`)
  mkdirSync(short, { recursive: true, mode: 0o700 })
  const owner = lstatSync(short)
  if (owner.isSymbolicLink() || (process.getuid && owner.uid !== process.getuid() && owner.uid !== 65534)) {
    throw new FolderFault(`${short} belongs to somebody else: set CLARION_DATA to a folder with a shorter path.`)
  }
  chmodSync(short, 0o700)
  return short
}

/** Lets one supervisor run on a data folder at a time. Throws a FolderFault if one does. */
export function lockDataFolder(dataFolder: string): { release(): void } {
  const file = join(dataFolder, 'run', 'clarion.pid')
  if (existsSync(file)) {
    const [processId, startedAt] = readFileSync(file, 'utf8').split(' ')
    if (Number(processId) !== process.pid && processStart(Number(processId)) === startedAt?.trim() && startedAt) {
      throw new FolderFault(`Clarion is already running on ${dataFolder} (process ${processId}).`)
    }
  }
  writeFileSync(file, `${process.pid} ${processStart(process.pid)}`)
  return { release: () => rmSync(file, { force: true }) }
}
