import type { Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import type { RunningClarion } from '../support/clarion.ts'

/** The code that an authenticator app would show now. */
export function oneTimeCode(secret: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, '')) }).generate()
}

export const administrator = { name: 'Amara Lind', email: 'amara.lind@example.org', password: 'copper umbrella waits outside' }

/** Follows the link of the first start, and sets a password with a one-time code. Ends on the first page of the set-up. */
export async function becomeAdministrator(page: Page, clarion: Pick<RunningClarion, 'signinLink'>, language: 'English' | 'العربية' = 'English'): Promise<{ secret: string }> {
  await page.goto(clarion.signinLink)
  await page.locator('#name').fill(administrator.name)
  await page.locator('#email').fill(administrator.email)
  await page.getByLabel(language, { exact: true }).check()
  await page.locator('form[method=post] button').first().click()
  await page.waitForURL('**/account')
  const secret = await page.locator('input[name=secret]').inputValue()
  await page.locator('#password').fill(administrator.password)
  await page.locator('#code').fill(oneTimeCode(secret))
  await page.locator('form[action="/account/password"] button').click()
  await page.waitForURL('**/set-up?**')
  return { secret }
}
