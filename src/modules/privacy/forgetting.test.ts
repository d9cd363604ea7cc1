import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { recount } from '#modules/actions/index.ts'
import { forgettingStage } from '#test/support/forgetting.ts'
import { erasePerson } from './erase.ts'
import { expire } from './expire.ts'
import { forgetDue } from './forgetting.ts'
import { readRecoveryLines, recoveryLines, SheetFault } from './recovery.ts'
import { removePractice } from './remove-practice.ts'
import { newDataKeys } from '#platform/secrets.ts'

const { it, play, personId, rowsThatName } = await forgettingStage()

test('erasing a person leaves their number in the count and nothing that leads to them; the same address is not counted again', async () => {
  const [signed] = await play.takes(play.signature({ postcode: 'AR110' }))
  await play.confirms(signed!)
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!)
  assert.equal(await play.total(), 1)
  const id = await personId()
  assert.equal(await erasePerson(it.as('worker'), it.keys, id, play.now), 'erased')
  assert.equal(await erasePerson(it.as('worker'), it.keys, id, play.now), 'nobody', 'safe to run twice')
  assert.deepEqual(await rowsThatName(id), [])
  assert.equal((await it.db.selectFrom('email_indexes').select('key_id').execute()).length, 0)
  assert.equal(await play.total(), 1)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
  assert.equal(await play.messages(play.post({ url: 'smtp://127.0.0.1:1' })), 0, 'nothing of theirs is sent any more')

  const [again] = await play.takes(play.signature())
  await play.confirms(again!)
  assert.equal(await play.total(), 1)
})

test('what nobody confirmed is gone after 14 days, and so is the person who never confirmed anything', async () => {
  await play.takes(play.letter(), play.signature({ email: 'spam@example.org', name: 'http://shop.example' }))
  const people = (await it.db.selectFrom('people').select('id').execute()).map(({ id }) => id)
  for (const id of people) {
    await sql`insert into preferences (person_id, statement_id, frequency, changed_at) select ${id}, id, 'weekly', ${play.now} from consent_statements limit 1`.execute(it.db)
    await sql`insert into supporter_requests (id, person_id, staff_id, way, asked_by, what, change, recorded_at) values (gen_random_uuid(), ${id}, gen_random_uuid(), 'phone', 'themselves', 'erase', '', ${play.now})`.execute(it.db)
    await sql`insert into erasure_requests (person_id, asked_at) values (${id}, ${play.now})`.execute(it.db)
  }
  play.later({ days: 13 })
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal((await it.db.selectFrom('participations').selectAll().execute()).length, 2)
  play.later({ days: 2 })
  await forgetDue(it.as('worker'), it.keys, play.now)
  for (const table of ['participations', 'people', 'email_indexes', 'links', 'message_texts', 'mails'] as const) assert.equal((await it.db.selectFrom(table).selectAll().execute()).length, 0, table)
  for (const id of people) assert.deepEqual(await rowsThatName(id), [])
})

test('whoever has taken part in nothing for two years is forgotten; whoever has is not', async () => {
  const [early, other] = await play.takes(play.signature(), play.signature({ email: 'active@example.org' }))
  await play.confirms(early!)
  await play.confirms(other!)
  await play.count()
  play.later({ days: 700 })
  const [letter] = await play.takes(play.letter({ email: 'active@example.org' }))
  await play.confirms(letter!)
  const left = async () => (await it.db.selectFrom('people').select('id').execute()).length
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal(await left(), 2)
  play.later({ days: 31 })
  await forgetDue(it.as('worker'), it.keys, play.now)
  assert.equal(await left(), 1)
  assert.equal((await it.db.selectFrom('suppressions').select('reason').execute()).length, 0)
  assert.equal(await play.total(), 2)
})

test('the salt of an action’s duplicates is destroyed a month after it has closed', async () => {
  const [signed] = await play.takes(play.signature())
  await play.confirms(signed!)
  await play.count()
  await erasePerson(it.as('worker'), it.keys, await personId(), play.now)
  await sql`update actions set closes_at = ${play.now} where id = ${play.petition}`.execute(it.db)
  play.later({ days: 29 })
  await expire(it.as('worker'), play.now)
  assert.equal((await it.db.selectFrom('erased_duplicates').selectAll().execute()).length, 1)
  play.later({ days: 2 })
  await expire(it.as('worker'), play.now)
  assert.equal((await it.db.selectFrom('erased_duplicates').selectAll().execute()).length, 0)
  assert.equal((await it.db.selectFrom('duplicate_salts').selectAll().execute()).length, 0)
  await sql`update actions set closes_at = null where id = ${play.petition}`.execute(it.db)
})

