import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { processOf } from '#test/support/processes.ts'
import { runLoad } from './load.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'
import { signRequest } from './signing.ts'

const watched = ['site', 'worker', 'desk'] as const

/** Megabytes of the three processes together: pages that are shared counted for each, and counted once. */
export interface Resident {
  rss: number
  pss: number
  /** Resident, by process. */
  each: Record<(typeof watched)[number], number>
}

export function residentOf({ clarion }: MeasuredClarion): Resident {
  const read = watched.map((name) => {
    const text = readFileSync(`/proc/${processOf(clarion, name)!}/smaps_rollup`, 'utf8')
    const of = (line: string) => Number(new RegExp(`^${line}: +(\\d+) kB`, 'm').exec(text)![1]) / 1000
    return { name, rss: of('Rss'), pss: of('Pss') }
  })
  return { rss: read.reduce((sum, { rss }) => sum + rss, 0), pss: read.reduce((sum, { pss }) => sum + pss, 0), each: Object.fromEntries(read.map(({ name, rss }) => [name, rss])) as Resident['each'] }
}

/** How much memory site, worker and desk have while people sign as fast as they can: the most of all looks. */
export async function memory(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const request = await signRequest(it)
  await fetch(`${it.clarion.desk}/sign-in`)
  const before = residentOf(it)
  const looks: Resident[] = []
  let done = false
  const looking = (async () => {
    while (!done) {
      looks.push(residentOf(it))
      await wait(250)
    }
  })()
  const result = await runLoad({ port: it.port, connections: 128, seconds: 20, request })
  done = true
  await looking
  if (result.failed) throw new Error(`${result.failed} requests failed`)
  const most = looks.reduce((one, other) => (other.rss > one.rss ? other : one))
  const sizes = Object.entries(most.each).map(([name, size]) => `${name} ${size.toFixed(0)}`).join(', ')
  return [measure('memory', Math.max(...looks.map(({ pss }) => pss)), 'MB', 400, `what the three have together: pages that they share are counted once (PSS), the most while ${result.perSecond.toFixed(0)} a second signed for 20 s; counted for each of them (RSS) ${most.rss.toFixed(0)} MB: ${sizes}; before the load ${before.pss.toFixed(0)} and ${before.rss.toFixed(0)} MB; at most 400 MB`)]
}
