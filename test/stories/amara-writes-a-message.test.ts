import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { visitor } from './browser.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const action = `${clarion.site}/actions/write-to-your-representative`
const phone = () => visitor([clarion.site, clarion.inbox], { javaScriptEnabled: false })

async function fillDetails(page: Page, { name, email, postcode }: { name: string, email: string, postcode: string }): Promise<void> {
  await page.goto(action)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Postcode').fill(postcode)
  await page.getByRole('button', { name: 'Write your message' }).click()
}

/** The words between two lines of the page that say what stands there. */
const shown = async (page: Page, label: string) => (await page.locator(`[aria-labelledby=${label}]`).innerText()).trim()
const messagesTo = async (address: string) => (await inboxMails(clarion)).filter((mail) => mail.to?.[0]?.address === address)
const writers = async () => (await (await fetch(`${action}/count.json`)).json() as { count: number }).count

test('Amara edits the message between a greeting and a closing that stay, and the page shows exactly what her representative reads', async () => {
  const { page, strayed } = await phone()
  await fillDetails(page, { name: 'Amara', email: 'amara@example.org', postcode: 'be-120' })
  for (const prompt of ['Why does this matter to you?', 'Is there something that your representative has done or said about it?', 'What would you like to hear back?']) await page.getByText(prompt).waitFor()
  const body = page.getByLabel('Your message', { exact: false }).last()
  assert.match(await body.inputValue(), /^I live in Belmora and/)
  assert.equal(await shown(page, 'greeting-label'), 'Dear Hon. Senna Kovic,\nDear Halden Morrow,')
  const closing = await shown(page, 'closing-label')
  assert.equal(closing, 'Yours sincerely,\nAmara\nBE 120')
  await page.getByText('The sender: Amara via Lamplight').waitFor()
  await page.getByText('your address amara@example.org stands where answers go').waitFor()
  await page.getByText('The others do not see your address').waitFor()
  await page.getByLabel('Subject').fill('My cousin, and the register')
  await body.fill('My cousin was taken in spring.\n\nPlease vote for the register.')
  await page.getByLabel('Send me a copy').check()
  await page.getByRole('button', { name: 'Send my messages' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()

  const mail = await mailTo(clarion, 'amara@example.org', 'One more step')
  assert.doesNotMatch(mail.raw, /cousin|Amara[^@]/i, 'nothing that was typed stands in a mail before it is confirmed')
  await page.goto(linkIn(mail, '/confirm/'))
  await page.getByRole('button', { name: 'Confirm and send my message' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()

  const own = await mailTo(clarion, 'senna.kovic@assembly.marovia.example', 'My cousin, and the register')
  assert.equal(own.text!.trim(), `Dear Hon. Senna Kovic,\n\nMy cousin was taken in spring.\n\nPlease vote for the register.\n\n${closing}`)
  assert.equal(own.from?.name, 'Amara via Lamplight')
  assert.deepEqual(own.replyTo?.map((to) => to.address), ['amara@example.org'])
  assert.equal(own.html, undefined, 'plain text')
  const minister = await mailTo(clarion, 'minister@justice.marovia.example', 'My cousin, and the register')
  assert.doesNotMatch(minister.raw, /amara@example\.org/)
  const receipt = await mailTo(clarion, 'amara@example.org', 'Your message is on its way')
  assert.match(receipt.text!, /> My cousin was taken in spring\./)
  assert.deepEqual(strayed, [])
})

test('where a postcode lies in two districts the page asks, and keeps the rest', async () => {
  const { page } = await phone()
  await fillDetails(page, { name: 'Noor', email: 'noor@example.org', postcode: 'BC150' })
  await page.getByRole('heading', { name: 'Which of these is yours?' }).waitFor()
  await page.getByText('about 60% of this postcode').waitFor()
  await page.getByLabel('Bell Street 81–200').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Idris Maleth').first().waitFor()
  assert.match(await page.locator('textarea[name=body]').inputValue(), /^I live in Corvane/)
  assert.equal(await shown(page, 'closing-label'), 'Yours sincerely,\nNoor\nBC 150')
})

test('a seat that is vacant and an office without an address are said to be that, and somebody else is still written to', async () => {
  const { page } = await phone()
  await fillDetails(page, { name: 'Noor', email: 'noor@example.org', postcode: 'TA 110' })
  await page.getByText('Nobody holds this office at the moment: Member for Tamsin').waitFor()
  await page.getByRole('button', { name: 'Send my message', exact: true }).waitFor()
  await fillDetails(page, { name: 'Noor', email: 'noor@example.org', postcode: 'SO 110' })
  await page.getByText('We have no e-mail address for this office: Member for Sorrel Vale').waitFor()

  await fillDetails(page, { name: 'Noor', email: 'noor@example.org', postcode: 'ZX 110' })
  await page.getByRole('heading', { name: 'This postcode lies outside' }).waitFor()
  await page.getByLabel('Where you live').selectOption('Belmora')
  await page.getByRole('button', { name: 'Continue' }).last().click()
  await page.getByText('Senna Kovic').first().waitFor()
})

test('by herself: her own mail program, the text to copy or a letter to print, and nothing is asked or kept', async () => {
  const { page, context } = await visitor([clarion.site], { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(action)
  await page.getByRole('link', { name: 'Use your own mail app' }).click()
  await page.getByLabel('Postcode').fill('AR 110')
  await page.getByRole('button', { name: 'Continue' }).click()
  const link = new URL((await page.getByRole('link', { name: 'Open in my mail app' }).first().getAttribute('href'))!)
  assert.equal(`${link.protocol}${link.pathname}`, 'mailto:oriel.tavan@assembly.marovia.example')
  const written = decodeURIComponent(/body=(.*)$/.exec(link.href)![1]!)
  assert.match(written, /^Dear Hon\. Oriel Tavan,\r\n\r\nI live in Ardenhal/)
  await page.getByRole('button', { name: 'Copy the text' }).first().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await page.evaluate<string>('navigator.clipboard.readText()'), written.replaceAll('\r\n', '\n'))
  await page.getByRole('button', { name: 'Print a letter' }).click()
  await page.getByRole('heading', { name: 'Your letter' }).waitFor()
  assert.equal(await page.locator('.letter-page').count(), 2)
  await page.getByText('Ministry of Justice, 4 Registry Square').waitFor()
  assert.match((await page.locator('.letter-page').first().textContent())!, /Yours sincerely,\n\n\n_+/, 'there is room to sign')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('header.bar').isVisible(), false, 'it is the writer’s letter: nothing of the organisation stands on it')
  await page.emulateMedia({ media: 'screen' })
  assert.deepEqual(await context.cookies(), [])
})

test('going back, pressing twice and reloading keep what was typed, and it is sent once', async () => {
  const { page } = await phone()
  await fillDetails(page, { name: 'Jun', email: 'jun@example.org', postcode: 'DE 110' })
  await page.locator('textarea[name=body]').fill('My neighbour was taken.')
  await page.getByRole('button', { name: 'Change my details' }).click()
  assert.equal(await page.getByLabel('Name').inputValue(), 'Jun')
  await page.getByLabel('Postcode').fill('ES 110')
  await page.getByRole('button', { name: 'Write your message' }).click()
  await page.getByText('Your own text was kept').waitFor()
  assert.equal(await page.locator('textarea[name=body]').inputValue(), 'My neighbour was taken.')
  await page.reload()
  assert.equal(await page.locator('textarea[name=body]').inputValue(), 'My neighbour was taken.')

  await page.getByRole('button', { name: 'Send my messages' }).dblclick()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await page.goBack()
  assert.equal(await page.locator('textarea[name=body]').inputValue(), 'My neighbour was taken.')
  await page.getByRole('button', { name: 'Send my messages' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await page.reload()

  // In another browser, which has no cookie of the first.
  const other = await visitor([clarion.site])
  const before = await writers()
  await other.page.goto(linkIn(await mailTo(clarion, 'jun@example.org', 'One more step'), '/confirm/'))
  await other.page.getByRole('button', { name: 'Confirm and send my message' }).click()
  await other.page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await mailTo(clarion, 'jun@example.org', 'Your message is on its way')
  await until(async () => await writers() === before + 1, 'the message to be counted')
  await mailTo(clarion, 'tomas.bellany@assembly.marovia.example', 'Please vote for the register')
  assert.equal((await messagesTo('tomas.bellany@assembly.marovia.example')).length, 1)
  assert.equal((await messagesTo('jun@example.org')).filter((mail) => mail.subject!.includes('One more step')).length, 1)
})
