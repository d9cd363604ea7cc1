import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { post, sign, write } from '../support/http.ts'
import { accessibilityFaults, sidewaysFaults, visitor, type Visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

/** Set LOOK to a folder to get a picture of every page in it. */
const look = process.env.LOOK
if (look) mkdirSync(look, { recursive: true })

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const someone = { name: 'Amara', email: 'amara@example.org' }

type Go = (page: Page) => Promise<unknown>
const at = (origin: string, path: string): Go => (page) => page.goto(`${origin}${path}`)

/** A form on a page, filled in and sent as a browser does it. */
function sent(path: string, fields: Record<string, string>): Go {
  return async (page) => {
    await page.goto(`${clarion.site}${path}`)
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).first().fill(value)
    await page.locator('#do form button.go, form#do button.go').first().click()
  }
}

const words = {
  en: { prefix: '', dark: false }, ar: { prefix: '/ar', dark: true },
} as const

test('prepare: somebody has signed, written, and waits for a check', async () => {
  await sign(clarion.site, petition, { ...someone, postcode: 'AR 110', comment: 'My cousin was taken.' })
  await sign(clarion.site, petition, { name: 'see www.shop.example', email: 'spam@example.org' })
  await write(clarion.site, message, { ...someone, postcode: 'AR 110' }, { body: 'Please vote for the register.' })
  for (const subject of ['One more step: No one should vanish', 'One more step, your message is waiting']) {
    await post(clarion.site, new URL(linkIn(await mailTo(clarion, someone.email, subject), '/confirm/')).pathname, {})
  }
  await mailTo(clarion, 'minister@justice.marovia.example', 'register of detention')
})

/** Looks at pages as a phone shows them in one scheme and a desk in the other. Returns what is wrong with them. */
async function faultsOf(visitors: { phone: Visitor, wide: Visitor }, group: string, pages: Record<string, Go>): Promise<string[]> {
  const faults: string[] = []
  for (const [name, go] of Object.entries(pages)) {
    for (const [size, { page, strayed }] of Object.entries(visitors)) {
      await go(page)
      await page.waitForLoadState('load')
      const found = [...await sidewaysFaults(page), ...await accessibilityFaults(page), ...strayed.splice(0).map((url) => `asked for ${url}`)]
      faults.push(...found.map((fault) => `${group} ${name} (${size}): ${fault}`))
      if (look) await page.screenshot({ path: `${look}/${group}-${name}-${size}.png`, fullPage: true })
    }
  }
  return faults
}

