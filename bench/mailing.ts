import { inTransaction, sql } from '#platform/db.ts'
import { goLive } from '#modules/publisher/index.ts'
import { until } from '#test/support/clarion.ts'
import { handIn, settleAll } from './crowd.ts'
import { runLoad } from './load.ts'
import { fastSink, type FastSink } from './mail-sink.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'
import { signRequest } from './signing.ts'

/** A Clarion that is live and hands its mail to a sink on this machine. */
export async function liveClarion(sink: FastSink): Promise<MeasuredClarion> {
  const origin = 'http://localhost:1'
  const it = await measuredClarion({ SMTP_URL: sink.url, CLARION_ORIGIN: origin })
  const staff = '00000000-0000-4000-8000-000000000001'
  await inTransaction(it.db, async (tx) => {
    await sql`insert into staff (id, contact, role, language, created_at) values (${staff}, '\\x00', 'administrator', 'en', now())`.execute(tx)
    await goLive(tx, { origin, installId: it.secrets.worker.installId }, staff, new Date())
  })
  return it
}

/** From the answer to a signature until the mail that asks to confirm it has been taken by the mail server. */
export async function confirmDelay(): Promise<Measure[]> {
  using sink = await fastSink()
  await using it = await liveClarion(sink)
  const rate = 300
  const result = await runLoad({ port: it.port, connections: 32, seconds: 30, rate, request: await signRequest(it) })
  if (result.failed) throw new Error(`${result.failed} requests failed`)
  await until(async () => await sink.count() >= result.answered, 'all mails', 60_000)
  const taken = new Map(await sink.times())
  const delays = result.answers.map(([number, at]) => taken.get(number)! - at).toSorted((one, other) => one - other)
  if (delays.length !== taken.size) throw new Error(`${delays.length} signatures, ${taken.size} mails`)
  const part = (share: number) => delays[Math.floor(delays.length * share)]! / 1000
  return [measure('confirm-delay', part(0.95), 's', 2, `${rate} signatures a second for 30 s, until the mail server has the mail: p95; median ${part(0.5).toFixed(2)} s; each got one mail (${taken.size}); at most 2 s`)]
}

/** Signed mails a second, and how long ten thousand take. */
export async function mailRate(): Promise<Measure[]> {
  using sink = await fastSink()
  await using it = await liveClarion(sink)
  const count = 10_000
  it.hold('worker')
  await handIn(it, count)
  await settleAll(it, { practice: false })
  const startedAt = performance.timeOrigin + performance.now()
  it.release('worker')
  await until(async () => await sink.count() >= count, 'all mails', 120_000)
  const times = (await sink.times()).map(([, at]) => at).toSorted((one, other) => one - other)
  const drain = (times.at(-1)! - startedAt) / 1000
  return [measure('mail', count / drain, 'mails/s', 400, `DKIM (RSA-2048), to a local sink; ${count} drained in ${drain.toFixed(1)} s; at least 400`)]
}
