import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { suppress } from '#modules/people/index.ts'
import { ErasureRegister, registerFile } from '#modules/privacy/index.ts'
import { goLive, readLive } from '#modules/publisher/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
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
  await inTransaction(it.as('desk'), (tx) => goLive(tx, here, '00000000-0000-4000-8000-000000000001', play.now))
  assert.equal(await beats(), true, 'once')
})
