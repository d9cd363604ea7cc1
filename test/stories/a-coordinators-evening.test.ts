import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Locator } from 'playwright-core'
import { startClarion, until } from '../support/clarion.ts'
import { visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const { page: secretariat, context: office } = await visitor([clarion.desk])
const { page: desk, context: home, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 1280, height: 900 } })
const { page: reader } = await visitor([clarion.site], { javaScriptEnabled: false })
const place = `${clarion.site}/places/marovia`
const today = new Date().toISOString().slice(0, 10)

const press = (name: string | RegExp) => desk.getByRole('button', { name, exact: true }).click()
const follow = (name: string | RegExp) => desk.getByRole('link', { name }).first().click()

/** What a reader's page says, once it says it. */
async function readerReads(address: string, words: string | RegExp): Promise<void> {
  await until(async () => {
    await reader.goto(address)
    return reader.getByText(words).first().isVisible()
  }, `${address} to say “${words}”`, 5000)
}

let keys = 0
async function key(name: string): Promise<void> {
  keys += 1
  await desk.keyboard.press(name)
}

/** Goes on with the Tab key until something has the focus, as somebody does who uses no mouse. */
async function tabTo(what: Locator, most = 40): Promise<void> {
  await what.waitFor()
  for (let pressed = 0; !await what.evaluate((element) => element === element.ownerDocument.activeElement); pressed += 1) {
    assert.ok(pressed < most, `${String(what)} is not reached within ${most} keys`)
    await key('Tab')
  }
}

/** Past the menu, by the first link of each page. */
async function skipMenu(): Promise<void> {
  await desk.waitForLoadState('load')
  await tabTo(desk.locator('.skip'), 1)
  await key('Enter')
}

test('prepare: the secretariat has a coordinator for one of two countries, and has published something about hers', async () => {
  await becomeAdministrator(secretariat, clarion)
  const send = async (path: string, form: Record<string, string>, button = '') => {
    const answer = await office.request.post(`${clarion.desk}${path}`, { form: Object.fromEntries([...Object.entries(form), ...(button ? [['then', button]] : [])]), headers: { origin: clarion.desk }, maxRedirects: 0 })
    assert.ok(answer.status() < 400, `${path}: ${answer.status()}`)
    return { to: (answer.headers().location ?? '').split('?')[0]!, text: await answer.text() }
  }
  const ids = async (list: string, folder: string) => [...(await (await office.request.get(`${clarion.desk}${list}`)).text()).matchAll(new RegExp(`href="${folder}/([0-9a-f-]{36})"[^>]*><bdi>([^<]*)`, 'g'))].map(([, id, name]) => ({ id: id!, name: name! }))
  await send('/subjects', { subject_kind: 'place', subject_name: 'Otherland' })
  const invited = await send('/settings/staff', { name: 'Tamar Vell', email: 'tamar@lamplight.example', roles: 'coordinator', language: 'en' })
  const tamar = (await ids('/settings/staff', '/settings/staff')).find(({ name }) => name === 'Tamar Vell')!
  await send(`/settings/staff/${tamar.id}/places`, { places: 'place:MAR' })
  const subjects = await ids('/subjects', '/subjects')
  for (const [title, subject] of [['Registers are opened in the north', 'Marovia'], ['Elsewhere the harbour is closed', 'Otherland']] as const) {
    const { to } = await send('/items/new', { title, item_kind: 'press-release', item_form: 'text', item_about: subjects.find(({ name }) => name === subject)!.id })
    await send(to, { title, base: await baseOf(to), standfirst: 'Three registers of detention were opened. Families can read them. The fourth is still closed.', item_body: 'More.' }, 'publish')
  }
  // She takes the link that she was handed, and adds a passkey.
  const devtools = await home.newCDPSession(desk)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await desk.goto(/http\S+\/sign-in\/[\w-]+/.exec(invited.text)![0])
  await press('Sign in')
  await desk.goto(`${clarion.desk}/account`)
  await press('Add a passkey')
  await desk.getByText('The passkey is there.').waitFor()
  await press('Sign out')
  await desk.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
})

async function baseOf(path: string): Promise<string> {
  return /name="base" value="([^"]*)"/.exec(await (await office.request.get(`${clarion.desk}${path}`)).text())![1]!
}

