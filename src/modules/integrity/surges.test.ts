import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { surges, surgeSeen, watchForSurges } from './index.ts'

const it = await stage()
const play = await acting(it)
beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, links, unanswered_mails, removals, surges, incident_mails`.execute(it.db)
})

/** So many sign, some minutes ago. */
async function sign(count: number, minutesAgo: number, email: (place: number) => string = () => `${randomUUID().replace(/\d/g, '')}@${randomUUID()}.example`): Promise<void> {
  const at = new Date(play.now.getTime() - minutesAgo * 60_000).toISOString()
  await play.takes(...Array.from({ length: count }, (_, place) => play.signature({ email: email(place), at })))
}
const watch = () => watchForSurges(it.as('worker'), play.now)
const kinds = async () => (await surges(it.as('desk'), 'en')).map(({ kind }) => kind).toSorted()
const noticed = async () => (await surges(it.as('desk'), 'en')).map(({ kind, recent, usual }) => [kind, recent, usual])

test('a steady stream, and a first hour, are nothing unusual', async () => {
  await sign(60, 1)
  assert.equal(await watch(), 0)
  for (let minutes = 15; minutes < 200; minutes += 10) await sign(20, minutes)
  await sql`update participations set confirmed_at = taken_at, state = 'confirmed'`.execute(it.db)
  assert.equal(await watch(), 0)
})

test('many more than in the two hours before are noticed, once in six hours', async () => {
  await sign(10, 200)
  await sign(24, 60)
  await sign(60, 1)
  assert.equal(await watch(), 1)
  assert.deepEqual(await noticed(), [['rate', 60, 2]])
  assert.equal(await watch(), 0)
})

test('one domain, and addresses that were counted up, are noticed by what they were before', async () => {
  await sign(60, 45, (place) => (place % 2 ? `${'x'.repeat(place % 60)}y@common.example` : `${'z'.repeat(place % 60)}y@other${place}.example`))
  await sign(60, 3, (place) => (place % 3 ? `${'v'.repeat(place % 60)}w@common.example` : `${'z'.repeat(place % 60)}w@other${place}.example`))
  await watch()
  assert.deepEqual(await kinds(), [], 'a domain that is common is no news')
  await sign(200, 1, (place) => `voter${place}@mass.example`)
  await watch()
  assert.deepEqual(await kinds(), ['domain', 'pattern'])
})

test('if hardly any confirm, that is noticed; if they did, it is not', async () => {
  await sign(60, 90)
  await watch()
  assert.deepEqual(await noticed(), [['unconfirmed', 60, 30]])
  await sql`delete from surges`.execute(it.db)
  await sql`update participations set state = 'confirmed', confirmed_at = ${play.now} where id in (select id from participations limit 10)`.execute(it.db)
  assert.equal(await watch(), 0)
})

test('two workers that look at once write it down once', async () => {
  await sign(60, 90)
  await Promise.all([watch(), watch(), watch()])
  assert.deepEqual(await kinds(), ['unconfirmed'])
})

test('once somebody has looked at it, it is no news any more', async () => {
  await sign(60, 90)
  await watch()
  const [surge] = await surges(it.as('desk'), 'en', { unseen: true })
  await inTransaction(it.as('desk'), (tx) => surgeSeen(tx, surge!.id, randomUUID(), play.now))
  assert.deepEqual(await surges(it.as('desk'), 'en', { unseen: true }), [])
})
