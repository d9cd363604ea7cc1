import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { inTransaction } from '#platform/db.ts'
import { directionOf, interfaceLanguages } from '#platform/words.ts'
import { actionWords, publishWords, saveWords } from '#modules/actions/index.ts'
import { makeSheets } from '#modules/petitions/index.ts'
import { changePublisher, readPublisher } from '#modules/publisher/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { openDeskPages, openPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'
import { messagesOf } from '../../tools/missing-words.ts'
import { accessibilityFaults, sidewaysFaults, visitor } from './browser.ts'

/** Set LOOK to a folder to get a picture of every page in it. */
const look = process.env.LOOK
if (look) mkdirSync(look, { recursive: true })

/** What the sample says in languages that it does not come in: enough to see a whole page. English and Arabic have a story of their own. */
const samples: Record<string, { name: string, title: string, summary: string, ask: string, story: string }> = {
  es: { name: 'El Farol', title: 'Que nadie desaparezca', summary: 'Marovia firmó el tratado hace nueve años.', ask: 'A la Asamblea: ratifiquen la convención.', story: '## Qué ha pasado\n\nNada, durante nueve años.' },
  fr: { name: 'La Lanterne', title: 'Que personne ne disparaisse', summary: 'La Marovie a signé le traité il y a neuf ans.', ask: 'À l’Assemblée : ratifiez la convention.', story: '## Ce qui s’est passé\n\nRien, pendant neuf ans.' },
  he: { name: 'הפנס', title: 'שאיש לא ייעלם', summary: 'מרוביה חתמה על האמנה לפני תשע שנים.', ask: 'אל האספה: אשררו את האמנה.', story: '## מה קרה\n\nדבר, במשך תשע שנים.' },
}
const languages = interfaceLanguages.filter((language) => language in samples)

const it = await stage()
const act = await acting(it)
await inTransaction(it.db, async (tx) => {
  const before = await readPublisher(tx)
  const texts = Object.fromEntries(Object.entries(samples).map(([language, { name }]) => [language, { name, responsible: name, about: '', privacyPolicy: '' }]))
  await changePublisher(tx, before, { ...before, languages: [...interfaceLanguages], texts: { ...before.texts, ...texts } }, act.now)
  for (const [language, { title, summary, story, ask }] of Object.entries(samples)) {
    const revisionId = await saveWords(tx, { actionId: act.petition, language, words: actionWords.parse({ title, summary, story }), ask, staffId: null }, act.now)
    await publishWords(tx, { actionId: act.petition, language, revisionId, staffId: null }, new Date(Date.now() - 1000))
  }
})
const { origin: site } = await openPages(act)
const { origin: desk } = await openDeskPages(it, () => act.now)
const [signature, letter] = await act.takes(act.signature({ language: 'fr' }), act.letter({ language: 'he' }), act.signature({ email: 'noor@example.org', name: 'see www.shop.example' }))
await act.confirms(signature!)
await act.confirms(letter!)
await act.count()
const { person_id: person } = await it.db.selectFrom('participations').select('person_id').where('id', '=', signature!.id).executeTakeFirstOrThrow()

/** What the sample says in English itself: its words stand on a page in another language where it does not come in that. */
const sample = readFileSync(new URL('../../world/actions.json', import.meta.url), 'utf8')