test('without a mouse: she signs in, finds her country on Today, adds an entry with a link, puts three slips right with a key each, and sees it on the page', async () => {
  await desk.waitForLoadState('load')
  await tabTo(desk.getByRole('button', { name: 'Sign in with a passkey' }))
  await key('Enter')
  await desk.getByRole('heading', { name: 'Your places' }).waitFor()
  assert.equal(await desk.getByText('Otherland').count(), 0)
  await skipMenu()
  await tabTo(desk.getByRole('link', { name: 'Marovia', exact: true }))
  await key('Enter')
  await desk.getByRole('heading', { name: 'Entries of its digest' }).waitFor()
  await skipMenu()
  await tabTo(desk.getByRole('link', { name: 'Add an entry' }))
  await key('Enter')
  await desk.locator('#title').waitFor()
  await skipMenu()
  await tabTo(desk.locator('#title'))
  await desk.keyboard.type('The night ferry runs again')
  await key('Enter')
  const text = desk.getByRole('textbox', { name: 'Paragraph' })
  await text.waitFor()
  await skipMenu()
  await tabTo(text)
  await desk.keyboard.type('They came accross the the bay on 02 May 2026.')
  await tabTo(desk.getByLabel('What it is').first())
  await desk.keyboard.type('Take')
  await tabTo(desk.getByLabel('Address').first())
  await desk.keyboard.type(`${clarion.site}/actions/no-one-should-vanish`)
  const findings = desk.locator('#findings')
  for (const words of ['across', 'the', '2']) await findings.getByRole('button', { name: `Write “${words}”` }).waitFor()
  await key('F8')
  for (const left of [2, 1, 0]) {
    await key('Enter')
    await until(async () => await findings.getByRole('button', { name: /^Write “/ }).count() === left, `${left} slips to be left`)
  }
  await until(async () => (await desk.locator('textarea[name="paragraph_text.new"]').inputValue()) === 'They came across the bay on 2 May 2026.', 'the words to be right')
  await tabTo(desk.getByRole('button', { name: 'Save and publish' }), 60)
  await key('Enter')
  await desk.getByText('Published. It shows within a second.').waitFor()
  await skipMenu()
  await tabTo(desk.getByRole('link', { name: 'See it on the site' }))
  await key('Enter')
  await desk.getByRole('heading', { name: 'The night ferry runs again' }).waitFor()
  assert.match((await desk.getByRole('link', { name: /^Take action/ }).first().getAttribute('href'))!, /^\/actions\/no-one-should-vanish$/)
  await readerReads(place, 'They came across the bay on 2 May 2026.')
  assert.ok(keys < 150, `${keys} keys besides what she typed`)
})

test('what the secretariat published is told in the digest: proposed as a draft with its first two sentences, and public when she says so', async () => {
  await desk.goto(clarion.desk)
  await follow(/new pages about your places are not in the digest/)
  await follow('Registers are opened in the north')
  await follow('Add to the digest')
  await press('Begin a new entry')
  await desk.getByText('The paragraph is there, as a draft.').waitFor()
  const draft = desk.locator('textarea[name^="paragraph_text."]').nth(1)
  assert.equal(await draft.inputValue(), 'Three registers of detention were opened. Families can read them.')
  assert.equal((await fetch(`${clarion.site}/items/registers-are-opened-in-the-north-2`)).status, 404, 'a draft is nowhere')
  await press('Save and publish')
  await desk.getByText('Published. It shows within a second.').waitFor()
  await readerReads(place, 'Families can read them.')
  await desk.goto(clarion.desk)
  await follow(/new pages about your places are not in the digest/)
  assert.equal(await desk.getByText('Registers are opened in the north').count(), 0)
})

test('an outcome is recorded: the action says at once that it is over, and the older thread that told of it gets a paragraph and today’s date', async () => {
  await follow('Actions')
  await follow('No one should vanish')
  await desk.getByText('Close it for good').click()
  await desk.getByLabel('It has happened', { exact: true }).check()
  await desk.locator('#outcome_text').fill('On 29 February the register was opened.')
  await press('Close')
  await desk.getByText('Closed.').first().waitFor()
  await readerReads(`${clarion.site}/actions/no-one-should-vanish`, 'On 29 February the register was opened.')
  assert.equal(await reader.getByRole('button', { name: 'Sign' }).count(), 0)
  await follow('Add to the digest')
  const thread = desk.locator('li', { hasText: 'Add it here' }).last()
  const title = await thread.locator('bdi').innerText()
  await thread.getByRole('button').click()
  await desk.locator('input[name^="happened."]').nth(1).evaluate((field) => field.closest('details')!.setAttribute('open', ''))
  await desk.locator('input[name^="happened."]').nth(1).fill('2024-02-29')
  await desk.getByLabel('Good news').check()
  await press('Save and publish')
  await desk.getByText('Published. It shows within a second.').waitFor()
  await follow('See it on the site')
  await desk.getByRole('heading', { name: title, exact: true }).waitFor()
  await desk.getByText('Happened: 29 February 2024').waitFor()
  // Within a second, as it was said: the page of a moment ago may still be on its way.
  await until(async () => await desk.locator(`main time[datetime="${today}"]`).count() > 0 || !await desk.reload(), 'it to stand under the day of its newest paragraph')
})

