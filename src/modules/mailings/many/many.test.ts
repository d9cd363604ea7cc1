import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { Email } from 'postal-mime'
import { inTransaction, sql } from '#platform/db.ts'
import { leavingToken, linkToken } from '#modules/actions/index.ts'
import { mayBeWrittenTo, setPreferences, setWriting, suppress, withdrawMail } from '#modules/people/index.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { mailingDesk } from '#test/support/mailing.ts'
import { stage } from '#test/support/stage.ts'
import { judge } from './audience.ts'
import { moveMailing } from './moves.ts'
import { forgetRecipients, noteReturned, recipientDays, tidyMailings } from './numbers.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
const desk = await mailingDesk(play)
const worker = it.as('worker')

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, suppressions, mails, links, known_browsers, unanswered_mails, consents, preferences, mailings, mailing_texts, mailing_recipients, mailing_tests`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
  sink.refuses.clear()
  desk.courier = desk.another()
})

/** The mails of mailings that arrived. */
const arrived = async () => (await sink.mails()).filter((mail) => header(mail, 'List-Id')).toSorted((one, other) => (one.envelopeTo < other.envelopeTo ? -1 : 1))
const header = (mail: Email, name: string) => mail.headers.find((each) => each.key === name.toLowerCase())?.value
const moves = (id: string, move: 'pause' | 'resume' | 'stop' | 'back') => inTransaction(it.as('desk'), (tx) => moveMailing(tx, id, move, 'to look at it again', play.now))
const stateOf = async (id: string) => (await desk.is(id)).state
const crowd = (count: number) => desk.allSign(Array.from({ length: count }, (_, number) => ({ email: `crowd-${number}@example.org` })), desk.ofAll)

test('an update goes to those who asked for news of that action, each in their language, with why and every way out', async () => {
  const amara = await desk.signs('amara@example.org', { name: 'Amara' }, desk.ofAction)
  await desk.signs('noor@example.org', { name: 'Noor', language: 'ar' }, desk.ofAction)
  await desk.signs('jean@example.org', { name: 'Jean', language: 'fr' }, desk.ofAction)
  await desk.signs('only-signed@example.org')
  await desk.signs('wants-all-but-this@example.org', {}, desk.ofAll)
  const id = await desk.begins({ actionId: play.petition, texts: {
    en: { subject: 'It worked, {name|friend}', body: 'Dear {name|friend},\n\nread [what was decided](/actions/no-one-should-vanish) and [the law](https://example.org/law?a=1&b=2).\n\n![x](https://example.org/pixel.gif)\n\n- one\n- two' },
    ar: { subject: 'نجحنا يا {name} مع Lamplight', body: 'عزيزتي {name}، شكرًا.', fromName: 'فريق لاملايت' },
  } })
  assert.deepEqual((await desk.is(id)).counted, { byLanguage: { en: 2, ar: 1 }, leftOut: { 'no-consent': 2 } })
  await desk.turns(post)
  assert.equal(await stateOf(id), 'sent')
  const [english, french, arabic] = await arrived()
  assert.deepEqual([english, french, arabic].map((mail) => mail!.envelopeTo), ['amara@example.org', 'jean@example.org', 'noor@example.org'])
  assert.equal(english!.subject, 'It worked, Amara')
  assert.match(french!.text!, /^Dear Jean,/, 'the fall-back language')
  assert.match(english!.text!, /read what was decided \[1\] and the law \[2\]\.[\s\S]*– one\n+– two[\s\S]*\[1\] http:\/\/localhost:3000\/actions\/no-one-should-vanish\n\[2\] https:\/\/example\.org\/law\?a=1&b=2/)
  assert.match(english!.html!, /href="https:\/\/example\.org\/law\?a=1&amp;b=2"/, 'links are as they were typed')
  assert.doesNotMatch(english!.html!, /<img|<link|url\(/i, 'nothing is fetched when it is opened')
  const { rows: [link] } = await sql<{ id: string }>`select id from participations where person_id = ${amara}`.execute(it.db)
  const token = linkToken(it.keys.linkKey, link!.id)
  const leaving = leavingToken(it.keys.linkKey, link!.id)
  for (const way of [`unsubscribe/${leaving}`, `my-data/${token}`]) assert.ok(english!.text!.includes(`http://localhost:3000/${way}`), way)
  assert.equal(header(english!, 'List-Unsubscribe'), `<http://localhost:3000/unsubscribe/${leaving}>`)
  assert.equal(header(english!, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click')
  assert.ok(header(english!, 'List-Id')!.startsWith(`<${play.petition}.`), 'the same for every update about this action: mail programs sort by it')
  assert.match(header(english!, 'DKIM-Signature')!.replace(/\s/g, ''), /h=[^;]*List-Id:List-Unsubscribe:List-Unsubscribe-Post/i)
  assert.match(english!.text!, /because on 1 March 2027 you said yes to: “May /)
  assert.match(arabic!.html!, /<html lang="ar" dir="rtl">/)
  assert.match(arabic!.subject!, /^نجحنا يا ⁨Noor⁩ مع Lamplight$/, 'a name that runs the other way is isolated')
  assert.equal(arabic!.from!.name, 'فريق لاملايت')
})

