import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { tmpdir } from 'node:os'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, audit, chainHead, headInWords, sealAudit, staffLeaves } from '#modules/staff/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { askForAlerts, backlogNumbers, beat, handOverAlerts, incidentKinds, noMoreAlerts, noteIncidents, openIncidents, promiseSurgeMails, readBacklog, tellOfHead, tellOfMessages, tellStaff, workerIsGone, workerTroubles } from './index.ts'
import type { IncidentKind } from './incidents.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

const worker = it.as('worker')
const someone = (name: string, language: string) => inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name, email: `${name.toLowerCase()}@lamplight.example`, role: 'administrator', language }, play.now)
  await askForAlerts(tx, id, 'machine', play.now)
  return id
})
const salma = await someone('Salma', 'en')
await someone('Yusuf', 'ar')

const note = (wrong: IncidentKind[]) => noteIncidents(worker, incidentKinds, new Set(wrong), play.now)
const tell = async () => tellStaff({ db: worker, opener: it.keys.opener, post, publisher: await readPublisher(it.db), kinds: incidentKinds, surges: true, deskOrigin: 'http://localhost:3001' }, play.now)
const troubles = async (live = false) => [...await workerTroubles(worker, { folder: tmpdir(), live, now: play.now })]

beforeEach(async () => {
  await sql`truncate incidents, incident_mails, surges, removals, mails, participations, people, email_indexes, intake_batches, intake`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
})

test('whoever asked gets one mail when it begins and a calm one when it is over, however often it is looked at', async () => {
  for (let look = 0; look < 5; look++, play.later({ seconds: 15 })) {
    await note(['lag'])
    await tell()
  }
  const began = await sink.mails()
  assert.deepEqual(began.map((mail) => mail.envelopeTo).toSorted(), ['salma@lamplight.example', 'yusuf@lamplight.example'])
  const mine = began.find((mail) => mail.envelopeTo.startsWith('salma'))!
  assert.match(mine.subject!, /people wait for their answer/)
  assert.match(mine.text!, /http:\/\/localhost:3001\/health/)
  assert.match(began.find((mail) => mail.envelopeTo.startsWith('yusuf'))!.html!, /dir="rtl"/)

  sink.received.length = 0
  await note([])
  play.later({ minutes: 2 })
  // It comes again before it was over: that is the same incident.
  await note(['lag'])
  play.later({ minutes: 2 })
  await note([])
  play.later({ minutes: 4 })
  await note([])
  await tell()
  assert.deepEqual(sink.received, [])
  play.later({ minutes: 1 })
  await note([])
  play.later({ seconds: 15 })
  await note([])
  await tell()
  const ended = await sink.mails()
  assert.equal(ended.length, 2)
  assert.match(ended.find((mail) => mail.envelopeTo.startsWith('salma'))!.text!, /has been dealt with[\s\S]*nothing for you to do/)
  assert.deepEqual(await openIncidents(worker), [])
})

test('a mail that is refused is tried again later and arrives once', async () => {
  sink.mood = 'refuses-for-now'
  await note(['disk'])
  await tell()
  sink.mood = 'accepts'
  await tell()
  assert.deepEqual(sink.received, [], 'not at once')
  play.later({ minutes: 3 })
  await tell()
  await tell()
  assert.equal(sink.received.length, 2)
})

test('two processes that look at once begin one incident, and write once', async () => {
  await Promise.all(Array.from({ length: 6 }, () => note(['worker', 'mail'])))
  assert.equal((await openIncidents(worker)).length, 2)
  await Promise.all(Array.from({ length: 4 }, tell))
  assert.equal(sink.received.length, 4)
})

test('who does not want it any more, or has left, is not written to', async () => {
  await inTransaction(it.as('desk'), (tx) => noMoreAlerts(tx, salma, 'machine'))
  const gone = await someone('Gone', 'en')
  await inTransaction(it.as('desk'), (tx) => staffLeaves(tx, gone, play.now))
  await note(['mail'])
  await tell()
  assert.deepEqual(sink.received.map(({ to }) => to), ['yusuf@lamplight.example'])
  await inTransaction(it.as('desk'), (tx) => askForAlerts(tx, salma, 'machine', play.now))
})

