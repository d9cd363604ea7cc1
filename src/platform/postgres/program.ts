import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import type { Binaries } from './binaries.ts'
import type { Identity } from './identity.ts'

/** Faults with an answer for whoever started it; the message is one clear line. */
export class ClusterFault extends Error {}

/** Runs a program of PostgreSQL, which writes to `log`; detached, so that Ctrl-C in a terminal reaches the supervisor alone, which stops the database last. `input` is what it reads. */
export function run(program: string, args: string[], binaries: Binaries, identity: Identity, log: string, input?: string): ChildProcess {
  const output = openSync(log, 'a', 0o600)
  const [command, ...rest] = [...identity.prefix, program, ...args]
  const child = spawn(command!, rest, {
    detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', output, output], ...identity.spawn,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...binaries.environment },
  })
  child.stdin?.on('error', () => {}).end(input)
  closeSync(output)
  return child
}

/** The code with which it ends; null where a signal ends it. */
export function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
}

/** What went wrong, in one line, from what the program wrote to its log. */
export function faultFrom(log: string, summary: string): ClusterFault {
  const tail = existsSync(log) ? readFileSync(log, 'utf8').slice(-4000) : ''
  if (/No space left on device|disk quota exceeded/i.test(tail)) return new ClusterFault(`${summary} The disk is full.`)
  if (/Read-only file system/i.test(tail)) return new ClusterFault(`${summary} The folder cannot be written.`)
  const reason = tail.trim().split('\n').findLast((line) => /FATAL|PANIC|error:/.test(line))?.replace(/^.*?(FATAL|PANIC|error):\s*/, '')
  return new ClusterFault(`${summary} ${reason ? `It said: ${reason}` : `See ${log}.`}`)
}