test('a newsletter goes to each mailbox once, whoever shares it and however often they signed', async () => {
  await desk.signs('shared@example.org', { name: 'Amara' }, desk.ofAll)
  await desk.signs('shared@example.org', { name: 'Bilal' }, desk.ofAll)
  await desk.signs('shared@example.org', { name: 'Amara', action: play.message, ask: undefined, message: play.letter().message, postcode: 'AR110' }, desk.ofAll)
  const id = await desk.begins()
  await desk.turns(post)
  assert.deepEqual((await arrived()).map((mail) => mail.envelopeTo), ['shared@example.org'])
  await sql`update mailings set state = 'scheduled', planned_at = null, planned_after = null where id = ${id}`.execute(it.db)
  await desk.plans()
  await desk.turns(post)
  assert.equal((await arrived()).length, 1, 'planned twice it is still one')
})

test('who fits is counted with why others are left out, and agrees with who may be written to', async () => {
  const people = await desk.allSign(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ email: `${name}@example.org`, country: name < 'c' ? 'MV' : 'FR' })), desk.ofAll)
  const [, paused, quiet, bounced, unsubscribed, monthly] = people
  await inTransaction(worker, async (tx) => {
    await setWriting(tx, paused!, { pausedUntil: new Date(play.now.getTime() + 86_400_000) })
    await setPreferences(tx, quiet!, [{ statementId: desk.ofAll, topic: '', frequency: 'never' }], play.now)
    await setPreferences(tx, monthly!, [{ statementId: desk.ofAll, topic: '', frequency: 'monthly' }], play.now)
    await suppress(tx, [bounced!], 'updates', 'staff', play.now)
    await suppress(tx, [unsubscribed!], 'updates', 'unsubscribed', play.now)
  })
  const first = await desk.begins()
  assert.deepEqual((await desk.is(first)).counted, { byLanguage: { en: 3 }, leftOut: { paused: 1, frequency: 1, suppressed: 2 } })
  await desk.turns(post)
  play.later({ days: 7 })
  const second = await desk.writes({ audience: { filter: { country: 'FR' } } })
  await desk.plans()
  assert.deepEqual((await desk.is(second)).counted, { byLanguage: { en: 1 }, leftOut: { frequency: 2, suppressed: 2 } }, 'whoever wants it once a month has had it')
  const mailing = await desk.is(first)
  const judged = await judge(worker, { mailing: { ...mailing, id: second, kind: 'update' }, languages: ['en'], practice: true }, people, play.now)
  const { rows } = await sql<{ person_id: string }>`select person_id from ${mayBeWrittenTo({ statements: mailing.statements }, play.now)} as reachable`.execute(worker)
  assert.deepEqual(judged.filter((each) => !each.leftOut).map((each) => each.personId).toSorted(), rows.map((row) => row.person_id).toSorted())
})

