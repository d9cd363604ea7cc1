import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startClarion, until } from '../support/clarion.ts'
import { becomeAdministrator } from './desk.ts'
import { at, faultsOf, looker, somebodyHasActed, someone, type Looks, type Go } from './looking.ts'

const schemes = { phone: 'dark', wide: 'light' } as const
const languages = { en: { opensOn: 'wide', schemes }, ar: { opensOn: 'phone', schemes } } satisfies Record<string, Looks>
const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())

test('prepare: somebody has signed, written, and waits for a check', () => somebodyHasActed(clarion))

test('every page of the desk, in English and in Arabic', async () => {
  const staff = await looker([clarion.desk, clarion.site, clarion.inbox], languages.en)
  const { page } = staff
  await becomeAdministrator(page, clarion)
  await page.request.post(`${clarion.desk}/account/age-key`, { headers: { origin: clarion.desk } })
  const outside = await looker([clarion.desk], languages.en)
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

  const firstOf = async (list: string) => new RegExp(`href="(${list}/[0-9a-f-]{36}[^"?#]*)"`).exec(await (await page.request.get(`${clarion.desk}${list}`)).text())![1]!
  const [item, chronology, picture, record, subject] = await Promise.all(['/items', '/chronologies', '/pictures', '/records', '/subjects'].map(firstOf)) as [string, string, string, string, string]
  const written = `${item.split('/').slice(0, 3).join('/')}/en`

  const stops: Record<string, Go> = Object.fromEntries([
    '/', '/actions', '/actions/new', action, letters, created, `${action}/words/en`, `${action}/words/ar`, `${letters}/words/en`, `${action}/words`, `${action}/picture`, `${letters}/targets`, `${letters}/groups/2`, `${letters}/rules`, `${letters}/rules/new`, `${letters}/facts`, `${action}/questions`, `${action}/settings`,
    `${letters}/settings`, `${action}/people`, `${action}/numbers`, `${action}/export`, `${action}/removals`, removal, '/surges', '/settings/limits', '/participations?state=held&reason=surge', '/participations',
    '/participations?state=held', '/names', '/targets', '/targets?state=vacant', '/targets/lookup', '/targets/offices/marovia-assembly:AR', '/targets/offices/marovia-assembly:AR/hours',
    '/targets/bodies/marovia-assembly', '/targets/bodies/marovia-assembly/hours', `${letters}/sending`, '/targets/offices/new', '/targets/areas/marovia:AR', '/targets/checking', '/targets/bodies', '/imports', '/imports/new', imported,
    '/supporters', person, '/outbox', '/outbox/messages', '/outbox/mails', '/outbox/letters', '/suppressions', '/settings', '/settings/organisation', '/settings/contact', '/settings/languages', '/settings/privacy', '/settings/look',
    '/settings/links', '/settings/statements', '/settings/staff', '/keys', '/going-live', '/health', '/switches', '/audit', '/account', '/set-up', '/settings/look?setup=1', '/nothing-here',
    '/items', '/items/new', '/items/together', item, written, `${action}/digest`, `${written}/files`, `${written}/history`, `${written}/preview`, '/digests', '/digests/new', '/chronologies', '/chronologies/new', chronology, '/pictures', '/pictures/new', picture,
    '/records', '/records/new/demand', record, `${record}/history`, '/subjects', subject, `${subject}/bulletin`, `${subject}/contacts`, '/contact-messages', '/mailings', '/mailings/new', '/exports',
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
  for (const [language, looks] of Object.entries(languages)) {
    await submit('/account/language', { language })
    faults.push(...await faultsOf(staff, looks, `desk-${language}`, inside))
    faults.push(...await faultsOf(outside, looks, `desk-${language}`, { 'sign-in': at(clarion.desk, `/sign-in?lang=${language}`), 'dead-link': at(clarion.desk, `/sign-in/AAAAAAAAAAAAAAAAAAAAAA?lang=${language}`) }))
  }
  assert.deepEqual(faults, [])
})
