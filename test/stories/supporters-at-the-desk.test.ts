import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { Decrypter } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { post, sign, write } from '../support/http.ts'
import { visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const { page: desk, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
const petition = '/actions/no-one-should-vanish'
const letters = '/actions/write-to-your-representative'
const press = (name: string) => desk.getByRole('button', { name, exact: true }).first().click()
const count = async () => (await (await fetch(`${clarion.site}${petition}/count.json`)).json() as { count: number }).count

/** Presses the button behind the link that was mailed to each of these. */
async function confirm(addresses: string[], subject: string): Promise<void> {
  const mails = await until(async () => {
    const found = new Map((await inboxMails(clarion)).filter((mail) => mail.subject?.includes(subject)).map((mail) => [mail.to![0]!.address!, mail]))
    return addresses.every((address) => found.has(address)) ? found : undefined
  }, 'a mail to each of them')
  await Promise.all(addresses.map((address) => post(clarion.site, new URL(linkIn(mails.get(address)!, '/confirm/')).pathname, {})))
}

const many = Array.from({ length: 52 }, (_, place) => `supporter${place}@example.org`)
let identity = ''

test('prepare: somebody is at the desk, and many people take part', async () => {
  await becomeAdministrator(desk, clarion)
  await desk.goto(`${clarion.desk}/account`)
  await press('Make a key for me')
  identity = /AGE-SECRET-KEY-\S+/.exec(await desk.locator('#age-key').innerText())![0]
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /No one should vanish/ }).click()
  await desk.getByRole('link', { name: 'Times, goal and sharing' }).click()
  await desk.locator('input[name=country][value=optional]').check()
  await press('Save')
  await until(async () => (await (await fetch(`${clarion.site}${petition}`)).text()).includes('name="country"'), 'the form to ask for a country')

  await Promise.all(many.map((email, place) => sign(clarion.site, petition, { name: 'Noor', email, postcode: place % 4 ? 'AR 110' : 'BE 110', country: place % 2 ? 'ZZ' : '', s: place % 3 ? 'poster' : '' })))
  await sign(clarion.site, petition, { name: '=2+5+cmd|calc', email: 'formula@example.org', comment: '@SUM(1,2) "quoted"\nsecond line', postcode: 'CO 110' })
  await sign(clarion.site, petition, { name: 'see www.shop.example', email: 'held@example.org' })
  await write(clarion.site, letters, { name: 'Jun', email: 'jun@example.org', postcode: 'SO 110' })
  await confirm([...many, 'formula@example.org'], 'One more step: No one should vanish')
  await confirm(['jun@example.org'], 'your message is waiting')
  await until(async () => await count() === many.length + 1, 'all to be counted')
})

test('who waits for a check stands on the first page, with the reason, and is asked to confirm once let through', async () => {
  await desk.goto(clarion.desk)
  await desk.getByRole('link', { name: 'One sign-up waits for a check' }).click()
  await desk.getByText('there is a link in the name').waitFor()
  assert.equal(await desk.locator('tbody tr').count(), 1)
  await press('Let it through')
  await desk.getByText('Let through. The person is asked to confirm.').waitFor()
  await desk.getByText('Nobody here.').waitFor()
  await mailTo(clarion, 'held@example.org', 'One more step')
})

test('lists page, filter and sort, and say nothing about anybody until somebody opens one', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /No one should vanish/ }).click()
  await desk.getByRole('link', { name: 'Who took part' }).click()
  await desk.getByText('Page 1 of 2').waitFor()
  assert.doesNotMatch(await desk.locator('main').innerText(), /example\.org|Noor/)
  assert.equal(await desk.locator('tbody tr').count(), 50)
  await desk.getByRole('link', { name: 'Next', exact: true }).click()
  await desk.getByText('Page 2 of 2').waitFor()
  assert.equal(await desk.locator('tbody tr').count(), 4)
  await desk.getByRole('link', { name: 'not confirmed yet 1' }).click()
  assert.equal(await desk.locator('tbody tr').count(), 1)
  await desk.getByRole('link', { name: /^All 54/ }).click()
  await desk.getByRole('link', { name: 'Oldest first' }).click()
  await desk.getByRole('link', { name: 'Newest first' }).waitFor()
  await desk.getByRole('link', { name: 'confirmed 53', exact: true }).click()
  await desk.locator('[aria-current]', { hasText: 'confirmed 53' }).waitFor()
  await press('Open')
  await desk.getByText('You have opened locked data. That is written in the log.').waitFor()
  assert.match(await desk.locator('main').innerText(), /(supporter\d+|formula)@example\.org/)
})

test('what the count is made of: plots by day, area, country and source, made on the server', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /No one should vanish/ }).click()
  await desk.getByRole('link', { name: 'By area, country and source' }).click()
  await desk.getByRole('img', { name: /53 in all, 53 on the busiest day/ }).waitFor()
  const rows = (caption: string) => desk.getByRole('table', { name: caption }).locator('tr').evaluateAll<string[], HTMLElement>((all) => all.map((row) => (row as unknown as { innerText: string }).innerText.trim().replace(/\s+/g, ' ')))
  assert.deepEqual(await rows('By area'), ['Ardenhal 39', 'Belmora 13', 'Corvane 1'])
  assert.match((await rows('By country')).join(), /^\S.* 26$/)
  assert.deepEqual(await rows('By source'), ['poster 34'])
  assert.deepEqual(await rows('By language'), ['English 53'])
})