test('filters by day, area and the answer to another question; a language that is not written is left out if nothing stands in for it', async () => {
  await desk.signs('early@example.org', { area: undefined, country: 'MV' }, desk.ofAll)
  play.later({ days: 3 })
  await desk.signs('late@example.org', { language: 'he' }, desk.ofAll, desk.ofAction)
  const counted = async (filter: object, fallbackLanguage: string | null = 'en') => {
    const id = await desk.writes({ audience: { filter, fallbackLanguage } })
    await desk.plans()
    return (await desk.is(id)).counted
  }
  const day = (days: number) => new Date(play.now.getTime() - days * 86_400_000).toISOString()
  assert.deepEqual(await counted({ from: day(1) }), { byLanguage: { en: 1 }, leftOut: {} })
  assert.deepEqual(await counted({ until: day(1) }), { byLanguage: { en: 1 }, leftOut: {} })
  assert.deepEqual(await counted({ area: 'nowhere' }), { byLanguage: {}, leftOut: {} })
  assert.deepEqual(await counted({ question: desk.ofAction, answer: 'yes' }, null), { byLanguage: {}, leftOut: { language: 1 } })
})

test('consent is looked at again when a mail leaves; who was erased meanwhile gets nothing and leaves no name', async () => {
  const [leaves, erased, , gone] = await desk.allSign(['leaves', 'erased', 'stays', 'had-it'].map((name) => ({ email: `${name}@example.org` })), desk.ofAll)
  const id = await desk.begins()
  await inTransaction(worker, (tx) => withdrawMail(tx, [leaves!], 'one-click', play.now))
  await erasePerson(worker, it.keys, erased!, play.now)
  await desk.turns(post)
  assert.deepEqual((await arrived()).map((mail) => mail.envelopeTo), ['had-it@example.org', 'stays@example.org'])
  await erasePerson(worker, it.keys, gone!, play.now)
  const { accepted, leftOut } = await desk.numbers(id)
  assert.deepEqual([accepted, leftOut], [2, { 'no-consent': 1 }], 'how many they were stays')
  assert.equal((await sql`select from mailing_recipients where person_id in (${erased}, ${gone})`.execute(it.db)).rows.length, 0)
})

test('a stop and a pause hold from the moment they are said; a pause goes on where it was', async () => {
  await crowd(40)
  const id = await desk.begins()
  await desk.turn(post)
  assert.equal((await arrived()).length, 6)
  assert.ok(await moves(id, 'pause'))
  await desk.turns(post)
  assert.equal((await arrived()).length, 6)
  assert.ok(!await moves(id, 'back'), 'what some have cannot become a draft again')
  assert.ok(await moves(id, 'resume'))
  await desk.plans()
  await desk.turn(post)
  assert.ok(await moves(id, 'stop'))
  await desk.turns(post)
  assert.ok(!await moves(id, 'resume'))
  await tidyMailings(worker, play.now)
  const { accepted, queued, leftOut } = await desk.numbers(id)
  assert.equal(accepted, (await arrived()).length)
  assert.deepEqual([queued, leftOut.stopped], [0, 40 - accepted])
})

test('a worker that dies half way leaves what was in its hands unknown; nobody is mailed twice and the others get theirs', async () => {
  await crowd(14)
  const id = await desk.begins()
  await desk.turn(post)
  // The next batch is claimed, handed over in part, and then the process is gone.
  const { claimRecipients } = await import('./claim.ts')
  const claimed = await claimRecipients(worker, id, it.workerId, 5, null, play.now)
  assert.equal(claimed.length, 5)
  desk.courier = desk.another()
  await desk.turns(post)
  const { accepted, unknown, queued } = await desk.numbers(id)
  assert.deepEqual([accepted, unknown, queued], [9, 5, 0])
  const boxes = (await arrived()).map((mail) => mail.envelopeTo)
  assert.equal(new Set(boxes).size, 9)
  assert.equal(await stateOf(id), 'sent')
})

