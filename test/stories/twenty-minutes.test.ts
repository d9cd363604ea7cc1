import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { emptyFolder, inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { accessibilityFaults, visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion({ folder: emptyFolder() })
after(() => clarion[Symbol.asyncDispose]())

const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url))
const picture = fileURLToPath(new URL('../../world/images/lanterns-1200.jpg', import.meta.url))
const { page: desk, strayed } = await visitor([clarion.desk, clarion.site, clarion.inbox], { viewport: { width: 1280, height: 900 } })

async function save(page: Page, name = 'Save and continue'): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

test('a newcomer writes to the sample country’s representatives on a phone and sees the mail arrive', async () => {
  const { page } = await visitor([clarion.site, clarion.inbox], { javaScriptEnabled: false })
  await page.goto(clarion.site)
  await page.getByRole('link', { name: /Ask your representative/ }).click()
  await page.getByLabel('Name').fill('Newcomer')
  await page.getByLabel('E-mail').fill('newcomer@example.org')
  await page.getByLabel('Postcode').fill('AR110')
  await page.getByRole('button', { name: 'Write your message' }).click()
  await page.getByRole('button', { name: 'Send my messages' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()

  await until(async () => (await inboxMails(clarion)).length, 'a mail in the inbox')
  await page.goto(clarion.inbox)
  await page.getByRole('link', { name: /One more step/ }).click()
  await page.goto(linkIn(await mailTo(clarion, 'newcomer@example.org', 'One more step'), '/confirm/'))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await until(async () => (await inboxMails(clarion)).filter((mail) => mail.subject === 'Please vote for the register of detention').length === 2, 'both messages')
})

test('setting up: who we are, how to reach us, what we promise, how we look, and the keys', async () => {
  await becomeAdministrator(desk, clarion)
  await desk.getByRole('link', { name: 'Begin' }).click()
  await desk.getByRole('heading', { name: 'Languages and place' }).waitFor()
  await save(desk)

  await desk.locator('#org_name-en').fill('Harbour Watch')
  await desk.locator('#org_name-ar').fill('مرصد الميناء')
  await desk.locator('#about-en').fill('We stand by people who are held without a trial.')
  await save(desk)
  assert.equal(await desk.locator('#org_email').inputValue(), '', 'the sample’s address is not a suggestion')
  await desk.locator('#responsible-en').fill('Harbour Watch, 3 Quay Street')
  await desk.locator('#responsible-ar').fill('مرصد الميناء، شارع الرصيف ٣')
  await desk.locator('#org_email').fill('office@harbour-watch.example')
  await desk.locator('#org_phone').fill('+00 555 0199')
  await desk.locator('#org_address').fill('3 Quay Street')
  await desk.locator('#mail_from').fill('actions@harbour-watch.example')
  await save(desk)
  assert.match(await desk.locator('#privacy-en').inputValue(), /Harbour Watch is responsible[\s\S]*office@harbour-watch\.example/)
  await save(desk)
  await desk.locator('#logo').setInputFiles(picture)
  await desk.locator('#accent').fill('#f7e017')
  await save(desk)
  await desk.locator('#donate').fill('https://harbour-watch.example/donate')
  await desk.locator('#follow').fill('Newsletter https://harbour-watch.example/news')
  await save(desk)
  await desk.getByText('If these keys are lost').waitFor()
  await desk.getByRole('button', { name: 'Show the recovery sheet' }).click()
  assert.match((await desk.locator('pre').first().textContent())!, /^contact-[0-9a-f]{8} [0-9A-F]{8}[\s\S]*\nrecord-[\s\S]*\nindex-1 /)
  await desk.getByRole('button', { name: 'I have put it away' }).click()
  await desk.getByText('Everything is set up').waitFor()

  const { page } = await visitor([clarion.site])
  await page.goto(clarion.site)
  await page.getByRole('heading', { name: 'Harbour Watch' }).waitFor()
  await page.getByRole('link', { name: 'Newsletter' }).waitFor()
  assert.deepEqual(await accessibilityFaults(page), [], 'a pale colour is darkened until it can be read')
  await page.goto(`${clarion.site}/actions/no-one-should-vanish`)
  await page.getByText('May Harbour Watch write to me by e-mail').waitFor()
})

test('loading a country’s office-holders and postcodes: tried first, then done', async () => {
  for (const [file, mapping] of [['members-in-uk-format.csv', 'uk-members'], ['postcodes-in-uk-format.yml', 'uk-postcodes']] as const) {
    await desk.goto(`${clarion.desk}/imports/new`)
    await desk.locator('#file').setInputFiles(data(file))
    await desk.getByLabel(`Ready-made: ${mapping}`).check()
    await desk.getByRole('button', { name: 'Look at what would happen' }).click()
    await desk.getByText('Nothing has been changed yet').waitFor()
    await desk.getByRole('button', { name: 'Do it' }).click()
    await desk.getByText('This is what was done').waitFor()
  }
  assert.match((await desk.locator('table').textContent())!, /we do not know its area/)
  await desk.goto(`${clarion.desk}/targets?q=Farrow`)
  await desk.getByText('Member for Eastmere').waitFor()
})

test('making a sample action one’s own: words, picture, targets; then it opens', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /Ask your representative/ }).click()
  await desk.getByRole('button', { name: 'Duplicate' }).click()
  await desk.getByText('Here is the copy, as a draft').waitFor()
  const overview = desk.url().split('?')[0]!

  await desk.getByRole('link', { name: 'Words in English' }).click()
  await desk.locator('#title').fill('Ask your member to visit the detained')
  await desk.locator('#subject').fill('Please visit the people who are detained')
  await desk.locator('#body').fill('I live in {area|your district} and I ask you to visit the people who are held in our town.')
  await desk.getByRole('button', { name: 'Save', exact: true }).click()

  await desk.getByRole('link', { name: 'Picture' }).click()
  await desk.locator('#picture').setInputFiles(picture)
  await desk.locator('#credit').fill('Photo: Jun Castellane')
  await desk.getByRole('button', { name: 'Use this picture' }).click()
  await desk.getByText('a description of the picture').first().waitFor()
  assert.equal(await desk.getByRole('button', { name: 'Open now' }).count(), 0, 'what described the sample’s picture is not said of this one')
  await desk.getByRole('link', { name: 'Words in English' }).click()
  await desk.locator('#image_alt').fill('Lanterns in windows')
  await desk.getByRole('button', { name: 'Save', exact: true }).click()
  await desk.getByText('It opens without Arabic').waitFor()

  await desk.goto(`${overview}/targets`)
  await desk.getByLabel(/^Assembly of Marovia/).uncheck()
  await desk.getByLabel(/^Minister of Justice/).uncheck()
  await desk.getByLabel(/^Parliament/).check()
  await desk.locator('#scheme').selectOption('uk-postcode')
  await desk.getByRole('button', { name: 'Save', exact: true }).click()

  await desk.goto(`${overview}/settings`)
  await desk.locator('#slug').fill('visit-the-detained')
  await desk.getByRole('button', { name: 'Save', exact: true }).click()
  await desk.getByRole('button', { name: 'Open now' }).click()
  await desk.getByText('It is open.').waitFor()
})

