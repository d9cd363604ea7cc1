import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import { startClarion } from '../support/clarion.ts'
import { clarionCommand } from '../support/command.ts'
import { visitor } from './browser.ts'
import { administrator, becomeAdministrator, oneTimeCode } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const wide = { viewport: { width: 1280, height: 900 } }
const { page: desk, strayed } = await visitor([clarion.desk], wide)
let secret = ''
/** The code that somebody has signed in with. */
let used = ''

async function signIn(page: Page, { email = administrator.email, password = administrator.password, code }: { email?: string, password?: string, code: string }): Promise<void> {
  await page.goto(`${clarion.desk}/sign-in`)
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.locator('#code').fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.waitForLoadState()
}
/** The code that the app will show in half a minute: good already, for clocks that differ. */
const nextCode = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + 30_000 })
const isToday = (page: Page) => page.getByRole('heading', { name: 'Today' }).waitFor()
const refused = (page: Page) => page.getByRole('alert').getByText('Check the address, the password and the code').waitFor()

test('the link of the first start makes one administrator, once', async () => {
  secret = (await becomeAdministrator(desk, clarion)).secret
  const { page: other } = await visitor([clarion.desk])
  await other.goto(clarion.signinLink)
  await other.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  await other.getByText('npx clarion signin-link').waitFor()
})

test('whoever is not signed in sees the sign-in page and nothing else, and comes back to where they wanted to go', async () => {
  const { page } = await visitor([clarion.desk])
  await page.goto(`${clarion.desk}/outbox/messages`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  await page.locator('#email').fill(administrator.email)
  await page.locator('#password').fill(administrator.password)
  used = oneTimeCode(secret)
  await page.locator('#code').fill(used)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Outbox' }).waitFor()
  await signOut(page)
  await page.goBack()
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a passkey signs in without anything typed, also to the page that was wanted', async () => {
  const devtools = await desk.context().newCDPSession(desk)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await desk.goto(`${clarion.desk}/account`)
  await desk.locator('#passkey-label').fill('My phone')
  await desk.getByRole('button', { name: 'Add a passkey' }).click()
  await desk.getByText('The passkey is there.').waitFor()
  await desk.getByText('My phone', { exact: true }).waitFor()
  await signOut(desk)
  await desk.goto(`${clarion.desk}/targets`)
  await desk.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await desk.getByRole('heading', { name: 'Who we write to' }).waitFor()

  await desk.goto(`${clarion.desk}/account`)
  await desk.getByRole('button', { name: 'Remove' }).click()
  await desk.getByText('Saved.').waitFor()
  await signOut(desk)
  await desk.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await desk.getByText('That did not work.').waitFor()
})

test('a used code, a wrong code, a wrong password and an unknown address get the same answer; after five the right ones do as well', async () => {
  const { page } = await visitor([clarion.desk])
  await signIn(page, { email: 'nobody@example.org', code: nextCode() })
  await refused(page)
  const answer = await page.getByRole('alert').innerText()
  for (const wrong of [{ code: used }, { code: '000000' }, { code: nextCode(), password: 'copper umbrella waits inside' }, { code: '' }, { code: 'one two three' }]) {
    await signIn(page, wrong)
    await refused(page)
    assert.equal(await page.getByRole('alert').innerText(), answer)
    assert.equal(await page.locator('#email').inputValue(), administrator.email)
    assert.equal(await page.locator('#password').inputValue(), '')
  }
  await signIn(page, { code: nextCode() })
  await refused(page)
  await page.getByText('After several tries please wait a quarter of an hour.').first().waitFor()
})

test('whoever runs the machine helps with a link, which works once and lets a new password and code be set', async () => {
  const nobody = await clarionCommand(clarion, 'signin-link', 'nobody@example.org')
  assert.deepEqual([nobody.code, nobody.out], [2, ''])
  assert.match(nobody.said, /^Nobody who works here has this address\.\n$/)
  const made = await clarionCommand(clarion, 'signin-link', administrator.email)
  assert.equal(made.code, 0)
  const link = made.out.trim()
  assert.match(link, new RegExp(`^${clarion.desk}/sign-in/[\\w-]{22,}$`))

  const { page, context } = await visitor([clarion.desk])
  await page.goto(link)
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('You have a password and a one-time code. Fill this in to replace both.').waitFor()
  secret = await page.locator('input[name=secret]').inputValue()
  await page.locator('#password').fill('short')
  await page.locator('#code').fill('123')
  await page.getByRole('button', { name: 'Use this password and code' }).click()
  await page.getByText('Please use at least 12 characters.').first().waitFor()
  assert.equal(await page.locator('input[name=secret]').inputValue(), secret, 'the app need not be set up again')
  await page.locator('#password').fill('seven lanterns in a row')
  await page.locator('#code').fill(oneTimeCode(secret))
  await page.getByRole('button', { name: 'Use this password and code' }).click()
  await page.getByText('Password and code are set.').waitFor()
  await context.clearCookies()
  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
  await signIn(desk, { password: 'seven lanterns in a row', code: oneTimeCode(secret) })
  await isToday(desk)
})

test('a campaigner who was invited sees campaigning, and finds no page of the administrator', async () => {
  await desk.goto(`${clarion.desk}/settings/staff`)
  await desk.locator('#name').fill('Noor Aldane')
  await desk.locator('#email').fill('noor.aldane@example.org')
  await desk.getByLabel(/^Campaigner/).check()
  await desk.getByRole('button', { name: 'Invite somebody' }).click()
  const link = await desk.locator('#link').innerText()

  const { page: campaigner, context } = await visitor([clarion.desk], wide)
  await campaigner.goto(link)
  await campaigner.getByRole('button', { name: 'Sign in' }).click()
  await campaigner.getByText('You cannot sign in again yet').waitFor()
  assert.deepEqual(await campaigner.getByRole('navigation').first().getByRole('link').allInnerTexts(), ['Today', 'Actions', 'News and pages', 'Who we write to', 'Supporters', 'Updates and newsletters', 'Outbox', 'Noor Aldane'])
  for (const path of ['/settings', '/settings/staff', '/keys', '/going-live', '/audit', '/health', '/set-up']) {
    await campaigner.goto(`${clarion.desk}${path}`)
    await campaigner.getByRole('heading', { name: 'There is no such page' }).waitFor()
  }
  const answer = await campaigner.request.post(`${clarion.desk}/settings/staff`, { form: { name: 'Jun', email: 'jun@example.org', role: 'administrator' }, headers: { origin: clarion.desk } })
  assert.equal(answer.status(), 404)

  await desk.goto(`${clarion.desk}/settings/staff`)
  await desk.getByRole('link', { name: 'Noor Aldane' }).click()
  await desk.getByLabel('I have read this, and want it').check()
  await desk.getByRole('button', { name: 'End access' }).click()
  await desk.getByText('Access has ended.').waitFor()
  await campaigner.goto(`${clarion.desk}/actions`)
  await campaigner.getByRole('heading', { name: 'Sign in' }).waitFor()
  await context.close()
  assert.deepEqual(strayed, [])
})
