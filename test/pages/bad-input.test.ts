import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import PostalMime from 'postal-mime'
import { escapeHtml } from '#platform/html/html.ts'
import { acting } from '#test/support/acting.ts'
import { formOn } from '#test/support/http.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { each, linkTokens, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const naughty = JSON.parse(readFileSync(new URL('../data/blns.json', import.meta.url), 'utf8')) as string[]
const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'

// Every office gets one message at a time; many districts take many at once.
const districts = (await it.db.selectFrom('areas').select('id').where('id', 'not in', ['marovia:TA', 'marovia:SO']).execute()).map(({ id }) => id)

type Fields = [string, string][]
const withField = (fields: Fields, changes: Record<string, string>): string => {
  const all = [...fields.filter(([name]) => !(name in changes)), ...Object.entries(changes)]
  // encodeURIComponent refuses half a surrogate pair; a browser sends U+FFFD instead.
  return all.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
}

/** A name that looks like a link waits for staff. */
const isHeld = (name: string) => name.includes('.') || name.includes('http')

/** Never a fault of ours, always a page or a way on, and nothing of what was sent stands in it as HTML. */
function isHonest(answer: Answer, sent: string, plain: string): void {
  const about = JSON.stringify(sent)
  assert.ok(answer.status === 200 || answer.status === 303 || (answer.status >= 400 && answer.status < 500), `${answer.status} to ${about}`)
  if (answer.status === 303) return assert.match(String(answer.headers.location), /^\/[a-z/-]+\/one-more-step$|^\/actions\/[a-z-]+\/thanks$/)
  assert.match(answer.text, /^<!doctype html><html lang="(en|ar)" dir="(ltr|rtl)">/)
  assert.ok(answer.text.endsWith('</html>'), `a whole page to ${about}`)
  if (sent.length > 3 && escapeHtml(sent) !== sent && !plain.includes(sent)) assert.ok(!answer.text.includes(sent), `${about} is reflected as it came`)
}

/** Posts every string in some of a form's fields at once. The other fields are as somebody would fill them in. */
async function everyString(path: string, fields: Fields, plain: string, changed: (text: string, place: number) => Record<string, string>): Promise<Answer[]> {
  return each(naughty, async (text, place) => {
    const answer = await postRaw(origin, path, withField(fields, changed(text, place)))
    isHonest(answer, text, plain)
    return answer
  })
}

const page = async (path: string): Promise<string> => (await rawRequest(origin, path)).text
const shown = await page(petition)
const consent = /name="(consent-[^"]+)"/.exec(shown)![1]!
const signing: Fields = [...formOn(shown, '/sign').fields.filter(([name]) => !['name', 'email'].includes(name)), ['name', 'Amara']]
const writing: Fields = [...formOn(await page(message), '/write').fields.filter(([name]) => !['name', 'email', 'postcode'].includes(name)), ['name', 'Amara'], ['postcode', 'AR 110']]
const composing = formOn((await postRaw(origin, `${message}/write`, withField(writing, { email: 'amara@example.org' }))).text, '/send').fields

test('no string breaks the sign form, whatever field it is typed into', async () => {
  await everyString(`${petition}/sign`, signing, shown, (text, place) => ({ name: text, comment: text, email: `name.${place}@example.org` }))
  await everyString(`${petition}/sign`, signing, shown, (text) => ({ email: text }))
  await everyString(`${petition}/sign`, signing, shown, (text) => ({ postcode: text, s: text, key: text, in: text, email: 'postcode@example.org' }))
  await everyString(`${petition}/sign`, signing, shown, (text) => ({ country: text, area: text, phone: text, address: text, [consent]: text, [text || 'x']: text, email: 'other@example.org' }))
  await everyString(`${petition}/sign`, signing, shown, (text) => ({ ask: text, email: 'ask@example.org' }))
})

