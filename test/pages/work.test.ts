import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { solve } from '#platform/work.ts'
import { setTargets } from '#modules/actions/index.ts'
import { changeLimits, limits as limitsOf, readLimits, type Limits } from '#modules/integrity/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post, sign, submitForm, write } from '#test/support/http.ts'
import { each, openPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const usual = await readLimits(it.db)
const site = async (changes: Partial<Limits> = {}) => {
  await inTransaction(it.as('desk'), (tx) => changeLimits(tx, limitsOf.parse({ ...usual, perNetwork: 2, ...changes })))
  return (await openPages(act, { TRUSTED_PROXIES: '127.0.0.1,::1' })).origin
}
let last = 0
const someone = (changes: Record<string, string> = {}) => ({ name: 'Amara', email: `${'abcdefghijklmnopqrstuvwxyz'[last++ % 26]!.repeat(1 + Math.floor(last / 26))}@example.org`, ...changes })
const from = (address: string) => ({ 'x-forwarded-for': address })
const crowded = from('203.0.113.7')

/** The page that asks for work, and how hard it is. */
async function asked(answer: Response): Promise<{ html: string, challenge: { seed: string, bits: number }, wait: number }> {
  assert.equal(answer.status, 429)
  const html = await answer.text()
  const [, seed, bits] = /data-seed="([\w-]+)" data-bits="(\d+)"/.exec(html)!
  return { html, challenge: { seed: seed!, bits: Number(bits) }, wait: Number(answer.headers.get('retry-after')) }
}
const participations = async () => {
  await act.settle()
  return it.db.selectFrom('participations').select(['state', 'held_reason', 'details']).execute()
}

test('near its limit a network is asked for work, which lets through whoever did it; another network and another action notice nothing', async () => {
  const origin = await site()
  for (let time = 0; time < 2; time++) assert.equal((await sign(origin, petition, someone(), from(`203.0.113.${time}`))).status, 303)
  const { html, challenge } = await asked(await sign(origin, petition, someone({ comment: 'Two\nlines & <more>' }), crowded))
  assert.match(html, /name="comment" value="Two\n?\r?\n?lines &amp; &lt;more&gt;"/, 'nothing that was typed is lost')
  assert.equal((await submitForm(origin, html, '/sign', { solution: solve(challenge) }, crowded)).status, 303)
  assert.equal((await sign(origin, petition, someone(), from('198.51.100.7'))).status, 303)
  assert.equal((await sign(origin, petition, someone(), from('2001:db8::1'))).status, 303)
  assert.equal((await write(origin, message, someone({ postcode: 'AR 110' }), {}, crowded)).status, 303)
  assert.ok((await participations()).every(({ state }) => state === 'waiting'))
})

test('a message is kept whole on the way, with its text and its answers', async () => {
  const origin = await site({ perNetwork: 1 })
  assert.equal((await write(origin, message, someone({ postcode: 'AR 110' }), {}, crowded)).status, 303)
  const { html, challenge } = await asked(await write(origin, message, someone({ postcode: 'AR 110' }), { body: 'My own words.\n\nIn two parts.' }, crowded))
  const { fields } = formOn(html, '/send')
  assert.equal(fields.find(([name]) => name === 'body')![1].replaceAll('\r', ''), 'My own words.\n\nIn two parts.')
  assert.equal((await submitForm(origin, html, '/send', { solution: solve(challenge) }, crowded)).status, 303)
})

test('without script whoever waits is let through, whoever presses too early is told how long it still takes', async () => {
  const origin = await site({ perNetwork: 1, waitSeconds: 20 })
  await sign(origin, petition, someone(), crowded)
  const { html, wait } = await asked(await sign(origin, petition, someone(), crowded))
  assert.equal(wait, 20)
  assert.match(html, /please wait 20 seconds, then press the button/)
  act.later({ seconds: 5 })
  const early = await asked(await submitForm(origin, html, '/sign', {}, crowded))
  assert.equal(early.wait, 15)
  act.later({ seconds: 15 })
  assert.equal((await submitForm(origin, early.html, '/sign', {}, crowded)).status, 303)
})

test('a solution is good once, for its own form and for a quarter of an hour; a program that ignores the work gets nowhere', async () => {
  const origin = await site({ perNetwork: 1, minutes: 60 })
  await sign(origin, petition, someone(), crowded)
  const before = (await participations()).length
  const { html, challenge } = await asked(await sign(origin, petition, someone(), crowded))
  const solution = solve(challenge)
  await asked(await submitForm(origin, html, '/sign', { solution, email: 'somebody.else@example.org' }, crowded))
  assert.equal((await submitForm(origin, html, '/sign', { solution }, crowded)).status, 303)
  await asked(await submitForm(origin, html, '/sign', { solution }, crowded))
  const late = await asked(await sign(origin, petition, someone(), crowded))
  act.later({ minutes: 16 })
  await asked(await submitForm(origin, late.html, '/sign', { solution: solve(late.challenge) }, crowded))
  const { fields } = formOn(html, '/sign')
  const answers = await each(Array.from({ length: 300 }), () => post(origin, `${petition}/sign`, fields.filter(([name]) => name !== 'work'), crowded))
  assert.ok(answers.every(({ status }) => status === 429))
  assert.equal((await participations()).length, before + 1)
})

test('another site of the same installation takes what this one asked', async () => {
  const one = await site({ perNetwork: 1 })
  const other = await site({ perNetwork: 1 })
  for (const origin of [one, other]) await sign(origin, petition, someone(), crowded)
  const { html, challenge } = await asked(await sign(one, petition, someone(), crowded))
  assert.equal((await submitForm(other, html, '/sign', { solution: solve(challenge) }, crowded)).status, 303)
})

test('far beyond a limit it takes longer, and who only waited is looked at by staff; the page is the same', async () => {
  const origin = await site({ perNetwork: 1, far: 2, waitSeconds: 5 })
  await sign(origin, petition, someone(), crowded)
  const near = await asked(await sign(origin, petition, someone(), crowded))
  await submitForm(origin, near.html, '/sign', { solution: solve(near.challenge) }, crowded)
  const [works, waits] = [await asked(await sign(origin, petition, someone(), crowded)), await asked(await sign(origin, petition, someone(), crowded))]
  assert.deepEqual([works.challenge.bits - near.challenge.bits, works.wait], [2, 20])
  act.later({ seconds: 20 })
  const answers = [await submitForm(origin, works.html, '/sign', { solution: solve(works.challenge) }, crowded), await submitForm(origin, waits.html, '/sign', {}, crowded)]
  assert.deepEqual(answers.map(({ status, headers }) => [status, headers.get('location')]), Array.from({ length: 2 }, () => [303, `${petition}/one-more-step`]))
  assert.deepEqual((await participations()).filter(({ held_reason }) => held_reason).map(({ state, held_reason }) => [state, held_reason]), [['held', 'surge']])
})

test('limits hold within a second of being changed, and visitors from this machine are counted only if that is asked for', async () => {
  const origin = await site({ perNetwork: 1 })
  for (let time = 0; time < 3; time++) assert.equal((await sign(origin, petition, someone())).status, 303)
  await inTransaction(it.as('desk'), (tx) => changeLimits(tx, { ...usual, perNetwork: 1, localNetworks: true }))
  const endsAt = Date.now() + 5000
  let statuses: number[] = []
  while (!statuses.includes(429) && Date.now() < endsAt) statuses = [...statuses, (await sign(origin, petition, someone())).status]
  assert.ok(statuses.includes(429))
})

test('who says that they called is counted within the same limits: a program that says so a thousand times is asked for work', async () => {
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), 'marovia-assembly:SO', 'phone', '+99 1 234', 'test', '2027-02-01')`.execute(it.db)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }]))
  const origin = await site({ perNetwork: 2 })
  const report = async () => {
    const self = await (await submitForm(origin, await (await fetch(`${origin}${message}/by-yourself`)).text(), '/by-yourself', { postcode: 'SO 110' })).text()
    return submitForm(origin, self, '/reported', { report: 'phone marovia-assembly:SO' }, crowded)
  }
  for (let time = 0; time < 2; time++) assert.match(await (await report()).text(), /We count that you have called/)
  const { html, challenge } = await asked(await report())
  assert.match(await (await submitForm(origin, html, '/reported', { solution: solve(challenge) }, crowded)).text(), /We count that you have called/)
  assert.ok((await each(Array.from({ length: 20 }), report)).every(({ status }) => status === 429))
  assert.deepEqual((await sql`select count(*)::int as count from contact_reports`.execute(it.db)).rows, [{ count: 3 }])
})

test('no address of a visitor is logged', () => {
  assert.doesNotMatch(it.logged.join('\n'), /203\.0\.113|198\.51\.100/)
})
