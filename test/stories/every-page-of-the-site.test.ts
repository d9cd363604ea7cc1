import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { linkIn, mailTo, startClarion } from '../support/clarion.ts'
import { sign } from '../support/http.ts'
import { at, faultsOf, looker, message, petition, somebodyHasActed, someone, type Go, type Looks } from './looking.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
/** A form on a page, filled in and sent as a browser does it. */
function sent(path: string, fields: Record<string, string>): Go {
  return async (page) => {
    await page.goto(`${clarion.site}${path}`)
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).first().fill(value)
    await page.locator('#do form button.go, form#do button.go').first().click()
  }
}

const schemes = { phone: 'light', wide: 'dark' } as const
const languages: Record<string, Looks & { prefix: string }> = { en: { prefix: '', opensOn: 'wide', schemes }, ar: { prefix: '/ar', opensOn: 'phone', schemes } }

test('prepare: somebody has signed, written, and waits for a check', () => somebodyHasActed(clarion))

for (const [language, { prefix, ...looks }] of Object.entries(languages)) {
  test(`every page of the site in ${language} is accessible, fits a small phone and asks nobody else for anything`, async () => {
    const reader = await looker([clarion.site], looks)
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
      'contact': at(clarion.site, `${prefix}/contact`), 'places': at(clarion.site, `${prefix}/places`), 'place': at(clarion.site, `${prefix}/places/marovia`), 'topic': at(clarion.site, `${prefix}/topics/enforced-disappearance`),
      'archive': at(clarion.site, `${prefix}/places/marovia/archive`), 'item': at(clarion.site, `${prefix}/items/assembly-must-keep-two-days`), 'thread': at(clarion.site, `${prefix}/items/baker-of-esterwick-free`), 'not-found': at(clarion.site, `${prefix}/nothing-here`),
      ...Object.fromEntries([
        '/campaigns', '/campaigns/open-the-register', '/chronologies/the-register-year-by-year', '/search?q=register', '/search?q=nothingatall', '/topics', '/items/lantern-day', '/items/course-asking-a-court', '/items/answers-about-the-register',
        '/items/the-quarry-report', '/items/letter-to-the-head-of-government', '/places/marovia/bulletin', '/places/marovia?view=text',
      ].map((path) => [path.slice(1).replaceAll(/\W/g, '-'), at(clarion.site, prefix + path)])),
    }
    assert.deepEqual(await faultsOf(reader, looks, `site-${language}`, pages), [])
  })
}

test('the inbox', async () => {
  const looks: Looks = { opensOn: 'phone', schemes }
  const reader = await looker([clarion.inbox], looks)
  const pages = Object.fromEntries(['en', 'ar'].flatMap((language): [string, Go][] => [
    [`${language}-list`, at(clarion.inbox, `/?lang=${language}`)],
    [`${language}-mail`, async (page) => {
      await page.goto(`${clarion.inbox}/?lang=${language}`)
      await page.locator('main a').first().click()
    }],
  ]))
  assert.deepEqual(await faultsOf(reader, looks, 'inbox', pages), [])
})
