import { randomUUID } from 'node:crypto'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { Collector, countTick, linkHash, settle, type SettlingTools, type Taking } from '#modules/actions/index.ts'
import { openDb } from '#platform/db.ts'
import { messageHooks } from '#modules/messages/index.ts'
import { settleOwnData } from '#modules/own-data/index.ts'
import { numberMark } from './load.ts'
import type { MeasuredClarion } from './measured-clarion.ts'

/** The token that the browser of the person with this number keeps; as a pattern, for the load generator. */
export const browserToken = `benchbrowser1${numberMark}`

/** Hands signatures of so many different people in, as the site would, without settling them. */
export async function handIn(it: MeasuredClarion, count: number, firstNumber = 0): Promise<Taking[]> {
  const { id, ask } = await it.db.selectFrom('public_action_words').innerJoin('actions', 'actions.id', 'public_action_words.action_id')
    .select(['actions.id', 'public_action_words.ask_id as ask']).where('slug', '=', 'no-one-should-vanish').where('language', '=', 'en').executeTakeFirstOrThrow()
  const collector = new Collector(it.poolOf('site'), it.secrets.site, () => new Date(), it.log, { queue: count })
  const takings = Array.from({ length: count }, (_, place): Taking => ({
    kind: 'taking', id: randomUUID(), action: id, ask: ask!, language: 'en', email: `bench-${digits(firstNumber + place)}@example.org`, name: 'Amara Lind', answers: [], form: newToken(), at: new Date().toISOString(),
  }))
  await Promise.all(takings.map((taking) => collector.submit(taking)))
  return takings
}

/** Settles all that waits, in this process, as a worker does that has nothing else to do. Returns how many there were and in how many seconds. */
export async function settleAll(it: MeasuredClarion, { practice = true } = {}): Promise<{ settled: number, seconds: number }> {
  const db = openDb(it.poolOf('worker'))
  const startedAt = performance.now()
  // Two at a time, as the worker's loops do in a crowd.
  const settled = await Promise.all([1, 2].map(async () => {
    const tools: SettlingTools = { db, keys: it.keys, hooks: messageHooks(it.keys), ownData: settleOwnData, log: it.log, workerId: randomUUID(), practice: () => Promise.resolve(practice) }
    let total = 0
    for (let done = -1; done !== 0; total += Math.max(0, done)) done = await settle(tools, new Date()).catch(againIfTheyMet)
    return total
  }))
  return { settled: settled[0]! + settled[1]!, seconds: (performance.now() - startedAt) / 1000 }
}

/** On a busy machine a claim runs out, or two of them lock each other: a worker's loop tries again, and so does this. */
function againIfTheyMet(error: unknown): number {
  const { code, message } = error as { code?: string, message: string }
  if (code === '40P01' || code === '40001' || message === 'the claim ran out') return -1
  throw error
}

/** People who have confirmed their address before, each in a browser that remembers it. */
export async function knownPeople(it: MeasuredClarion, count: number): Promise<void> {
  const takings = await handIn(it, count)
  await settleAll(it)
  const collector = new Collector(it.poolOf('site'), it.secrets.site, () => new Date(), it.log, { queue: count })
  await Promise.all(takings.map((taking, number) => collector.submit({
    kind: 'confirmation', link: linkHash(it.secrets.worker.linkKey, taking.id).toString('base64url'), known: tokenHash(browserToken.replace(numberMark, digits(number))).toString('base64url'), at: new Date().toISOString(),
  })))
  await settleAll(it)
  while (await countTick(openDb(it.poolOf('worker')), new Date())) { /* until all are counted */ }
}

function digits(number: number): string {
  return String(number).padStart(numberMark.length, '0')
}
