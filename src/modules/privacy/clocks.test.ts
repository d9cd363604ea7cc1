import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { recount } from '#modules/actions/index.ts'
import { suppress } from '#modules/people/index.ts'
import { forgettingStage } from '#test/support/forgetting.ts'
import { ahead, setClock } from './clocks.ts'
import { carryOutErasures, erasePeople, erasePerson } from './erase.ts'
import { expire } from './expire.ts'
import { forgetDue, forgetOn, forgettingRuns, startForgetting } from './forgetting.ts'
import { liftHold, placeHold } from './holds.ts'
import { applyRegister } from './erase-again.ts'
import { readRegister } from './register-lines.ts'
import { ErasureRegister } from './register.ts'

const { it, play, personId, rowsThatName } = await forgettingStage()

const staffId = randomUUID()
const peopleLeft = async () => (await it.db.selectFrom('people').select('id').execute()).length

test('whoever is under a legal hold is kept by every clock and told so when they ask to be erased; once it is lifted they are erased', async () => {
  const [signed] = await play.takes(play.signature())
  await play.confirms(signed!)
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!)
  const id = await personId()
  const place = { personId: id }
  assert.equal(await it.as('desk').transaction().execute((tx) => placeHold(tx, place, { reason: 'A court asked for it.', staffId }, play.now)), true)
  assert.equal(await it.as('desk').transaction().execute((tx) => placeHold(tx, place, { reason: 'Twice.', staffId }, play.now)), false)
  assert.equal(await erasePerson(it.as('worker'), it.keys, id, play.now), 'held')
  assert.equal(await play.messages(play.post({ url: 'smtp://127.0.0.1:1' })), 0, 'nothing of theirs is sent any more')
  assert.equal((await it.db.selectFrom('erasures').selectAll().execute()).length, 0)
  play.later({ days: 800 })
  await expire(it.as('worker'), play.now)
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 0)
  assert.equal(await peopleLeft(), 1)
  assert.deepEqual(await ahead(it.as('desk'), 'inactive', 730, play.now), [{ day: play.now.toISOString().slice(0, 10), people: 0, held: 1 }])

  const { id: hold } = await it.db.selectFrom('legal_holds').select('id').executeTakeFirstOrThrow()
  const lift = () => it.as('desk').transaction().execute((tx) => liftHold(tx, hold, { reason: 'It is over.', staffId }, play.now))
  assert.deepEqual([await lift(), await lift()], [true, false])
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
  assert.deepEqual(await rowsThatName(id), ['legal_holds'], 'that there was a hold on somebody stays, under a number that leads to nobody')
  assert.equal((await it.db.selectFrom('erasures').selectAll().execute()).length, 1)
  assert.equal(await play.total(), 1)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('a hold on an action keeps everybody who took part in it', async () => {
  const [one, other] = await play.takes(play.signature(), play.letter({ email: 'other@example.org' }))
  await play.confirms(one!)
  await play.confirms(other!)
  await it.as('desk').transaction().execute((tx) => placeHold(tx, { actionId: play.petition }, { reason: 'A dispute about it.', staffId }, play.now))
  play.later({ days: 800 })
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal(await peopleLeft(), 1)
  await sql`delete from legal_holds`.execute(it.db)
})

test('what a clock will take is known before, by day, is what it then takes, and can be tried with another number of days', async () => {
  const [early] = await play.takes(play.signature(), play.signature({ email: 'one@example.org' }))
  await play.confirms(early!)
  play.later({ days: 2 })
  await play.takes(play.signature({ email: 'two@example.org' }))
  const day = (days: number) => new Date(play.now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
  assert.deepEqual(await ahead(it.as('desk'), 'unconfirmed', 14, play.now), [{ day: day(12), people: 1, held: 0 }, { day: day(14), people: 1, held: 0 }])
  assert.deepEqual(await ahead(it.as('desk'), 'unconfirmed', 3, play.now), [{ day: day(1), people: 1, held: 0 }, { day: day(3), people: 1, held: 0 }])
  assert.deepEqual(await ahead(it.as('desk'), 'inactive', 730, play.now), [{ day: day(728), people: 2, held: 0 }, { day: day(730), people: 1, held: 0 }])
  await it.as('desk').transaction().execute((tx) => setClock(tx, 'unconfirmed', 3))
  play.later({ days: 1, minutes: 1 })
  const [today] = await ahead(it.as('desk'), 'unconfirmed', 3, play.now)
  await forgetDue(it.as('worker'), it.keys, play.now)
  const [run] = await forgettingRuns(it.as('desk'))
  assert.deepEqual([run!.clock, run!.due, run!.done], ['unconfirmed', today!.people, 1])
  assert.equal((await it.db.selectFrom('participations').selectAll().execute()).length, 2)
  await it.as('desk').transaction().execute((tx) => setClock(tx, 'unconfirmed', 14))
})

test('whoever has written by a form since is not inactive: neither counted before nor forgotten', async () => {
  const [signed] = await play.takes(play.signature())
  await play.confirms(signed!)
  const before = await peopleLeft()
  play.later({ days: 720 })
  const { rows: [who] } = await sql<{ id: string }>`
    insert into contact_messages (id, subject_id, person_id, language, record, practice, received_at)
    select ${randomUUID()}, (select id from subjects limit 1), people.id, 'en', contact, true, ${play.now} from people order by created_at desc limit 1 returning person_id as id`.execute(it.db)
  play.later({ days: 11 })
  assert.deepEqual(await ahead(it.as('desk'), 'inactive', 730, play.now), [
    ...(before > 1 ? [{ day: play.now.toISOString().slice(0, 10), people: before - 1, held: 0 }] : []), { day: new Date(play.now.getTime() + 719 * 86_400_000).toISOString().slice(0, 10), people: 1, held: 0 },
  ])
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.deepEqual((await it.db.selectFrom('people').select('id').execute()).map(({ id }) => id), [who!.id])
  await sql`delete from contact_messages`.execute(it.db)
})

test('a message’s text stays as long as the clock says after the last of it was sent', async () => {
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!)
  await sql`update message_texts set contact = null`.execute(it.db)
  play.later({ days: 60 })
  await sql`update messages set state = 'accepted', ended_at = ${play.now}`.execute(it.db)
  play.later({ days: 89 })
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal((await it.db.selectFrom('message_texts').selectAll().execute()).length, 1)
  play.later({ days: 2 })
  assert.equal((await ahead(it.as('desk'), 'message-text', 90, play.now))[0]!.people, 1)
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal((await it.db.selectFrom('message_texts').selectAll().execute()).length, 0)
})

