import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { suppress } from '#modules/people/index.ts'
import { ErasureRegister, registerFile } from '#modules/privacy/index.ts'
import { goLive, readLive, restorationsToUnderstand } from '#modules/publisher/index.ts'
import { audit, sealAudit } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { AuditWatch } from './audit-watch.ts'
import { SignsOfLife } from './earlier-copy.ts'

const it = await stage()
const play = await acting(it)
const worker = it.as('worker')
const here = { origin: 'https://act.lamplight.example', installId: 'this one' }

test('a database that was put back by other means than ours sends nothing until somebody goes live again, and keeps what people asked for since', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarion-copy-'))
  const beats = async (process = new SignsOfLife(folder)) => {
    await process.next(worker, it.keys, it.log, play.now)
    play.later({ seconds: 15 })
    return (await readLive(it.db, here)).live
  }
  await inTransaction(it.as('desk'), (tx) => goLive(tx, here, '00000000-0000-4000-8000-000000000001', play.now))
  const [letter] = await play.takes(play.letter())
  await play.confirms(letter!)
  const process = new SignsOfLife(folder)
  assert.deepEqual([await beats(process), await beats(process), await beats()], [true, true, true], 'however often it starts')
  await sql`create table copied as select * from heartbeats`.execute(it.db)
  assert.deepEqual([await beats(process), await beats(process)], [true, true])
  const { rows: [row] } = await sql<{ id: string }>`select id from people`.execute(it.db)
  await inTransaction(worker, (tx) => suppress(tx, [row!.id], 'updates', 'unsubscribed', play.now))
  await sql`update suppressions set practice = false`.execute(it.db)
  await new ErasureRegister(registerFile(folder)).write(worker)
  assert.deepEqual(it.logged.splice(0), [])

  await sql`truncate suppressions`.execute(it.db)
  await sql`update heartbeats set beats = copied.beats, beat_at = copied.beat_at from copied`.execute(it.db)
  assert.equal(await beats(), false)
  const said = it.logged.splice(0)
  assert.deepEqual([said.length, said[0]!.includes('earlier copy')], [1, true])
  assert.deepEqual([(await readLive(it.db, here)).formerOrigin, (await it.db.selectFrom('suppressions').select('reason').execute()).map(({ reason }) => reason)], [here.origin, ['unsubscribed']])
  assert.deepEqual([...new Set((await it.db.selectFrom('messages').select('problem').execute()).map(({ problem }) => problem))], ['restored'], 'what it has to send may have been sent')
  assert.equal((await it.db.selectFrom('audit_log').select('verb').where('verb', '=', 'notice-earlier-copy').execute()).length, 1)
  assert.deepEqual((await restorationsToUnderstand(it.as('desk'))).map(({ copyOf, register, suppressed, messages }) => ({ known: copyOf !== null, register, suppressed, messages })), [{ known: true, register: true, suppressed: 1, messages: 2 }], 'the desk can say what came of it')
  await inTransaction(it.as('desk'), (tx) => goLive(tx, here, '00000000-0000-4000-8000-000000000001', play.now))
  assert.equal(await beats(), true, 'once')
})

test('a log that was rewritten as a whole in the database is noticed by whoever had seen it as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarion-heads-'))
  const looks = async (watch: AuditWatch) => {
    await watch.turn(worker, it.log, play.now)
    play.later({ days: 1 })
    return watch.broken
  }
  const writes = () => inTransaction(it.as('desk'), (tx) => audit(tx, { staffId: null, verb: 'sign-in', subjectKind: 'session', subjectIds: [] }, play.now))
  const watch = new AuditWatch(folder)
  for (let day = 0; day < 2; day++) {
    await writes()
    await sealAudit(worker)
    assert.equal(await looks(watch), false)
  }
  // Somebody who owns the database takes one line out and has everything sealed anew: from within, the chain holds.
  await inTransaction(it.db, async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql`delete from audit_log where id = (select id from audit_log where verb = 'sign-in' order by happened_at limit 1)`.execute(tx)
    await sql`delete from audit_chain`.execute(tx)
    await sql`insert into audit_unsealed (audit_id) select id from audit_log`.execute(tx)
  })
  await sealAudit(worker)
  it.logged.length = 0
  assert.deepEqual([await looks(watch), await looks(new AuditWatch(folder)), await looks(new AuditWatch(mkdtempSync(join(tmpdir(), 'clarion-heads-'))))], [true, true, false], 'by a worker that is started later as well, and not by one that had never seen it')
  assert.equal(it.logged.filter((line) => line.includes('not what it was')).length, 2)
  it.logged.length = 0
  await watch.beginAnew(play.now)
  assert.equal(await looks(watch), false)
})
