import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { until } from '#test/support/clarion.ts'
import { ownerAddress, roleAddress } from '#test/support/cluster.ts'
import { stage } from '#test/support/stage.ts'
import { readDigestFiles } from './file-kinds.ts'
import { readPages } from './read.ts'
import { digestReport, digestRuns, discardDigest, importAtOnce, runDigest, startDigest, undoDigest, workOnDigest } from './runs.ts'
import { readText } from './text.ts'
import { entriesOf } from './to-words.ts'

const it = await stage()
const now = new Date('2026-11-26T10:00:00Z')
const read = (text: string) => readPages([readText('page.txt', text)], { dateOrder: 'dmy', today: '2026-11-26' })
const bring = (text: string, at = now) => inTransaction(it.db, (tx) => importAtOnce(tx, read(text), { fileName: 'page.txt', language: 'en', dateOrder: 'dmy', subjectId: null }, at))
const titles = async () => (await sql<{ title: string }>`select distinct on (item_id) words ->> 'title' as title from item_revisions join imported_items using (item_id) order by item_id, created_at desc`.execute(it.db)).rows.map(({ title }) => title).toSorted()

const page = `Harbour of Ardenhal

The pilot is home - GOOD NEWS - URGENT ACTION UPDATE - 07/06/2024

On 5 June 2024, the harbour police released [the pilot](https://lamplight.example/pilot) they had held since May. Read more: https://lamplight.example/home

Nine boats seized in Tamsin - NEWS - 28/05/2024

The harbour police took nine boats. * Two * have _names_ & one has # none.
`

test('an import makes drafts once: the same again changes nothing, a changed entry gets a new version, an edited one is left', async () => {
  const first = await bring(page)
  assert.deepEqual([first.added, first.changed, first.unchanged], [2, 0, 0])
  const { rows: [thread] } = await sql<{ kind: string, thread: boolean, words: { title: string, labels: string[], paragraphs: object[] } }>`
    select items.kind, items.thread, item_revisions.words from items join item_revisions on item_revisions.item_id = items.id where words ->> 'title' = 'The pilot is home'`.execute(it.db)
  assert.deepEqual([thread!.kind, thread!.thread, thread!.words.labels], ['urgent-action', true, ['good-news', 'update']])
  assert.deepEqual(thread!.words.paragraphs.map((each) => ({ ...each, id: '' })), [{
    id: '', day: '2024-06-07', happened: '2024-06-05', text: 'On 5 June 2024, the harbour police released [the pilot](https://lamplight.example/pilot) they had held since May.', links: [{ kind: 'read-more', url: 'https://lamplight.example/home', text: '' }],
  }])
  const { rows: [{ shown }] } = await sql<{ shown: number }>`select count(*)::int as shown from public_items join imported_items on item_id = id`.execute(it.db) as { rows: [{ shown: number }] }
  assert.equal(shown, 0, 'nothing becomes public by an import')

  const count = async () => (await sql<{ rows: number }>`select (select count(*) from items) + (select count(*) from item_revisions) + (select count(*) from digest_imports) as rows`.execute(it.db)).rows[0]!.rows
  const before = await count()
  const second = await bring(page)
  assert.deepEqual([second.added, second.changed, second.unchanged, second.importId], [0, 0, 2, null])
  assert.equal(await count(), before)

  const third = await bring(page.replace('nine boats.', 'ten boats.'), new Date(now.getTime() + 1000))
  assert.deepEqual([third.added, third.changed, third.unchanged], [0, 1, 1])
  await sql`insert into item_revisions (id, item_id, language, words, created_at) select gen_random_uuid(), item_id, 'en', words, ${new Date(now.getTime() + 2000)} from item_revisions where words ->> 'title' = 'The pilot is home' limit 1`.execute(it.db)
  const fourth = await bring(page.replace('held since May', 'held since April'), new Date(now.getTime() + 3000))
  assert.deepEqual([fourth.added, fourth.changed, fourth.kept], [0, 1, 1], 'the nine boats again; the pilot was edited here')
  assert.deepEqual(await titles(), ['Nine boats seized in Tamsin', 'The pilot is home'])
})

