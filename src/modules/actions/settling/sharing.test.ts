import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { newToken } from '#platform/tokens.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { detailsPlace, recount, type Details, type Taking } from '../index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, public_names, tallies, count_entries, count_arrivals`.execute(it.db)
  sink.received.length = 0
})

const family = { email: 'lind.family@example.org' }
const mailsOf = async () => {
  while (await play.mails(post)) { /* until all have left */ }
  return (await sink.mails()).filter((mail) => mail.envelopeTo === family.email)
}

/** Takes and confirms, one after the other. */
async function each(...takings: Taking[]): Promise<void> {
  for (const taking of takings) {
    await play.takes(taking)
    await play.confirms(taking)
  }
}

test('two people who share a mailbox both sign, both are asked, both are counted and both get a receipt in their own name', async () => {
  await each(play.signature({ ...family, name: 'Amara Lind' }), play.signature({ ...family, name: 'Noor Lind' }))
  assert.equal(await play.total(), 2)
  const mails = await mailsOf()
  assert.deepEqual(mails.map((mail) => mail.to![0]!.name).toSorted(), ['Amara Lind', 'Noor Lind'])
  assert.deepEqual(await recount(it.as('worker'), play.now), [])
  const rows = await it.db.selectFrom('participations').select(['id', 'place', 'details']).orderBy('place').execute()
  const names = await Promise.all(rows.map((row) => it.keys.opener.open<Details>(detailsPlace(row.id), row.details!)))
  assert.deepEqual(names.map(({ name }) => name), ['Amara Lind', 'Noor Lind'], 'each signed with a name of their own')
})

test('the order in which they confirm makes no difference, nor does one moment for both', async () => {
  const [one, other] = await play.takes(play.signature({ ...family, name: 'Amara' }), play.signature({ ...family, name: 'نور' }))
  await play.confirms(other!)
  await play.confirms(one!)
  assert.equal(await play.total(), 2)
})

test('a third name, and one that differs by case, accents, spaces or points only, is not counted', async () => {
  await each(play.signature({ ...family, name: 'Amara Lind' }), play.signature({ ...family, name: 'amára  lind.' }), play.signature({ ...family, name: 'Noor Lind' }), play.signature({ ...family, name: 'Jun Lind' }), play.signature({ ...family, name: 'NOOR LIND' }))
  assert.equal(await play.total(), 2)
  assert.deepEqual((await play.states()).toSorted(), ['confirmed', 'confirmed', 'repeated', 'repeated', 'repeated'])
})

test('a browser that has confirmed the mailbox does not sign for somebody else without a mail', async () => {
  const known = newToken()
  const [first] = await play.takes(play.signature({ ...family, name: 'Amara' }))
  await play.confirms(first!, known)
  await play.takes(play.signature({ ...family, name: 'Noor', known }))
  assert.deepEqual((await play.states()).toSorted(), ['confirmed', 'waiting'])
})

test('both write to the same office, once each', async () => {
  await each(play.letter({ ...family, name: 'Amara' }), play.letter({ ...family, name: 'Noor' }), play.letter({ ...family, name: 'Noor' }))
  assert.equal((await play.messageStates()).length, 4)
  assert.equal(await play.total(play.message), 2)
})

test('one takes it back and the other stays; then there is room for one again', async () => {
  const [one] = [play.signature({ ...family, name: 'Amara' })]
  await each(one, play.signature({ ...family, name: 'Noor' }))
  await play.uses(one, 'withdrawal')
  assert.equal(await play.total(), 1)
  await each(play.signature({ ...family, name: 'Jun' }))
  assert.equal(await play.total(), 2)
})
