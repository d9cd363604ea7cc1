import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../support/chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Visitor {
  page: Page
  context: BrowserContext
  /** Requests that went anywhere but to the given origins, pages that failed on our side, and what the pages complained about. */
  strayed: string[]
}

let launched: Promise<Browser> | undefined
// One that did not start has said so to whoever wanted it; what else is to be put away goes on.
after(async () => (await launched?.catch(() => undefined))?.close())

/** Somebody with a browser: a phone by default, with or without JavaScript. */
export async function visitor(origins: string[], options: BrowserContextOptions = {}): Promise<Visitor> {
  launched ??= launchBrowser()
  const context = await (await launched).newContext({ viewport: { width: 390, height: 844 }, ...options })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const strayed: string[] = []
  context.on('request', (request) => {
    if (!/^(data|blob|about):/.test(request.url()) && !origins.some((origin) => request.url().startsWith(`${origin}/`))) strayed.push(request.url())
  })
  context.on('response', (response) => {
    if (response.status() === 500) strayed.push(`500 ${response.url()}`)
  })
  context.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) strayed.push(message.text())
  })
  return { page, context, strayed }
}

const equipped = new WeakSet<BrowserContext>()

/** Whoever's pages are checked once gets what checks them with each further page: handing half a megabyte over for each took longer than checking. */
async function equip(page: Page): Promise<void> {
  const context = page.context()
  if (!equipped.has(context)) {
    equipped.add(context)
    await context.addInitScript({ content: axe })
  }
  // A browser without JavaScript runs nothing by itself.
  if (!await page.evaluate<boolean>('"axe" in window')) await page.evaluate(`(() => { ${axe} })()`)
}

/** Which accessibility rules of WCAG 2.2 AA, of those that a program can check, a page breaks; and names that two elements share. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await equip(page)
  return page.evaluate<string[]>(`(async () => { const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
    return [...found.violations.map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')),
      ...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => 'two elements are called ' + id)] })()`)
}

/** By how many pixels a page stands out of the window sideways; none if it is as it should be. */
export async function sidewaysFaults(page: Page): Promise<string[]> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  return overflow > 0 ? [`${overflow}px wider than the screen`] : []
}
