import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { startClarion, until } from '../support/clarion.ts'
import { accessibilityFaults, sidewaysFaults, visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

/** Set LOOK to a folder to get a picture of every page in it. */
const look = process.env.LOOK
if (look) mkdirSync(look, { recursive: true })

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'

test('an administrator turns off what cannot be borne today, supporters read why they cannot act, and it is on again in a second', { timeout: 120_000 }, async () => {
  const desk = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
  const phone = await visitor([clarion.site], { viewport: { width: 320, height: 640 } })
  const dark = await visitor([clarion.site], { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
  const faults: string[] = []
  const see = async (name: string, { page, strayed }: typeof desk) => {
    faults.push(...[...await sidewaysFaults(page), ...await accessibilityFaults(page), ...strayed.splice(0)].map((fault) => `${name}: ${fault}`))
    if (look) await page.screenshot({ path: `${look}/${name}.png`, fullPage: true })
  }
  await becomeAdministrator(desk.page, clarion)

  // Somebody is at the form already.
  const { page } = phone
  await page.goto(`${clarion.site}${petition}`)
  await page.locator('#name').fill('Amara')
  await page.locator('#email').fill('amara@example.org')

  const turnOff = async (name: string, reason: string) => {
    await desk.page.goto(`${clarion.desk}/switches`)
    const card = desk.page.locator(`section#${name.replace(':', '-')}`)
    await card.locator('summary').click()
    await card.locator('input').fill(reason)
    await card.locator('form button').click()
    await desk.page.waitForURL('**/switches?said=switched-off')
  }
  await desk.page.goto(`${clarion.desk}/settings`)
  await desk.page.locator('a[href="/switches"]').click()
  await turnOff('signing', 'Somebody floods the form.')
  await turnOff('counts', 'The numbers are being checked.')
  await see('switches', desk)
  await desk.page.goto(`${clarion.desk}/`)
  await desk.page.getByText('2 things are switched off for everybody').waitFor()

  await until(async () => (await (await fetch(`${clarion.site}${petition}`)).text()).includes('Taking part is paused'), 'the page to say so', 15_000)
  await page.locator('#do form button.go').click()
  await page.getByText('nothing is lost').waitFor()
  assert.equal(await page.locator('#email').inputValue(), 'amara@example.org')
  await see('signing-off-form', phone)
  for (const [name, path] of [['signing-off', petition], ['signing-off-message', message], ['signing-off-ar', `/ar${petition}`]] as const) {
    for (const [size, visit] of Object.entries({ phone, dark })) {
      await visit.page.goto(`${clarion.site}${path}`)
      await see(`${name}-${size}`, visit)
    }
  }

  await turnOff('language:ar', 'The translation is wrong.')
  await until(async () => (await fetch(`${clarion.site}/ar${petition}`)).status === 503, 'the language to be off', 15_000)
  await phone.page.goto(`${clarion.site}/ar${petition}`)
  await see('language-off', phone)
  await phone.page.locator('main a[lang=en]').click()
  await phone.page.waitForURL(`${clarion.site}${petition}`)

  for (const name of ['signing', 'language-ar', 'counts']) {
    await desk.page.goto(`${clarion.desk}/switches`)
    await desk.page.locator(`section#${name} > form button`).click()
    await desk.page.waitForURL('**/switches?said=switched-on')
  }
  await until(async () => (await (await fetch(`${clarion.site}${petition}`)).text()).includes('name="email"'), 'the form to be back', 15_000)
  await phone.page.goto(`${clarion.site}${petition}`)
  await phone.page.locator('#name').fill('Amara')
  await phone.page.locator('#email').fill('amara@example.org')
  await phone.page.locator('#do form button.go').click()
  await phone.page.waitForURL('**/one-more-step')

  await desk.page.goto(`${clarion.desk}/health`)
  await desk.page.getByRole('button', { name: 'Write to me' }).click()
  await desk.page.getByText('You get these mails.').waitFor()
  await see('health', desk)
  assert.deepEqual(faults, [])
})
