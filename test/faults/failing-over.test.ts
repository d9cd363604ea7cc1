import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { startClarion, until } from '#test/support/clarion.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { Crowd } from '#test/support/crowd.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())

async function howLong(work: Promise<unknown>): Promise<number> {
  const since = Date.now()
  await work
  return Date.now() - since
}

test('while the database fails over (lines cut in the middle of a batch, read-only for 20 seconds) nothing acknowledged is lost, and the rest is given back', { timeout: 300_000 }, async () => {
  await using crowd = await Crowd.at(clarion.site)
  crowd.start(16)
  await crowd.more(50)
  const usual = await howLong(crowd.more(200))
  await using looking = ownerDb(clarion)
  const cut = () => sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(looking.db)
  // Again and again while batches are under way: an answer is lost on its way, and the batch is asked about again.
  for (let times = 0; times < 8; times += 1) {
    await cut()
    await crowd.more(20)
  }
  // This database alone, for every line that is opened from now on: others are at work on the server.
  const { rows: [own] } = await sql<{ name: string }>`select current_database() as name`.execute(looking.db)
  await sql`alter database ${sql.id(own!.name)} set default_transaction_read_only = on`.execute(looking.db)
  await cut()
  const acknowledgedBefore = crowd.acknowledged.length
  const until20 = Date.now() + 20_000
  let reads = 0
  while (Date.now() < until20) {
    assert.equal((await fetch(`${clarion.site}/actions/no-one-should-vanish`)).status, 200)
    assert.equal((await fetch(`${clarion.site}/ar/actions/no-one-should-vanish/sheet`)).status, 200)
    reads += 1
    await wait(200)
  }
  assert.ok(reads > 0, 'pages were read')
  assert.ok(crowd.acknowledged.length - acknowledgedBefore < 400, 'hardly anybody was thanked while nothing could be kept')
  assert.ok(crowd.turnedAway > 0, 'people were told to try again')
  await looking.db.connection().execute(async (line) => {
    await sql`set default_transaction_read_only = off`.execute(line)
    await sql`alter database ${sql.id(own!.name)} reset default_transaction_read_only`.execute(line)
  })
  await cut()
  // By what the same number took before: other tests are at work on this machine.
  const back = await howLong(crowd.more(200))
  assert.ok(back < 15_000 + 10 * usual, `it was back after ${back} ms; before it took ${usual}`)
  await crowd.stop()

  await until(async () => (await sql<{ count: number }>`select count(*)::int as count from intake`.execute(looking.db)).rows[0]!.count === 0, 'everything to be settled', 120_000)
  const { rows: [kept] } = await sql<{ stored: number, people: number }>`select count(*)::int as stored, count(distinct person_id)::int as people from participations`.execute(looking.db)
  assert.equal(kept!.stored, kept!.people, 'each person once')
  assert.doesNotMatch(clarion.output(), /process ended/, 'no process was lost with its lines')
  assert.ok(kept!.stored >= crowd.acknowledged.length && kept!.stored <= crowd.acknowledged.length + crowd.turnedAway, `${crowd.acknowledged.length} acknowledged, ${crowd.turnedAway} turned away, ${kept!.stored} stored`)
})
