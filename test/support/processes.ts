import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessName } from '#platform/secrets.ts'
import type { RunningClarion } from './clarion.ts'

interface Listed {
  id: number
  parent: number
  command: string
}

function allProcesses(): Listed[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    return found ? [{ id: Number(found[1]), parent: Number(found[2]), command: found[3]! }] : []
  })
}

/** The id of one of the processes of a running Clarion; none if it is not there at the moment. */
export function processOf(clarion: Pick<RunningClarion, 'processId'>, name: ProcessName): number | undefined {
  return allProcesses().find(({ parent, command }) => parent === clarion.processId && /\bchild\.(?:ts|mjs)$/.test(command.split(' ').at(-2)!) && command.endsWith(` ${name}`))?.id
}

/** The id of the main process of its embedded database. */
export function databaseProcess({ folder }: Pick<RunningClarion, 'folder'>): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Holds a database server up in the middle of its work, with all sessions that it has, given its main process. What is returned lets it go on. */
export function holdUp(main: number): () => void {
  // First the one that would begin more of them.
  tell(main, 'SIGSTOP')
  const all = [...allProcesses().filter(({ parent }) => parent === main).map(({ id }) => id), main]
  for (const id of all) tell(id, 'SIGSTOP')
  return () => { for (const id of all) tell(id, 'SIGCONT') }
}

function tell(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal)
  } catch (error) {
    // A session may have ended since it was listed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
