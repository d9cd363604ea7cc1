import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DatabaseAddress } from '#platform/db.ts'
import type { FromMaker, Step, ToMaker } from './exporting.ts'

const program = fileURLToPath(new URL('exporting.ts', import.meta.url))
const goesAfter = 3000

/** More room for what is young than the desk has: with its 2 MB moving that takes a third more of the time, with 8 MB a tenth; with 32 MB the process takes 30 MB more, and nothing is faster. */
const rooms = ['--max-semi-space-size=16', '--heap-growing-percent=60', '--v8-pool-size=1', '--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning']

/**
 * Makes the lines of exports in a process of its own, so that pages of the desk are answered meanwhile, and what a million lines take is given back. It is
 * handed the keys with each step over the line between the two, and ends when there has been nothing to do for a moment.
 */
export class ExportMaker {
  readonly #database: DatabaseAddress
  #child: ChildProcess | undefined
  #leaving: NodeJS.Timeout | undefined
  #stopped = false

  constructor(database: DatabaseAddress) {
    this.#database = database
  }

  /** One step of an export. How many lines were made; throws what the step failed with, and an outage if its process ended: then the next step goes on. */
  async step(step: Step): Promise<number> {
    clearTimeout(this.#leaving)
    const child = this.#child ??= this.#start()
    const over = new AbortController()
    const { signal } = over
    child.send(step satisfies ToMaker)
    const [answer] = await Promise.race([once(child, 'message', { signal }) as Promise<[FromMaker]>, once(child, 'exit', { signal }).then((): [undefined] => [undefined])])
    // What was waited for in vain is listened for no more.
    over.abort()
    this.#leaving = setTimeout(() => this.#leave(), goesAfter)
    this.#leaving.unref()
    if (!answer && this.#stopped) return 0
    if (!answer) throw Object.assign(new Error('The process that makes exports ended'), { code: 'EPIPE' })
    if ('fault' in answer) throw Object.assign(new Error(answer.fault.message), { code: answer.fault.code })
    return answer.made
  }

  /** Ends the process for good. A step that is under way leaves what it has not kept. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#leaving)
    this.#leave()
  }

  #leave(): void {
    if (this.#child?.connected) this.#child.disconnect()
    this.#child = undefined
  }

  #start(): ChildProcess {
    const child = fork(program, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: rooms })
    child.once('exit', () => { if (this.#child === child) this.#child = undefined })
    child.on('error', () => {})
    child.send({ database: this.#database } satisfies ToMaker)
    return child
  }
}
