import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { setTargets } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post, submitForm } from '#test/support/http.ts'
import { everyTable, openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const action = '/actions/write-to-your-representative'
const page = async (path: string, site = origin) => (await rawRequest(site, path)).text
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')

/** The page after somebody has given their details with this postcode. */
async function after(postcode: string, site = origin, language = ''): Promise<string> {
  const answer = await submitForm(site, await page(`${language}${action}`, site), '/write', { name: 'Amara', email: 'amara@example.org', postcode })
  assert.equal(answer.status, 200)
  return answer.text()
}

/** The same action with nobody to write to but one's own representative. */
async function onlyOwn(): Promise<string> {
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }]))
  return (await openPages(act)).origin
}

test('a postcode in any spelling finds its member, and the page lists who will read it before anything is written', async () => {
  for (const typed of ['AR 110', 'ar110', ' a r 1 1 0 ', 'AR-110', 'ＡＲ１１０', 'AR ١١٠', 'AR 1l0']) {
    const text = await after(typed)
    assert.match(words(text), /Goes to 2|Oriel Tavan/)
    assert.match(text, /Oriel Tavan/)
    assert.match(text, /Halden Morrow/)
    assert.match(text, /Dear Hon\. Oriel Tavan,/)
    assert.match(text, /I live in Ardenhal/)
    assert.match(words(text), /amara@example\.org/, 'their own member will see the address')
  }
  assert.match(await after('AR 110', origin, '/ar'), /أوريل تافان/)
})

test('a postcode in two areas is asked about, with who represents each and how much of it lies there, and never guessed', async () => {
  const text = await after('BC 150')
  assert.match(text, /<h1>Which of these is yours\?/)
  assert.match(words(text), /Belmora [^·]+ · about 60%.*Corvane Idris Maleth · about 40%/, 'with whoever represents each')
  assert.doesNotMatch(text, / checked/)
  const chosen = await submitForm(origin, text, '/write', { area: /value="([^"]+)" required><bdi>Corvane/.exec(text)![1]! })
  assert.match(await chosen.text(), /Idris Maleth/)
})

test('whoever lives where nobody represents them writes to the others whom the action is for, said once and kept from page to page', async () => {
  const abroad = { name: 'Amara', email: 'amara@example.org', elsewhere: 'yes' }
  const outside = await after('ZX 100')
  const direct = await submitForm(origin, await page(action), '/write', abroad)
  for (const text of [await direct.text(), await (await submitForm(origin, `<form${outside.split('<form').find((form) => form.includes('name="elsewhere"'))}`, '/write', {})).text()]) {
    assert.match(words(text), /Goes to .*Halden Morrow|Your message goes to Halden Morrow/)
    assert.doesNotMatch(text, /Member for/)
    assert.equal((await submitForm(origin, text, '/send', {})).status, 303)
  }
  await act.settle()
  assert.deepEqual((await it.db.selectFrom('participations').select('area_id').distinct().execute()).map((row) => row.area_id), [null], 'settled like all others')
})

for (const { typed, says } of [
  { typed: 'AA 999', says: 'We do not know this postcode' }, { typed: 'nonsense', says: 'This does not look like a postcode' }, { typed: '<b>x</b>', says: 'This does not look like a postcode' },
  { typed: 'ZX 100', says: 'This postcode lies outside' },
]) {
  test(`“${typed}” is answered with “${says}”, and with something to do next`, async () => {
    const text = await after(typed)
    assert.match(text, new RegExp(`<h1>${says}`))
    assert.ok(words(text).includes(typed.replaceAll('<', '&lt;').replaceAll('>', '&gt;')), 'what was typed is shown')
    const again = await submitForm(origin, text, '/write', { postcode: 'BE 110' })
    assert.match(await again.text(), /Senna Kovic/, 'it can be typed again')
    assert.match(text, /<select id="area"[\s\S]*>Ardenhal<\/option>/, 'or chosen from a list')
    for (const href of ['/actions', '/contact', action]) assert.match(text, new RegExp(`<a href="${href}">`))
    const second = /<form[^>]*>(?:(?!<\/form>)[\s\S])*<select[\s\S]*?<\/form>/.exec(text)![0]
    const listed = await submitForm(origin, second, '/write', { area: 'marovia:GA' })
    assert.match(await listed.text(), /Piet Hallorn/)
  })
}

