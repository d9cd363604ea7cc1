import { setTimeout as wait } from 'node:timers/promises'
import { isOutage } from './db.ts'
import type { Log } from './log.ts'

export interface Loop {
  /** Lets the turn that is under way finish, and ends. */
  stop(): Promise<void>
  /** Ends the pause that the loop may be in. */
  wake(): void
}

export interface LoopOptions {
  /** The pause after a turn that found nothing to do, in milliseconds. */
  idle: number
  /** The pause after a turn that found something and took so many milliseconds; none without it. */
  restAfter?: (took: number) => number
  log: Log
}

/**
 * Calls `turn` again and again: at once as long as it finds something to do, after a pause otherwise, and after a
 * growing pause when it fails. A failure is logged and never ends the loop.
 */
export function startLoop(name: string, turn: () => Promise<number>, { idle, restAfter = () => 0, log }: LoopOptions): Loop {
  let stopped = false
  let pause = new AbortController()
  const running = (async () => {
    let failures = 0
    while (!stopped) {
      try {
        const startedAt = performance.now()
        const done = await turn()
        failures = 0
        await rest(done > 0 ? restAfter(performance.now() - startedAt) : idle)
      } catch (error) {
        failures += 1
        if (failures === 1 || !isOutage(error)) log.error('loop failed', { job: name, error })
        await rest(Math.min(100 * 2 ** failures, 5000))
      }
    }
  })()

  async function rest(milliseconds: number): Promise<void> {
    if (stopped || milliseconds === 0) return
    pause = new AbortController()
    await wait(milliseconds, undefined, { signal: pause.signal }).catch(() => {})
  }

  return {
    async stop() {
      stopped = true
      pause.abort()
      await running
    },
    wake: () => pause.abort(),
  }
}
