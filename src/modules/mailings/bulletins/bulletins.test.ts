import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { linkHash, leavingToken, linkToken } from '#modules/actions/index.ts'
import { suppress } from '#modules/people/index.ts'
import { correctItem, createItem, publishItem, saveItem, withdrawItem, wordsWith, type ItemWords } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { askForTrial, deliverTrials, MailingCourier, markMailingsRestored, pauseBulletin, planEditions, planMailings } from '../index.ts'
import { addStaff } from '#modules/staff/index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
const worker = it.as('worker')
const publisher = await readPublisher(it.db)
const newest = (item: string) => it.db.selectFrom('item_revisions').select('id').where('item_id', '=', item).orderBy('created_at', 'desc').executeTakeFirstOrThrow()
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
const question = await it.db.selectFrom('public_bulletin_question').selectAll().where('language', '=', 'en').executeTakeFirstOrThrow()

// The clock of the views is the database's: what is public is told by it, so times of a test lie in its past.
beforeEach(async () => {
  await sql`truncate bulletin_requests, bulletins, mailing_recipients, mailings, mailing_tests, people, email_indexes, mails, links, unanswered_mails, consents, preferences, suppressions cascade`.execute(it.db)
  await sql`delete from items where slug like 'told-%'`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
  play.now = new Date(`${new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)}T10:00:00Z`)
})

async function asks(email: string, { frequency = 'at-once', language = 'en', confirms = true }: { frequency?: 'at-once' | 'weekly', language?: string, confirms?: boolean } = {}): Promise<string> {
  const id = randomUUID()
  await play.own({ kind: 'bulletin-request', id, subject: marovia, frequency, statement: question.statement_id, wording: question.wording_id!, email, language, at: play.now.toISOString() })
  if (!confirms) return id
  await play.mails(post)
  sink.received.length = 0
  await uses(id, 'yes')
  return id
}

const uses = (id: string, what: 'yes' | 'not-me' | 'at-once' | 'weekly' | 'never', wording?: string) => play.own({ kind: 'bulletin-use', link: linkHash(it.keys.linkKey, id).toString('base64url'), what, wording, at: play.now.toISOString() })

/** Publishes about the place, or adds to what is published. */
async function tells(slug: string, words: Partial<ItemWords>, { language = 'en', thread = true }: { language?: string, thread?: boolean } = {}): Promise<string> {
  return inTransaction(it.db, async (tx) => {
    const known = await tx.selectFrom('items').select('id').where('slug', '=', `told-${slug}`).executeTakeFirst()
    const id = known?.id ?? await createItem(tx, { kind: 'news', thread, wanted: `told ${slug}`, subjects: [marovia] }, play.now)
    const before = await tx.selectFrom('item_revisions').select('id').where('item_id', '=', id).where('language', '=', language).orderBy('created_at', 'desc').executeTakeFirst()
    const saved = await saveItem(tx, { itemId: id, language, words: wordsWith(words), baseId: before?.id ?? null, staffId: null }, play.now)
    assert.ok(saved.outcome !== 'changed-meanwhile')
    assert.equal((await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, play.now)).outcome, 'published')
    return id
  })
}

const paragraph = (id: string, text: string, day = '2026-11-01') => ({ id, day, happened: '', text, links: [] })

/** The worker lists who gets what is due. */
async function lists(): Promise<void> {
  await planEditions(worker, { practice: true, zone: 'UTC' }, play.now)
  await planMailings(worker, true, play.now)
}

async function sends(courier = new MailingCourier({ db: worker, keys: it.keys, log: it.log, workerId: it.workerId })): Promise<number> {
  const made = await planEditions(worker, { practice: true, zone: 'UTC' }, play.now)
  while (await planMailings(worker, true, play.now)) { /* until all are listed */ }
  while (await courier.turn({ post, publisher }, play.now)) { /* until nobody is left */ }
  return made
}

