import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { dataState } from '#platform/data-state.ts'
import { clientSettings, sql } from '#platform/db.ts'
import { solve } from '#platform/work.ts'
import { readLimits, type Limits } from '#modules/integrity/index.ts'
import { until } from '#test/support/clarion.ts'
import { roleAddress } from '#test/support/cluster.ts'
import { stage } from '#test/support/stage.ts'
import { Recent } from '../recent.ts'
import { countTogether } from './between-sites.ts'
import { openDoor, type Door } from './guard.ts'

const it = await stage({ template: 'empty' })
const limits: Limits = { ...await readLimits(it.db), perNetwork: 10 }
const now = new Date('2027-03-01T12:00:00Z')
const address = roleAddress(it.database, 'site')

/** The door of a site that hears the others. */
function door(secrets = it.secrets.site): Door {
  const opened = openDoor(secrets, new Recent(dataState(it.db, () => now), () => readLimits(it.db)))
  const counting = countTogether(opened, { address, secrets, now: () => now, log: it.log })
  after(() => counting.stop())
  return opened
}

const signUp = (place: number) => ({ action: '5d0f9f4e-8c55-4f6a-9a4c-2f1f3b1f7a11', network: 'carrier', email: `${'abcdefghijklmnopqrstuvwxyz'[place]!}@example.org` })
const look = ({ guard }: Door, place = 25) => guard.look(signUp(place), limits, now.getTime())
const comes = (at: Door, place: number) => at.guard.count(look(at, place))

test('sites count as one: what came to three of them together is near the limit at each, and at a stranger’s it is not', async () => {
  const sites = [door(), door(), door()]
  const stranger = door({ ...it.secrets.site, database: { ...it.secrets.site.database, password: 'of another installation' } })
  // Each has heard the others before anything is counted that matters: what is said before somebody listens is not heard.
  await until(() => {
    for (const [place, site] of sites.entries()) site.guard.count(site.guard.look({ action: 'before', network: 'all', email: `${place}@before.example` }, limits, now.getTime()))
    return sites.every(({ guard }) => guard.look({ action: 'before', network: 'all', email: 'x@before.example' }, limits, now.getTime()).nearness !== 'far-off')
  }, 'all to listen')
  for (let place = 0; place < 10; place++) comes(sites[place % 3]!, place)
  await until(() => sites.every((site) => look(site).nearness === 'near'), 'all to know')
  assert.equal(look(stranger).nearness, 'far-off')
  assert.equal(sites[0]!.guard.look({ ...signUp(25), action: 'another' }, limits, now.getTime()).nearness, 'far-off')

  const asked = sites[0]!.works.ask('a form', { bits: 4, waitSeconds: 15 }, now.getTime())
  assert.equal(sites[1]!.works.check(asked.text, 'a form', solve(asked), now.getTime()), 'solved')
  await until(() => sites[2]!.works.check(asked.text, 'a form', 'nonsense', now.getTime()) === 'no', 'the others to know that it was used')
})

test('what is said between sites is read by none but sites, and what others say there changes nothing', async () => {
  const site = door()
  const client = new pg.Client(clientSettings(address))
  await client.connect()
  after(() => client.end())
  const heard: string[] = []
  client.on('notification', ({ payload }) => heard.push(payload!))
  await client.query('listen clarion_sites')
  for (const nonsense of ['', 'x', 'A'.repeat(7000), Buffer.from('{"day":20878,"spots":"AAAAAAA="}').toString('base64')]) await client.query('select pg_notify($1, $2)', ['clarion_sites', nonsense])
  for (let place = 0; place < 9; place++) comes(site, place)
  await until(() => heard.length > 4, 'something to be said')
  assert.equal(look(site).nearness, 'far-off')
  assert.ok(heard.slice(4).every((text) => !/spots|carrier|example/.test(text + Buffer.from(text, 'base64').toString('latin1'))))
})

test('a line that is cut is opened again, and meanwhile each counts for itself', async () => {
  const [one, other] = [door(), door()]
  const lines = sql<{ pid: number }>`select pid from pg_stat_activity where datname = ${it.database} and application_name = 'clarion site'`
  await until(async () => (await lines.execute(it.db)).rows.length >= 2, 'both to listen')
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${it.database} and application_name = 'clarion site'`.execute(it.db)
  await until(() => {
    comes(one, 3)
    return look(other).nearness !== 'far-off'
  }, 'them to hear each other again')
})