test('what the server does is said truly: away uses up nobody’s tries, refused for now is tried again, a broken line is unknown', async () => {
  await crowd(3)
  const id = await desk.begins()
  const away = play.post({ url: 'smtp://127.0.0.1:9' })
  await desk.turns(away)
  away.close()
  assert.equal((await sql<{ attempts: number }>`select sum(attempts)::int as attempts from mailing_recipients`.execute(it.db)).rows[0]!.attempts, 0)
  play.later({ seconds: 31 })
  sink.mood = 'refuses-for-now'
  await desk.turns(post)
  assert.deepEqual([(await desk.numbers(id)).queued, await desk.turn(post)], [3, 0])
  play.later({ minutes: 2 })
  sink.mood = 'accepts'
  sink.refuses.add('crowd-1@example.org')
  await desk.turns(post)
  const { accepted, failed } = await desk.numbers(id)
  assert.deepEqual([accepted, failed, await stateOf(id)], [2, 1, 'sent'])

  const broken = await desk.begins()
  sink.mood = 'drops-after-data'
  sink.refuses.clear()
  await desk.turns(post)
  sink.mood = 'accepts'
  play.later({ days: 2 })
  await desk.turns(post)
  assert.equal((await desk.numbers(broken)).unknown, 3)
})

test('it waits for its time and for the end of quiet hours, and confirmations go first', async () => {
  await crowd(1)
  const id = await desk.begins({ sendAt: new Date(play.now.getTime() + 3_600_000), quiet: { from: '12:30', until: '14:00' } })
  await desk.turns(post)
  assert.equal(await stateOf(id), 'scheduled')
  play.later({ minutes: 61 })
  await desk.plans()
  await desk.turns(post)
  assert.deepEqual([(await arrived()).length, (await desk.is(id)).nextAt], [0, new Date(play.now.toISOString().replace(/T.*/, 'T14:00:00Z'))])
  play.later({ minutes: 60 })
  await play.takes(play.signature({ email: 'new@example.org' }))
  play.later({ seconds: 10 })
  assert.equal(await desk.turn(post), 0, 'somebody waits for a confirmation')
  await play.mails(post)
  await desk.turns(post)
  assert.equal((await arrived()).length, 1)
})

test('a mailing that was paused while its recipients were listed goes on with its whole count, and is no draft any more', async () => {
  await crowd(3)
  const id = await desk.begins()
  const { rows: [first] } = await sql<{ id: string }>`select id from people order by id limit 1`.execute(it.db)
  await sql`update mailings set state = 'paused', planned_at = null, planned_after = ${first!.id}, counted = '{"byLanguage": {"en": 1}, "leftOut": {}}' where id = ${id}`.execute(it.db)
  await sql`delete from mailing_recipients where person_id <> ${first!.id}`.execute(it.db)
  assert.ok(await moves(id, 'resume'))
  assert.ok(!await moves(id, 'back'))
  await desk.plans()
  assert.deepEqual((await desk.is(id)).counted, { byLanguage: { en: 3 }, leftOut: {} })
})

test('bounces, complaints and unsubscriptions are counted with the mailing they followed, and who got it is forgotten later', async () => {
  const [one] = await crowd(2)
  const id = await desk.begins()
  await desk.turns(post)
  const { rows } = await sql<{ id: string }>`select id from mailing_recipients order by person_id = ${one}`.execute(it.db)
  assert.ok(await noteReturned(worker, rows[0]!.id, 'bounced', play.now))
  assert.ok(await noteReturned(worker, rows[0]!.id, 'bounced', play.now), 'the same notice twice is one')
  play.later({ minutes: 5 })
  await inTransaction(worker, (tx) => withdrawMail(tx, [one!], 'unsubscribe-page', play.now))
  await tidyMailings(worker, play.now)
  const numbers = await desk.numbers(id)
  assert.deepEqual([numbers.bounced, numbers.complained, numbers.unsubscribed], [1, 0, 1])
  play.later({ days: recipientDays + 1 })
  await forgetRecipients(worker, play.now)
  assert.deepEqual([await desk.numbers(id), (await sql`select from mailing_recipients`.execute(it.db)).rows.length], [numbers, 0])
})