test('whoever asked to be told of surges gets one mail about each, without a word about anybody, and no others do', async () => {
  await inTransaction(it.as('desk'), async (tx) => {
    const [reader, gone] = await Promise.all(['reader', 'gone'].map((name) => addStaff(tx, it.keys.contact, { name, email: `${name}@lamplight.example`, role: 'campaigner', language: 'he' }, play.now)))
    for (const id of [reader!, gone!]) await askForAlerts(tx, id, 'surges', play.now)
    await staffLeaves(tx, gone!, play.now)
  })
  const noticed = (hoursAgo: number) => sql`insert into surges (id, action_id, kind, since, noticed_at, recent, usual) values (${randomUUID()}, ${play.petition}, 'rate', ${play.now}, ${new Date(play.now.getTime() - hoursAgo * 3_600_000)}, 600, 12)`.execute(it.db)
  await noticed(1)
  await noticed(30)
  await note(['disk'])
  sink.mood = 'refuses-for-now'
  await Promise.all([promiseSurgeMails(worker, play.now), promiseSurgeMails(worker, play.now)])
  await tell()
  sink.mood = 'accepts'
  play.later({ minutes: 3 })
  await Promise.all([tell(), tell(), promiseSurgeMails(worker, play.now)])
  const mails = await sink.mails()
  assert.deepEqual(mails.map(({ envelopeTo }) => envelopeTo).toSorted(), ['reader@lamplight.example', 'salma@lamplight.example', 'yusuf@lamplight.example'])
  const mail = mails.find(({ envelopeTo }) => envelopeTo.startsWith('reader'))!
  assert.match(mail.text!, /http:\/\/localhost:3001\/surges/)
  assert.match(mail.text!, /600[\s\S]*12/)
  assert.match(mail.html!, /dir="rtl"/)

  sink.received.length = 0
  await sql`insert into surges (id, action_id, kind, since, noticed_at, recent, usual) select gen_random_uuid(), ${play.petition}, kind, ${play.now}, ${play.now}, 77, 3 from unnest(array['rate', 'domain']) as kind`.execute(it.db)
  await promiseSurgeMails(worker, play.now)
  await tell()
  play.later({ minutes: 10 })
  await tell()
  const [both, ...more] = await sink.mails()
  assert.equal(more.length, 0, 'two things about one action are one mail, and it comes once')
  assert.equal(both!.text!.match(/77/g)!.length, 2)
  await inTransaction(it.as('desk'), (tx) => sql`delete from alert_requests where about = 'surges'`.execute(tx))
})

test('who is told of what goes to somebody else as it was, and a version before still knows who wants to hear of surges', async () => {
  const [from, to] = await inTransaction(it.as('desk'), (tx) => Promise.all(['from', 'to'].map((name) => addStaff(tx, it.keys.contact, { name, email: `${name}@lamplight.example`, role: 'administrator', language: 'en' }, play.now))))
  const wants = async () => (await sql<{ about: string, is_to: boolean }>`select about, staff_id = ${to!} as is_to from alert_requests where staff_id in (${from!}, ${to!}) order by 2, 1`.execute(it.db)).rows.map(({ about, is_to }) => `${about} ${is_to}`)
  await inTransaction(it.as('desk'), async (tx) => {
    await askForAlerts(tx, from!, 'machine', play.now)
    await sql`insert into surge_readers (staff_id) values (${from!}) on conflict do nothing`.execute(tx)
    await handOverAlerts(tx, from!, to!)
  })
  assert.deepEqual(await wants(), ['machine true', 'surges true'])
  await inTransaction(it.as('desk'), (tx) => sql`delete from surge_readers where staff_id = ${to!}`.execute(tx))
  assert.deepEqual(await wants(), ['machine true'])
  await inTransaction(it.as('desk'), (tx) => noMoreAlerts(tx, to!, 'machine'))
})

test('what waits is counted with the age of the oldest, and too long is a trouble', async () => {
  await play.takes(play.signature({ email: 'one@example.org' }), play.signature({ email: 'two@example.org' }))
  assert.deepEqual(await troubles(), [])
  play.later({ minutes: 16 })
  const { mails, oldestMail } = await readBacklog(worker)
  assert.equal(mails, 2)
  assert.equal(play.now.getTime() - oldestMail!.getTime(), 960_000)
  assert.deepEqual(await troubles(), ['lag'])
  await sql`update mails set kind = 'reminder'`.execute(it.db)
  await sql`insert into switches (name, off_since, reason) values ('reminders', ${play.now}, 'x')`.execute(it.db)
  assert.deepEqual(await troubles(), [], 'what was switched off is not late')
  await sql`delete from switches`.execute(it.db)
  assert.deepEqual(await troubles(), ['lag'])
  await sql`insert into intake_batches (batch_id, entries, received_at) values (gen_random_uuid(), 7, ${play.now})`.execute(it.db)
  const numbers = await backlogNumbers(it.as('desk'), new Date(play.now.getTime() + 61_000))
  assert.equal(numbers.clarion_waiting_entries, 7)
  assert.equal(numbers.clarion_oldest_entry_seconds, 61)
  assert.equal(numbers.clarion_queued_mails, 2)
})