test('a vacant seat and a missing address are said, and the message still goes to everybody else', async () => {
  const vacant = words(await after('TA 110'))
  assert.match(vacant, /Nobody holds this office at the moment: .*Tamsin/)
  assert.match(vacant, /Halden Morrow/)
  const silent = words(await after('SO 110'))
  assert.match(silent, /We have no e-mail address for this office: .*Sorrel Vale/)
  assert.match(silent, /Halden Morrow/)
})

test('where there is nobody but representatives, nobody is asked whether they live elsewhere', async () => {
  const own = await onlyOwn()
  assert.doesNotMatch(await page(action, own), /name="elsewhere"/, 'where there are no others, nobody is asked')
  assert.equal((await submitForm(own, await page(action, own), '/write', { name: 'Amara', email: 'amara@example.org', elsewhere: 'yes' })).status, 422)
})

test('who has nobody that can be written to is told why, and what else there is to do', async () => {
  const site = await onlyOwn()
  for (const [postcode, why] of [['TA 110', 'Nobody holds this office'], ['SO 110', 'We have no e-mail address']] as const) {
    const text = await after(postcode, site)
    assert.match(text, /<h1>Nobody can be written to right now/)
    assert.match(words(text), new RegExp(why))
    for (const href of ['/actions', '/contact']) assert.match(text, new RegExp(`<a href="${href}">`))
  }
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }]))
})

/** A mailto link taken apart as RFC 6068 says. */
function readMailto(href: string): { to: string, subject: string, body: string } {
  assert.match(href, /^mailto:[\w.%+-]+@[\w.-]+\?subject=(?:[\w.~-]|%[0-9A-F]{2})*(?:&body=(?:[\w.~-]|%[0-9A-F]{2})*)?$/)
  assert.doesNotMatch(href.replaceAll('%0D%0A', ''), /%0[AD]/, 'lines end in CRLF')
  const url = new URL(href)
  return { to: decodeURIComponent(url.pathname), subject: url.searchParams.get('subject')!, body: url.searchParams.get('body') ?? '' }
}

test('writing by oneself gives a mail link, a text to copy and a letter to print, and stores nothing', async () => {
  // What could not be found before is noted in its own time.
  const before = await everyTable(it, ['lookup_failures'])
  const asked = await page(`${action}/by-yourself`)
  const names = formOn(asked, '/by-yourself').fields.map(([name]) => name)
  assert.deepEqual(names, ['postcode'], 'asks for nothing but where one lives')
  const text = await (await submitForm(origin, asked, '/by-yourself', { postcode: 'KE 110' })).text()
  const links = [...text.matchAll(/href="(mailto:[^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
  assert.equal(links.length, 2)
  const own = readMailto(links.find((each) => each.includes('ovenn'))!)
  assert.equal(own.to, 'dara.ovenn@assembly.marovia.example')
  assert.equal(own.subject, 'Please vote for the register of detention')
  assert.match(own.body, /^Dear Hon\. Dara O'Venn,\r\n\r\nI live in Kestrel Point/)
  assert.match(own.body, /KE 110$/, 'what shows an office that this is one of its people')
  for (const link of links) assert.ok(link.length <= 1600)
  assert.match(text, /data-copy="text-0"/)
  const letter = await (await submitForm(origin, text, '/letter', {})).text()
  assert.match(words(letter), /Ministry of Justice, 4 Registry Square, Ardenhal/)
  assert.match(words(letter), /Dear Hon\. Dara O&#39;Venn,/)
  assert.match(words(letter), /KE 110/)

  const composed = await after('AR 110')
  const fields = formOn(composed, '/send').fields.filter(([name]) => name !== 'body')
  const printed = await (await post(origin, `${action}/letter`, [...fields, ['body', 'My own <words>.']])).text()
  assert.match(printed, /My own &lt;words&gt;\./)
  assert.match(words(printed), /Amara/)
  await act.settle()
  assert.deepEqual(await everyTable(it, ['lookup_failures']), before)
})

test('a text that no mail link can carry is left out of it: the page says so, and it is there to copy', async () => {
  const text = await (await submitForm(origin, await page(`/ar${action}/by-yourself`), '/by-yourself', { postcode: 'AR 110' })).text()
  const links = [...text.matchAll(/href="(mailto:[^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
  for (const link of links) {
    assert.ok(link.length <= 1600, `${link.length} characters`)
    const { subject, body } = readMailto(link)
    assert.equal(subject, 'أرجو التصويت لصالح سجلّ الاحتجاز')
    assert.equal(body, '')
  }
  assert.equal(text.match(/<p class="fine">[^<]*(?:انسخ|نسخ)/g)?.length, links.length)
  assert.match(text, /أقيم في/)
})
