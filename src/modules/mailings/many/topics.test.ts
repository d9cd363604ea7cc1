import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { leavingToken, linkHash } from '#modules/actions/index.ts'
import { preferencesOf, recordConsents, setPreferences, type Frequency } from '#modules/people/index.ts'
import { addSubject, setNames } from '#modules/places/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { mailingDesk } from '#test/support/mailing.ts'
import { stage } from '#test/support/stage.ts'
import { tidyMailings } from './numbers.ts'
import { newsletterTopics, offerTopics, topicReaders } from './topics.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
const desk = await mailingDesk(play)
const [water, courts] = await inTransaction(it.as('desk'), async (tx) => [await addSubject(tx, { kind: 'topic', language: 'en', name: 'Water' }, play.now), await addSubject(tx, { kind: 'topic', language: 'en', name: 'Courts' }, play.now)])
await inTransaction(it.as('desk'), (tx) => setNames(tx, water, [{ language: 'en', name: 'Water', shown: true }, { language: 'ar', name: 'الماء', shown: true }]))

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, suppressions, mails, links, known_browsers, unanswered_mails, consents, preferences, mailings, mailing_texts, mailing_recipients, mailing_tests, bulletin_requests`.execute(it.db)
  sink.received.length = 0
  desk.courier = desk.another()
  await inTransaction(it.as('desk'), (tx) => offerTopics(tx, { more: [water, courts], fewer: [] }, play.now))
})

const chooses = (personId: string, topic: string, frequency: Frequency) => inTransaction(it.as('worker'), (tx) => setPreferences(tx, personId, [{ statementId: desk.ofAll, topic, frequency }], play.now))
const about = (topic: string) => desk.begins({ audience: { filter: { topic } } })
const arrived = async () => (await sink.mails()).filter((mail) => mail.headers.some(({ key }) => key === 'list-id'))
const readers = async () => (await arrived()).map((mail) => mail.envelopeTo).toSorted()

test('a newsletter about a topic goes to those who chose it and said yes, also where they want nothing of the rest; nobody has it by saying nothing', async () => {
  const [chose, only] = [await desk.signs('chose@example.org', {}, desk.ofAll), await desk.signs('only-this@example.org', {}, desk.ofAll)]
  await desk.signs('said-nothing@example.org', {}, desk.ofAll)
  const [other, no] = [await desk.signs('other@example.org', {}, desk.ofAll), await desk.signs('no-yes@example.org')]
  for (const each of [chose, only, no]) await chooses(each, water, 'at-once')
  await chooses(only, '', 'never')
  await chooses(other, courts, 'at-once')
  const id = await about(water)
  assert.deepEqual((await desk.is(id)).counted, { byLanguage: { en: 2 }, leftOut: { 'no-consent': 1 } })
  await desk.turns(post)
  assert.deepEqual(await readers(), ['chose@example.org', 'only-this@example.org'])
  sink.received.length = 0
  await desk.begins()
  await desk.turns(post)
  assert.deepEqual(await readers(), ['chose@example.org', 'other@example.org', 'said-nothing@example.org'], 'what is about no topic goes to everybody else as before')
  assert.deepEqual(await topicReaders(it.as('desk')), new Map([[water, 2], [courts, 1]]))
})

test('whoever only asked for a bulletin and says yes to newsletters later gets these, unless they are for those who took part in something', async () => {
  const [id, question] = [randomUUID(), await it.db.selectFrom('public_bulletin_question').selectAll().where('language', '=', 'en').executeTakeFirstOrThrow()]
  await play.own({ kind: 'bulletin-request', id, subject: water, frequency: 'weekly', statement: question.statement_id, wording: question.wording_id!, email: 'reader@example.org', language: 'en', at: play.now.toISOString() })
  await play.own({ kind: 'bulletin-use', link: linkHash(it.keys.linkKey, id).toString('base64url'), what: 'yes', at: play.now.toISOString() })
  await assert.rejects(desk.begins(), /nobody/, 'a bulletin is no newsletter')
  const { id: reader } = await it.db.selectFrom('people').select('id').executeTakeFirstOrThrow()
  const [given] = await desk.yesTo(desk.ofAll)
  await inTransaction(it.as('worker'), (tx) => recordConsents(tx, [{ personId: reader, participationId: id, actionId: null, given: given!, presentedAt: play.now }], play.now))
  await assert.rejects(desk.begins({ audience: { filter: { country: 'GB' } } }), /nobody/)
  await desk.begins()
  await desk.turns(post)
  const [mail] = await arrived()
  assert.equal(mail!.envelopeTo, 'reader@example.org')
  assert.ok(mail!.headers.find(({ key }) => key === 'list-unsubscribe')!.value.includes(leavingToken(it.keys.linkKey, id)))
})

test('once a week about one topic says nothing of another topic, nor of what goes to everybody', async () => {
  const amara = await desk.signs('amara@example.org', {}, desk.ofAll)
  await chooses(amara, water, 'weekly')
  await chooses(amara, courts, 'weekly')
  await chooses(amara, '', 'weekly')
  for (const filter of [{ topic: water }, { topic: courts }, {}]) {
    await desk.begins({ audience: { filter } })
    await desk.turns(post)
  }
  assert.equal((await arrived()).length, 3)
  const again = await desk.writes({ audience: { filter: { topic: water } } })
  await desk.plans()
  assert.deepEqual((await desk.is(again)).counted, { byLanguage: {}, leftOut: { frequency: 1 } })
})

test('the mail says which topic it is about and lets its reader leave that one alone; it is counted there, and nobody writes to them about it again', async () => {
  const [signed] = await play.takes(play.signature({ email: 'noor@example.org', language: 'ar', answers: await desk.yesTo(desk.ofAll) }))
  await play.confirms(signed!)
  await sql`update mails set state = 'accepted'`.execute(it.db)
  const { rows: [{ person_id: noor } = { person_id: '' }] } = await sql<{ person_id: string }>`select person_id from participations`.execute(it.db)
  await chooses(noor, water, 'at-once')
  const id = await desk.begins({ texts: { ar: {} }, audience: { filter: { topic: water }, fallbackLanguage: 'ar' } })
  await desk.turns(post)
  const [mail] = await arrived()
  const leaving = leavingToken(it.keys.linkKey, signed!.id)
  assert.match(mail!.text!, /الماء/)
  assert.ok(mail!.text!.includes(`http://localhost:3000/ar/unsubscribe/${leaving}/${water}`) || mail!.text!.includes(`http://localhost:3000/unsubscribe/${leaving}/${water}`))
  assert.equal(mail!.headers.find(({ key }) => key === 'list-id')!.value, `<${water}.${mail!.from!.address!.split('@')[1]!}>`)
  play.later({ minutes: 60 })
  await play.own({ kind: 'unsubscribing', link: leaving, topic: water, at: play.now.toISOString() })
  assert.deepEqual(await preferencesOf(it.db, noor), [{ statementId: desk.ofAll, topic: water, frequency: 'never' }])
  const { rows: held } = await sql`select from current_consents(${noor}) where answer = 'yes'`.execute(it.db)
  assert.equal(held.length, 1, 'the yes to everything else stands')
  await tidyMailings(it.as('worker'), play.now)
  assert.equal((await desk.numbers(id)).unsubscribed, 1)
  const next = await desk.writes({ audience: { filter: { topic: water } } })
  await desk.plans()
  assert.deepEqual((await desk.is(next)).counted, { byLanguage: {}, leftOut: {} })
})

test('who leaves between the list and the mail does not get it', async () => {
  const amara = await desk.signs('amara@example.org', {}, desk.ofAll)
  await chooses(amara, water, 'at-once')
  const id = await about(water)
  await chooses(amara, water, 'never')
  await desk.turns(post)
  assert.deepEqual([(await arrived()).length, (await desk.numbers(id)).leftOut], [0, { frequency: 1 }])
})

test('a topic that is offered no more is offered to nobody, and comes back with those who chose it', async () => {
  const names = async (chosen?: string[]) => (await newsletterTopics(it.as('desk'), chosen)).map(({ slug }) => slug).toSorted()
  await inTransaction(it.as('desk'), (tx) => offerTopics(tx, { more: [courts], fewer: [water] }, play.now))
  assert.deepEqual([await names(), await names([water])], [['courts'], ['courts', 'water']])
  await inTransaction(it.as('desk'), (tx) => offerTopics(tx, { more: [courts, water], fewer: [] }, play.now))
  assert.deepEqual(await names(), ['courts', 'water'])
})