test('a bulletin comes only once the mailbox said yes to it, and the first mail asks and says what was asked', async () => {
  const id = await asks('amara@example.org', { confirms: false })
  await play.mails(post)
  const [mail] = await sink.mails()
  assert.match(`${mail!.subject!} ${mail!.text!}`, new RegExp(`bulletin about Marovia[\\s\\S]*${question.wording}[\\s\\S]*/bulletin/`))
  assert.equal(mail!.headers.find((each) => each.key === 'list-unsubscribe')!.value, `<http://localhost:3000/unsubscribe/${leavingToken(it.keys.linkKey, id)}>`)
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  assert.equal(await sends(), 0)
  assert.equal(sink.received.length, 1)
})

test('what an evening publishes is one mail when it has come to rest, without what is old, with every way out and nothing that is fetched', async () => {
  const id = await asks('amara@example.org')
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a *day*. [Read](/topics/courts)')] })
  play.later({ minutes: 10 })
  assert.equal(await sends(), 0, 'not while it is being written')
  await tells('two', { title: 'A bill is late', paragraphs: [paragraph('a', 'Nobody knows when.')] })
  const old = paragraph('a', 'An archive.', '2014-05-01')
  for (const [slug, paragraphs] of [['old', [old]], ['old2', [old]], ['old2', [old, paragraph('b', 'Never written down.', '2014-06-01')]]] as const) await tells(slug, { title: 'From long ago', paragraphs: [...paragraphs] })
  assert.equal(await (play.later({ minutes: 31 }), sends()), 1)
  const [mail] = await sink.mails()
  assert.deepEqual([sink.received.length, /An archive/.test(mail!.text!), /Never written down/.test(mail!.text!)], [1, false, true], 'what is added to it is told')
  assert.ok(/Marovia: .*and 2 more/.test(mail!.subject!) && mail!.text!.startsWith('What is new about Marovia [1].'))
  assert.match(mail!.text!, /The court has set a day\. Read \[\d\][\s\S]*Nobody knows when|Nobody knows when[\s\S]*The court has set a day\. Read \[\d\]/)
  const token = linkToken(it.keys.linkKey, id)
  for (const path of [`/bulletin/${token}`, `/unsubscribe/${leavingToken(it.keys.linkKey, id)}`, `/my-data/${token}`]) assert.ok(mail!.text!.includes(`http://localhost:3000${path}`), path)
  assert.match(mail!.text!, new RegExp(`said yes to: .${question.wording}`.replace('?', '\\?')))
  assert.equal(mail!.headers.find((each) => each.key === 'list-unsubscribe-post')!.value, 'List-Unsubscribe=One-Click')
  assert.doesNotMatch(mail!.html!, /<img|background=|url\(/)
  assert.equal(await (play.later({ minutes: 60 }), sends()), 0, 'each moment is told once')
})

test('only what was added is told, a typing error is not, and a correction says what was wrong', async () => {
  const item = await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The first day.')] })
  await tells('one', { title: 'تحددت جلسة', paragraphs: [paragraph('a', 'اليوم الأول.')] }, { language: 'ar' })
  play.later({ minutes: 60 })
  await asks('amara@example.org')
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The first day!')] })
  play.later({ minutes: 60 })
  assert.equal(await sends(), 0, 'a mended typing error is no news')
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The first day!'), paragraph('b', 'The second day.', '2026-11-02')] })
  play.later({ minutes: 60 })
  assert.equal(await sends(), 1)
  const [added] = await sink.mails()
  assert.match(added!.text!, /^(?![^]*The first day)[^]*something was added[^]*The second day/)
  sink.received.length = 0
  await asks('noor@example.org', { language: 'ar' })
  assert.equal((await inTransaction(it.db, async (tx) => correctItem(tx, { revisionId: (await newest(item)).id, wrong: 'It said nine.', correct: 'It is ten.', zone: 'UTC', staffId: null }, play.now))).outcome, 'corrected')
  play.later({ minutes: 60 })
  await sends()
  const [corrected, pending] = (await sink.mails()).map(({ text }) => text!).toSorted((one, other) => Number(/[ء-ي]/.test(one)) - Number(/[ء-ي]/.test(other)))
  assert.match(corrected!, /Correction[^]*It said nine\.[^]*It is ten\./)
  assert.match(pending!, /لم تُحدَّث هذه الترجمة بعد[^]*It said nine\.[^]*It is ten\./, 'also to whoever reads a translation that does not follow yet')
})

test('what is withdrawn after it was due does not go out, and an edition of which nothing is left goes to nobody', async () => {
  await asks('amara@example.org')
  play.later({ minutes: 5 })
  const kept = await tells('kept', { title: 'Stays', paragraphs: [paragraph('a', 'This stays.')] })
  const gone = await tells('gone', { title: 'Withdrawn', paragraphs: [paragraph('a', 'This must not go out.')] })
  play.later({ minutes: 60 })
  await lists()
  await inTransaction(it.db, (tx) => withdrawItem(tx, { itemId: gone, staffId: null }, play.now))
  await sends()
  const [mail] = await sink.mails()
  assert.match(mail!.raw, /This stays/)
  assert.doesNotMatch(mail!.raw, /Withdrawn|must not go out/)
  await tells('kept', { title: 'Stays', paragraphs: [paragraph('a', 'This stays.'), paragraph('b', 'This is withdrawn too.', '2026-11-03')] })
  play.later({ minutes: 60 })
  await lists()
  await inTransaction(it.db, (tx) => withdrawItem(tx, { itemId: kept, staffId: null }, play.now))
  await sends()
  assert.equal(sink.received.length, 1)
  assert.deepEqual((await it.db.selectFrom('mailing_recipients').select('left_out').where('state', '=', 'left-out').execute()).map((row) => row.left_out), ['empty'])
})

test('weekly ones leave on their day and hour by the publisher’s clock; whoever wants it at once gets none of them', async () => {
  await sql`update mailing_habits set weekly_day = 5, weekly_at = '09:00'`.execute(it.db)
  await asks('weekly@example.org', { frequency: 'weekly' })
  await asks('at-once@example.org')
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  await sends()
  assert.deepEqual((await sink.mails()).map((mail) => mail.envelopeTo), ['at-once@example.org'])
  for (let hours = 0; hours < 7 * 24; hours++) {
    play.later({ minutes: 60 })
    await planEditions(worker, { practice: true, zone: 'UTC' }, play.now)
  }
  const { rows: [edition] } = await sql<{ until: string }>`select to_char(covers_until at time zone 'UTC', 'ID HH24:MI') as until from mailings where frequency = 'weekly'`.execute(it.db)
  assert.equal(edition!.until, '5 09:00')
  await sql`update mailings set quiet_from = null, quiet_until = null`.execute(it.db)
  await sends()
  assert.deepEqual((await sink.mails()).map((mail) => mail.envelopeTo), ['at-once@example.org', 'weekly@example.org'])
})

test('each gets it in their language; what is not translated says so, and a translation is told when it comes', async () => {
  await asks('amara@example.org', { language: 'ar' })
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  await sends()
  const [english] = await sink.mails()
  assert.match(english!.html!, /<html lang="ar" dir="rtl">[\s\S]*<h2 [^>]*lang="en" dir="ltr">[\s\S]*لا توجد ترجمة بعد/)
  sink.received.length = 0
  await tells('one', { title: 'تحديد جلسة', paragraphs: [paragraph('a', 'حددت المحكمة يومًا.')] }, { language: 'ar' })
  play.later({ minutes: 60 })
  await sends()
  const [arabic] = await sink.mails()
  assert.match(arabic!.text!, /حددت المحكمة يومًا/)
  assert.doesNotMatch(arabic!.text!, /The court/)
})

test('nobody gets one who stopped it, paused, is suppressed or was erased: also after it was listed', async () => {
  const people: [name: string, request: string][] = []
  for (const name of ['stops', 'pauses', 'suppressed', 'erased', 'stays']) people.push([name, await asks(`${name}@example.org`)])
  const personOf = async (name: string) => (await it.db.selectFrom('bulletin_requests').select('person_id').where('id', '=', people.find(([each]) => each === name)![1]).executeTakeFirstOrThrow()).person_id
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  await lists()
  await uses(people[0]![1], 'never')
  await sql`update people set paused_until = ${new Date(play.now.getTime() + 86_400_000)} where id = ${await personOf('pauses')}`.execute(it.db)
  const suppressed = await personOf('suppressed')
  await inTransaction(it.db, (tx) => suppress(tx, [suppressed], 'updates', 'unsubscribed', play.now))
  await erasePerson(worker, it.keys, await personOf('erased'), play.now)
  await sends()
  assert.deepEqual((await sink.mails()).map((mail) => mail.envelopeTo), ['stays@example.org'])
  assert.equal((await it.db.selectFrom('bulletin_requests').select('id').execute()).length, 4, 'whoever was erased is gone from here too')
})

test('whoever unsubscribes by the link of a bulletin gets no more; choosing it again under the question is a new yes', async () => {
  const id = await asks('amara@example.org')
  play.later({ minutes: 1 })
  await play.uses({ id } as Parameters<typeof play.uses>[0], 'one-click-unsubscribing')
  assert.equal((await it.db.selectFrom('suppressions').select('scope').execute()).length > 0, true)
  play.later({ minutes: 1 })
  await uses(id, 'weekly', question.wording_id!)
  assert.equal((await it.db.selectFrom('suppressions').select('scope').execute()).length, 0)
  assert.deepEqual((await it.db.selectFrom('preferences').select(['topic', 'frequency']).execute()), [{ topic: marovia, frequency: 'weekly' }])
})

test('a worker that dies leaves nobody with two, and a pause holds what has begun', async () => {
  for (const name of ['one', 'two', 'three']) await asks(`${name}@example.org`)
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  for (const made of [1, 0]) assert.equal(await planEditions(worker, { practice: true, zone: 'UTC' }, play.now), made)
  await lists()
  await inTransaction(it.as('desk'), (tx) => pauseBulletin(tx, marovia, true, play.now))
  await sends().then(() => assert.equal(sink.received.length, 0))
  await inTransaction(it.as('desk'), (tx) => pauseBulletin(tx, marovia, false, play.now))
  await sql`update mailing_recipients set state = 'sending', sending_at = ${play.now}, claimed_by = ${it.workerId} where person_id = (select person_id from mailing_recipients order by 1 limit 1)`.execute(it.db)
  await sends()
  assert.equal(sink.received.length, 2)
  assert.deepEqual((await it.db.selectFrom('mailing_recipients').select('state').orderBy('state').execute()).map((row) => row.state), ['accepted', 'accepted', 'unknown'])
})

test('a restored copy tells nothing that its original has told', async () => {
  await asks('amara@example.org')
  play.later({ minutes: 5 })
  await tells('one', { title: 'A hearing is set', paragraphs: [paragraph('a', 'The court has set a day.')] })
  play.later({ minutes: 60 })
  await markMailingsRestored(it.db, play.now)
  assert.equal(await sends(), 0)
})

test('staff see the next one in their own mailbox', async () => {
  const staffId = await inTransaction(it.as('desk'), (tx) => addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, play.now))
  await inTransaction(it.as('desk'), (tx) => askForTrial(tx, { subjectId: marovia }, { language: 'en', staffId }, play.now))
  await deliverTrials({ db: worker, keys: it.keys, log: it.log, workerId: it.workerId }, { post, publisher }, play.now)
  const [mail] = await sink.mails()
  assert.equal(mail!.envelopeTo, 'salma@lamplight.example')
  assert.match(mail!.subject!, /^Test: Marovia/)
})
