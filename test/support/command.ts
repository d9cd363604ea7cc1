import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { databaseSettings } from './cluster.ts'
import { bareEnvironment, exitOf, type RunningClarion } from './clarion.ts'

const program = fileURLToPath(new URL('../../bin/clarion.js', import.meta.url))

export interface Answer {
  code: number | null
  /** What it printed for programs, and what it said to people. */
  out: string
  said: string
}

/** `clarion …` as somebody types it beside a running Clarion, or on a folder where none runs. */
export async function clarionCommand({ folder, ...running }: Pick<RunningClarion, 'folder'> & Partial<RunningClarion>, ...words: string[]): Promise<Answer> {
  const ports = [['PORT', running.site], ['DESK_PORT', running.desk], ['INBOX_PORT', running.inbox]].flatMap(([name, origin]) => (origin ? [[name!, new URL(origin).port]] : []))
  return typed(words, { ...await databaseSettings(folder), ...running.environment, CLARION_DATA: folder, ...Object.fromEntries(ports) as Record<string, string> })
}

/** `clarion start` where it is expected to end by itself; as another user of this machine, if one is given. */
export function startAlone(environment: Record<string, string>, user?: number): Promise<Answer> {
  return typed(['start'], environment, user)
}

async function typed(words: string[], environment: Record<string, string>, user?: number): Promise<Answer> {
  const child = spawn(process.execPath, [program, ...words], { env: bareEnvironment(environment), stdio: ['ignore', 'pipe', 'pipe'], uid: user, gid: user })
  const answer = { out: '', said: '' }
  child.stdout.on('data', (chunk: Buffer) => { answer.out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { answer.said += chunk.toString() })
  return { code: await exitOf(child), ...answer }
}
