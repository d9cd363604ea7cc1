import { formOn, submitForm } from '#test/support/http.ts'
import { until } from '#test/support/clarion.ts'
import { numberMark, postRequest, runLoad, type LoadResult } from './load.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { plainServer } from './reference.ts'
import { interleaved, measure, type Measure } from './report.ts'

const connections = 128
const seconds = 3
const rounds = 5

/** A form key of its own for each request: 22 characters, as the page makes them. */
const formKey = `benchbenchben${numberMark}`

export async function signRequest(it: MeasuredClarion, petition = '/actions/no-one-should-vanish', cookie?: string): Promise<string> {
  const html = await (await fetch(`${it.clarion.site}${petition}`)).text()
  const { action, fields } = formOn(html, '/sign')
  return postRequest(action, it.port, filled(fields, { name: 'Amara Lind', email: `bench-${numberMark}@example.org`, key: formKey }), cookie)
}

export async function messageRequest(it: MeasuredClarion): Promise<string> {
  const details = { name: 'Amara Lind', email: `bench-${numberMark}@example.org`, postcode: 'AR110' }
  const html = await (await fetch(`${it.clarion.site}/actions/write-to-your-representative`)).text()
  const second = await submitForm(it.clarion.site, html, '/write', { ...details, email: 'bench@example.org' })
  const { action, fields } = formOn(await second.text(), '/send')
  return postRequest(action, it.port, filled(fields, { ...details, key: formKey }))
}

function filled(fields: [string, string][], typed: Record<string, string>): [string, string][] {
  return [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)]
}

/** Intake as the site counts it. */
async function intakeNumbers({ clarion }: MeasuredClarion): Promise<{ entries: number, batches: number, commitSeconds: number }> {
  const text = await (await fetch(`${clarion.site}/metrics`)).text()
  const of = (name: string) => Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)![1])
  return { entries: of('clarion_intake_entries_total'), batches: of('clarion_intake_batches_total'), commitSeconds: of('clarion_intake_commit_seconds_total') }
}

/** A burst of posts, with the worker held: each is validated, sealed and on disk before its answer. */
async function burst(name: 'sign' | 'message', atLeast: number): Promise<Measure[]> {
  await using it = await measuredClarion()
  using plain = await plainServer({ status: 303, headers: { location: '/actions/no-one-should-vanish/one-more-step', 'cache-control': 'no-store', 'content-length': '0' }, body: Buffer.alloc(0) })
  const request = name === 'sign' ? await signRequest(it) : await messageRequest(it)
  let firstNumber = 0
  let sent = 0
  const load = (port: number) => async () => {
    const result = await runLoad({ port, connections, seconds, request, firstNumber })
    if (result.failed) throw new Error(`${result.failed} requests failed`)
    firstNumber += 1_000_000
    if (port === it.port) sent += result.answered
    return result.perSecond
  }
  it.hold('worker')
  await load(it.port)()
  const before = await intakeNumbers(it)
  const { clarion, reference } = await interleaved(rounds, { reference: load(plain.port), clarion: load(it.port) })
  const after = await intakeNumbers(it)
  const { count } = await it.db.selectFrom('intake_batches').innerJoin('intake', 'intake.batch_id', 'intake_batches.batch_id').select((query) => query.fn.sum('entries').as('count')).executeTakeFirstOrThrow()
  it.release('worker')
  if (Number(count) !== sent) throw new Error(`${sent} were acknowledged, ${String(count)} are stored`)
  const batches = after.batches - before.batches
  const notes = `${connections} connections, worker held; ${((after.entries - before.entries) / batches).toFixed(0)} entries a batch, ${((after.commitSeconds - before.commitSeconds) / batches * 1000).toFixed(1)} ms a commit; acknowledged = stored (${sent}); at least ${atLeast}`
  return [measure(name, clarion, 'requests/s', reference, notes)]
}

export const sign = () => burst('sign', 0.3)
export const message = () => burst('message', 0.2)

/** How long a signature waits for its answer at half of what the site can take. */
export async function signLatency(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const request = await signRequest(it)
  it.hold('worker')
  const most = await runLoad({ port: it.port, connections, seconds, request })
  const results: LoadResult[] = []
  for (let round = 1; round <= 3; round++) results.push(await runLoad({ port: it.port, connections, seconds: 5, rate: Math.round(most.perSecond / 2), request, firstNumber: round * 1_000_000 }))
  it.release('worker')
  await until(async () => (await fetch(`${it.clarion.site}/healthz`)).ok, 'the site')
  const { p99, p50 } = results.toSorted((one, other) => one.p99 - other.p99)[1]!
  return [measure('sign-latency', p99, 'ms', 50, `p99 at ${Math.round(most.perSecond / 2)} a second, half of the measured maximum; p50 ${p50.toFixed(1)} ms; at most 50 ms`)]
}
