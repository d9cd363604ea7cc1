import { spawn } from 'node:child_process'
import { startClarion } from '#test/support/clarion.ts'
import { measure, median, type Measure } from './report.ts'

/** Seconds until a bare `node` has run nothing at all: the part of a start that is not ours. */
function bareNode(): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve) => spawn(process.execPath, ['-e', '']).on('exit', () => resolve((performance.now() - startedAt) / 1000)))
}

/** From the command to the first page, on an empty folder and on one that is there. */
export async function start(): Promise<Measure[]> {
  const empty: number[] = []
  const existing: number[] = []
  const bare: number[] = []
  for (let round = 0; round < 5; round++) {
    bare.push(await bareNode())
    const first = await timed(() => startClarion())
    empty.push(first.seconds)
    await first.clarion.stop()
    const second = await timed(() => first.clarion.again())
    existing.push(second.seconds)
    await second.clarion[Symbol.asyncDispose]()
  }
  const beside = `a bare node starts in ${median(bare).toFixed(2)} s`
  return [
    measure('start', median(empty), 's', 3, `empty folder: database, keys, sample campaign, all processes, first page; ${beside}; at most 3 s`),
    measure('start-again', median(existing), 's', 1, `existing folder, until the first page; ${beside}; at most 1 s`),
  ]
}

async function timed(begin: () => Promise<Awaited<ReturnType<typeof startClarion>>>): Promise<{ clarion: Awaited<ReturnType<typeof startClarion>>, seconds: number }> {
  const startedAt = performance.now()
  const clarion = await begin()
  const page = await fetch(clarion.site)
  if (!page.ok) throw new Error(`The first page answered ${page.status}`)
  return { clarion, seconds: (performance.now() - startedAt) / 1000 }
}