test('at the desk a file is read by the worker, looked at, made into drafts with the dates that were given, and taken back', async () => {
  const [desk, worker] = [it.as('desk'), it.as('worker')]
  const file = Buffer.from('Lamps in Brindle - NEWS - 03/04/2024\n\nThe town lit its lamps.\n\nNo lamps in Sorrel Vale - NEWS - 04/04/2024\n\nNone were lit.\n')
  const id = await inTransaction(desk, (tx) => startDigest(tx, { fileName: 'lamps.txt', file, language: 'en', dateOrder: null, subjectId: null, staffId: null }, now))
  await workOnDigest(worker, id, now)
  const report = await digestReport(desk, id)
  assert.deepEqual(report!.threads.map(({ title, date }) => [title, date]), [['Lamps in Brindle', null], ['No lamps in Sorrel Vale', '2024-04-04']])
  assert.equal(await inTransaction(desk, (tx) => runDigest(tx, id, { 0: { date: '2024-04-03' }, 1: { leave: true } })), true)
  await workOnDigest(worker, id, now)
  await workOnDigest(worker, id, now)
  const [done] = await digestRuns(desk, id)
  assert.deepEqual([done!.state, done!.tally.added], ['done', 1])
  const { rows } = await sql<{ words: { paragraphs: { day: string }[], publishedOn: string } }>`select words from item_revisions join imported_items using (item_id) where import_id = ${id}`.execute(it.db)
  assert.equal(rows.length, 1)
  assert.equal(rows[0]!.words.publishedOn || rows[0]!.words.paragraphs[0]!.day, '2024-04-03')
  assert.equal(await inTransaction(desk, (tx) => undoDigest(tx, id)), true)
  await workOnDigest(worker, id, now)
  const [undone] = await digestRuns(desk, id)
  assert.deepEqual([undone!.state, undone!.tally.removed, undone!.tally.kept], ['undone', 1, 0])
  assert.equal((await sql`select from items where slug like 'lamps-in-brindle%'`.execute(it.db)).rows.length, 0)
})

test('a file that cannot be read says why, and can be thrown away', async () => {
  const id = await inTransaction(it.as('desk'), (tx) => startDigest(tx, { fileName: 'feed.xml', file: Buffer.from('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>&a;</title></channel></rss>'), language: 'en', dateOrder: null, subjectId: null, staffId: null }, now))
  await workOnDigest(it.as('worker'), id, now)
  const [run] = await digestRuns(it.db, id)
  assert.deepEqual([run!.state, run!.fault], ['failed', 'entities'])
  await inTransaction(it.as('desk'), (tx) => discardDigest(tx, id))
  assert.deepEqual(await digestRuns(it.db, id), [])
})

/** Does something in a process of its own until it waits for the lock that is held meanwhile, and kills that process there. */
async function killedHalfWay(role: 'worker' | 'owner', what: string): Promise<void> {
  const address = role === 'owner' ? ownerAddress(it.database) : roleAddress(it.database, role)
  await inTransaction(it.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('clarion items'))`.execute(tx)
    const child = spawn(process.execPath, ['--input-type=module', '-e', `
      import { inTransaction, openDb, openPool } from '#platform/db.ts'
      import * as digests from '#modules/digests/index.ts'
      const db = openDb(openPool(${JSON.stringify(address)}, { name: 'killed', size: 2 }))
      const now = new Date('${now.toISOString()}')
      ${what}`], { stdio: ['ignore', 'ignore', 'inherit'] })
    const waiting = () => sql<{ pid: number }>`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%clarion items%'`.execute(it.db)
    await until(async () => (await waiting()).rows.length > 0, 'it to be in the middle of its work')
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  // Its line is cut when its turn comes and nobody reads the answer.
  await until(async () => (await sql`select from pg_stat_activity where datname = current_database() and application_name like '%killed%'`.execute(it.db)).rows.length === 0, 'its line to be cut')
}