for (const [language, { prefix }] of Object.entries(words)) {
  test(`every page of the site in ${language} is accessible, fits a small phone and asks nobody else for anything`, async () => {
    const phone = await visitor([clarion.site], { viewport: { width: 320, height: 640 }, colorScheme: 'light' })
    const wide = await visitor([clarion.site], { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
    const mail = await mailTo(clarion, someone.email, 'One more step: No one should vanish')
    const token = (verb: string) => new URL(linkIn(mail, '/confirm/')).pathname.replace('/confirm/', `/${verb}/`)
    const fresh = { name: language, email: `fresh-${language}@example.org` }
    await sign(clarion.site, petition, fresh)
    const waiting = new URL(linkIn(await mailTo(clarion, fresh.email, 'One more step'), '/confirm/')).pathname
    const pages: Record<string, Go> = {
      'home': at(clarion.site, prefix || '/'), 'actions': at(clarion.site, `${prefix}/actions`), 'petition': at(clarion.site, prefix + petition), 'message': at(clarion.site, prefix + message),
      'petition-faults': sent(prefix + petition, { name: '', email: 'nobody at home' }), 'message-faults': sent(prefix + message, { name: '', email: '' }),
      'compose': sent(prefix + message, { ...someone, postcode: 'AR110' }), 'compose-no-address': sent(prefix + message, { ...someone, postcode: 'SO110' }),
      'find-ambiguous': sent(prefix + message, { ...someone, postcode: 'BC150' }), 'find-unknown': sent(prefix + message, { ...someone, postcode: 'XX 999' }),
      'find-malformed': sent(prefix + message, { ...someone, postcode: '12' }), 'find-outside': sent(prefix + message, { ...someone, postcode: 'ZX 110' }), 'find-vacant': sent(prefix + message, { ...someone, postcode: 'TA 110' }),
      'by-yourself-where': at(clarion.site, `${prefix}${message}/by-yourself`), 'by-yourself': sent(`${prefix}${message}/by-yourself`, { postcode: 'AR 110' }),
      'letter': async (page) => {
        await sent(`${prefix}${message}/by-yourself`, { postcode: 'AR 110' })(page)
        await page.locator('form[action$="/letter"] button').click()
      },
      'one-more-step': at(clarion.site, `${prefix}${petition}/one-more-step`), 'thanks': at(clarion.site, `${prefix}${petition}/thanks`), 'thanks-message': at(clarion.site, `${prefix}${message}/thanks`),
      'sheet': at(clarion.site, `${prefix}${petition}/sheet`), 'count-history': at(clarion.site, `${prefix}${petition}/count-history`),
      'confirm': at(clarion.site, prefix + waiting), 'confirmed': at(clarion.site, prefix + token('confirm')), 'not-me': at(clarion.site, prefix + waiting.replace('/confirm/', '/not-me/')),
      'withdraw': at(clarion.site, prefix + token('withdraw')), 'unsubscribe': at(clarion.site, prefix + token('unsubscribe')), 'unknown-link': at(clarion.site, `${prefix}/confirm/AAAAAAAAAAAAAAAAAAAAAA`),
      'forget-me': at(clarion.site, `${prefix}/forget-me`), 'done-not-me': at(clarion.site, `${prefix}/done/not-me`), 'done-withdraw': at(clarion.site, `${prefix}/done/withdraw`),
      'done-unsubscribe': at(clarion.site, `${prefix}/done/unsubscribe`), 'privacy': at(clarion.site, `${prefix}/privacy`), 'your-data': at(clarion.site, `${prefix}/your-data`),
      'contact': at(clarion.site, `${prefix}/contact`), 'not-found': at(clarion.site, `${prefix}/nothing-here`),
    }
    assert.deepEqual(await faultsOf({ phone, wide }, `site-${language}`, pages), [])
  })
}

test('every page of the desk, in English and in Arabic', async () => {
  const phone = await visitor([clarion.desk, clarion.site, clarion.inbox], { viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
  const { page } = phone
  await becomeAdministrator(page, clarion)
  await page.request.post(`${clarion.desk}/account/age-key`, { headers: { origin: clarion.desk } })
  const state = await phone.context.storageState()
  const wide = await visitor([clarion.desk, clarion.site, clarion.inbox], { viewport: { width: 1280, height: 900 }, colorScheme: 'light', storageState: state })
  const outside = await visitor([clarion.desk], { viewport: { width: 320, height: 640 } })
  const outsideWide = await visitor([clarion.desk], { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
  const submit = async (path: string, form: Record<string, string>) => page.request.post(`${clarion.desk}${path}`, { form, headers: { origin: clarion.desk }, maxRedirects: 0 })

  const idOf = async (slug: string) => {
    await page.goto(`${clarion.desk}/actions`)
    const links = await page.locator('td a').evaluateAll<{ href: string, text: string }[], HTMLAnchorElement>((all) => all.map((each) => ({ href: (each as unknown as { href: string }).href, text: (each as unknown as { textContent: string }).textContent })))
    return new URL(links.find(({ text }) => text.includes(slug))!.href).pathname
  }
  const action = await idOf('No one should vanish')
  const letters = await idOf('Ask your representative')
  const found = (await submit('/supporters/search', { email: someone.email })).headers().location!
  const person = await until(async () => (await page.request.get(`${clarion.desk}${found}`, { maxRedirects: 0 })).headers().location, 'the search')
  const members = fileURLToPath(new URL('../data/members-in-uk-format.csv', import.meta.url))
  await page.goto(`${clarion.desk}/imports/new`)
  await page.locator('#file').setInputFiles(members)
  await page.locator('input[value=uk-members]').check()
  await page.locator('main form button').last().click()
  const imported = new URL(page.url()).pathname
  await until(async () => (await (await page.request.get(`${clarion.desk}${imported}`)).text()).includes('/run"'), 'the trial run')
  const created = (await submit('/actions/new', { title: 'A draft', template: 'office' })).headers().location!.split('?')[0]!.replace(/\/words.*/, '')
  await submit(`${created}/move`, { to: 'open' })

  const removal = (await submit(`${action}/removals`, { taken_from: '2026-01-01T00:00', taken_until: '2036-01-01T00:00', removal_reason: 'They were made by a program.' })).headers().location!
  await until(async () => (await (await page.request.get(`${clarion.desk}${removal}`)).text()).includes('/start"'), 'the preview')

  const stops: Record<string, Go> = Object.fromEntries([
    '/', '/actions', '/actions/new', action, letters, created, `${action}/words/en`, `${action}/words/ar`, `${letters}/words/en`, `${action}/words`, `${action}/picture`, `${letters}/targets`, `${letters}/groups/2`, `${letters}/rules`, `${letters}/rules/new`, `${letters}/facts`, `${action}/questions`, `${action}/settings`,
    `${letters}/settings`, `${action}/people`, `${action}/numbers`, `${action}/export`, `${action}/removals`, removal, '/surges', '/settings/limits', '/participations?state=held&reason=surge', '/participations',
    '/participations?state=held', '/names', '/targets', '/targets?state=vacant', '/targets/lookup', '/targets/offices/marovia-assembly:AR', '/targets/offices/marovia-assembly:AR/hours',
    '/targets/bodies/marovia-assembly', '/targets/bodies/marovia-assembly/hours', `${letters}/sending`, '/targets/offices/new', '/targets/checking', '/targets/bodies', '/imports', '/imports/new', imported,
    '/supporters', person, '/outbox', '/outbox/messages', '/outbox/mails', '/settings', '/settings/organisation', '/settings/contact', '/settings/languages', '/settings/privacy', '/settings/look',
    '/settings/links', '/settings/statements', '/settings/staff', '/keys', '/going-live', '/health', '/switches', '/audit', '/account', '/set-up', '/settings/look?setup=1', '/nothing-here',
  ].map((path) => [path, at(clarion.desk, path)]))
  const opened = (path: string): Go => async (on) => {
    await on.goto(`${clarion.desk}${path.replace(/\/[a-z]+$/, '')}`)
    await on.locator(`form[action="${path}"] button`).first().click()
  }
  stops['person-open'] = opened(`${person}/open`)
  stops['recovery'] = async (on) => {
    await on.goto(`${clarion.desk}/keys`)
    await on.locator('form[action^="/keys/sheet"] button').click()
  }
  stops['columns'] = async (on) => {
    await on.goto(`${clarion.desk}/imports/new`)
    await on.locator('#file').setInputFiles(members)
    await on.locator('input[value=any-targets]').check()
    await on.locator('main form button').last().click()
  }
  stops['rehearsal'] = opened(`${action}/rehearse`)
  stops['move-faults'] = async (on) => {
    await on.goto(`${clarion.desk}${action}`)
    await on.locator('form:has(input[value=suspended]) button').click()
  }
  stops['words-faults'] = async (on) => {
    await on.goto(`${clarion.desk}${letters}/words/en`)
    await on.locator('#title').fill('')
    await on.locator('#body').fill('{nobody}')
    await on.locator('main form button').first().click()
  }

  const short = (path: string) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, (id) => (action.includes(id) ? 'petition' : letters.includes(id) ? 'letters' : created.includes(id) ? 'draft' : 'one')).replace(/\W+/g, '-').replace(/^-/, '') || 'today'
  const inside = Object.fromEntries(Object.entries(stops).map(([name, go]) => [short(name), go]))
  const faults: string[] = []
  for (const language of ['en', 'ar']) {
    await submit('/account/details', { language, age: '' })
    faults.push(...await faultsOf({ phone, wide }, `desk-${language}`, inside))
    faults.push(...await faultsOf({ phone: outside, wide: outsideWide }, `desk-${language}`, { 'sign-in': at(clarion.desk, `/sign-in?lang=${language}`), 'dead-link': at(clarion.desk, `/sign-in/AAAAAAAAAAAAAAAAAAAAAA?lang=${language}`) }))
  }
  assert.deepEqual(faults, [])
})

test('the inbox', async () => {
  const phone = await visitor([clarion.inbox], { viewport: { width: 320, height: 640 } })
  const wide = await visitor([clarion.inbox], { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
  const pages = Object.fromEntries(['en', 'ar'].flatMap((language): [string, Go][] => [
    [`${language}-list`, at(clarion.inbox, `/?lang=${language}`)],
    [`${language}-mail`, async (page) => {
      await page.goto(`${clarion.inbox}/?lang=${language}`)
      await page.locator('main a').first().click()
    }],
  ]))
  assert.deepEqual(await faultsOf({ phone, wide }, 'inbox', pages), [])
})