/** Sentences of an English catalogue that would be noticed on a page in another language. */
function englishOf(folder: string): string[] {
  return Object.entries(messagesOf(folder, 'en')).filter(([key, message]) => message.length > 14 && !/[{<]/.test(message) && !key.endsWith('.example') && !sample.includes(message)).map(([, message]) => message)
}

async function faultsOn(page: Page, language: string, name: string, english: string[]): Promise<string[]> {
  const text = await page.locator('body').innerText()
  const root = page.locator('html')
  const faults = [
    ...english.filter((message) => text.includes(message)).map((message) => `says “${message}”`), ...await sidewaysFaults(page), ...await accessibilityFaults(page),
    ...(await root.getAttribute('lang') === language && await root.getAttribute('dir') === directionOf(language) ? [] : ['is in another language or direction']),
  ]
  if (look) await page.screenshot({ path: `${look}/${name}-${language}.png`, fullPage: true })
  return faults.map((fault) => `${language} ${name}: ${fault}`)
}

for (const language of languages) {
  test(`somebody who reads ${language} meets nothing else on the site, on a small phone`, async () => {
    const { page, strayed } = await visitor([site], { viewport: { width: 360, height: 740 }, javaScriptEnabled: true })
    const english = englishOf('src/site/words')
    const faults: string[] = []
    const visit = async (name: string, go: () => Promise<unknown>) => {
      await go()
      faults.push(...await faultsOn(page, language, name, english))
    }
    const petition = `${site}/${language}/actions/no-one-should-vanish`
    const message = `${site}/${language}/actions/write-to-your-representative`
    const send = () => page.locator('#do form button.go, form#do button.go').first().click()
    for (const [name, path] of Object.entries({ actions: '/actions', sheet: '/actions/no-one-should-vanish/sheet', step: '/actions/no-one-should-vanish/one-more-step', thanks: '/actions/no-one-should-vanish/thanks', data: '/your-data', mine: '/my-data', subjects: '/places',  privacy: '/privacy', contact: '/contact', forget: '/forget-me', missing: '/nothing-here', link: '/confirm/AAAAAAAAAAAAAAAAAAAAAA' })) {
      await visit(name, () => page.goto(`${site}/${language}${path}`))
    }
    await visit('petition', () => page.goto(petition))
    assert.ok((await page.locator('h1').innerText()).includes(samples[language]!.title))
    await visit('petition-faults', send)
    await visit('message', () => page.goto(message))
    await page.locator('[name=name]').fill('Amara')
    await page.locator('[name=email]').fill('amara@example.org')
    await page.locator('[name=postcode]').fill('XX 999')
    await visit('unknown', send)
    await page.goto(message)
    await page.locator('[name=name]').fill('Amara')
    await page.locator('[name=email]').fill('amara@example.org')
    await page.locator('[name=postcode]').fill('AR 110')
    await visit('compose', send)
    assert.deepEqual([...faults, ...strayed], [])
  })

  test(`the desk speaks ${language} to whoever chose it`, async () => {
    const session = await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: `salma.${language}@lamplight.example`, role: 'administrator', language }, act.now), act.now))
    const { page, context, strayed } = await visitor([desk, site], { viewport: { width: 360, height: 740 } })
    await page.goto(`${desk}/sign-in?lang=${language}`)
    const english = englishOf('src/desk/words')
    const faults = await faultsOn(page, language, 'desk-sign-in', english)
    await context.addCookies([{ name: 'clarion-desk', value: session, url: desk }])
    const action = `/actions/${act.petition}`
    for (const path of ['/', '/actions', '/actions/new', action, `${action}/words/${language}`, `${action}/picture`, `/actions/${act.message}/targets`, `${action}/questions`, `${action}/settings`, `${action}/numbers`, `${action}/export`, '/participations', '/names', '/targets',
      '/targets/lookup', '/targets/offices/marovia-assembly:AR', '/imports/new', '/supporters', `/supporters/${person}`, '/outbox/messages', '/outbox/mails', '/settings', '/settings/languages', '/settings/statements', '/settings/staff', '/keys', '/health', '/audit', '/account', '/set-up']) {
      await page.goto(`${desk}${path}`)
      faults.push(...await faultsOn(page, language, `desk-${path.replaceAll(/[0-9a-f-]{36}/g, 'one').replaceAll(/\W+/g, '-')}`, english))
    }
    assert.deepEqual([...faults, ...strayed], [])
  })
}

test('mails and signature sheets are in the language that somebody took part in', async () => {
  const sink = await mailSink()
  for (const language of languages) await act.takes(act.signature({ language, email: `${language}@example.org` }))
  await act.mails(act.post(sink))
  const mails = await sink.mails()
  await sink.stop()
  for (const language of languages) {
    const mail = mails.find(({ envelopeTo }) => envelopeTo === `${language}@example.org`)!
    assert.ok(mail.subject!.endsWith(samples[language]!.title), String(mail.subject))
    assert.match(mail.html!, new RegExp(`<html lang="${language}" dir="${directionOf(language)}">`))
    assert.ok(mail.text!.includes(samples[language]!.name))
  }
  await makeSheets(it.as('worker'), site)
  const { bytes } = await it.db.selectFrom('action_sheets').innerJoin('files', 'files.hash', 'action_sheets.hash').select('files.bytes').where('language', '=', 'he').executeTakeFirstOrThrow()
  assert.match(bytes.toString('latin1'), /NotoSansHebrew/, 'with letters of its own')
})
