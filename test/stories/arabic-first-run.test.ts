import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { linkIn, mailTo, startClarion } from '../support/clarion.ts'
import { post } from '../support/http.ts'
import { visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const picture = fileURLToPath(new URL('../../world/images/lanterns-1200.jpg', import.meta.url))
const { page: desk, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 }, locale: 'ar' })
const { page: phone } = await visitor([clarion.site, clarion.inbox], { javaScriptEnabled: false, locale: 'ar' })

/** What no page can say in Arabic: the administrator’s name, what is typed at a terminal, who drew the sample's picture, and the sample's parties. */
const notOurs = /Amara Lind|npx clarion \w+|the Clarion project|Progress Bench|Harbour List|Common Ground/g

/**
 * Latin words in a row that somebody who reads Arabic meets on a page. What is marked as another language or direction, as code or
 * as somebody's name does not count, nor do single words, which are the same everywhere: CSV, WhatsApp, a slug.
 */
async function latinWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const marked = 'script, style, code, pre, bdi, [dir=ltr], [lang]:not([lang=ar]), textarea, datalist, select[name=country]'
    const found = []
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(marked)) found.push(walker.currentNode.data)
    for (const each of document.querySelectorAll('[aria-label], [alt], [title], [placeholder]')) if (!each.closest(marked)) found.push(...['aria-label', 'alt', 'title', 'placeholder'].map((name) => each.getAttribute(name) ?? ''))
    return found })()`)
  return texts.flatMap(latinRuns)
}

function latinRuns(text: string): string[] {
  return text.replace(/\S+@\S+|https?:\/\/\S+/g, '').replace(notOurs, '').match(/[A-Za-z][A-Za-z'’-]+(?:[.,:;]? +[A-Za-z][A-Za-z'’-]+)+/g) ?? []
}

async function readsArabic(page: Page): Promise<void> {
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl', page.url())
  assert.equal(await page.locator('html').getAttribute('lang'), 'ar', page.url())
  assert.deepEqual(await latinWords(page), [], page.url())
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test('whoever’s browser asks for Arabic is met in Arabic, from the first link on', async () => {
  await desk.goto(clarion.signinLink)
  await readsArabic(desk)
  await becomeAdministrator(desk, clarion, 'العربية')
  await readsArabic(desk)
})

test('the set-up is Arabic from end to end, and asks for nothing in a language that the site will not speak', async () => {
  const save = async () => {
    await readsArabic(desk)
    await press(desk, 'احفظ وتابع')
  }
  await desk.getByRole('link', { name: 'ابدأ' }).click()
  await desk.locator('input[name=languages][value=en]').uncheck()
  await save()
  await desk.getByText('اختر إحدى اللغات أعلاه من فضلك.').first().waitFor()
  await desk.locator('input[name=default_language][value=ar]').check()
  await save()
  await desk.locator('#org_name-ar').fill('مرصد الميناء')
  assert.equal(await desk.locator('#org_name-en').count(), 0)
  await save()
  await desk.locator('#responsible-ar').fill('مرصد الميناء، شارع الرصيف ٣')
  await desk.locator('#org_email').fill('office@harbour-watch.example')
  await desk.locator('#org_address').fill('شارع الرصيف ٣')
  await desk.locator('#mail_from').fill('actions@harbour-watch.example')
  await save()
  assert.match(await desk.locator('#privacy-ar').inputValue(), /مرصد الميناء/)
  await save()
  await desk.locator('#logo').setInputFiles(picture)
  await save()
  await save()
  await readsArabic(desk)
  await press(desk, 'أظهر ورقة الاسترداد')
  await readsArabic(desk)
  await press(desk, 'وضعتها في مكان آمن')
  await desk.getByText('كل شيء معدّ.').waitFor()
})

test('a petition is signed in Arabic, and every mail about it is Arabic', async () => {
  await phone.goto(clarion.site)
  await readsArabic(phone)
  await phone.getByRole('link', { name: 'لا ينبغي أن يختفي أحد' }).click()
  await readsArabic(phone)
  await press(phone, 'وقّع')
  await readsArabic(phone)
  await phone.getByLabel('الاسم').fill('نور')
  await phone.getByLabel('البريد الإلكتروني').fill('noor@example.org')
  await press(phone, 'وقّع')
  await phone.getByRole('heading', { name: 'خطوة واحدة بعد' }).waitFor()
  await readsArabic(phone)
  const mail = await mailTo(clarion, 'noor@example.org', 'خطوة واحدة بعد')
  assert.deepEqual(latinRuns(mail.text!), [])
  assert.match(mail.html!, /<html lang="ar" dir="rtl">/)
  assert.equal(mail.from?.name, 'مرصد الميناء')
  await phone.goto(linkIn(mail, '/confirm/'))
  await readsArabic(phone)
  await press(phone, 'أكّد توقيعي')
  await phone.getByRole('heading', { name: 'شكرًا لك' }).waitFor()
  await readsArabic(phone)
  assert.deepEqual(latinRuns((await mailTo(clarion, 'noor@example.org', 'توقيعك محتسب')).text!), [])
})

test('a message is written in Arabic, to people who are named and addressed in Arabic', async () => {
  await phone.goto(`${clarion.site}/actions/write-to-your-representative`)
  await phone.getByLabel('الاسم').fill('نور')
  await phone.getByLabel('البريد الإلكتروني').fill('noor.two@example.org')
  await phone.getByLabel('الرمز البريدي').fill('BE 110')
  await press(phone, 'اكتب رسالتك')
  await readsArabic(phone)
  await phone.getByText('سينا كوفيتش').first().waitFor()
  await press(phone, 'أرسل الرسالتين')
  const mail = await mailTo(clarion, 'noor.two@example.org', 'رسالتك في الانتظار')
  await post(clarion.site, new URL(linkIn(mail, '/confirm/')).pathname, {})
  const message = await mailTo(clarion, 'senna.kovic@assembly.marovia.example', 'أرجو التصويت')
  assert.match(message.text!, /^السيد\/السيدة سينا كوفيتش،\s+أقيم في بلمورا/)
  assert.match(message.text!, /مع التحية،\s+نور/)
  assert.equal(message.from?.name, 'نور عبر مرصد الميناء')
  assert.deepEqual(latinRuns(message.text!.replace('BE 110', '')), [])
})

test('no page of the site speaks English, also where something is wrong', async () => {
  const message = '/actions/write-to-your-representative'
  for (const path of ['/actions', '/privacy', '/contact', '/your-data', '/forget-me', `${message}/by-yourself`, '/actions/no-one-should-vanish/sheet', '/confirm/AAAAAAAAAAAAAAAAAAAAAA', '/nothing-here']) {
    await phone.goto(`${clarion.site}${path}`)
    await readsArabic(phone)
  }
  for (const postcode of ['XX 999', '12', 'ZX 110', 'TA 110', 'SO 110', 'BC 150']) {
    await phone.goto(`${clarion.site}${message}/by-yourself`)
    await phone.getByLabel('الرمز البريدي').fill(postcode)
    await phone.locator('main form button.go').first().click()
    await readsArabic(phone)
  }
  await phone.goto(`${clarion.inbox}/?lang=ar`)
  await readsArabic(phone)
})

test('no page of the desk speaks English', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  const actions = await desk.locator('td:first-child a').evaluateAll<string[], HTMLElement>((all) => all.map((each) => (each as unknown as { pathname: string }).pathname))
  assert.equal(actions.length, 2)
  const parts = ['', '/words/ar', '/words', '/picture', '/questions', '/settings', '/targets', '/groups/2', '/rules', '/rules/new', '/facts', '/people', '/numbers', '/export']
  for (const path of [
    '/', '/actions', '/actions/new', ...actions.flatMap((action) => parts.map((part) => `${action}${part}`)), '/participations', '/names', '/targets', '/targets/lookup', '/targets/offices/marovia-assembly:AR', '/targets/offices/new',
    '/targets/checking', '/targets/bodies', '/imports', '/imports/new', '/supporters', '/outbox/messages', '/outbox/mails', '/settings', '/settings/statements', '/settings/staff', '/keys', '/going-live', '/health', '/audit', '/account', '/nothing-here',
  ]) {
    await desk.goto(`${clarion.desk}${path}`)
    await readsArabic(desk)
  }
  assert.deepEqual(strayed, [])
})
