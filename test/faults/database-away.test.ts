import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openDb, openPool, sql } from '#platform/db.ts'
import { readSecrets } from '#platform/secrets.ts'
import { Opener } from '#platform/sealing/index.ts'
import { linkToken } from '#modules/actions/index.ts'
import { openContact } from '#modules/people/index.ts'
import { startClarion, until } from '#test/support/clarion.ts'
import { urlOf } from '#test/support/cluster.ts'
import { clarionCommand } from '#test/support/command.ts'
import { Crowd } from '#test/support/crowd.ts'
import { post } from '#test/support/http.ts'
import { each } from '#test/support/pages.ts'
import { holdUp } from '#test/support/processes.ts'
import { throwawayCluster } from '../../tools/throwaway-cluster.ts'

/** How long the database is away each time: DATABASE_AWAY=60 for a minute. */
const away = Number(process.env.DATABASE_AWAY ?? 8) * 1000

const cluster = await throwawayCluster()
const closing: (() => PromiseLike<unknown>)[] = [() => cluster[Symbol.asyncDispose]()]
after(async () => {
  for (const close of closing.toReversed()) await close()
})
const address = await cluster.createDatabase('clarion')
const place = { folder: mkdtempSync(join(tmpdir(), 'clarion-story-')), environment: { DATABASE_URL: urlOf(address) } }
assert.equal((await clarionCommand(place, 'demo')).code, 0)
const clarion = await startClarion(place)
closing.push(() => clarion[Symbol.asyncDispose]())
const pool = openPool(address, { name: 'looking', size: 2 })
closing.push(() => pool.end())
const db = openDb(pool)

const settled = () => until(async () => (await sql<{ count: number }>`select count(*)::int as count from intake`.execute(db)).rows[0]!.count === 0, 'everything to be settled', 60_000)
const crowdOf = async (name: string) => {
  const crowd = await Crowd.at(clarion.site, name)
  crowd.start(8)
  await crowd.more(100)
  return crowd
}

const crowds: Crowd[] = []

for (const [name, leave] of [
  ['stopped and started again', async () => {
    await cluster.stop()
    return () => cluster.startAgain()
  }],
  ['held up in the middle of its work', async () => {
    const goOn = holdUp(cluster.processId)
    return async () => goOn()
  }],
] as const) {
  test(`a database that is ${name} under load is missed and found again`, { timeout: away + 120_000 }, async () => {
    await using crowd = await crowdOf(`crowd-${crowds.length}`)
    assert.equal((await fetch(`${clarion.desk}/`)).status, 200, 'the desk has a line to it')
    const comeBack = await leave()
    const before = crowd.acknowledged.length
    const since = Date.now()
    try {
      await until(async () => (await fetch(`${clarion.site}/actions/no-one-should-vanish`)).status === 200 && !(await fetch(`${clarion.site}/readyz`)).ok, 'pages from memory, and a site that says it is not ready', 15_000)
      const atTheDesk = await fetch(`${clarion.desk}/`)
      assert.equal(atTheDesk.status, 503, `the desk answers ${atTheDesk.status}`)
      assert.match(await atTheDesk.text(), /<h1><bdi>The desk does not reach its database/, 'staff read a page, too')
      await wait(Math.max(0, away - (Date.now() - since)))
    } finally {
      await comeBack()
    }
    const [turnedAway, meanwhile] = [crowd.turnedAway, crowd.acknowledged.length]
    const back = Date.now()
    await crowd.more(100)
    console.log(`away for ${Math.round((back - since) / 1000)} s: ${before} thanked before, ${meanwhile - before} meanwhile, ${turnedAway} turned away; 100 more ${Date.now() - back} ms after it was back`)
    await crowd.stop()
    crowds.push(crowd)
    await settled()
  })
}

test('who was thanked is stored, who confirmed is counted, each of them once', async () => {
  const secrets = readSecrets(clarion.folder)
  const opener = new Opener(secrets.worker.contact)
  const { rows: people } = await sql<{ id: string, contact: Buffer, participation: string }>`select people.id, people.contact, participations.id as participation from people join participations on participations.person_id = people.id`.execute(db)
  const emails = await each(people, async (person) => (await openContact(opener, person.id, person.contact)).email)
  const thanked = crowds.flatMap((crowd) => crowd.acknowledged)
  const stored = new Set(emails)
  assert.equal(stored.size, emails.length, 'each address once')
  assert.deepEqual(thanked.filter((email) => !stored.has(email)), [], 'all who were thanked are stored')
  const answers = await each(people, (person) => post(clarion.site, `/confirm/${linkToken(secrets.worker.linkKey, person.participation)}`, {}), 8)
  assert.ok(answers.every(({ status }) => status === 303))
  await settled()
  const total = () => sql<{ total: number }>`select coalesce(sum(total), 0)::int as total from tallies where dimension = 'all' and action_id = (select id from actions where slug = 'no-one-should-vanish')`.execute(db)
  await until(async () => (await total()).rows[0]!.total === people.length, 'all of them to be counted', 60_000)
  console.log(`${thanked.length} thanked, ${people.length} stored (${crowds.reduce((sum, crowd) => sum + crowd.turnedAway, 0)} times turned away), ${(await total()).rows[0]!.total} counted`)
})