test('the outbox says what was accepted, for messages to offices and for mails to supporters', async () => {
  await desk.getByRole('link', { name: 'Outbox' }).click()
  await desk.getByText('“Accepted” means that their mail server took it.').waitFor()
  await until(async () => {
    await desk.reload()
    return desk.locator('tr', { hasText: 'Minister of Justice' }).getByText('accepted', { exact: true }).isVisible()
  }, 'the message to be accepted')
  await desk.getByRole('link', { name: 'Mails to supporters' }).click()
  await desk.getByText('Receipt').first().waitFor()
  assert.doesNotMatch(await desk.locator('main').innerText(), /example\.org/)
})

test('look-ups that failed are listed by the first half of the code, so that somebody can mend the data', async () => {
  for (const postcode of ['XX 999', 'XX 999', 'nonsense', 'ZX 110', 'BC 150', 'TA 110']) await write(clarion.site, letters, { name: 'Ilse', email: 'ilse@example.org', postcode }).catch(() => undefined)
  const listed = await until(async () => {
    await desk.goto(`${clarion.desk}/targets/lookup`)
    const rows = (await desk.locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '))
    return rows.length >= 4 ? rows : undefined
  }, 'the failures')
  const of = (what: string) => listed.filter((row) => row.includes(what)).map((row) => row.replace(/ \d+ \S+ \d{4}$/, ''))
  assert.deepEqual(of('Not in the list'), ['marovia-postcode XX Not in the list 2'])
  assert.equal(of('Not a code').length, 1)
  assert.equal(of('Outside').length, 1)
  assert.equal(of('It lies in more than one place').length, 1)
})

test('an export asks for a reason, opens with the key of whoever asked for it and with no other, and no cell is a formula', async () => {
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /No one should vanish/ }).click()
  await desk.getByRole('link', { name: 'Export' }).click()
  await press('Count first')
  await desk.getByText('Please say why.').first().waitFor()
  await desk.locator('#reason').fill('To hand the names over to the committee.')
  await press('Count first')
  await desk.getByText(`${many.length + 1} people in ${many.length + 1} lines`).waitFor()
  await press('Make it')
  await desk.getByText('Ready', { exact: true }).waitFor()
  const [download] = await Promise.all([desk.waitForEvent('download'), press('Download')])
  assert.match(download.suggestedFilename(), /^export-\d{4}-\d{2}-\d{2}\.csv\.age$/)
  const locked = readFileSync(await download.path())
  assert.doesNotMatch(locked.toString('latin1'), /example\.org/)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const table = await decrypter.decrypt(locked, 'text')
  const rows = parse<Record<string, string>>(table, { columns: true })
  assert.equal(rows.length, many.length + 1)
  assert.deepEqual(new Set(rows.map((row) => row.email)), new Set([...many, 'formula@example.org']))
  const odd = rows.find((row) => row.email === 'formula@example.org')!
  assert.equal(odd.name, "'=2+5+cmd|calc")
  assert.equal(odd.comment, "'@SUM(1,2) \"quoted\"\nsecond line")
  assert.equal(odd.area, 'Corvane')
  for (const row of rows) for (const cell of Object.values(row)) assert.doesNotMatch(cell, /^[=+\-@\t\r]/)
})

test('the log has it all: who exported, why, and who opened whom', async () => {
  await desk.goto(`${clarion.desk}/audit`)
  const rows = await desk.locator('tr', { hasText: 'To hand the names over to the committee.' }).allInnerTexts()
  for (const did of ['counted an export', 'exported', 'downloaded an export']) assert.ok(rows.some((row) => /Amara Lind/.test(row) && row.includes(did)), did)
  await desk.getByRole('link', { name: 'opened a participation' }).first().click()
  assert.equal(await desk.locator('tbody tr').count(), 1)
  assert.doesNotMatch(await desk.locator('main').innerText(), /example\.org/)
})

test('a supporter is found by address, erased, and then gone; what was counted stays counted', async () => {
  const find = async () => {
    await desk.goto(`${clarion.desk}/supporters`)
    await desk.locator('#email').fill('Supporter7@example.org')
    await press('Find')
  }
  await find()
  await desk.getByRole('heading', { name: 'A supporter' }).waitFor()
  await desk.getByText('No one should vanish: ratify the convention').waitFor()
  await press('Erase')
  await desk.getByText('Please say why.').first().waitFor()
  await desk.locator('#reason').fill('She asked us to.')
  await desk.locator('input[name=erase-who][value=themselves]').check()
  await desk.locator('input[name=erase-way][value=phone]').check()
  await press('Erase')
  await desk.getByText('The person is being erased.').waitFor()
  await until(async () => {
    await find()
    // Between being found and being shown she may be gone.
    await desk.getByRole('heading', { name: /^(A supporter|Nobody with this address|There is no such page)$/ }).waitFor()
    return desk.getByText('We hold nothing under this address.').isVisible()
  }, 'the person to be gone')
  assert.equal(await count(), many.length + 1)
  assert.deepEqual(strayed, [])
})
