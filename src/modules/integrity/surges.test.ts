import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { addStaff } from '#modules/staff/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { chooseToRead, surges, surgeSeen, tellOfSurges, watchForSurges } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, links, unanswered_mails, removals, surges, surge_readers`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
})

/** So many sign, some minutes ago. */
async function sign(count: number, minutesAgo: number, email: (place: number) => string = () => `${randomUUID().replace(/\d/g, '')}@${randomUUID()}.example`): Promise<void> {
  const at = new Date(play.now.getTime() - minutesAgo * 60_000).toISOString()
  await play.takes(...Array.from({ length: count }, (_, place) => play.signature({ email: email(place), at })))
}
const watch = () => watchForSurges(it.as('worker'), play.now)
const kinds = async () => (await surges(it.as('desk'))).map(({ kind }) => kind).toSorted()
const noticed = async () => (await surges(it.as('desk'))).map(({ kind, recent, usual }) => [kind, recent, usual])

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

test('staff who asked for it are told by mail, without a word about anybody; those who have left or did not ask are not', async () => {
  const [reader, gone] = await inTransaction(it.as('desk'), async (tx) => Promise.all(['reader', 'gone', 'quiet'].map((name) => addStaff(tx, it.keys.contact, { name, email: `${name}@lamplight.example`, role: 'campaigner', language: name === 'reader' ? 'ar' : 'en' }, play.now))))
  await inTransaction(it.as('desk'), async (tx) => {
    await chooseToRead(tx, reader!, true)
    await chooseToRead(tx, gone!, true)
    await tx.updateTable('staff').set({ left_at: play.now }).where('id', '=', gone!).execute()
  })
  await sign(60, 90, (place) => `somebody${place}@mass.example`)
  await watch()
  const tools = { db: it.as('worker'), opener: it.keys.opener, post, publisher: await readPublisher(it.db), deskOrigin: 'https://desk.example', log: it.log }
  sink.mood = 'refuses-for-now'
  assert.equal(await tellOfSurges(tools, play.now), 0)
  sink.mood = 'accepts'
  assert.equal(await tellOfSurges(tools, play.now), 1)
  assert.equal(await tellOfSurges(tools, play.now), 0)
  const [mail, ...others] = await sink.mails()
  assert.equal(others.length, 0)
  assert.equal(mail!.envelopeTo, 'reader@lamplight.example')
  assert.match(mail!.text!, /https:\/\/desk\.example\/surges/)
  assert.doesNotMatch(mail!.raw, /mass\.example|somebody/)
})

test('once somebody has looked at it, it is no news any more', async () => {
  await sign(60, 90)
  await watch()
  const [surge] = await surges(it.as('desk'), { unseen: true })
  await inTransaction(it.as('desk'), (tx) => surgeSeen(tx, surge!.id, randomUUID(), play.now))
  assert.deepEqual(await surges(it.as('desk'), { unseen: true }), [])
})
