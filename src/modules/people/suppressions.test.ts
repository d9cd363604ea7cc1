import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { sealingContext, type IndexKey } from '#platform/sealing/index.ts'
import { newToken } from '#platform/tokens.ts'
import { audit } from '#modules/staff/index.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import type { GivenAnswer } from './consent.ts'
import { IndexedAddresses } from './email-index.ts'
import { findOrAddPeople } from './matching.ts'
import { statements } from './statements.ts'
import { answerSuppressionRequest, askAboutSuppressions, suppressionAnswer, type SuppressionWish } from './suppression-requests.ts'
import { suppress, suppressAddress, suppressed, suppressionCounts, type MailAbout } from './suppressions.ts'

const it = await stage()
const play = await acting(it)
const db = it.as('worker')
const news = (await statements(it.db)).find(({ channel }) => channel === 'email')!
const yes: GivenAnswer[] = [{ statement: news.id, wording: news.wordings.en!.id, answer: 'yes' }]
const staffId = (await it.db.selectFrom('staff').select('id').executeTakeFirst())?.id ?? '00000000-0000-4000-8000-000000000001'

beforeEach(async () => {
  await sql`truncate suppressions, suppression_requests, participations, people, email_indexes, mails, links, known_browsers, unanswered_mails, consents`.execute(it.db)
  play.practice = false
})

const personOf = async (id: string) => (await it.db.selectFrom('participations').select('person_id').where('id', '=', id).executeTakeFirstOrThrow()).person_id
const reasons = async () => (await it.db.selectFrom('suppressions').select(['scope', 'reason']).orderBy('reason').execute()).map(({ scope, reason }) => `${scope} ${reason}`)

async function signs(answers: GivenAnswer[] = [], email = 'amara@example.org') {
  const [signed] = await play.takes(play.signature({ email, answers }))
  play.later({ minutes: 1 })
  return signed!
}

async function notAbout(person: string, action?: string): Promise<MailAbout[]> {
  const all: MailAbout[] = ['confirm', 'part', 'action', 'newsletter']
  const { rows: [row] } = await sql<Record<string, boolean>>`select ${sql.join(all.map((about) => sql`${suppressed(sql`${person}::uuid`, about, sql`${action ?? null}::uuid`)} as ${sql.ref(about)}`))}`.execute(db)
  return all.filter((about) => row![about])
}

async function asks(email: string, wish: SuppressionWish, reason = 'she rang us') {
  const id = await inTransaction(it.as('desk'), async (tx) => {
    const auditLine = await audit(tx, { staffId: null, verb: `${wish.kind}-suppression`, subjectKind: 'person', subjectIds: [], reason }, play.now)
    return askAboutSuppressions(tx, it.keys.contact, email, wish, { staffId, auditLine, practice: false }, play.now)
  })
  await answerSuppressionRequest(db, it.keys.opener, it.keys.indexKeys, id, play.now)
  return (await suppressionAnswer(it.as('desk'), id, staffId))!.held!.map(({ scope, reason: why }) => `${scope} ${why}`)
}

test('each scope keeps back what it names and no more; a mailbox that bounced may be asked once more', async () => {
  const person = await personOf((await signs()).id)
  const after = async (...[scope, reason, subject]: [Parameters<typeof suppress>[2], Parameters<typeof suppress>[3], string?]) => {
    await sql`truncate suppressions`.execute(it.db)
    await inTransaction(db, (tx) => suppress(tx, [person], scope, reason, play.now, subject))
    return notAbout(person, play.petition)
  }
  assert.deepEqual(await after('updates', 'unsubscribed'), ['action', 'newsletter'])
  assert.deepEqual(await after('newsletter', 'phone'), ['newsletter'])
  assert.deepEqual(await after('action', 'unsubscribed', play.petition), ['action'])
  assert.deepEqual(await after('action', 'unsubscribed', play.message), [])
  assert.deepEqual(await after('everything', 'bounced'), ['part', 'action', 'newsletter'])
  assert.deepEqual(await after('everything', 'complaint'), ['confirm', 'part', 'action', 'newsletter'])
})

test('whoever signs again without saying yes stays unsubscribed; whoever says yes and confirms is written to', async () => {
  const first = await signs(yes)
  await play.confirms(first)
  play.later({ minutes: 1 })
  await play.uses(first, 'one-click-unsubscribing')
  await play.uses(first, 'one-click-unsubscribing')
  play.later({ minutes: 1 })
  assert.deepEqual(await reasons(), ['updates unsubscribed'])
  const written = play.letter()
  await play.takes(written)
  await play.confirms(written)
  assert.deepEqual(await reasons(), ['updates unsubscribed'], 'silence is no yes')
  const again = await signs(yes)
  assert.deepEqual(await reasons(), ['updates unsubscribed'], 'a stranger who types the address takes nothing back')
  await play.confirms(again)
  assert.deepEqual(await reasons(), [])
})