/** Pastes into the text by sight, as browsers hand over what other programs have put there. */
const paste = (given: { html?: string, text: string }) => desk.locator('.words-by-sight').first().evaluate((box, { html, text }) => {
  const data = new DataTransfer()
  if (html) data.setData('text/html', html)
  data.setData('text/plain', text)
  box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}, given)

test('what she pastes from a word processor or a web page comes as plain text with its marks, lists and links; twenty megabytes are refused, and nothing typed is lost', async () => {
  await desk.goto(clarion.desk)
  await follow('Marovia')
  await follow('The night ferry runs again')
  const kept = desk.locator('textarea[name="paragraph_text.new"]')
  await desk.locator('.words-by-sight').first().click()
  await paste({ text: 'x', html: `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style><meta name=Generator content="Word"></head><body><!--StartFragment-->
<p class=MsoNormal style='mso-fareast-language:EN'><b style='mso-bidi-font-weight:normal'>Three</b> boats <span style='font-style:italic'>came</span>.<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span>One<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span>Two<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.<span>&nbsp;&nbsp;</span></span>Two a<o:p></o:p></p>
<p class=MsoNormal><a href="https://news.lamplight.example/boats">Read</a> <a href="javascript:alert(1)">this</a><img src="file:///C:/boat.png"></p><!--EndFragment--></body></html>` })
  assert.equal((await kept.inputValue()).replace(/^[-*] /gm, '- '), '**Three** boats _came_.\n\n- One\n- Two\n  1. Two a\n\n[Read](https://news.lamplight.example/boats) this'.replace('_came_', (await kept.inputValue()).includes('*came*') ? '*came*' : '_came_'))
  await desk.keyboard.press('Control+a')
  await paste({ text: 'x', html: '<div onclick="alert(1)"><h2>Harbour</h2><p>They <strong>came</strong>.</p><script>document.title = "run"</script><iframe src="https://stray.example/"></iframe><img src="https://stray.example/x.png" onerror="document.title = 1"><table><tr><td>Left</td><td><p class=MsoNormal>Right<o:p></o:p></p></td></tr></table><form><button>Send</button></form></div>' })
  const pasted = await kept.inputValue()
  assert.match(pasted, /^## Harbour\n\nThey \*\*came\*\*\.\n\n/)
  assert.doesNotMatch(pasted, /stray|alert|Send|run|<|onerror/)
  assert.match(pasted, /Left · Right/)
  await desk.locator('.words-by-sight').first().evaluate((box) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'boats '.repeat(3_500_000))
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  assert.equal(await kept.inputValue(), pasted)
  assert.ok((await desk.locator('.visual [role=status]').first().innerText()).length > 10, 'and it says so')
  await desk.keyboard.press('Control+a')
  await desk.keyboard.press('Delete')
  await press('Save')
  await desk.getByText('Saved.').waitFor()
})

test('she looks at the page as a phone shows it and at the bulletin, answers a reader without showing her address, and finds nothing of another country', async () => {
  await desk.goto(clarion.desk)
  await follow('Marovia')
  await follow('The night ferry runs again')
  await press('Preview')
  await desk.getByText('They came across the bay').first().waitFor()
  await readerReads(`${place}/bulletin`, 'They came across the bay on 2 May 2026.')
  const form = await (await fetch(`${place}/contact`)).text()
  assert.ok(!form.includes('tamar'), 'nobody’s own address')
  await reader.goto(`${place}/contact`)
  for (const [name, typed] of [['name', 'Ilse'], ['email', 'ilse@example.org'], ['words', 'We would like a speaker on Thursday.']] as const) await reader.locator(`main [name="${name}"]`).fill(typed)
  await reader.locator('main form button').first().click()
  await until(async () => {
    await desk.goto(clarion.desk)
    return desk.getByRole('link', { name: 'One message of a reader is unread' }).isVisible()
  }, 'the message to be there')
  await follow('One message of a reader is unread')
  await desk.locator('main form button').first().click()
  await desk.getByText('We would like a speaker on Thursday.').waitFor()
  await desk.goto(`${clarion.desk}/items`)
  assert.equal(await desk.locator('tbody').getByText('Elsewhere the harbour is closed').count(), 0)
  const elsewhere = await until(async () => /href="(\/items\/[0-9a-f-]{36})"[^>]*><bdi>Elsewhere/.exec(await (await office.request.get(`${clarion.desk}/items`)).text())?.[1], 'the other item')
  for (const path of [elsewhere, `${elsewhere}/en`, `${elsewhere}/digest`]) assert.equal((await home.request.get(`${clarion.desk}${path}`)).status(), 404)
  assert.deepEqual(strayed, [])
})
