import { setTimeout as wait } from 'node:timers/promises'
import { isOutage } from './db.ts'
import type { Log } from './log.ts'

export interface Loop {
  /** Lets the turn that is under way finish, and ends. */
  stop(): Promise<void>
  /** Ends the pause that the loop may be in. */
  wake(): void
}

/**
 * Calls `turn` again and again: at once as long as it finds something to do, after `idle` milliseconds otherwise, and after a
 * growing pause when it fails. A failure is logged and never ends the loop.
 */
export function startLoop(name: string, turn: () => Promise<number>, { idle, log }: { idle: number, log: Log }): Loop {
  let stopped = false
  let pause = new AbortController()
  const running = (async () => {
    let failures = 0
    while (!stopped) {
      try {
        const done = await turn()
        failures = 0
        if (done > 0 || stopped) continue
        await rest(idle)
      } catch (error) {
        failures += 1
        if (failures === 1 || !isOutage(error)) log.error('loop failed', { job: name, error })
        await rest(Math.min(100 * 2 ** failures, 5000))
      }
    }
  })()

  async function rest(milliseconds: number): Promise<void> {
    if (stopped) return
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