test('refused mail is a trouble from ten in a quarter of an hour on, and stops being one when mail goes out again', async () => {
  sink.mood = 'refuses-for-now'
  await play.takes(...Array.from({ length: 10 }, (_, number) => play.signature({ email: `r${number}@example.org` })))
  await play.mails(post)
  assert.deepEqual(await troubles(), ['mail'])
  sink.mood = 'accepts'
  play.later({ minutes: 2 })
  await play.mails(post)
  assert.deepEqual(await troubles(), [])
})

test('an old backup is a trouble for whoever is live', async () => {
  await sql`delete from milestones where name = 'backup'`.execute(it.db)
  assert.deepEqual(await troubles(true), ['backup'])
  await sql`insert into milestones (name, reached_at) values ('backup', ${play.now})`.execute(it.db)
  assert.deepEqual(await troubles(true), [])
  play.later({ days: 8 })
  assert.deepEqual(await troubles(true), ['backup'])
  assert.deepEqual(await troubles(false), [])
})

test('a worker that gives no sign of life for a minute and a half is gone; one that never gave any is not missed', async () => {
  assert.equal(await workerIsGone(it.as('desk'), play.now), false)
  await beat(worker, play.now)
  play.later({ seconds: 80 })
  assert.equal(await workerIsGone(it.as('desk'), play.now), false)
  play.later({ seconds: 20 })
  assert.equal(await workerIsGone(it.as('desk'), play.now), true)
  await beat(worker, play.now)
  assert.equal(await workerIsGone(it.as('desk'), play.now), false)
})

test('whoever looks after a page is told once in twelve hours that somebody has written, and nothing else', async () => {
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const ours = async () => tellOfMessages({ db: worker, opener: it.keys.opener, post, publisher: await readPublisher(it.db), deskOrigin: 'http://localhost:3001' }, play.now)
  const written = () => sql`insert into contact_messages (id, subject_id, person_id, language, record, practice, received_at) values (gen_random_uuid(), ${marovia}, null, 'en', 'x', true, ${play.now})`.execute(it.db)
  await it.db.updateTable('contacts').set({ staff_id: salma }).where('subject_id', '=', marovia).execute()
  assert.equal(await ours(), 0, 'nobody has written')
  await written()
  sink.mood = 'refuses-for-now'
  assert.equal(await ours(), 0)
  sink.mood = 'accepts'
  play.later({ minutes: 11 })
  assert.deepEqual([await ours(), await ours()], [1, 0])
  const [mail, ...others] = await sink.mails()
  assert.deepEqual([mail!.envelopeTo, others], ['salma@lamplight.example', []])
  assert.match(mail!.text!, /contact-messages/)
  assert.ok(!/Marovia/.test(`${mail!.subject} ${mail!.text}`), 'not even where')
  play.later({ minutes: 60 })
  await written()
  assert.equal(await ours(), 0, 'not yet')
  play.later({ minutes: 720 })
  assert.equal(await ours(), 1)
  await sql`update contact_messages set state = 'read'`.execute(it.db)
  play.later({ minutes: 780 })
  assert.equal(await ours(), 0)
})

test('where the log of who did what ends goes once a week to whoever asked, and again in an hour where no server took it', async () => {
  const telling = async () => tellOfHead({ db: worker, opener: it.keys.opener, post, publisher: await readPublisher(it.db), deskOrigin: 'http://localhost:3001' }, play.now)
  await inTransaction(it.as('desk'), (tx) => audit(tx, { staffId: salma, verb: 'sign-in', subjectKind: 'session', subjectIds: [] }, play.now))
  await sealAudit(worker)
  sink.mood = 'refuses-for-now'
  assert.deepEqual([await telling(), await telling()], [0, 0])
  sink.mood = 'accepts'
  play.later({ minutes: 61 })
  sink.received.length = 0
  const told = await telling()
  assert.ok(told > 0)
  assert.equal(await telling(), 0)
  const mails = await sink.mails()
  const head = await chainHead(worker)
  assert.equal(mails.length, told)
  assert.ok(mails.every((mail) => mail.text!.includes(headInWords(head))))
  play.later({ days: 7 })
  assert.equal(await telling(), told)
})
