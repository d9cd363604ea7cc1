import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { ownerDb } from '../support/embedded.ts'
import { post, sign } from '../support/http.ts'
import { visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion({ environment: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
after(() => clarion[Symbol.asyncDispose]())
const petition = '/actions/no-one-should-vanish'
const { page: desk } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
const crowded = { 'x-forwarded-for': '203.0.113.7' }
const press = (name: string) => desk.getByRole('button', { name, exact: true }).first().click()

test('prepare: staff set the limit of a network low, and one has signed from it', async () => {
  await becomeAdministrator(desk, clarion)
  await desk.goto(`${clarion.desk}/settings`)
  await desk.getByRole('link', { name: 'Limits' }).click()
  await desk.locator('#per_network').fill('1')
  await desk.locator('#wait_seconds').fill('2')
  await press('Save')
  await desk.getByText('Saved').waitFor()
  await until(async () => (await sign(clarion.site, petition, { name: 'Noor', email: 'noor@example.org' }, crowded)).status === 429, 'the limit to hold', 15_000)
})

test('a person on a phone signs from there and notices no more than a second', async () => {
  const { page, context, strayed } = await visitor([clarion.site], { extraHTTPHeaders: crowded })
  await page.goto(`${clarion.site}${petition}`)
  // As slow as a cheap phone.
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.locator('#name').fill('Amara')
  await page.locator('#email').fill('amara@example.org')
  const startedAt = Date.now()
  await page.locator('form button.go').first().click()
  await page.waitForURL('**/one-more-step')
  const took = Date.now() - startedAt
  // Where nothing else runs it is a second and less; tests share their machine.
  assert.ok(took < 15_000, `${took} ms`)
  assert.deepEqual(strayed, [])
  await mailTo(clarion, 'amara@example.org', 'One more step')
})

test('without JavaScript a person is told how long to wait, presses, and has lost nothing', async () => {
  const { page } = await visitor([clarion.site], { extraHTTPHeaders: crowded, javaScriptEnabled: false })
  await page.goto(`${clarion.site}/ar${petition}`)
  await page.locator('#name').fill('أمينة')
  await page.locator('#email').fill('amina@example.org')
  await page.locator('form button.go').first().click()
  await page.getByRole('heading', { name: 'لحظة من فضلك' }).waitFor()
  await page.getByText('ثانيتين').waitFor()
  await until(async () => {
    if (page.url().includes('one-more-step')) return true
    await page.locator('form button.go').click()
    await page.waitForLoadState()
    return page.url().includes('one-more-step')
  }, 'the wait to be over', 10_000)
  await mailTo(clarion, 'amina@example.org', 'لا ينبغي أن يختفي أحد')
})

test('staff take what a program made out of the count: a preview, a start, a public line, a recount that agrees, and the way back', async () => {
  const made = Array.from({ length: 12 }, (_, place) => `voter${place}@mass.example`)
  await Promise.all(made.map((email) => sign(clarion.site, petition, { name: 'Voter', email, s: 'bots' })))
  const confirmed = await until(async () => {
    const mails = (await inboxMails(clarion)).filter((mail) => mail.subject?.includes('One more step') && mail.to![0]!.address!.endsWith('@mass.example'))
    return mails.length === made.length ? mails : undefined
  }, 'their mails')
  await Promise.all(confirmed.map((mail) => post(clarion.site, new URL(linkIn(mail, '/confirm/')).pathname, {})))
  await post(clarion.site, new URL(linkIn(await mailTo(clarion, 'amara@example.org', 'One more step'), '/confirm/')).pathname, {})
  const facts = async () => (await fetch(`${clarion.site}${petition}.json`)).json() as Promise<{ count: number, countChanges: { change: number, reason: string }[] }>
  await until(async () => (await facts()).count === 13, 'all to be counted')

  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /No one should vanish/ }).click()
  await desk.getByRole('link', { name: 'Take out of the count' }).click()
  await press('Count them first')
  await desk.getByText('Please say why.').first().waitFor()
  await desk.locator('#removal_domain').fill('mass.example')
  await desk.locator('#removal_source').selectOption('bots')
  await desk.locator('#taken_until').fill('2037-01-01T00:00')
  await desk.locator('#removal_reason').fill('A program made them.')
  await press('Count them first')
  await desk.getByText('fit; 12 of them are in the count.').waitFor()
  assert.equal((await facts()).count, 13)
  await press('Take these out of the count')
  await desk.getByText('done', { exact: true }).waitFor()
  await until(async () => (await facts()).count === 1, 'the count to go down')
  assert.deepEqual((await facts()).countChanges.map(({ change, reason }) => [change, reason]), [[-12, 'A program made them.']])
  await using looking = ownerDb(clarion)
  const { rows } = await sql<{ total: number, counted: number }>`select (select sum(total)::int from tallies where dimension = 'all') as total, (select count(*)::int from participations where counted) as counted`.execute(looking.db)
  assert.deepEqual(rows, [{ total: 1, counted: 1 }])

  const { page: reader } = await visitor([clarion.site])
  const changes = reader.getByRole('link', { name: 'How this count has changed' })
  await until(async () => {
    await reader.goto(`${clarion.site}${petition}`)
    return changes.isVisible()
  }, 'the page to say that its count was changed')
  await changes.click()
  await reader.getByText(/: 12 were taken out of the count, because:/).waitFor()

  await press('Put back what was taken out')
  await desk.getByText('put back', { exact: true }).first().waitFor()
  await until(async () => (await facts()).count === 13, 'the count to be as it was')
})

test('what waits for a check is let through or refused many at once', async () => {
  await Promise.all(['one', 'two', 'three'].map((name) => sign(clarion.site, petition, { name: `see www.${name}.example.com`, email: `${name}@held.example` })))
  await desk.goto(clarion.desk)
  await until(async () => {
    await desk.reload()
    return desk.getByRole('link', { name: '3 sign-ups wait for a check' }).isVisible()
  }, 'them to wait')
  await desk.getByRole('link', { name: '3 sign-ups wait for a check' }).click()
  await press('Let the ticked ones through')
  await desk.getByText('None was ticked.').waitFor()
  await desk.getByRole('checkbox').first().check()
  await press('Refuse the ticked ones')
  await desk.getByText('Refused.').waitFor()
  assert.equal(await desk.locator('tbody tr').count(), 2)
  await press('Let all of these through')
  await desk.getByText('Let through. They are asked to confirm.').waitFor()
  await until(async () => (await inboxMails(clarion)).filter((mail) => mail.to![0]!.address!.endsWith('@held.example')).length === 2, 'a mail to both')
})

test('staff who want to be told of surges say so', async () => {
  await desk.goto(`${clarion.desk}/surges`)
  await press('Tell me by mail')
  await desk.getByText('You get a mail when something is not as usual.').waitFor()
})
