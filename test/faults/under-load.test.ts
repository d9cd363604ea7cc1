import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { inboxMails, linkIn, startClarion, until, type RunningClarion } from '#test/support/clarion.ts'
import { Crowd } from '#test/support/crowd.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { formOn, post } from '#test/support/http.ts'
import { databaseProcess, holdUp, processOf } from '#test/support/processes.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())

async function numbers(it: Pick<RunningClarion, 'folder'>): Promise<{ stored: number, people: number, waiting: number, confirmed: number, total: number }> {
  await using looking = ownerDb(it)
  const { rows } = await sql<{ stored: number, people: number, waiting: number, confirmed: number, total: number }>`
    select (select count(*) from participations) as stored, (select count(distinct person_id) from participations) as people,
      (select count(*) from intake) as waiting, (select count(*) from participations where state = 'confirmed') as confirmed,
      (select coalesce(sum(total), 0)::int from tallies where dimension = 'all') as total`.execute(looking.db)
  return rows[0]!
}

const asking = async () => new Map((await inboxMails(clarion)).filter((mail) => mail.subject?.includes('One more step')).map((mail) => [mail.to![0]!.address!, mail]))

test('whatever is killed while a crowd signs, nobody who was thanked is lost, and nobody is counted twice', async () => {
  await using crowd = await Crowd.at(clarion.site)
  crowd.start(8)
  await crowd.more(60)
  for (const victim of ['worker', 'site', 'worker', 'inbox'] as const) {
    const id = processOf(clarion, victim)!
    process.kill(id, 'SIGKILL')
    await crowd.more(60)
    await until(() => processOf(clarion, victim), `the ${victim} to be there again`)
  }
  const database = databaseProcess(clarion)
  process.kill(database, 'SIGKILL')
  await crowd.more(60)
  assert.notEqual(databaseProcess(clarion), database, 'it was started again')
  await crowd.stop()

  await until(async () => (await numbers(clarion)).waiting === 0, 'everything to be settled', 60_000)
  const { stored, people } = await numbers(clarion)
  assert.equal(stored, people, 'each person once')
  assert.ok(stored >= crowd.acknowledged.length && stored <= crowd.acknowledged.length + crowd.turnedAway, `${crowd.acknowledged.length} acknowledged, ${crowd.turnedAway} turned away, ${stored} stored`)
  const mails = await until(async () => {
    const found = await asking()
    return crowd.acknowledged.every((email) => found.has(email)) ? found : undefined
  }, 'a mail to everybody who was thanked', 60_000)

  const chosen = crowd.acknowledged.slice(0, 120)
  for (const [place, email] of chosen.entries()) {
    if (place === 60) process.kill(processOf(clarion, 'worker')!, 'SIGKILL')
    const answer = await post(clarion.site, new URL(linkIn(mails.get(email)!, '/confirm/')).pathname, {})
    assert.equal(answer.status, 303)
  }
  await until(async () => (await numbers(clarion)).total === chosen.length, 'those who confirmed to be counted', 60_000)
  assert.equal((await numbers(clarion)).confirmed, chosen.length, 'a recount confirms it')
})

test('while the database hangs pages are there, and forms are either kept or given back', async () => {
  const page = `${clarion.site}/actions/no-one-should-vanish`
  const html = await (await fetch(page)).text()
  const goOn = holdUp(databaseProcess(clarion))
  try {
    // Older than a second, so that it would be made anew.
    await until(async () => {
      const answer = await fetch(page)
      assert.equal(answer.status, 200)
      return (await fetch(`${clarion.site}/readyz`)).status === 503
    }, 'it to be noticed', 20_000)
    const { fields } = formOn(html, '/sign')
    const answer = await post(clarion.site, '/actions/no-one-should-vanish/sign', [...fields.filter(([name]) => name !== 'name' && name !== 'email'), ['name', 'Patient'], ['email', 'patient@example.org']])
    assert.equal(answer.status, 503)
    assert.match(await answer.text(), /value="patient@example\.org"/)
  } finally {
    goOn()
  }
  await until(async () => (await fetch(`${clarion.site}/readyz`)).ok, 'the database to be back', 20_000)
  await using crowd = await Crowd.at(clarion.site)
  crowd.start(2)
  await crowd.more(5)
  await crowd.stop()
})
