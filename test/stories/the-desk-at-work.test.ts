import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inboxMails, linkIn, mailTo, startClarion, until } from '../support/clarion.ts'
import { post, sign } from '../support/http.ts'
import { visitor } from './browser.ts'
import { administrator, becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const { page: desk, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
const { page: phone } = await visitor([clarion.site], { javaScriptEnabled: false })
const petition = `${clarion.site}/actions/keep-the-reading-room-open`
let overview = ''

const press = (name: string) => desk.getByRole('button', { name, exact: true }).click()
const facts = async (address: string) => (await fetch(`${address}.json`)).json() as Promise<{ state: string, opens: string | null, count: number, outcome?: string }>

/** What a supporter's page says, once it says it. */
async function supporterReads(words: string): Promise<void> {
  await until(async () => {
    await phone.goto(petition)
    return phone.getByText(words).first().isVisible()
  }, `the page to say “${words}”`, 3000)
}

test('prepare: an administrator is at the desk', async () => {
  await becomeAdministrator(desk, clarion)
})

test('a template gives words to change, and the preview shows them before anything is saved', async () => {
  await desk.getByRole('link', { name: 'Actions' }).click()
  await desk.getByRole('link', { name: 'New action' }).click()
  await desk.locator('#title').fill('Keep the reading room open')
  await desk.getByLabel(/^Petition/).check()
  await press('Make a draft')
  await desk.getByText('The draft is there. Write its words.').waitFor()
  await desk.locator('#ask').fill('To the council: keep the reading room open on Sundays.')
  await desk.locator('#summary').fill('The council votes in May.')
  await desk.locator('#story').fill('## What has happened\n\nThe council wants to **close** it.')
  await press('Preview')
  const preview = desk.locator('section.card', { hasText: 'It is not saved yet.' })
  await preview.getByRole('heading', { name: 'What has happened' }).waitFor()
  assert.equal(await preview.locator('strong').textContent(), 'close')
  await press('Save')
  await desk.getByText('Everything is there.').waitFor()
  overview = desk.url().split('?')[0]!
  assert.equal((await fetch(petition)).status, 404, 'a draft has no page')
})

test('it is scheduled by the clock of its own time zone, and its page says when it opens', async () => {
  const year = new Date().getUTCFullYear() + 2
  const zone = Intl.supportedValuesOf('timeZone').find((name) => Temporal.ZonedDateTime.from(`${year}-01-01T09:00[${name}]`).offset === '+03:00')!
  await desk.goto(`${overview}/settings`)
  await desk.locator('#opens').fill(`${year}-01-01T09:00`)
  await desk.locator('#zone').fill(zone)
  await press('Save')
  await press('Schedule')
  await desk.getByText('It opens at the time that you have set.', { exact: true }).waitFor()
  await desk.locator('main .state', { hasText: 'Scheduled' }).waitFor()
  await supporterReads('This action opens on')
  assert.equal((await facts(petition)).opens, `${year}-01-01T06:00:00.000Z`)
  assert.match(await phone.locator('main').innerText(), new RegExp(`opens on 1 January ${year}[^\\n]*9:00`))
  assert.equal(await phone.getByRole('button', { name: 'Sign' }).count(), 0)

  await desk.goto(`${overview}/settings`)
  assert.equal(await desk.locator('#opens').inputValue(), `${year}-01-01T09:00`)
  await desk.locator('#opens').fill('')
  await press('Save')
  await supporterReads('Add your name')
})

test('it is stopped with a reason, which supporters read; that can be taken back for half a minute, and later it opens again', async () => {
  await desk.goto(overview)
  await press('Stop')
  await desk.getByText('Please say why.').first().waitFor()
  await desk.locator('#reason').fill('The council has asked to talk.')
  await press('Stop')
  await desk.getByText('Stopped. Messages that had not left stay here.').waitFor()
  await supporterReads('The council has asked to talk.')
  assert.equal(await phone.getByRole('button', { name: 'Sign' }).count(), 0)
  const offer = desk.locator('form.undo')
  assert.deepEqual(await offer.evaluate((form) => form.getAnimations().map((each) => Math.round(Number(each.effect!.getTiming().delay) / 1000)).filter((seconds) => seconds > 0 && seconds <= 30).length), 1, 'it goes by itself when its time is over')
  await offer.evaluate((form) => form.getAnimations().forEach((each) => each.finish()))
  assert.equal(await desk.getByRole('button', { name: 'Undo', exact: true }).count(), 0)
  await desk.reload()
  await press('Undo')
  await desk.getByText('Taken back.').waitFor()
  await supporterReads('Add your name')

  await desk.locator('#reason').fill('They still talk.')
  await press('Stop')
  await desk.locator('.notice', { hasText: 'They still talk.' }).waitFor()
  await press('Open again')
  await desk.getByText('It is open.').waitFor()
  await supporterReads('Add your name')
})

test('a form that was open when the action was stopped is not taken, and nothing typed is lost', async () => {
  await phone.goto(petition)
  await phone.getByLabel('Name').fill('Ilse')
  await phone.getByLabel('E-mail').fill('ilse@example.org')
  await desk.goto(overview)
  await desk.locator('#reason').fill('A pause.')
  await press('Stop')
  await until(async () => (await facts(petition)).state === 'suspended', 'the petition to be stopped')
  await phone.getByRole('button', { name: 'Sign' }).click()
  await phone.getByText('A pause.').waitFor()
  await desk.goto(overview)
  await press('Open again')
  await until(async () => (await facts(petition)).state === 'open', 'the petition to be open again')
  await phone.goBack()
  assert.equal(await phone.getByLabel('Name').inputValue(), 'Ilse')
  assert.equal((await inboxMails(clarion)).filter((mail) => mail.to?.[0]?.address === 'ilse@example.org').length, 0)
})

test('words are changed while it is open: saved first, public when somebody says so, and what was signed stays as it was', async () => {
  await sign(clarion.site, '/actions/keep-the-reading-room-open', { name: 'Noor', email: 'noor@example.org' })
  await post(clarion.site, new URL(linkIn(await mailTo(clarion, 'noor@example.org', 'One more step'), '/confirm/')).pathname, {})
  await until(async () => (await facts(petition)).count === 1, 'the signature to be counted')
  await desk.goto(`${overview}/words/en`)
  await desk.getByText('People have signed version 1').waitFor()
  await desk.locator('#ask').fill('To the council: keep the reading room open every day.')
  await press('Save')
  await desk.getByText('Saved, and not public yet').waitFor()
  await supporterReads('open on Sundays')
  await press('Publish')
  await desk.getByText('Published. It shows within a second.').waitFor()
  await supporterReads('open every day')
  await phone.getByText('Earlier versions').click()
  await phone.getByText('open on Sundays').waitFor()
})

test('closing says how it ended, on the page as well', async () => {
  await desk.goto(overview)
  await desk.getByText('Close it for good').click()
  await press('Close')
  await desk.getByText('Please say how it ended.').first().waitFor()
  await desk.getByLabel('Part of it has happened').check()
  await desk.locator('#outcome_text').fill('It stays open on Sundays until winter.')
  await press('Close')
  await desk.getByText('Closed.').first().waitFor()
  await supporterReads('part of what it asked for has happened')
  await phone.getByText('It stays open on Sundays until winter.').waitFor()
  assert.equal((await facts(petition)).outcome, 'partly-won')
  await desk.goto(`${clarion.desk}/actions?state=closed`)
  await desk.getByRole('link', { name: 'Keep the reading room open' }).waitFor()
})

test('a copy is a draft of its own, with everything but the people, the times and the end', async () => {
  await desk.goto(overview)
  await press('Duplicate')
  await desk.getByText('Here is the copy, as a draft.').waitFor()
  await desk.locator('main .state', { hasText: 'Draft' }).waitFor()
  assert.notEqual(desk.url().split('?')[0], overview)
  await desk.getByRole('link', { name: 'Words in English' }).click()
  assert.match(await desk.locator('#ask').inputValue(), /open every day/)
  await desk.goto(`${clarion.desk}/actions?order=title`)
  assert.equal(await desk.getByRole('link', { name: 'Keep the reading room open' }).count(), 2)
})

test('a message to one’s own representative needs to know whose; where nobody can be written to, its page says so and what else there is', async () => {
  await desk.goto(`${clarion.desk}/actions/new`)
  await desk.locator('#title').fill('Ask your member to visit')
  await desk.getByLabel(/^Message to one’s own representative/).check()
  await press('Make a draft')
  await desk.getByText('What stands in [[double square brackets]] is for you to write.').waitFor()
  await press('Save')
  await desk.getByText('Before it can open, it needs:').waitFor()
  await desk.locator('#ready li', { hasText: '“Summary, Story, Subject of the message and Message” written to the end' }).waitFor()
  await desk.locator('#ready').getByText('/actions/').waitFor()
  await desk.getByRole('link', { name: 'Words in English' }).click()
  await desk.locator('#summary').fill('Your member has never seen it.')
  await desk.locator('#subject').fill('Please visit the reading room')
  await desk.locator('#body').fill('I live in {area|your area} and I am writing to ask you to visit the reading room.')
  await desk.locator('#story').fill('It has been there for forty years.')
  await press('Save')
  await desk.getByText('somebody it goes to').waitFor()
  await desk.getByRole('link', { name: 'Who it goes to' }).click()
  await desk.getByLabel(/^Assembly of Marovia/).check()
  await press('Save')
  await press('Open now')
  await desk.getByText('It is open.').waitFor()
  const action = `${clarion.site}/actions/ask-your-member-to-visit`
  await until(async () => (await fetch(action)).ok, 'its page')
  for (const [postcode, why] of [['TA 110', 'Nobody holds this office at the moment: Member for Tamsin'], ['SO 110', 'We have no e-mail address for this office: Member for Sorrel Vale']] as const) {
    await phone.goto(action)
    await phone.getByLabel('Name').fill('Noor')
    await phone.getByLabel('E-mail').fill('noor@example.org')
    await phone.getByLabel('Postcode').fill(postcode)
    await phone.getByRole('button', { name: 'Continue' }).click()
    await phone.getByRole('heading', { name: 'Nobody can be written to right now' }).waitFor()
    await phone.getByText(why).waitFor()
    await phone.getByRole('link', { name: 'See all actions' }).waitFor()
  }
})

test('a rehearsal sends everything to whoever asked for it, and counts nothing', async () => {
  const action = `${clarion.site}/actions/write-to-your-representative`
  const before = (await facts(action)).count
  await desk.goto(`${clarion.desk}/actions`)
  await desk.getByRole('link', { name: /Ask your representative/ }).click()
  await press('Preview and try it')
  const link = (await desk.getByRole('link', { name: 'Open in English' }).getAttribute('href'))!
  await phone.goto(link)
  await phone.getByText('Rehearsal.', { exact: true }).waitFor()
  await phone.getByLabel('Name').fill('Amara, trying')
  await phone.getByLabel('E-mail').fill('somebody.else@example.org')
  await phone.getByLabel('Postcode').fill('AR 110')
  await phone.getByRole('button', { name: 'Write your message' }).click()
  await phone.getByRole('button', { name: 'Send my messages' }).click()
  await phone.getByRole('heading', { name: 'One more step' }).waitFor()
  await phone.goto(linkIn(await mailTo(clarion, administrator.email, 'One more step'), '/confirm/'))
  await phone.getByRole('button', { name: 'Confirm' }).click()
  await phone.getByRole('heading', { name: 'Thank you' }).waitFor()
  await until(async () => (await inboxMails(clarion)).filter((mail) => mail.subject === 'Please vote for the register of detention').length === 2, 'both messages')
  const others = (await inboxMails(clarion)).flatMap((mail) => mail.to ?? []).filter((to) => ![administrator.email, 'noor@example.org'].includes(to.address!))
  assert.deepEqual(others, [], 'nobody else got anything')
  assert.equal((await facts(action)).count, before)
  assert.deepEqual(strayed, [])
})
