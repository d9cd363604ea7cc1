import { isOutage } from './db.ts'
import type { Log } from './log.ts'

export interface Loop {
  /** Lets the turn that is under way finish, and ends. */
  stop(): Promise<void>
  /** Ends the pause that the loop is in, or will be in when its turn is over. */
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
 * growing pause when it fails. A failure is logged and never ends the loop; a database that is away is logged once, if it is at the second try too.
 */
export function startLoop(name: string, turn: () => Promise<number>, { idle, restAfter = () => 0, log }: LoopOptions): Loop {
  let stopped = false
  let woken = false
  let endPause: (() => void) | undefined
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
        // On a busy machine a start has more loops than connections, and some wait too long for theirs: the next try has one.
        if (!isOutage(error)) log.error('loop failed', { job: name, error })
        else if (failures === 2) log.error('database does not answer', { job: name, error })
        await rest(Math.min(100 * 2 ** failures, 5000))
      }
    }
  })()

  async function rest(milliseconds: number): Promise<void> {
    if (!stopped && !woken && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        endPause = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      endPause = undefined
    }
    woken = false
  }

  return {
    async stop() {
      stopped = true
      endPause?.()
      await running
    },
    wake() {
      woken = true
      endPause?.()
    },
  }
}