test('ended sessions and links to sign in are gone a day later, and what could not be settled after 14 days like all that nobody confirmed', async () => {
  await sql`insert into staff (id, contact, role, language, created_at) values (gen_random_uuid(), '', 'campaigner', 'en', ${play.now})`.execute(it.db)
  await sql`insert into desk_sessions (token_hash, staff_id, created_at, last_seen_at, expires_at) select '\\x01', id, ${play.now}, ${play.now}, ${play.now} from staff`.execute(it.db)
  await sql`insert into signin_links (token_hash, created_at, expires_at) values ('\\x01', ${play.now}, ${play.now})`.execute(it.db)
  await play.takes(play.signature({ email: 'not an address' }))
  const left = async () => (await sql<{ left: number }>`select (select count(*) from signin_links) + (select count(*) from desk_sessions) as left`.execute(it.db)).rows[0]!.left
  assert.equal(await left(), 2)
  play.later({ days: 2 })
  await expire(it.as('worker'), play.now)
  assert.equal(await left(), 0)
  assert.equal((await it.db.selectFrom('intake_refused').select('reason').execute()).length, 1)
  play.later({ days: 13 })
  await expire(it.as('worker'), play.now)
  assert.equal((await it.db.selectFrom('intake_refused').select('reason').execute()).length, 0)
})

test('the recovery sheet can be typed in again, in any spacing and case, and a mistyped line is named', () => {
  const keys = newDataKeys()
  const lines = recoveryLines(keys)
  assert.deepEqual(readRecoveryLines(`Keep safe!\n${lines.join('\n').toLowerCase().replaceAll(' ', '   ')}\n`), keys)
  const wrong = lines.with(1, lines[1]!.replace(/ ([0-9A-F])/, (_, first: string) => ` ${first === 'A' ? 'B' : 'A'}`))
  assert.throws(() => readRecoveryLines(wrong.join('\n')), (error) => error instanceof SheetFault && error.message.includes(lines[1]!.split(' ')[0]!))
  assert.throws(() => readRecoveryLines(lines.slice(1).join('\n')), SheetFault)
})

test('going live forgets everybody who practised and the sample country, keeps what was made, and touches nobody who came later', async () => {
  const [practised] = await play.takes(play.signature())
  await play.confirms(practised!)
  assert.equal(await play.total(), 1)
  const own = await it.db.transaction().execute(async (tx) => {
    const { createAction, moveAction, saveWords, actionWords } = await import('#modules/actions/index.ts')
    const id = await createAction(tx, { slug: 'our-own', kind: 'petition', zone: 'UTC' }, play.now)
    await saveWords(tx, { actionId: id, language: 'en', words: actionWords.parse({ title: 'Our own' }), ask: 'Do it', staffId: null }, play.now)
    await moveAction(tx, { id, to: 'open', staffId: null }, play.now)
    return id
  })
  const ask = (await it.db.selectFrom('asks').select('id').where('action_id', '=', own).executeTakeFirstOrThrow()).id
  const [friend] = await play.takes(play.signature({ action: own, ask, email: 'friend@example.org' }))
  await play.confirms(friend!)
  play.practice = false
  const [real] = await play.takes(play.signature({ action: own, ask, email: 'real@example.org' }))
  await play.confirms(real!)
  assert.equal(await play.total(own), 2)

  await removePractice(it.as('worker'), play.now)
  await removePractice(it.as('worker'), play.now)
  assert.equal(await play.total(own), 1)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
  assert.deepEqual(await it.db.selectFrom('actions').select('slug').execute(), [{ slug: 'our-own' }])
  assert.equal((await it.db.selectFrom('people').select('id').execute()).length, 1)
  for (const table of ['offices', 'areas', 'bodies', 'officials', 'lookup_codes'] as const) assert.equal((await it.db.selectFrom(table).selectAll().execute()).length, 0, table)
})