test('an import whose process is killed half-way has made nothing, at the desk and by command, and is made whole and once when its turn comes again', async () => {
  const file = 'Oars for Brindle - NEWS - 14/04/2024\n\nThe oars came.\n\nOars for Tamsin - NEWS - 15/04/2024\n\nThey came too.\n'
  const made = async () => (await sql<{ made: number }>`select count(*)::int as made from items where slug like 'oars-for-%'`.execute(it.db)).rows[0]!.made
  const id = await inTransaction(it.as('desk'), (tx) => startDigest(tx, { fileName: 'oars.txt', file: Buffer.from(file), language: 'en', dateOrder: null, subjectId: null, staffId: null }, now))
  await workOnDigest(it.as('worker'), id, now)
  await inTransaction(it.as('desk'), (tx) => runDigest(tx, id, {}))
  await killedHalfWay('worker', `await digests.workOnDigest(db, '${id}', now)`)
  assert.deepEqual([await made(), (await digestRuns(it.db, id))[0]!.state], [0, 'running'])
  await killedHalfWay('owner', `
    const read = digests.readPages(await digests.readDigestFiles([{ name: 'oars.txt', content: Buffer.from(${JSON.stringify(file)}) }]), { dateOrder: 'dmy', today: '2026-11-26' })
    await inTransaction(db, (tx) => digests.importAtOnce(tx, read, { fileName: 'oars.txt', language: 'en', dateOrder: 'dmy', subjectId: null }, now))`)
  assert.equal(await made(), 0)
  // Its turn comes within minutes: the queue misses whoever says nothing any more.
  assert.deepEqual((await sql`select name from pgboss.queue where heartbeat_seconds is null and name <> 'dead' and name not like '\\_\\_%'`.execute(it.db)).rows, [])
  await workOnDigest(it.as('worker'), id, now)
  await workOnDigest(it.as('worker'), id, now)
  assert.deepEqual([await made(), (await digestRuns(it.db, id))[0]!.state], [2, 'done'])
})

test('what a kind states in a form of its own is kept as that, and what has not exactly that form stays text', async () => {
  const wordsOf = async (text: string, title: string) => {
    await bring(text)
    return (await sql<{ words: Record<string, unknown> & { body: string } }>`select words from item_revisions where words ->> 'title' = ${title} order by created_at desc limit 1`.execute(it.db)).rows[0]!.words
  }
  const statement = await wordsOf('Open the quays - JOINT STATEMENT - 03/05/2024\n\nWe ask for open quays.\n\nSigned by:\n\n• Lamplight\n\n• Riverside,\n\n• Lamplight\n', 'Open the quays')
  assert.deepEqual([statement.body, statement.signatories], ['We ask for open quays.', [{ name: 'Lamplight', country: '' }, { name: 'Riverside', country: '' }]])
  const news = await wordsOf('Who came to the quays - NEWS - 04/05/2024\n\nMany came.\n\nSigned by:\n\n• Lamplight\n', 'Who came to the quays')
  assert.deepEqual([news.body.includes('- Lamplight'), news.signatories], [true, []], 'only a statement is signed')
  const release = await wordsOf('The quays are shut - PRESS RELEASE - 05/05/2024\n\nNobody gets in.\n\nNotes to editors:\n\nThe [guild](https://lamplight.example/guild) has 300 members.\n', 'The quays are shut')
  assert.deepEqual([release.body, release.editors], ['Nobody gets in.', 'The [guild](https://lamplight.example/guild) has 300 members.'])
  const course = await wordsOf('The law of the quays - COURSE - 06/05/2024\n\nA free 90-minute course on the law of harbours. Sign up now: https://academy.example/quays\n', 'The law of the quays')
  assert.deepEqual(course.course, { minutes: 90, price: '', provider: '', url: 'https://academy.example/quays', language: '' })
  const answers = readPages([...await readDigestFiles([{ name: 'answers.html', content: Buffer.from('<html><body><h1>The siege (Questions and answers) 7 May 2024</h1><p>In short.</p><h2>Who holds the quays?</h2><p>The raiders.</p><h2>Since when?</h2><ul><li>Since May.</li></ul></body></html>') }])], { dateOrder: 'dmy', today: '2026-11-26' })
  const [entry] = entriesOf(answers.assembled, 'en')
  assert.deepEqual([entry!.kind, entry!.words.body, entry!.words.questions], ['questions-and-answers', 'In short.', [{ id: 'q1', question: 'Who holds the quays?', answer: 'The raiders.' }, { id: 'q2', question: 'Since when?', answer: '- Since May.' }]])
})

test('a link that was a line of its own stays one where its address was lost, and does not end the sentence or the list before it', async () => {
  const read = readPages([...await readDigestFiles([{ name: 'page.txt', content: Buffer.from('Lamps at the quay\n\nThe town waits. It waits long.\n\nWe want the office to:\n\n• open the lists\n\nFree the pilot: sign and mail a letter\n\nNobody is told why.\n') }])], { dateOrder: 'dmy', today: '2026-11-26' })
  assert.equal(entriesOf(read.assembled, 'en')[0]!.words.body, 'The town waits. It waits long.\n\nWe want the office to:\n\n- open the lists\n\nFree the pilot: sign and mail a letter\n\nNobody is told why.')
})