test('what an address was suppressed for comes back with it after an erasure, also under another key', async () => {
  const signed = await signs(yes)
  await play.confirms(signed)
  await erasePerson(db, it.keys, await personOf(signed.id), play.now)
  assert.deepEqual(await reasons(), ['updates erased'])
  const old: IndexKey[] = it.keys.indexKeys.map((key) => ({ ...key, retired: true }))
  const keys = [...old, { id: 7, secret: Buffer.alloc(32, 9).toString('base64url') }]
  const people = await inTransaction(db, async (tx) => findOrAddPeople(tx, new IndexedAddresses(keys, ['Amara@EXAMPLE.org']), await sealingContext(it.keys.contact), [{ email: 'Amara@EXAMPLE.org', language: 'en' }], play.now))
  assert.deepEqual(await notAbout(people.get('amara@example.org')!), ['action', 'newsletter'])
  assert.equal((await it.db.selectFrom('suppressions').selectAll().execute()).length, 2, 'the one under the earlier key stays')
})

test('the worker adds to the list and cannot shorten it; a yes that came from elsewhere takes nothing off', async () => {
  const person = await personOf((await signs()).id)
  await inTransaction(db, (tx) => suppress(tx, [person], 'everything', 'complaint', play.now))
  await assert.rejects(sql`delete from suppressions`.execute(db), { code: '42501' })
  await assert.rejects(sql`update suppressions set reason = 'bounced'`.execute(db), { code: '42501' })
  for (const role of ['site', 'desk'] as const) await assert.rejects(sql`insert into suppressions select * from suppressions`.execute(it.as(role)), { code: '42501' })
  await sql`insert into consents (person_id, id, statement_id, wording_id, answer, way, presented_at, recorded_at) values (${person}, gen_random_uuid(), ${news.id}, null, 'yes', 'staff', now(), now() + interval '5 years')`.execute(it.db)
  await sql`select lift_by_consent(${[person]}::uuid[])`.execute(db)
  await sql`select lift_bounced(${[person]}::uuid[])`.execute(db)
  assert.deepEqual(await reasons(), ['everything complaint'])
})

test('staff look one address up, add to it and lift with a reason; a complaint only by its owner’s own wish', async () => {
  const person = await personOf((await signs()).id)
  assert.deepEqual(await asks('noor@example.org', { kind: 'look' }), [])
  assert.deepEqual(await asks('noor@example.org', { kind: 'add', scope: 'everything', reason: 'letter' }), ['everything letter'], 'also for an address that nobody here has')
  await inTransaction(db, (tx) => suppress(tx, [person], 'everything', 'complaint', play.now))
  assert.deepEqual(await asks('amara@example.org', { kind: 'add', scope: 'newsletter', reason: 'phone' }), ['everything complaint', 'newsletter phone'])
  assert.deepEqual(await asks('amara@example.org', { kind: 'lift', ownWish: false }), ['everything complaint'])
  assert.deepEqual(await asks('amara@example.org', { kind: 'lift', ownWish: true }, ''), ['everything complaint'], 'not without a reason in the log')
  assert.deepEqual(await asks('amara@example.org', { kind: 'lift', ownWish: true }), [])
  assert.deepEqual(await suppressionCounts(it.as('desk')), [{ reason: 'letter', scope: 'everything', count: 1 }])
})

test('what was practised ends with practice, and a mail that arrives ends a bounce', async () => {
  play.practice = true
  const practised = await personOf((await signs([], 'practice@example.org')).id)
  play.practice = false
  const signed = await signs()
  const person = await personOf(signed.id)
  await inTransaction(db, async (tx) => {
    await suppress(tx, [practised], 'everything', 'complaint', play.now)
    await suppress(tx, [person], 'everything', 'bounced', play.now)
    await suppressAddress(tx, it.keys.indexKeys, 'kofi@example.org', { scope: 'updates', reason: 'staff', practice: false }, play.now)
  })
  await sql`select end_practice_suppressions()`.execute(db)
  assert.deepEqual(await reasons(), ['everything bounced', 'updates staff'])
  await play.uses(signed, 'confirmation', newToken())
  assert.deepEqual(await reasons(), ['updates staff'])
})
