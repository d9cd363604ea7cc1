import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { write } from '../support/http.ts'
import { accessibilityFaults, visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const { page: desk, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
const { page: phone } = await visitor([clarion.site], { javaScriptEnabled: false })
const action = '/actions/write-to-your-representative'
const press = (name: string) => desk.getByRole('button', { name, exact: true }).click()
const messagesTo = async (address: string) => (await inboxMails(clarion)).filter((mail) => mail.to?.[0]?.address === address)

/** What a supporter's page says, once it says it: a change at the desk shows within a second. */
async function supporterReads(words: string): Promise<void> {
  await until(async () => {
    await phone.goto(`${clarion.site}${action}`)
    return phone.getByText(words).first().isVisible()
  }, `the page to say “${words}”`, 2500)
}

async function sendingPage(): Promise<void> {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: 'Ask your representative to vote' }).click()
  await desk.getByRole('link', { name: 'When messages leave' }).first().click()
}

test('prepare: an administrator is at the desk', async () => {
  await becomeAdministrator(desk, clarion)
})

test('the day the Assembly is dissolved: one form at the desk, and the page says that messages wait', async () => {
  await desk.goto(`${clarion.desk}/targets?body=marovia-assembly`)
  await desk.getByRole('link', { name: 'When it sits' }).click()
  await desk.getByText('Nothing is announced: it sits.').waitFor()
  await press('Announce')
  await desk.getByText('Please choose one.').first().waitFor()
  await desk.getByLabel(/^Dissolved/).check()
  await desk.getByLabel('Its members leave office on that day').check()
  assert.deepEqual(await accessibilityFaults(desk), [])
  await press('Announce')
  await desk.getByText('nobody has said when it sits again').waitFor()
  await supporterReads('your message is kept here until it sits again')
  await phone.getByText('nobody has said yet when the new one sits').waitFor()
})

test('what is written meanwhile is confirmed, and stays in the outbox with the reason; its writer is told so', async () => {
  const sent = await write(clarion.site, action, { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }, { subject: 'To whoever is elected' })
  assert.equal(sent.status, 303)
  await phone.goto(linkIn(await mailTo(clarion, 'amara@example.org', 'One more step'), '/confirm/'))
  await phone.getByRole('button', { name: 'Confirm and send my message' }).click()
  await mailTo(clarion, 'minister@justice.marovia.example', 'To whoever is elected')
  const receipt = await mailTo(clarion, 'amara@example.org', 'Your message is on its way')
  assert.match(receipt.text!, /What is for Member for Ardenhal is kept here until that body sits again, and goes to whoever holds the office then/)
  await until(async () => {
    await desk.goto(`${clarion.desk}/outbox/messages?state=queued`)
    return desk.getByText('its body does not sit').first().isVisible()
  }, 'the outbox to say why the message waits')
  assert.deepEqual(await messagesTo('oriel.tavan@assembly.marovia.example'), [])
})

test('a petition may be offered instead, and the page does so at once', async () => {
  await sendingPage()
  await desk.getByText('Dissolved').first().waitFor()
  await desk.locator('#when_dissolved').getByLabel(/^Offer a petition/).check()
  await press('Save')
  await desk.getByText('Please choose the petition to offer.').first().waitFor()
  await desk.locator('#instead').selectOption({ label: 'No one should vanish: ratify the convention' })
  await press('Save')
  await desk.getByText('Assembly of Marovia: Dissolved. Offer a petition.').waitFor()
  await supporterReads('What you can do until then')
  await phone.locator('#do').getByRole('link', { name: 'Sign' }).click()
  await phone.getByRole('heading', { name: 'Add your name' }).waitFor()
  await sendingPage()
  await desk.locator('#when_dissolved').getByLabel(/^Hold messages/).check()
  await press('Save')
})

test('the elected come with a file, the Assembly sits, and what was kept goes to them and to nobody who left', async () => {
  const elected = readFileSync(new URL('../../world/assembly.csv', import.meta.url), 'utf8').replace('m01,', 'm21,').replaceAll('Oriel Tavan', 'Wren Halloway').replace('oriel.tavan', 'wren.halloway')
  await desk.goto(`${clarion.desk}/imports/new`)
  await desk.locator('#file').setInputFiles({ name: 'elected.csv', mimeType: 'text/csv', buffer: Buffer.from(elected) })
  await desk.getByLabel(/^Any other file of office-holders/).check()
  await press('Look at what would happen')
  await desk.locator('#body_name').fill('Marovia Assembly')
  await desk.locator('#area_prefix').fill('marovia')
  await desk.locator('#office_label_pattern').fill('Member for {area}')
  for (const [column, header] of [['area_code', 'district_code'], ['area_name', 'district'], ['holder_id', 'member_id'], ['holder', 'member'], ['formal_name', 'style'], ['email', 'email']] as const) await desk.locator(`#column-${column}`).selectOption(header)
  await press('Look at what would happen')
  await desk.getByText('Nothing has been changed yet').waitFor()
  await press('Do it')
  await desk.getByText('This is what was done').waitFor()
  assert.deepEqual(await messagesTo('wren.halloway@assembly.marovia.example'), [], 'it does not sit yet')

  await desk.goto(`${clarion.desk}/targets/bodies/marovia-assembly`)
  await desk.locator('#states').getByLabel('It sits again on').fill(new Date().toISOString().slice(0, 10))
  await desk.locator('#states').getByRole('button', { name: 'Save' }).click()
  await desk.getByText('Nothing is announced: it sits.').waitFor()
  const mail = await until(async () => (await messagesTo('wren.halloway@assembly.marovia.example'))[0], 'the message to the new member', 25_000)
  assert.match(mail.text!, /^Dear Hon\. Wren Halloway,/)
  assert.doesNotMatch(mail.raw, /Tavan/)
  assert.deepEqual(await messagesTo('oriel.tavan@assembly.marovia.example'), [])
  await supporterReads('Your details')
  assert.equal(await phone.getByText('is dissolved').count(), 0)
  assert.deepEqual(strayed, [])
})