test('no string breaks the two steps of a message, whatever field it is typed into', async () => {
  const plain = await page(message)
  const details = (changes: (text: string, place: number) => Record<string, string>) => everyString(`${message}/write`, writing, plain, changes)
  await details((text) => ({ name: text, email: 'amara@example.org' }))
  await details((text) => ({ email: text }))
  await details((text) => ({ postcode: text, email: 'amara@example.org' }))
  await details((text) => ({ area: text, subject: text, body: text, start: text, shown: text, email: 'amara@example.org', key: text }))
  const words = (changes: (text: string, place: number) => Record<string, string>) => everyString(`${message}/send`, composing, plain, changes)
  // Without `seen`: the page before was for another district.
  await words((text, place) => ({ subject: text, body: text, start: 'x', name: isHeld(text) ? 'Amara' : text, area: districts[place % districts.length]!, seen: '', email: `message.${place}@example.org` }))
  await words((text) => ({ revision: text, copy: text, email: 'revision@example.org' }))
  await words((text) => ({ area: text, postcode: text, email: text }))
  const others = [`${message}/details`, `${message}/by-yourself`, `${message}/letter`, `${petition}/code`]
  await each(naughty, async (text, place) => {
    isHonest(await postRaw(origin, others[place % 4]!, withField(composing, { name: text, postcode: text, address: text, subject: text, body: text, code: text })), text, plain)
  })
})

test('no string breaks an address', async () => {
  for (const path of ['/actions/', '/files/', '/confirm/', '/unsubscribe/', '/ar/actions/', '/rehearsal/', '/', `${petition}?s=`]) {
    await each(naughty, async (text) => isHonest(await rawRequest(origin, `${path}${encodeURIComponent(text.toWellFormed())}`), text, shown))
  }
})

const headerNames = new Set(('return-path dkim-signature from to reply-to subject date message-id mime-version content-type content-transfer-encoding content-language '
  + 'list-unsubscribe list-unsubscribe-post auto-submitted x-campaign-id received').split(' '))

/** The header fields of a mail, unfolded. Each comes once and is one that we write. */
function headersOf(raw: string): Map<string, string> {
  const lines = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([!-9;-~]+):(.*)$/s.exec(line) ?? assert.fail(`not a header: ${JSON.stringify(line)}`)
    assert.ok(headerNames.has(name!.toLowerCase()), `${name} is none of our headers`)
    assert.ok(!headers.has(name!.toLowerCase()), `${name} comes twice`)
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(value!, /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/, `${name} holds a control character`)
    headers.set(name!.toLowerCase(), value!.trim())
  }
  return headers
}

test('whatever was taken can be settled, confirmed and mailed, and no mail has a header that is not ours', async () => {
  await act.settle()
  assert.deepEqual(await it.db.selectFrom('intake_refused').select('reason').execute(), [])
  const tokens = await linkTokens(act)
  assert.ok(tokens.length > 1000, `${tokens.length} were taken`)
  await each(tokens, async (token) => assert.equal((await postRaw(origin, `/confirm/${token}`, '')).status, 303))
  await act.settle()
  assert.deepEqual(await linkTokens(act), [])

  const sink = await mailSink()
  const post = act.post(sink)
  while (await act.mails(post)) { /* until all are written */ }
  const supporters = sink.received.length
  for (let turns = 0; turns < 40 && await act.messages(post, { seconds: 0, perDomain: 2000 }); turns++) act.later({ minutes: 10 })
  post.close()
  const mails = await Promise.all(sink.received.slice(supporters).map(({ raw }) => PostalMime.parse(raw)))
  await sink.stop()
  assert.deepEqual([...new Set(it.logged.filter((line) => line.includes('"error"')))], [])
  assert.ok(supporters > 800 && mails.length > 400, `${supporters} and ${mails.length} mails`)
  for (const { raw, to } of sink.received) {
    const headers = headersOf(raw)
    assert.match(headers.get('from')!, /(^|<)actions@lamplight\.example>?$/)
    assert.ok(headers.get('to')!.includes(to), `to ${to}`)
    assert.ok(headers.has('subject') && headers.has('message-id') && headers.has('dkim-signature'))
  }
  // What somebody wrote arrives as they wrote it.
  const bodies = mails.map((mail) => mail.text!.replaceAll('\r\n', '\n'))
  for (const text of naughty.filter((each) => /^[\p{L}\p{N}\p{P}\p{S} ]{3,100}$/u.test(each) && each.trim() === each)) {
    assert.ok(bodies.some((body) => body.includes(text.normalize('NFC'))), `${JSON.stringify(text)} arrives`)
  }
})
