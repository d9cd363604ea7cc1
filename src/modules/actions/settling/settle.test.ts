import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { sealOne } from '#platform/sealing/index.ts'
import { newToken } from '#platform/tokens.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { Collector, recount, settle, type Taking } from '../index.ts'
import { intakePlace } from '../intake/store.ts'

const it = await stage()
const play = await acting(it)

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, public_names, tallies, count_entries, count_arrivals, suppressions, intake_refused`.execute(it.db)
})

async function mailKinds(): Promise<string[]> {
  return (await it.db.selectFrom('mails').select('kind').orderBy('promised_at').orderBy('kind').execute()).map((row) => row.kind)
}

test('a signature is kept, settled, confirmed and counted, and nothing is left in the intake', async () => {
  const [signed] = await play.takes(play.signature({ postcode: 'ar 110', country: 'AA', source: 'poster' }))
  assert.deepEqual(await play.states(), ['waiting'])
  assert.deepEqual(await mailKinds(), ['confirm'])
  assert.equal(await play.total(), 0)

  await play.confirms(signed!)
  assert.deepEqual(await play.states(), ['confirmed'])
  assert.equal(await play.total(), 1)
  const tallies = await it.db.selectFrom('tallies').select(['dimension', 'value', 'total']).orderBy('dimension').execute()
  assert.deepEqual(tallies, [
    { dimension: 'all', value: '', total: 1 }, { dimension: 'area', value: 'marovia:AR', total: 1 }, { dimension: 'country', value: 'AA', total: 1 },
    { dimension: 'day', value: '2027-03-01', total: 1 }, { dimension: 'language', value: 'en', total: 1 }, { dimension: 'source', value: 'poster', total: 1 },
  ])
  assert.equal((await it.db.selectFrom('intake').select('batch_id').execute()).length, 0)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('the same form posted a thousand times is one signature and one mail', async () => {
  const form = newToken()
  await play.takes(...Array.from({ length: 1000 }, () => play.signature({ form })))
  assert.deepEqual(await play.states(), ['waiting'])
  assert.deepEqual(await mailKinds(), ['confirm'])
})

test('signing again, confirmed or not, is never counted twice, and only the mailbox is told', async () => {
  const [first] = await play.takes(play.signature())
  const [second] = await play.takes(play.signature({ email: 'AMARA@example.ORG', name: ' AMÁRA.' }))
  await play.confirms(first!)
  await play.confirms(second!)
  const [third] = await play.takes(play.signature())
  assert.deepEqual(await mailKinds(), ['already', 'confirm', 'confirm', 'receipt'])
  await play.confirms(third!)
  assert.equal(await play.total(), 1)
  assert.deepEqual((await play.states()).toSorted(), ['confirmed', 'repeated', 'repeated'])
  assert.equal((await it.db.selectFrom('people').select('id').execute()).length, 1)
})

test('nothing typed into a form changes a person before the owner of the address confirms it', async () => {
  const statement = (await it.db.selectFrom('consent_wordings').selectAll().where('language', '=', 'en').execute())[0]!
  await play.takes(play.signature({ name: 'Not Amara', country: 'BB', answers: [{ statement: statement.statement_id, wording: statement.id, answer: 'yes' }] }))
  const person = await it.db.selectFrom('people').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([person.country, person.confirmed_at], [null, null])
  assert.deepEqual(await it.keys.opener.open({ purpose: 'contact', table: 'people', column: 'contact', row: person.id }, person.contact), { email: 'amara@example.org' })
  assert.equal((await it.db.selectFrom('consents').select('id').execute()).length, 0)
})

test('a browser that confirmed this address is not asked again for 30 days; with another address, or later, it is', async () => {
  const known = newToken()
  const [first] = await play.takes(play.signature())
  await play.confirms(first!, known)
  await play.takes(play.letter({ known }))
  assert.deepEqual(await play.states(play.message), ['confirmed'])
  await play.takes(play.letter({ known, email: 'other@example.org' }))
  assert.deepEqual((await play.states(play.message)).toSorted(), ['confirmed', 'waiting'])
  play.later({ days: 31 })
  await play.takes(play.letter({ known }))
  assert.deepEqual((await play.states(play.message)).toSorted(), ['confirmed', 'waiting', 'waiting'])
})

test('in a browser that has confirmed, second clicks and repetitions of one moment are one signature and one receipt', async () => {
  const known = newToken()
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!, known)
  const form = newToken()
  await play.takes(...[form, form, newToken(), newToken()].map((each) => play.signature({ known, form: each })))
  assert.deepEqual((await play.states(play.petition)).toSorted(), ['confirmed', 'repeated', 'repeated'])
  await play.takes(play.signature({ known, form }))
  assert.equal((await play.states(play.petition)).length, 3)
  assert.equal(await play.total(), 1)
  assert.deepEqual((await mailKinds()).toSorted(), ['confirm', 'receipt', 'receipt'])
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('no mailbox gets more than five unanswered requests in 30 days, however its address is spelt; an answer starts again', async () => {
  const spellings = ['a.mara@example.org', 'amara+1@example.org', 'amara+2@example.org', 'AMARA@example.org', 'am.ara@example.org', 'amara+3@example.org', 'amara+4@example.org']
  const takings = await play.takes(...spellings.map((email) => play.signature({ email })))
  assert.deepEqual(await mailKinds(), Array.from({ length: 5 }, () => 'confirm'))
  assert.equal((await play.states()).length, 7, 'all of them are kept all the same')
  play.later({ days: 20 })
  await play.takes(play.signature({ email: 'amara+5@example.org' }))
  assert.equal((await mailKinds()).length, 5)
  play.later({ days: 11 })
  await play.takes(play.signature({ email: 'amara+6@example.org' }))
  assert.equal((await mailKinds()).length, 6, 'the old ones no longer count')
  await play.confirms(takings[0]!)
  await play.takes(...[1, 2, 3, 4, 5, 6, 7].map((each) => play.signature({ email: `amara+again${each}@example.org` })))
  assert.deepEqual((await mailKinds()).filter((kind) => kind === 'confirm').length, 11)
})

test('a link in a name waits for staff, and its mailbox gets no mail', async () => {
  await play.takes(play.signature({ name: 'Cheap pills at www.shop.example' }), play.signature({ name: 'shop.xyz', email: 'b@example.org' }), play.signature({ name: 'Dr. J. Lind', email: 'c@example.org' }))
  assert.deepEqual((await play.states()).toSorted(), ['held', 'held', 'waiting'])
  assert.equal((await mailKinds()).length, 1)
})

test('taking it back and “this was not me” lower the count, remove what was typed, and cannot be undone by an old link', async () => {
  const [signed] = await play.takes(play.signature())
  await play.confirms(signed!)
  assert.equal(await play.total(), 1)
  await play.uses(signed!, 'withdrawal')
  assert.equal(await play.total(), 0)
  await play.confirms(signed!)
  assert.equal(await play.total(), 0)
  assert.equal((await it.db.selectFrom('participations').select('details').executeTakeFirstOrThrow()).details, null)

  const [stranger] = await play.takes(play.signature({ email: 'victim@example.org' }))
  await play.uses(stranger!, 'refusal')
  await play.confirms(stranger!)
  assert.deepEqual((await play.states()).toSorted(), ['refused', 'withdrawn'])
  assert.equal(await play.total(), 0)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('what the public server should never hand in is set aside, sealed as it came, and holds nobody up', async () => {
  await play.takes(
    play.signature({ action: randomUUID() }), play.signature({ ask: randomUUID() }), play.signature({ action: play.message }), play.letter({ ask: play.ask }), play.signature({ rehearsal: 'A'.repeat(43) }),
    play.signature({ email: 'not an address' }), { ...play.signature(), surprise: true } as never, play.signature({ email: 'good@example.org' }),
  )
  assert.equal((await play.states()).length, 2, 'the two good ones')
  assert.equal((await it.db.selectFrom('intake_refused').select('reason').execute()).length, 6)
})

test('what breaks a rule that no check foresees is found and set aside alone, and everybody who came with it is settled', async () => {
  const emails = ['one', 'two', 'three'].map((name) => `${name}@example.org`)
  await play.takes(...emails.map((email) => play.signature({ email })), play.signature({ language: 'e\u0000' }))
  assert.deepEqual(await play.states(), ['waiting', 'waiting', 'waiting'])
  const refused = await it.db.selectFrom('intake_refused').select(['batch_id', 'position', 'contact', 'reason']).executeTakeFirstOrThrow()
  assert.equal(refused.reason, 'settling failed')
  const kept = await it.keys.opener.open<Taking>(intakePlace(refused.batch_id, refused.position), refused.contact)
  assert.equal(kept.language, 'e\u0000', 'kept as it came')
})

test('very long messages of a crowd are kept in several batches, and none is lost', async () => {
  const before = Number((await it.db.selectFrom('intake_batches').select((query) => query.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
  await play.takes(...Array.from({ length: 120 }, (_, number) => play.letter({ email: `p${number}@example.org` }, { body: '\u0634'.repeat(20_000) })))
  assert.equal((await play.states()).length, 120)
  const after = Number((await it.db.selectFrom('intake_batches').select((query) => query.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
  assert.ok(after - before >= 3, `${after - before} batches of no more than a million characters`)
})

test('what the version before took in and did not settle is settled, with what was sealed beside it', async () => {
  const { batch_id } = await it.db.insertInto('intake_batches').values({ batch_id: randomUUID(), entries: 2, received_at: play.now }).returning('batch_id').executeTakeFirstOrThrow()
  for (const [position, email] of ['one@example.org', 'two@example.org'].entries()) {
    const contact = await sealOne(it.keys.contact, intakePlace(batch_id, position), play.signature({ email }))
    await it.db.insertInto('intake').values({ batch_id, position, contact, record: position === 1 ? Buffer.from('sealed') : null }).execute()
  }
  await play.settle()
  const records = await it.db.selectFrom('participations').select('record').execute()
  assert.deepEqual(records.map(({ record }) => record?.toString() ?? '').toSorted(), ['', 'sealed'])
})

test('two workers that settle and confirm the same people at once agree in the end', async () => {
  const other = { ...play.tools, workerId: randomUUID() as string }
  const collector = new Collector(it.poolOf('site'), it.keys, () => play.now, it.log, { batch: 7 })
  const emails = Array.from({ length: 60 }, (_, place) => `p${place % 20}@example.org`)
  const takings = emails.map((email) => play.signature({ email }))
  await Promise.all(takings.map((taking) => collector.submit(taking)))
  const drain = async (tools: typeof other) => {
    for (let settled = 1; settled;) settled = await settle(tools, play.now).catch((error: { code?: string }) => (error.code === '40P01' || error.constructor.name === 'Race' ? 1 : Promise.reject(error)))
  }
  await Promise.all([drain(play.tools), drain(other)])
  assert.equal((await it.db.selectFrom('people').select('id').execute()).length, 20)
  assert.equal((await play.states()).length, 60)
  for (const taking of takings) await play.confirms(taking)
  assert.equal(await play.total(), 20)
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
})

test('the first signature numbers an ask; from then on it cannot change, and a changed one is another', async () => {
  await assert.doesNotReject(sql`update asks set ask = 'reworded before anybody signed' where id = ${play.ask} and not exists (select from participations where ask_id = ${play.ask})`.execute(it.db))
  await play.takes(play.signature())
  assert.equal((await it.db.selectFrom('asks').select('number').where('id', '=', play.ask).executeTakeFirstOrThrow()).number, 1)
  await assert.rejects(sql`update asks set ask = 'something else' where id = ${play.ask}`.execute(it.db), /cannot change/)
})
