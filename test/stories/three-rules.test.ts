import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { inboxMails, linkIn, mailTo, startClarion, until, type RunningClarion } from '../support/clarion.ts'
import { sharedData } from '../support/shared-data.ts'
import { accessibilityFaults, sidewaysFaults, visitor, type Visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const members = sharedData('uk/mp_lookup.defanged.csv')

test('a campaigner builds an action with three rules against a real parliament', { skip: members.skip }, async (story) => {
  let clarion: RunningClarion
  let desk: Visitor
  let overview = ''
  // Whoever sits in the file: the two largest parties of it, and one member of each sort who can be written to.
  const rows = parse<Record<'pcon_name' | 'display_as' | 'party_text' | 'member_email', string>>(readFileSync(members.path), { columns: true, bom: true })
  const [largest, second] = [...Map.groupBy(rows, (row) => row.party_text)].toSorted(([, one], [, other]) => other.length - one.length)
  const reachable = (fits: (party: string) => boolean) => rows.find((row) => fits(row.party_text) && row.member_email.includes('@'))!
  const thanked = reachable((party) => party === largest![0])
  const leftOut = reachable((party) => party === second![0])
  const asked = reachable((party) => party !== largest![0] && party !== second![0])

  before(async () => {
    clarion = await startClarion()
    desk = await visitor([clarion.desk, clarion.site, clarion.inbox], { viewport: { width: 1280, height: 900 } })
  })
  after(() => clarion[Symbol.asyncDispose]())

  await story.test('she loads the members and makes an action for everybody’s own', async () => {
    const { page } = desk
    await becomeAdministrator(page, clarion)
    await page.goto(`${clarion.desk}/imports/new`)
    await page.locator('#file').setInputFiles(members.path)
    await page.getByLabel('Ready-made: uk-members').check()
    await page.getByRole('button', { name: 'Look at what would happen' }).click()
    await page.getByText('Nothing has been changed yet').waitFor()
    await page.getByRole('button', { name: 'Do it' }).click()
    await page.getByText('This is what was done').waitFor()

    await page.goto(`${clarion.desk}/actions/new`)
    await page.locator('#title').fill('Ask your member to publish the register')
    await page.getByLabel(/^Message to one’s own representative/).check()
    await page.getByRole('button', { name: 'Make a draft' }).click()
    await page.locator('#summary').fill('A register would let families find out where their relatives are.')
    await page.locator('#subject').fill('Please publish the register')
    await page.locator('#body').fill('I live in {area|your area} and I ask you to publish the register.')
    await page.locator('#story').fill('Families have asked for it for years.')
    overview = page.url().split('/words/')[0]!
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('somebody it goes to').waitFor()
    await page.goto(`${overview}/targets`)
    await page.getByLabel(/^Parliament/).check()
    await page.locator('#scheme').selectOption('')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Everything is there.').waitFor()
  })

  await story.test('three rules: one party is thanked, one is left out, all others are asked; the table shows every member before it opens', async () => {
    const { page } = desk
    await page.getByRole('link', { name: 'Who gets which words' }).click()
    await page.getByText(`all ${rows.length} targets get the action’s own words`).waitFor()
    await page.getByRole('link', { name: 'Add a rule' }).click()
    await page.locator('#rule_party').getByRole('checkbox').and(page.locator(`[value="${largest![0]}"]`)).check()
    await page.getByRole('radio', { name: /^new words/ }).check()
    await page.locator('#rule_variant').fill('Thanks')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText(`There are ${rows.length - largest![1].length} targets for which no rule answers.`).waitFor()

    await page.getByRole('link', { name: 'Add a rule' }).click()
    await page.locator('#rule_party').getByRole('checkbox').and(page.locator(`[value="${second![0]}"]`)).check()
    await page.getByRole('radio', { name: /^no message/ }).check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const others = rows.length - largest![1].length - second![1].length
    await page.getByText(`There are ${others} targets for which no rule answers.`).waitFor()

    await page.goto(overview)
    assert.equal(await page.getByRole('button', { name: 'Open now' }).count(), 0, 'it does not open with gaps')
    await page.getByText('a rule for every target').waitFor()
    await page.goto(`${overview}/rules?only=gap`)
    await page.locator('table').getByText(asked.display_as).or(page.getByText('Page 1 of')).first().waitFor()
    await page.getByRole('button', { name: 'All others get the action’s own words' }).click()
    await page.getByText(`The list is whole: there is an answer for all ${rows.length} targets.`).waitFor()
    await page.locator('#q').fill(leftOut.pcon_name)
    await page.getByRole('button', { name: 'Search' }).or(page.locator('form[role=search] button')).first().click()
    await page.locator('tr', { hasText: leftOut.display_as }).getByText('no message (rule 2)').waitFor()
    assert.deepEqual(await accessibilityFaults(page), [])
  })

  await story.test('the words for those who are thanked are still missing, and are written; then it opens', async () => {
    const { page } = desk
    await page.goto(overview)
    await page.getByText('subject and message for each of the other words').first().waitFor()
    await page.goto(`${overview}/rules`)
    await page.getByRole('listitem').filter({ hasText: 'Thanks' }).getByRole('link', { name: 'English' }).click()
    await page.locator('#subject').fill('Thank you')
    await page.locator('#body').fill('Thank you, from {area}, for publishing the register.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.goto(overview)
    await page.getByRole('button', { name: 'Open now' }).click()
    await page.getByText('It is open.').waitFor()
    assert.deepEqual(desk.strayed, [])
  })

  const slug = 'ask-your-member-to-publish-the-register'
  async function writes(area: string, email: string): Promise<Visitor['page']> {
    const { page } = await visitor([clarion.site], { javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
    await page.goto(`${clarion.site}/actions/${slug}`)
    await page.getByLabel('Name').fill('Amara')
    await page.getByLabel('E-mail').fill(email)
    // More areas than a list on the first page should have.
    await page.getByRole('button', { name: 'Choose step by step' }).click()
    await page.locator('#area').selectOption({ label: area })
    await page.getByRole('button', { name: 'Continue' }).click()
    return page
  }

  await story.test('supporters see, and members get, exactly the words that the rules give them', async () => {
    for (const [member, body] of [[thanked, /^Thank you, from .* for publishing the register\.$/], [asked, undefined]] as const) {
      const email = `${member === thanked ? 'thanks' : 'asks'}@example.org`
      const page = await writes(member.pcon_name, email)
      await page.getByText(member.display_as).first().waitFor()
      const text = await page.locator('textarea.letter').inputValue()
      if (body) assert.match(text, body)
      else assert.doesNotMatch(text, /Thank you, from/)
      assert.deepEqual(await sidewaysFaults(page), [])
      await page.getByRole('button', { name: 'Send my message' }).click()
      await page.getByRole('heading', { name: 'One more step' }).waitFor()
      await page.goto(linkIn(await mailTo(clarion, email, 'One more step'), '/confirm/'))
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByRole('heading', { name: 'Thank you' }).waitFor()
      const sent = await until(async () => (await inboxMails(clarion)).find((mail) => mail.to?.some(({ address }) => address === member.member_email)), 'the message')
      assert.ok(sent.text!.includes(text.split('\n')[0]!))
    }
    const page = await writes(leftOut.pcon_name, 'left.out@example.org')
    await page.getByRole('heading', { name: 'Nobody can be written to right now' }).waitFor()
    await page.getByText('The publisher has decided whom this action writes to').waitFor()
  })
})
