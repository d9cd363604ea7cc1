import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts, startClarion, type RunningClarion } from '#test/support/clarion.ts'
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
    const [port, ...others] = await freePorts(3)
    const first = await timed(port!, () => startClarion({ ports: [port!, ...others] }))
    empty.push(first.seconds)
    await first.clarion.stop()
    const second = await timed(port!, () => first.clarion.again())
    existing.push(second.seconds)
    await second.clarion[Symbol.asyncDispose]()
  }
  const beside = `a bare node starts in ${median(bare).toFixed(2)} s`
  return [
    measure('start', median(empty), 's', 3, `empty folder: keys, database, sample campaign, first page; ${beside}; at most 3 s`),
    measure('start-again', median(existing), 's', 1, `existing folder, until the first page; ${beside}; at most 1 s`),
  ]
}

async function timed(port: number, begin: () => Promise<RunningClarion>): Promise<{ clarion: RunningClarion, seconds: number }> {
  const startedAt = performance.now()
  const beginning = begin()
  while (!await fetch(`http://localhost:${port}/`).then((page) => page.ok, () => false)) await wait(25)
  return { seconds: (performance.now() - startedAt) / 1000, clarion: await beginning }
}
