import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { siteWords } from '#site/words/index.ts'
import { mailWords } from '#modules/mailings/words/index.ts'
import { linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { accessibilityFaults, sidewaysFaults, visitor } from './browser.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const look = process.env.LOOK

/** What a page says between its holes, for finding it. */
const start = (text: string) => text.split(/[{⁨]/)[0]!.trim()

for (const [language, name, corrected] of [['en', 'Amara', 'Amara Lind'], ['ar', 'نور', 'نور حداد']] as const) {
  test(`a supporter's whole life without JavaScript, from signing to erasure, in ${language}`, async () => {
    const t = siteWords(language)
    const mail = mailWords(language)
    const prefix = language === 'en' ? '' : `/${language}`
    const [email, moved] = [`life.${language}@example.org`, `moved.${language}@example.org`]
    const { page, strayed } = await visitor([clarion.site], { javaScriptEnabled: false, locale: language, acceptDownloads: true, colorScheme: language === 'en' ? 'light' : 'dark' })
    const press = (label: string) => page.getByRole('button', { name: label, exact: true }).first().click()
    const see = (text: string) => page.getByText(text).first().waitFor()
    // Another browser, which has JavaScript, looks at the same pages: what checks them is a script.
    const auditor = await visitor([clarion.site], { locale: language, colorScheme: language === 'en' ? 'light' : 'dark', ...(language === 'en' && { viewport: { width: 1280, height: 900 } }) })
    const looked = async (shot: string, url = page.url(), button?: string) => {
      await auditor.page.goto(url)
      if (button) await auditor.page.getByRole('button', { name: button, exact: true }).first().click()
      if (button) await auditor.page.getByText(t('my.you')).first().waitFor()
      for (const each of await auditor.page.locator('details').all()) await each.evaluate('(each) => { each.open = true }')
      assert.deepEqual([...await sidewaysFaults(auditor.page), ...await accessibilityFaults(auditor.page), ...auditor.strayed], [], shot)
      if (look) await auditor.page.screenshot({ path: `${look}/${language}-${shot}.png`, fullPage: true })
    }
    const subject = (key: Parameters<typeof mail>[0]) => start(mail(key, { title: '{' }))

    // Signs, writes, and confirms both.
    await page.goto(`${clarion.site}${prefix}/actions/no-one-should-vanish`)
    await page.locator('#name').fill(name)
    await page.locator('#email').fill(email)
    await page.locator('form .go').click()
    const asked = await mailTo(clarion, email, subject('confirm.petition.subject'))
    await page.goto(linkIn(asked, '/confirm/'))
    await press(t('link.confirm.button'))
    await page.goto(`${clarion.site}${prefix}/actions/write-to-your-representative`)
    await page.locator('#name').fill(name)
    await page.locator('#email').fill(email)
    await page.locator('#postcode').fill('AR110')
    for (const yes of await page.locator('input[type=radio][value=yes]').all()) await yes.check()
    for (const [field, text] of [['#phone', '+999 7313 4471'], ['#address', '7 Mill Lane, Ardenhal']] as const) if (await page.locator(field).count()) await page.locator(field).fill(text)
    await page.locator('form .go').first().click()
    await page.locator('form .go').first().click()
    const receipt = await mailTo(clarion, email, subject('receipt.message.subject'))

    // Where the message is.
    await page.goto(linkIn(receipt, '/receipt/'))
    await until(async () => {
      await press(t('receipt.again'))
      return (await page.locator('body').innerText()).includes(t('life.accepted'))
    }, 'their server to accept it')
    await looked('receipt')

    // Asks for a link. What scanners do with it changes nothing and shows nothing.
    await page.goto(`${clarion.site}${prefix}/my-data`)
    await looked('request')
    await page.locator('#email').fill(email)
    await press(t('my.request.button'))
    await see(t('my.sent.title'))
    const link = linkIn(await mailTo(clarion, email, mail('own.link.subject')), '/my-data/')
    for (const method of ['GET', 'HEAD', 'GET']) assert.doesNotMatch(await (await fetch(link, { method })).text(), new RegExp(name))
    await page.goto(link)
    await looked('open')
    await press(t('my.open.button'))
    await see(t('my.you'))
    await until(async () => {
      await page.goto(link)
      return (await page.content()).includes('7313 4471')
    }, 'the desk to add what only it opens')
    const all = await page.locator('body').innerText()
    for (const part of [email, name, t('my.state.confirmed'), t('my.records.here'), '+999 7313 4471', t('life.accepted')]) assert.ok(all.includes(part), part)
    await looked('data', link, t('my.open.button'))

    // Once a month, and not before spring.
    await page.locator('select[name^=often-]').first().selectOption('monthly')
    await page.locator('#pause').selectOption('3')
    await page.locator('#writing input[type=radio][value=no]').first().check()
    await press(t('my.writing.button'))
    await see(t('my.said.writing'))
    assert.equal(await page.locator('select[name^=often-]').first().inputValue(), 'monthly')
    assert.equal(await page.locator('#pause').inputValue(), 'keep')

    await page.getByText(t('my.name.change')).click()
    await page.locator('#name').fill(corrected)
    await press(t('my.name.button'))
    await see(t('my.said.name'))
    assert.ok((await page.locator('dl').first().innerText()).includes(corrected))

    // Takes it along, as a file for programs and as a page.
    for (const [button, has] of [[t('my.take.json'), `"email": "${email}"`], [t('my.take.html'), corrected], [t('my.take.html'), t('my.you')]] as const) {
      const [file] = await Promise.all([page.waitForEvent('download'), press(button)])
      assert.match(file.suggestedFilename(), /^my-data\.(json|html)$/)
      assert.ok(readFileSync(await file.path(), 'utf8').includes(has))
    }

    // Takes the signature back, and moves to another address.
    const signature = page.locator('section.card', { has: page.getByText(t('kind.petition'), { exact: true }) })
    await signature.getByText(t('link.withdraw.title'), { exact: true }).first().click()
    await signature.getByRole('button', { name: t('link.withdraw.button') }).click()
    await see(t('my.state.withdrawn'))
    await page.getByText(t('my.address.change')).click()
    await page.locator('#email').fill(email.toUpperCase())
    await press(t('my.address.button'))
    await see(t('fault.email-same'))
    await page.locator('#email').fill(moved)
    await press(t('my.address.button'))
    await see(t('my.said.address'))
    await page.goto(linkIn(await mailTo(clarion, moved, mail('own.new.subject')), '/new-address/'))
    await press(t('my.new.button'))
    await see(t('my.new.done'))
    await page.goto(`${clarion.site}${prefix}/my-data`)
    await page.locator('#email').fill(moved)
    await press(t('my.request.button'))

    // Erases everything: the page says first what that means.
    const last = linkIn(await mailTo(clarion, moved, mail('own.link.subject')), '/my-data/')
    await page.goto(last)
    await press(t('my.open.button'))
    await see(moved)
    await page.getByRole('link', { name: t('my.erase.read') }).click()
    await looked('erase')
    await press(t('my.erase.button'))
    await see(t('my.erased.title'))
    await until(async () => (await fetch(last)).status === 404, 'the link to lead nowhere')
    await page.goto(last)
    await see(t('link.unknown.title'))
    await page.goto(linkIn(receipt, '/receipt/'))
    await see(t('link.unknown.title'))
    assert.deepEqual(strayed, [])
  })
}
