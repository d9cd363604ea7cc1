import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { findPublicAction, recount, type Taking } from '#modules/actions/index.ts'
import { messageHooks } from '#modules/messages/index.ts'
import { expire } from '#modules/privacy/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { cancelRemoval, findRemoval, goOnWithRemoval, leftOf, planRemoval, restoreRemoval, startRemoval, workOnRemovals, type RemovalCondition } from './index.ts'

const it = await stage()
const play = await acting(it)
const tools = { db: it.as('worker'), keys: it.keys, hooks: messageHooks(it.keys) }
const desk = it.as('desk')

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, public_names, tallies, count_entries, count_arrivals, removals, surges, incident_mails`.execute(it.db)
})

/** People who sign and confirm. */
async function signed(count: number, changes: (place: number) => Partial<Taking> = () => ({})): Promise<Taking[]> {
  const takings = await play.takes(...Array.from({ length: count }, (_, place) => play.signature({ email: `${randomUUID()}@example.org`, name: 'Noor', ...changes(place) })))
  for (const taking of takings) await play.confirms(taking)
  return takings
}

async function plan(condition: Partial<RemovalCondition> = {}): Promise<string> {
  const day = 86_400_000
  play.later({ seconds: 1 })
  return inTransaction(desk, (tx) => planRemoval(tx, it.keys.contact, {
    actionId: play.petition, takenFrom: new Date(play.now.getTime() - day), takenUntil: new Date(play.now.getTime() + day), reason: 'They were made by a program.', staffId: randomUUID(), ...condition,
  }, play.now))
}
const work = () => workOnRemovals(tools, play.now)
async function workToTheEnd(): Promise<void> {
  while (await work()) { /* until there is nothing left to do */ }
}
const start = (id: string) => inTransaction(desk, (tx) => startRemoval(tx, id))
const restore = (id: string) => inTransaction(desk, (tx) => restoreRemoval(tx, id, play.now))
const seen = async (id: string) => {
  const { state, matched, matchedConfirmed, removed, restored } = (await findRemoval(desk, id))!
  return { state, matched, matchedConfirmed, removed, restored }
}
const history = async () => (await inTransaction(it.as('site'), (tx) => findPublicAction(tx, 'no-one-should-vanish', play.now)))!.countChanges.map(({ change, people, reason }) => [change * people, reason])

test('a removal is counted first, then takes out what fits and nothing else; the count’s history says how many and why, and the recount agrees', async () => {
  await signed(6, (place) => ({ source: place < 4 ? 'bots' : 'poster' }))
  await play.takes(play.signature({ email: 'waiting@example.org', source: 'bots' }))
  assert.equal(await play.total(), 6)
  const id = await plan({ source: 'bots' })
  await play.takes(play.signature({ email: 'later@example.org', source: 'bots', at: new Date(play.now.getTime() + 1000).toISOString() }))
  await workToTheEnd()
  assert.deepEqual(await seen(id), { state: 'counted', matched: 5, matchedConfirmed: 4, removed: 0, restored: 0 })
  assert.equal(await play.total(), 6, 'nothing has happened yet')
  await start(id)
  await workToTheEnd()
  assert.deepEqual(await seen(id), { state: 'done', matched: 5, matchedConfirmed: 4, removed: 5, restored: 0 })
  assert.equal(await play.total(), 2)
  assert.deepEqual(await history(), [[-4, 'They were made by a program.']])
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('what was removed can be put back for two weeks: state, count and messages, and the history says that too', async () => {
  await signed(3)
  const [letter] = await play.takes(play.letter({ email: 'writer@example.org' }))
  await play.confirms(letter!)
  const [waiting] = await play.takes(play.signature({ email: 'waiting@example.org' }))
  assert.equal(await play.total(), 3)
  const [id, other] = [await plan(), await plan({ actionId: play.message })]
  await workToTheEnd()
  for (const each of [id, other]) await start(each)
  await workToTheEnd()
  assert.equal(await play.total(), 0)
  assert.deepEqual([...new Set(await play.messageStates())], ['cancelled'])
  await play.confirms(waiting!)
  assert.equal(await play.total(), 0, 'a link to what was removed confirms nothing')

  play.later({ days: 13 })
  for (const each of [id, other]) assert.equal(await restore(each), true)
  await workToTheEnd()
  assert.deepEqual(await seen(id), { state: 'restored', matched: 4, matchedConfirmed: 3, removed: 4, restored: 4 })
  assert.equal(await play.total(), 3)
  assert.deepEqual((await play.messageStates()).toSorted(), ['cancelled', 'cancelled', 'queued', 'queued'])
  await play.confirms(waiting!)
  assert.equal(await play.total(), 4)
  assert.deepEqual(new Set((await history()).map(([change]) => change)), new Set([-3, 3]))
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('after two weeks it is too late, and what was typed is gone', async () => {
  await signed(1)
  const id = await plan()
  await workToTheEnd()
  await start(id)
  await workToTheEnd()
  assert.equal(await play.total(), 0)
  play.later({ days: 14, seconds: 1 })
  assert.equal(await restore(id), false)
  await expire(it.as('worker'), play.now)
  const [row, ...others] = await it.db.selectFrom('participations').select(['state', 'details', 'record', 'name_index', 'domain_index', 'pattern_index']).execute()
  assert.deepEqual([row, others], [{ state: 'removed', details: null, record: null, name_index: null, domain_index: null, pattern_index: null }, []])
})

test('whoever signs again after having been removed counts, and is not counted twice when everything is put back', async () => {
  await signed(1, () => ({ email: 'amara@example.org' }))
  const id = await plan()
  await workToTheEnd()
  await start(id)
  await workToTheEnd()
  await signed(1, () => ({ email: 'amara@example.org' }))
  assert.equal(await play.total(), 1)
  await restore(id)
  await workToTheEnd()
  assert.equal(await play.total(), 1)
  assert.deepEqual((await play.states()).toSorted(), ['confirmed', 'repeated'])
})

test('a removal that is cancelled stops where it is; one whose worker died goes on where it was', async () => {
  const takings = await play.takes(...Array.from({ length: 2600 }, (_, place) => play.signature({ email: `somebody${place}@example.org` })))
  await sql`update participations set state = 'confirmed', confirmed_at = ${play.now}`.execute(it.db)
  assert.equal(await play.total(), takings.length)
  const id = await plan()
  await work()
  await start(id)
  await work()
  assert.deepEqual(await seen(id), { state: 'running', matched: 2600, matchedConfirmed: 2600, removed: 2000, restored: 0 })
  assert.equal(await inTransaction(desk, (tx) => cancelRemoval(tx, id, play.now)), true)
  await workToTheEnd()
  assert.equal(await play.total(), 600)
  await restore(id)
  await Promise.all([work(), work(), work()])
  await workToTheEnd()
  assert.equal(await play.total(), 2600)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('what a cancelled removal has left is gone on with by the same conditions: counted first, taken out by itself, and put back by itself', async () => {
  await play.takes(...Array.from({ length: 2300 }, (_, place) => play.signature({ email: `somebody${place}@mass.example` })), play.signature({ email: 'amara@example.org' }))
  await sql`update participations set state = 'confirmed', confirmed_at = ${play.now}`.execute(it.db)
  const goOn = (id: string) => inTransaction(desk, (tx) => goOnWithRemoval(tx, id, randomUUID(), play.now))
  const uncounted = await plan({ domain: 'mass.example' })
  await inTransaction(desk, (tx) => cancelRemoval(tx, uncounted, play.now))
  assert.equal(await goOn(uncounted), undefined, 'its domain is not known as an index yet, and what is left would be everybody')

  const id = await plan({ domain: 'mass.example' })
  await work()
  await start(id)
  await work()
  assert.equal(await goOn(id), undefined, 'it goes on by itself')
  await inTransaction(desk, (tx) => cancelRemoval(tx, id, play.now))
  assert.equal(leftOf((await findRemoval(desk, id))!), 300)
  const next = (await goOn(id))!
  assert.equal(await goOn(id), next, 'pressed twice')
  assert.equal(leftOf((await findRemoval(desk, id))!), undefined)
  await workToTheEnd()
  assert.deepEqual(await seen(next), { state: 'counted', matched: 300, matchedConfirmed: 300, removed: 0, restored: 0 }, 'who has another domain is not among them')
  await start(next)
  await workToTheEnd()
  assert.equal((await seen(next)).state, 'done')
  assert.equal(await play.total(), 1)
  await restore(next)
  await workToTheEnd()
  assert.equal(await play.total(), 301)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('one domain can be removed by its name, which is kept nowhere', async () => {
  await signed(2, (place) => ({ email: `a${place}@Mass.example` }))
  await signed(2, (place) => ({ email: `b${place}@quiet.example` }))
  const id = await plan({ domain: 'mass.EXAMPLE' })
  assert.notEqual((await it.db.selectFrom('removals').select('domain').executeTakeFirstOrThrow()).domain, null)
  await workToTheEnd()
  assert.equal((await it.db.selectFrom('removals').select('domain').executeTakeFirstOrThrow()).domain, null)
  await start(id)
  await workToTheEnd()
  assert.equal(await play.total(), 2)
  assert.deepEqual([(await findRemoval(it.as('desk'), id))?.byDomain, (await findRemoval(it.as('desk'), await plan({ country: 'FR' })))?.byDomain], [true, false], 'the desk says that there is one')
})