test('a friend follows the shared link, and the message reaches the right office', async () => {
  const { page } = await visitor([clarion.site])
  await page.goto(`${clarion.site}/actions/visit-the-detained?s=friend`)
  await page.getByText('Photo: Jun Castellane').waitFor()
  await page.getByLabel('Name').fill('Friend Ferrow')
  await page.getByLabel('E-mail').fill('friend@example.org')
  await page.getByLabel('Postcode').fill(' za2 2bb ')
  await page.getByRole('button', { name: 'Write your message' }).click()
  await page.getByText('Member for Lower Wick').first().waitFor()
  await page.getByRole('button', { name: 'Send my message' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await page.goto(linkIn(await mailTo(clarion, 'friend@example.org', 'One more step'), '/confirm/'))
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()

  const message = await mailTo(clarion, 'tamsin.odell.mp@parliament.example.invalid', 'Please visit the people')
  assert.equal(message.from?.name, 'Friend Ferrow via Harbour Watch')
  assert.equal(message.from?.address, 'actions@harbour-watch.example')
  assert.equal(message.replyTo?.[0]?.address, 'friend@example.org')
  assert.match(message.text!, /^Dear Tamsin O’Dell MP,\s+I live in Lower Wick and I ask you/)
  assert.match(message.text!, /Yours sincerely,\s+Friend Ferrow/)
})

test('stopping it: the page says why at once, and for half a minute it can be taken back', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /visit the detained/ }).click()
  await desk.locator('#reason').first().fill('Her lawyer asked us to wait.')
  await desk.getByRole('button', { name: 'Stop', exact: true }).click()
  await desk.getByText('Messages that had not left stay here').waitFor()
  const answer = await until(async () => {
    const text = await (await fetch(`${clarion.site}/actions/visit-the-detained`)).text()
    return text.includes('Her lawyer asked us to wait.') ? text : undefined
  }, 'the page to say why', 1500)
  assert.doesNotMatch(answer, /<form method="post" action="[^"]*compose/)
  await desk.getByRole('button', { name: 'Undo' }).click()
  await desk.getByText('Taken back.', { exact: true }).waitFor()
  assert.deepEqual(strayed, [])
})

test('Ctrl-C ends everything and leaves nothing running', async () => {
  assert.equal(await clarion.stop('SIGINT'), 0)
  await assert.rejects(fetch(clarion.site))
})
