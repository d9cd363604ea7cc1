import { inTransaction, sql } from '#platform/db.ts'
import { actionWords, createAction, moveAction, saveWords } from '#modules/actions/index.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '#test/support/clarion.ts'
import { browserToken, handIn, knownPeople, settleAll } from './crowd.ts'
import { runLoad } from './load.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, median, type Measure } from './report.ts'
import { signRequest } from './signing.ts'

/** How many first signatures of new people one worker settles a second: opened, matched, recorded, a mail promised. */
export async function settleRate(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  const rates: number[] = []
  for (let round = 0; round < 3; round++) {
    await handIn(it, 20_000, round * 20_000)
    const { settled, seconds } = await settleAll(it)
    rates.push(settled / seconds)
  }
  it.release('worker')
  return [measure('settle', median(rates), 'participations/s', 5000, 'one worker, 20,000 first signatures of new people waiting; at least 5,000')]
}

const rate = 2200
const seconds = 60

/** Signatures of people who are known to us, signed, settled, confirmed and counted at the same time, with all processes at work. */
export async function sustained(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  await knownPeople(it, rate * seconds)
  const slug = await anotherPetition(it)
  await sql`update mails set state = 'cancelled' where state = 'queued'`.execute(it.db)
  // What a database does by itself in quiet hours; else it would do it for this crowd's forerunners in the middle of the measurement.
  await sql`vacuum analyze`.execute(it.db)
  it.release('worker')
  await until(async () => (await fetch(`${it.clarion.site}/actions/${slug}`)).ok, 'the petition')
  const request = await signRequest(it, `/actions/${slug}`, `clarion-known=${browserToken}`)

  const counted: [number, number][] = []
  const acknowledged: [number, number][] = []
  const watch = new AbortController()
  const watching = (async () => {
    while (!watch.signal.aborted) {
      counted.push([Date.now(), await totalOf(it, slug)])
      await wait(100)
    }
  })()
  const result = await runLoad({ port: it.port, connections: 64, seconds, rate, request }, (count) => acknowledged.push([Date.now(), count]))
  for (const end = Date.now() + 60_000; counted.at(-1)![1] < result.answered && Date.now() < end;) await wait(100)
  watch.abort()
  await watching
  if (result.failed) throw new Error(`${result.failed} requests failed`)
  const total = await totalOf(it, slug)
  if (total !== result.answered) throw new Error(`${result.answered} were acknowledged, ${total} are counted`)
  const lags = acknowledged.map(([at, count]) => ((counted.find(([, total]) => total >= count)?.[0] ?? Infinity) - at) / 1000)
  const part = (values: number[], share: number) => values.toSorted((one, other) => one - other)[Math.floor(values.length * share)]!
  const half = lags.length >> 1
  return [measure('sustained', result.perSecond, 'signatures/s', 2000,
    `${seconds} s; from answer to public count: p95 ${part(lags, 0.95).toFixed(2)} s (first half ${part(lags.slice(0, half), 0.5).toFixed(2)} s, second half ${part(lags.slice(half), 0.5).toFixed(2)} s at the median); acknowledged = counted (${total}); at least 2,000, lag at most 2 s`)]
}

async function totalOf(it: MeasuredClarion, slug: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`select total from tallies join actions on actions.id = tallies.action_id where slug = ${slug} and dimension = 'all'`.execute(it.db)
  return rows[0]?.total ?? 0
}

/** A second petition, which nobody has signed yet. */
export async function anotherPetition(it: MeasuredClarion): Promise<string> {
  const now = new Date()
  await inTransaction(it.db, async (tx) => {
    const id = await createAction(tx, { slug: 'bench', kind: 'petition', zone: 'UTC' }, now)
    await saveWords(tx, { actionId: id, language: 'en', ask: 'Answer.', staffId: null, words: actionWords.parse({ title: 'A petition' }) }, now)
    await moveAction(tx, { id, to: 'open', staffId: null }, now)
  })
  return 'bench'
}
