import { setTimeout as wait } from 'node:timers/promises'
import { sql } from '#platform/db.ts'
import { formOn, post } from '#test/support/http.ts'
import { knownPeople } from './crowd.ts'
import { getRequest, runLoad } from './load.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { residentOf } from './memory.ts'
import { measure, median, type Measure } from './report.ts'
import { signRequest } from './signing.ts'

const petition = '/actions/no-one-should-vanish'

/** Ten thousand lines stay open and read page and count, each every five seconds, while people sign. */
export async function crowd(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const [lines, reads, signatures, seconds] = [5000, 1000, 500, 60]
  const request = await signRequest(it)
  await runLoad({ port: it.port, connections: 64, seconds: 3, request, firstNumber: 900_000_000 })
  const reading = (path: string) => runLoad({ port: it.port, connections: lines, seconds, rate: reads, linesFirst: true, request: getRequest(path, it.port) })
  const all = Promise.all([reading(petition), reading(`${petition}/count.json`)])
  // Until the lines stand.
  await wait(4000)
  const before = residentOf(it)
  const signed = await runLoad({ port: it.port, connections: 256, seconds: seconds - 4, rate: signatures, request })
  const during = residentOf(it)
  const [page, count] = await all
  const errors = [page, count, signed].reduce((sum, result) => sum + result.failed + result.busy, 0)
  return [
    measure('crowd', signed.p99, 'ms', 250, `p99 of ${signed.answered} signatures at ${signatures} a second, while ${2 * lines} lines read page and count, each every ${2 * lines / (2 * reads)} s (p99 ${page.p99.toFixed(0)} and ${count.p99.toFixed(0)} ms); ${errors} errors; site ${before.each.site.toFixed(0)} to ${during.each.site.toFixed(0)} MB; at most 250 ms and no error`),
    measure('crowd errors', errors, 'errors', 1, `of ${page.answered + count.answered + signed.answered} requests; none`),
  ]
}

const usualLines = 128

const speed = async (it: MeasuredClarion, request: string, firstNumber: number): Promise<number> => {
  const result = await runLoad({ port: it.port, connections: usualLines, seconds: 4, request, firstNumber })
  if (result.failed || result.busy) throw new Error(`${result.failed + result.busy} requests failed`)
  return result.perSecond
}

/** Three times as many as can be taken in want to sign, for half a minute. */
export async function overload(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const request = await signRequest(it)
  it.hold('worker')
  await speed(it, request, 0)
  const most = await speed(it, request, 10_000_000)
  const lines = 8000
  const seconds = 30
  const rate = Math.round(most * 3)
  const load = runLoad({ port: it.port, connections: lines, seconds, rate, linesFirst: true, request, firstNumber: 20_000_000 })
  const { action, fields } = formOn(await (await fetch(`${it.clarion.site}${petition}`)).text(), '/sign')
  const held = await untilBusy(it, action, fields)
  const result = await load
  await wait(2000)
  const after = await speed(it, request, 500_000_000)
  it.release('worker')
  if (result.failed) throw new Error(`${result.failed} were answered with something else than "taken" or "busy"`)
  const unsent = Math.max(0, rate * seconds - result.answered - result.busy)
  return [
    measure('overload', result.answered / seconds, 'signatures/s', most, `${rate} a second wanted to sign for ${seconds} s over ${lines} lines: ${result.answered} were taken, ${result.busy} told "busy" (${held}), ${unsent} found no free line; at least 0.8 of the maximum`),
    measure('overload after', after, 'signatures/s', most, 'two seconds after it; full speed'),
  ]
}

/** Signs like anybody else until told "busy", and looks whether that page holds what was typed. */
async function untilBusy(it: MeasuredClarion, action: string, fields: [string, string][]): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await post(it.clarion.site, action, [...fields.filter(([name]) => name !== 'name' && name !== 'email'), ['name', 'Amara'], ['email', `busy-${tries}@example.org`]]).catch(() => undefined)
    if (answer?.status === 503) return (await answer.text()).includes(`busy-${tries}@example.org`) ? 'on a page that holds the form' : 'ON A PAGE WITHOUT THE FORM'
    await wait(100)
  }
  return 'seen by nobody who looked'
}

/** Half of what the whole machine sustains, for as long as `--minutes` says. */
export async function soak(): Promise<Measure[]> {
  const minutes = Number(/--minutes[= ]([\d.]+)/.exec(process.argv.join(' '))?.[1] ?? 30)
  await using it = await measuredClarion()
  const [rate, people] = [1100, 20_000]
  it.hold('worker')
  await knownPeople(it, people)
  it.release('worker')
  const request = await signRequest(it)
  const looks: { rss: number, lag: number }[] = []
  let done = false
  const looking = (async () => {
    while (!done) {
      await wait(2000)
      const { rows } = await sql<{ lag: number }>`select coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as lag from intake_batches where settled_at is null`.execute(it.db)
      looks.push({ rss: residentOf(it).rss, lag: rows[0]!.lag })
    }
  })()
  const result = await runLoad({ port: it.port, connections: 64, seconds: minutes * 60, rate, cycle: people, request })
  done = true
  await looking
  if (result.failed || result.busy) throw new Error(`${result.failed + result.busy} requests failed`)
  // The first third is warming up.
  const third = Math.floor(looks.length / 3)
  const part = (from: number, what: 'rss' | 'lag') => median(looks.slice(from, from + third).map((look) => look[what]))
  return [
    measure('soak', part(2 * third, 'rss') / part(third, 'rss'), 'growth of memory', 1, `${minutes} minutes at ${rate} signatures a second, half of what is sustained; from ${part(third, 'rss').toFixed(0)} to ${part(2 * third, 'rss').toFixed(0)} MB resident (second to last third, medians); at most 1.05`),
    measure('soak lag', part(2 * third, 'lag'), 's', Math.max(part(third, 'lag'), 0.1), `age of the oldest entry that is not settled; second third ${part(third, 'lag').toFixed(2)} s; no growth`),
  ]
}
