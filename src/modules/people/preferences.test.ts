import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addStatement, changeWordings, mayBeWrittenTo, setPreferences, setWriting, statements, suppress, withdrawMail, type Reachable, type Subject } from '#modules/people/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const play = await acting(it)
const db = it.as('worker')

const news = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'controller')!
const ofAction = await inTransaction(it.db, (tx) => addStatement(tx, { purpose: 'action-updates', channel: 'email', about: 'action', controllerId: news.controllerId, wordings: { en: 'May we write to you about this action?' } }, play.now))
const wordingOf = async (id: string) => (await statements(it.db)).find((each) => each.id === id)!.wordings.en!.id
const yesTo = async (...ids: string[]) => Promise.all(ids.map(async (id) => ({ statement: id, wording: await wordingOf(id), answer: 'yes' as const })))

async function reachable(subject: Subject): Promise<Reachable[]> {
  return (await sql<Reachable>`select * from ${mayBeWrittenTo(subject, play.now)} as reachable order by person_id`.execute(db)).rows
}
const personOf = async (id: string) => (await it.db.selectFrom('participations').select('person_id').where('id', '=', id).executeTakeFirstOrThrow()).person_id

test('who said yes and confirmed may be written to, in their language, as often as they say and not while they pause', async () => {
  const [signed] = await play.takes(play.signature({ answers: await yesTo(news.id), language: 'fr' }))
  assert.deepEqual(await reachable({ statements: [news.id] }), [], 'not before it is confirmed')
  await play.confirms(signed!)
  const person = await personOf(signed!.id)
  const { since, ...row } = (await reachable({ statements: [news.id], topic: 'justice' }))[0]!
  assert.deepEqual(row, { person_id: person, statement_id: news.id, language: 'fr', country: null, area_id: null, frequency: 'at-once' })
  assert.deepEqual(since, play.now)

  const often = async (subject: Subject) => (await reachable(subject)).map(({ frequency }) => frequency)
  await inTransaction(db, (tx) => setPreferences(tx, person, [{ statementId: news.id, topic: '', frequency: 'monthly' }, { statementId: news.id, topic: 'justice', frequency: 'weekly' }, { statementId: news.id, topic: 'water', frequency: 'never' }], play.now))
  assert.deepEqual([await often({ statements: [news.id] }), await often({ statements: [news.id], topic: 'justice' }), await often({ statements: [news.id], topic: 'water' })], [['monthly'], ['weekly'], []])
  await inTransaction(db, (tx) => setPreferences(tx, person, [{ statementId: news.id, topic: '', frequency: 'never' }], play.now))
  assert.deepEqual([await often({ statements: [news.id] }), await often({ statements: [news.id], topic: 'water' }), await often({ statements: [news.id], topic: 'justice' })], [[], [], ['weekly']], 'a topic that was chosen comes also where the rest is not wanted')
  await inTransaction(db, (tx) => setPreferences(tx, person, [{ statementId: news.id, topic: '', frequency: 'at-once' }], play.now))

  await inTransaction(db, (tx) => setWriting(tx, person, { language: 'ar', pausedUntil: new Date(play.now.getTime() + 86_400_000) }))
  assert.deepEqual(await often({ statements: [news.id] }), [])
  play.later({ days: 1 })
  assert.deepEqual((await reachable({ statements: [news.id] })).map(({ language }) => language), ['ar'])
  await inTransaction(db, (tx) => suppress(tx, [person], 'updates', 'unsubscribed', play.now))
  assert.deepEqual(await often({ statements: [news.id] }), [])
})

test('a yes to news of one action is none to news of another, and ends by itself', async () => {
  const [signed, written] = await play.takes(
    play.signature({ email: 'noor@example.org', answers: await yesTo(ofAction, news.id) }), play.letter({ email: 'noor@example.org', answers: await yesTo(ofAction) }),
  )
  await play.confirms(signed!)
  const both = [ofAction, news.id]
  assert.deepEqual([(await reachable({ statements: [ofAction], actionId: play.petition })).length, (await reachable({ statements: [ofAction], actionId: play.message })).length, (await reachable({ statements: [ofAction] })).length], [1, 0, 0])
  assert.equal((await reachable({ statements: both, actionId: play.petition })).length, 1, 'each person once')
  await play.confirms(written!)
  assert.equal((await reachable({ statements: [ofAction], actionId: play.message })).length, 1)
  await inTransaction(it.db, (tx) => changeWordings(tx, ofAction, { en: 'May we tell you what comes of this?' }, play.now))
  await inTransaction(db, async (tx) => withdrawMail(tx, [await personOf(signed!.id)], 'one-click', play.now))
  assert.deepEqual(await Promise.all([play.petition, play.message].map(async (actionId) => (await reachable({ statements: both, actionId })).length)), [0, 0])
})
