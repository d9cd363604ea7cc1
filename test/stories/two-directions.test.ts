import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { acting } from '#test/support/acting.ts'
import { openPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'
import { visitor } from './browser.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))

/** Where the words of an element begin and end, from the left of the window. */
const sidesOf = (page: Page, selector: string) => page.locator(selector).first().evaluate((element) => {
  const range = element.ownerDocument.createRange()
  range.selectNodeContents(element)
  const { left, right } = range.getBoundingClientRect()
  return { left: Math.round(left), right: Math.round(right) }
})
const words = '.para > p:not(.when):not(.more)'

for (const width of [320, 1200]) {
  test(`on an Arabic page of ${width} pixels, what we say of a paragraph that there is only in English stands at the side where that begins`, async () => {
    const { page, context } = await visitor([origin], { viewport: { width, height: 800 }, javaScriptEnabled: false })
    await page.goto(`${origin}/ar/items/ridge-front-lets-three-go`)
    const { left } = await sidesOf(page, words)
    assert.match(await page.locator('.para .when').first().innerText(), /حدث ذلك/)
    for (const ours of ['.para .when', '.para .more', '.figures > h2', '.figures li']) assert.equal((await sidesOf(page, ours)).left, left, ours)
    await page.goto(`${origin}/ar/items/baker-of-esterwick-free`)
    assert.equal((await sidesOf(page, '.para .when')).right, (await sidesOf(page, words)).right, 'what is in Arabic too begins at the right')
    await context.close()
  })
}
