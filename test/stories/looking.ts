import { mkdirSync } from 'node:fs'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { linkIn, mailTo, type RunningClarion } from '../support/clarion.ts'
import { post, sign, write } from '../support/http.ts'
import { accessibilityFaults, sidewaysFaults, visitor, type Visitor } from './browser.ts'

/** Set LOOK to a folder to get a picture of every page in it. */
const look = process.env.LOOK
if (look) mkdirSync(look, { recursive: true })

export const petition = '/actions/no-one-should-vanish'
export const message = '/actions/write-to-your-representative'
export const someone = { name: 'Amara', email: 'amara@example.org' }

/** Somebody has signed and written and confirmed both; somebody else waits for a check. */
export async function somebodyHasActed(clarion: RunningClarion): Promise<void> {
  await sign(clarion.site, petition, { ...someone, postcode: 'AR 110', comment: 'My cousin was taken.' })
  await sign(clarion.site, petition, { name: 'see www.shop.example', email: 'spam@example.org' })
  await write(clarion.site, message, { ...someone, postcode: 'AR 110' }, { body: 'Please vote for the register.' })
  for (const subject of ['One more step: No one should vanish', 'One more step, your message is waiting']) {
    await post(clarion.site, new URL(linkIn(await mailTo(clarion, someone.email, subject), '/confirm/')).pathname, {})
  }
  await mailTo(clarion, 'minister@justice.marovia.example', 'register of detention')
}

/** A way to a page. */
export type Go = (page: Page) => Promise<unknown>
export const at = (origin: string, path: string): Go => (page) => page.goto(`${origin}${path}`)

const sizes = { phone: { width: 320, height: 640 }, wide: { width: 1280, height: 900 } } as const
type Size = keyof typeof sizes

/** How somebody looks: in a size, and in a scheme for each size. */
export interface Looks {
  opensOn: Size
  schemes: Record<Size, 'light' | 'dark'>
}

/** Somebody whose window is as large as that of the device that pages are opened on, in its scheme. */
export function looker(origins: string[], { opensOn, schemes }: Looks, options: BrowserContextOptions = {}): Promise<Visitor> {
  return visitor(origins, { viewport: sizes[opensOn], colorScheme: schemes[opensOn], ...options })
}

/**
 * Looks at pages as one device opens them, and then turns each into the size and scheme of the other. Returns what is wrong with them. What a program
 * can check of their accessibility is checked in the first: the other language has the other one.
 */
export async function faultsOf({ page, strayed }: Visitor, { opensOn, schemes }: Looks, group: string, pages: Record<string, Go>): Promise<string[]> {
  const faults: string[] = []
  for (const [name, go] of Object.entries(pages)) {
    for (const size of [opensOn, opensOn === 'phone' ? 'wide' : 'phone'] as const) {
      await page.setViewportSize(sizes[size])
      await page.emulateMedia({ colorScheme: schemes[size] })
      if (size === opensOn) await go(page)
      await page.waitForLoadState('load')
      const found = [...await sidewaysFaults(page), ...(size === opensOn ? await accessibilityFaults(page) : []), ...strayed.splice(0).map((url) => `asked for ${url}`)]
      faults.push(...found.map((fault) => `${group} ${name} (${size}): ${fault}`))
      if (look) await page.screenshot({ path: `${look}/${group}-${name}-${size}.png`, fullPage: true })
    }
  }
  return faults
}
