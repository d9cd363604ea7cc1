import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { until } from '#test/support/clarion.ts'
import { acting } from '#test/support/acting.ts'
import { openPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'
import { visitor } from './browser.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))
const elsewhere = 'https://weather.example/today'
/** The other site, which no machine of ours is. */
const otherSite = (context: BrowserContext) => context.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Rain later</h1>' }))
await it.db.updateTable('publisher').set({ exit_url: elsewhere, exit_everywhere: true }).execute()
await until(async () => (await (await fetch(`${origin}/topics`)).text()).includes('data-exit'), 'the way out to be there')

test('whoever left the site at once does not come back to any page of it by the back button, and is not sent away when they come anew', async () => {
  const { page, context } = await visitor([origin])
  await otherSite(context)
  await page.goto(`${origin}/places`)
  await page.goto(`${origin}/topics`)
  await page.locator('a[data-exit]').click()
  await page.waitForURL(elsewhere)
  await page.goBack({ waitUntil: 'commit' })
  await page.waitForURL(elsewhere)
  await page.goto(`${origin}/topics`)
  await page.locator('h1').waitFor()
  assert.equal(await page.evaluate('sessionStorage.length'), 0)
  assert.equal(page.url(), `${origin}/topics`)
})

test('without a script the way out is a link like any other, and tells the other side nothing of where one was', async () => {
  const { page, context } = await visitor([origin], { javaScriptEnabled: false })
  await otherSite(context)
  await page.goto(`${origin}/topics`)
  const [request] = await Promise.all([page.waitForRequest(elsewhere), page.locator('a[data-exit]').click()])
  assert.equal(request.headers().referer, undefined)
})
