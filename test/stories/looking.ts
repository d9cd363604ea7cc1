import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { linkIn, mailTo, type RunningClarion } from '../support/clarion.ts'
import { post, sign, write } from '../support/http.ts'
import { accessibilityFaults, sidewaysFaults, type Visitor } from './browser.ts'

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

/**
 * Looks at pages as a phone shows them in one scheme and a desk in the other. Returns what is wrong with them. What a program can check of their
 * accessibility is checked in the one that is `audited`: the other language has the other size and scheme.
 */
export async function faultsOf(visitors: { phone: Visitor, wide: Visitor }, audited: 'phone' | 'wide', group: string, pages: Record<string, Go>): Promise<string[]> {
  const faults: string[] = []
  for (const [name, go] of Object.entries(pages)) {
    for (const [size, { page, strayed }] of Object.entries(visitors)) {
      await go(page)
      await page.waitForLoadState('load')
      const found = [...await sidewaysFaults(page), ...(size === audited ? await accessibilityFaults(page) : []), ...strayed.splice(0).map((url) => `asked for ${url}`)]
      faults.push(...found.map((fault) => `${group} ${name} (${size}): ${fault}`))
      if (look) await page.screenshot({ path: `${look}/${group}-${name}-${size}.png`, fullPage: true })
    }
  }
  return faults
}
