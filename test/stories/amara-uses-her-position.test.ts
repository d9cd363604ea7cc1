import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Request } from 'playwright-core'
import { startClarion } from '../support/clarion.ts'
import { accessibilityFaults, sidewaysFaults, visitor } from './browser.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const action = '/actions/write-to-your-representative'
/** In the middle of Galdara. */
const galdara = { latitude: -0.31, longitude: -0.62, accuracy: 30 }

/** A phone somewhere, and everything that it asked for or sent. */
async function phoneAt(position: { latitude: number, longitude: number, accuracy?: number } | undefined, more: Parameters<typeof visitor>[1] = {}) {
  const it = await visitor([clarion.site], { permissions: position ? ['geolocation'] : [], geolocation: position, ...more })
  const requests: Request[] = []
  it.context.on('request', (request) => void requests.push(request))
  return { ...it, requests }
}

function sent(requests: Request[]): string {
  return requests.map((request) => [request.method(), request.url(), JSON.stringify(request.headers()), request.postData() ?? ''].join(' ')).join('\n')
}

test('pressing the button fills in her district, and no request carries where she is', async () => {
  const { page, requests, strayed } = await phoneAt(galdara)
  await page.goto(clarion.site + action)
  const loadedBefore = requests.length
  assert.ok(!requests.some((request) => /point|boundaries/.test(request.url())), 'nothing of it is loaded before it is asked for')
  await page.getByText('Your position stays on this device').waitFor()
  await page.getByRole('button', { name: 'Use my position' }).click()
  await page.getByText('You are in').waitFor()
  assert.match(await page.getByRole('status').first().innerText(), /Galdara/)
  assert.equal(await page.getByLabel('Where you live').inputValue(), 'marovia:GA')
  assert.deepEqual(requests.slice(loadedBefore).map((request) => new URL(request.url()).pathname.replace(/[0-9a-f]{12,}/, '…')), ['/assets/point-en-….js', `${action}/boundaries/…/index.json`, `${action}/boundaries/…/0.json`])
  assert.deepEqual([...await accessibilityFaults(page), ...await sidewaysFaults(page)], [])

  await page.getByLabel('Name').fill('Amara')
  await page.getByLabel('E-mail').fill('amara@example.org')
  await page.getByRole('button', { name: 'Write your message' }).click()
  await page.getByText('Piet Hallorn').first().waitFor()
  assert.doesNotMatch(sent(requests), /0\.31\d*|0\.62\d*|-31000|-62000|latitude|longitude|coords/, 'the position is in no address, header or form')
  assert.deepEqual(strayed, [])
})

test('near a border she is told which other district is close, and outside of all that there is a list', async () => {
  const near = await phoneAt({ ...galdara, accuracy: 40_000 })
  await near.page.goto(`${clarion.site}/ar${action}`)
  await near.page.getByRole('button', { name: 'استعمل موقعي' }).click()
  await near.page.getByText('يبدو أنك في').waitFor()
  assert.equal(await near.page.locator('select[name=area]').inputValue(), 'marovia:GA')
  assert.deepEqual([...await accessibilityFaults(near.page), ...await sidewaysFaults(near.page)], [])

  const away = await phoneAt({ latitude: 60, longitude: 60 })
  await away.page.goto(clarion.site + action)
  await away.page.getByRole('button', { name: 'Use my position' }).click()
  await away.page.getByText('Your position lies in none of the areas').waitFor()
  assert.equal(await away.page.locator('select[name=area]').inputValue(), '')
  assert.deepEqual([...near.strayed, ...away.strayed], [])
})

test('who does not allow it, or has no script, loses nothing: postcode and list are there', async () => {
  const refusing = await phoneAt(undefined)
  await refusing.page.goto(clarion.site + action)
  await refusing.page.getByRole('button', { name: 'Use my position' }).click()
  await refusing.page.getByText('This browser may not use your position').waitFor()
  assert.ok(!refusing.requests.some((request) => request.url().includes('/boundaries/')), 'no boundary is loaded for nothing')

  const plain = await phoneAt(galdara, { javaScriptEnabled: false })
  await plain.page.goto(clarion.site + action)
  assert.equal(await plain.page.getByRole('button', { name: 'Use my position' }).isVisible(), false)
  await plain.page.getByLabel('Name').fill('Noor')
  await plain.page.getByLabel('E-mail').fill('noor@example.org')
  await plain.page.getByText('Choose from a list instead').click()
  await plain.page.getByLabel('Where you live').selectOption('Galdara')
  await plain.page.getByRole('button', { name: 'Write your message' }).click()
  await plain.page.getByText('Piet Hallorn').first().waitFor()
})

test('where nobody was found by a code, the position is a way on too', async () => {
  const { page } = await phoneAt(galdara)
  await page.goto(`${clarion.site}${action}/by-yourself`)
  await page.getByLabel('Postcode').fill('AA 999')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'We do not know this postcode' }).waitFor()
  await page.getByRole('button', { name: 'Use my position' }).click()
  await page.getByText('You are in').waitFor()
  await page.getByRole('button', { name: 'Continue' }).last().click()
  await page.getByRole('link', { name: 'Open in my mail app' }).first().waitFor()
})