test('a run that is interrupted between two batches goes on where it was', async () => {
  await play.takes(...Array.from({ length: 620 }, (_, number) => play.signature({ email: `person-${number}@example.org` })))
  await sql`update participations set state = 'confirmed', confirmed_at = taken_at`.execute(it.db)
  await sql`update people set confirmed_at = created_at`.execute(it.db)
  await play.count()
  play.later({ days: 731 })
  await it.as('worker').transaction().execute((tx) => startForgetting(tx, play.now))
  await it.as('worker').transaction().execute((tx) => startForgetting(tx, play.now))
  assert.equal(await forgetOn(it.as('worker'), it.keys, play.now), 500)
  const [half] = await forgettingRuns(it.as('desk'))
  assert.deepEqual([half!.due, half!.done, half!.endedAt], [620, 500, null])
  assert.equal(await peopleLeft(), 120)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
  while (await forgetOn(it.as('worker'), it.keys, play.now)) { /* the next worker */ }
  const [whole] = await forgettingRuns(it.as('desk'))
  assert.deepEqual([whole!.done, whole!.endedAt], [620, play.now])
  assert.deepEqual([await peopleLeft(), await play.total()], [0, 620])
})

test('a database that was put back from a copy erases again whom the register has, and takes in nothing they had handed in before; who came back since stays', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'clarion-register-')), 'erasures.jsonl')
  const register = new ErasureRegister(file)
  const tables = ['people', 'email_indexes', 'participations', 'consents', 'links'] as const
  const [signed, other] = await play.takes(play.signature(), play.signature({ email: 'other@example.org' }))
  await play.confirms(signed!)
  await play.confirms(other!)
  assert.equal(await play.total(), 2)
  const { rows: [amara] } = await sql<{ person_id: string }>`select person_id from participations where id = ${signed!.id}`.execute(it.db)
  for (const table of tables) await sql`create table ${sql.table(`copy_of_${table}`)} as select * from ${sql.table(table)}`.execute(it.db)
  const letter = play.letter()
  play.later({ minutes: 1 })
  assert.equal((await erasePeople(it.as('worker'), it.keys, [amara!.person_id], play.now)).get(amara!.person_id), 'erased')
  const { rows: [noor] } = await sql<{ person_id: string }>`select person_id from participations where id = ${other!.id}`.execute(it.db)
  await inTransaction(it.as('worker'), (tx) => suppress(tx, [noor!.person_id], 'updates', 'unsubscribed', play.now))
  await sql`update suppressions set practice = false`.execute(it.db)
  const asOf = new Date(play.now.getTime() - 1000)
  assert.deepEqual([await register.write(it.as('worker')), await register.write(it.as('worker'))], [1, 0])
  assert.equal(await new ErasureRegister(file).write(it.as('worker')), 0)
  assert.deepEqual(readRegister(file).suppressions.map(({ scope, reason, index }) => [scope, reason, index.length]), [['updates', 'unsubscribed', 32]], 'one line, whichever process wrote it')
  assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(`amara|${amara!.person_id}`))

  for (const table of tables) {
    await sql`truncate ${sql.table(table)}`.execute(it.db)
    await sql`insert into ${sql.table(table)} select * from ${sql.table(`copy_of_${table}`)}`.execute(it.db)
    await sql`drop table ${sql.table(`copy_of_${table}`)}`.execute(it.db)
  }
  await sql`truncate erasures, suppressions, erased_duplicates, duplicate_salts`.execute(it.db)
  appendFileSync(file, '{"at":"cut off by a cra')
  play.later({ days: 1 })
  const again = (copyOf: Date) => applyRegister(it.as('worker'), it.keys, readRegister(file), copyOf, play.now)
  assert.deepEqual([await again(play.now), await again(asOf), await again(asOf)], [{ erased: 1, suppressed: 0 }, { erased: 0, suppressed: 1 }, { erased: 0, suppressed: 0 }], 'once, and what is younger than the copy')
  assert.deepEqual(await rowsThatName(amara!.person_id), [])
  assert.deepEqual([await play.total(), await recount(it.as('worker'), play.now)], [2, []])

  await play.takes(letter)
  assert.equal(await peopleLeft(), 1, 'what was on its way when they asked is gone')
  const [back] = await play.takes(play.signature())
  await play.confirms(back!)
  assert.deepEqual([await peopleLeft(), await play.total()], [2, 2], 'and who signs later is welcome, and counted once')
  assert.equal((await again(asOf)).erased, 0)
  assert.equal(await new ErasureRegister(file).write(it.as('worker')), 0)
})
