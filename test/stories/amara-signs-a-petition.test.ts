import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { visitor } from './browser.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const petition = `${clarion.site}/actions/no-one-should-vanish`

async function count(): Promise<number> {
  return ((await (await fetch(`${petition}/count.json`)).json()) as { count: number }).count
}

test('Amara signs on a phone without JavaScript, confirms by the button, and is counted once', async () => {
  const { page, strayed } = await visitor([clarion.site, clarion.inbox], { javaScriptEnabled: false })
  await page.goto(petition)
  await page.getByLabel('Name').fill('Amara')
  await page.getByLabel('E-mail').fill('amara@example.org')
  await page.getByRole('button', { name: 'Sign' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()

  const mail = await mailTo(clarion, 'amara@example.org', 'One more step')
  assert.doesNotMatch(mail.raw, /Amara/, 'nothing that was typed stands in a mail before it is confirmed')
  // A scanner opens every link in every mail, twice, also with HEAD.
  for (const link of mail.text!.match(/http\S+/g)!) for (const method of ['GET', 'HEAD', 'GET']) await fetch(link, { method })
  assert.equal(await count(), 0)

  await page.goto(linkIn(mail, '/confirm/'))
  await page.getByRole('button', { name: 'Confirm my signature' }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await until(async () => await count() === 1, 'the signature to be counted')
  const receipt = await mailTo(clarion, 'amara@example.org', 'Your signature counts')
  assert.equal(receipt.headers.find((header) => header.key === 'list-unsubscribe-post')?.value, 'List-Unsubscribe=One-Click')

  await page.goto(linkIn(mail, '/confirm/'))
  await page.getByRole('heading', { name: 'It is confirmed' }).waitFor()
  assert.deepEqual(strayed, [])
})

test('signing again shows the same page, and only the mailbox learns the difference', async () => {
  const { page } = await visitor([clarion.site], { javaScriptEnabled: false })
  await page.goto(petition)
  await page.getByLabel('Name').fill('Amara')
  await page.getByLabel('E-mail').fill('Amara@EXAMPLE.org')
  await page.getByRole('button', { name: 'Sign' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  const mail = await mailTo(clarion, 'amara@example.org', 'You have signed already')
  assert.doesNotMatch(mail.raw, /Amara(?!@)/, 'nothing that was typed stands in it')
  assert.equal(await count(), 1)
})

test('with JavaScript the browser that signed confirms by itself, and is not asked again', async () => {
  const { page, strayed } = await visitor([clarion.site])
  await page.goto(petition)
  await page.getByLabel('Name').fill('Noor')
  await page.getByLabel('E-mail').fill('noor@example.org')
  await page.getByRole('button', { name: 'Sign' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await page.goto(linkIn(await mailTo(clarion, 'noor@example.org', 'One more step'), '/confirm/'))
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await until(async () => await count() === 2, 'the signature to be counted')

  // Another action in the same browser with the same address: no second confirmation.
  await page.goto(`${clarion.site}/actions/write-to-your-representative`)
  await page.getByLabel('Name').fill('Noor')
  await page.getByLabel('E-mail').fill('noor@example.org')
  await page.getByLabel('Postcode').fill('ar 110')
  await page.getByRole('button', { name: 'Write your message' }).click()
  await page.getByRole('button', { name: 'Send my messages' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await mailTo(clarion, 'noor@example.org', 'Your message is on its way')
  assert.equal((await inboxMails(clarion)).filter((mail) => mail.to?.[0]?.address === 'noor@example.org' && mail.subject?.includes('One more step')).length, 1)
  assert.deepEqual(strayed, [])
})

test('the code of the mail works in the browser that signed, and five wrong ones end it', async () => {
  const { page } = await visitor([clarion.site], { javaScriptEnabled: false })
  const sign = async (name: string, email: string) => {
    await page.goto(petition)
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Sign' }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    return /(\d{3} \d{3})/.exec((await mailTo(clarion, email, 'One more step')).text!)![1]!
  }
  const type = async (code: string) => {
    await page.getByLabel('The code from our mail').fill(code)
    await page.getByRole('button', { name: 'Confirm' }).click()
  }
  const code = await sign('Ilse', 'ilse@example.org')
  await type('000 000')
  await page.getByText('This is not the code').first().waitFor()
  await type(code)
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await until(async () => await count() === 3, 'the signature to be counted')

  const second = await sign('Ilse', 'ilse.two@example.org')
  for (let tries = 0; tries < 5; tries++) await type(second === '111 111' ? '222222' : '111111')
  await type(second)
  await page.getByText('tried five times').first().waitFor()
})

test('taking it back lowers the count, and unsubscribing works in one click without a cookie', async () => {
  const { page } = await visitor([clarion.site], { javaScriptEnabled: false })
  const receipt = await mailTo(clarion, 'noor@example.org', 'Your signature counts')
  const before = await count()
  await page.goto(linkIn(receipt, '/withdraw/'))
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByRole('heading', { name: 'It is taken back' }).waitFor()
  await until(async () => await count() === before - 1, 'the count to go down')

  const unsubscribe = /<(http[^>]+)>/.exec(receipt.headers.find((header) => header.key === 'list-unsubscribe')!.value)![1]!
  for (let times = 0; times < 2; times++) {
    const answer = await fetch(unsubscribe, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), redirect: 'manual' })
    assert.equal(answer.status, 200)
  }
})

test('forgetting a device removes both cookies', async () => {
  const { page, context } = await visitor([clarion.site], { javaScriptEnabled: false })
  await page.goto(petition)
  await page.getByLabel('Name').fill('Jun')
  await page.getByLabel('E-mail').fill('jun@example.org')
  await page.getByRole('button', { name: 'Sign' }).click()
  assert.deepEqual((await context.cookies()).map((cookie) => cookie.name), ['clarion-signed'])
  await page.goto(`${clarion.site}/forget-me`)
  await page.getByRole('button', { name: 'Forget me' }).click()
  await page.getByRole('heading', { name: 'This device has forgotten you' }).waitFor()
  assert.deepEqual(await context.cookies(), [])
})
