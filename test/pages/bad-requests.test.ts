import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acting } from '#test/support/acting.ts'
import { formOn } from '#test/support/http.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { each, everyTable, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const host = new URL(origin).host
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => rawRequest(origin, path, { headers, method })
const signing = formOn((await get(petition)).text, '/sign').fields.filter(([name]) => name !== 'name' && name !== 'email')
const signed = (fields: Record<string, string>) => new URLSearchParams([...signing, ...Object.entries(fields)]).toString()
const good = signed({ name: 'Amara', email: 'amara@example.org' })

/** A page of ours that says what is the matter, with a way on. */
function isPage({ status, text }: Answer, expected: number, says: string): void {
  assert.equal(status, expected)
  assert.match(text, new RegExp(`<h1>[^<]*${says}`))
  assert.match(text, /<nav[^>]*>[\s\S]*<a href="\/actions"/, 'with the navigation')
}

test('what is larger than any form is turned away with a page, and nothing of it is kept', async () => {
  isPage(await postRaw(origin, `${petition}/sign`, signed({ name: 'x'.repeat(200_000), email: 'amara@example.org' })), 413, 'too much at once')
  isPage(await postRaw(origin, `/unsubscribe/${'A'.repeat(22)}`, 'x'.repeat(20_000), { 'content-type': 'multipart/form-data; boundary=b' }), 413, 'too much at once')
})

test('whoever sends far too much is told so when all of it is sent, and not cut off', async () => {
  for (let n = 0; n < 5; n++) isPage(await postRaw(origin, `${petition}/sign`, `comment=${'x'.repeat(20_000_000)}`), 413, 'too much at once')
})

test('malformed encoding is read as far as it goes, and is never a fault of ours', async () => {
  for (const body of ['%', 'name=%zz&email=%e0%a4%a', '&&&&', '=', '%00=%00', '\u0000\u0001', 'name', 'a'.repeat(5000), '&'.repeat(5000), '__proto__=1&constructor=2&toString=3&hasOwnProperty=4']) {
    isPage({ ...await postRaw(origin, `${petition}/sign`, body), status: 422 }, 422, 'No one should vanish')
  }
  isPage(await get('/%zz'), 400, 'could not read that')
  isPage(await get('/actions/%e0%a4%a'), 400, 'could not read that')
  isPage(await get(`/actions/${'x'.repeat(500)}`), 404, 'no such page')
})

test('anything but a form is turned away with a page', async () => {
  for (const [type, body] of [['application/json', '{"name":"Amara"}'], ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAmara\r\n--b--'], ['text/plain', good], ['', good], ['nonsense', good]] as const) {
    isPage(await postRaw(origin, `${petition}/sign`, body, { 'content-type': type }), 415, 'could not read that')
  }
  assert.equal((await rawRequest(origin, `${petition}/sign`, { method: 'POST', headers: { origin } })).status, 422, 'an empty body is an empty form')
})

test('of a field that comes several times the first one counts, and fields that we do not know are nothing', async () => {
  const body = `${good}&name=Somebody&email=other%40example.org&role=administrator&state=confirmed&person_id=1&name[]=x&name[first]=y`
  assert.equal((await postRaw(origin, `${petition}/sign`, body)).status, 303)
  assert.equal((await postRaw(origin, `${petition}/sign`, `name[]=Amara&email[]=amara%40example.org`)).status, 422)
  await act.settle()
  assert.deepEqual(await act.states(), ['waiting'])
  const sink = await mailSink()
  await act.mails(act.post(sink))
  assert.deepEqual(sink.received.map((mail) => mail.to), ['amara@example.org'])
  await sink.stop()
})

test('a server that is asked for another name says that it is not that site', async () => {
  for (const headers of [{ host: 'elsewhere.example' }, { host: `elsewhere.example:${new URL(origin).port}` }, { host: `${host}.elsewhere.example` }, { host: `${host}@elsewhere.example` }]) {
    for (const path of ['/', petition, '/healthz', '/%zz']) isPage(await get(path, headers), 421, 'not the site')
  }
  // Who is not a trusted proxy cannot say who we are or where the visitor comes from.
  const plain = (await get(petition)).text.replaceAll(/value="[\w-]{22}"/g, '')
  const forwarded = { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https', forwarded: 'host=elsewhere.example', 'x-original-url': '/forget-me', 'x-http-method-override': 'DELETE' }
  assert.equal((await get(petition, forwarded)).text.replaceAll(/value="[\w-]{22}"/g, ''), plain)
  const answer = await postRaw(origin, `${petition}/sign`, good, { ...forwarded, referer: 'https://elsewhere.example/\t%0d%0aSet-Cookie:x=y' })
  assert.equal(answer.headers.location, `${petition}/one-more-step`)
  assert.match(String(answer.headers['set-cookie']), /^clarion-signed=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=86400$/)
})

test('a form on another site is refused, whatever it posts to', async () => {
  await act.settle()
  const before = await everyTable(it)
  const others: Record<string, string>[] = [{ origin: 'https://elsewhere.example' }, { origin: 'null' }, { origin: `https://${host}` }, { origin: `${origin}.elsewhere.example` }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]
  for (const headers of others) {
    for (const path of [`${petition}/sign`, `${message}/write`, `${message}/send`, '/forget-me', `/confirm/${'A'.repeat(22)}`, `/withdraw/${'A'.repeat(22)}`]) isPage(await postRaw(origin, path, good, headers), 403, 'another site')
  }
  await act.settle()
  assert.deepEqual(await everyTable(it), before)
  const unlabelled = await rawRequest(origin, `${message}/write`, { method: 'POST', body: good, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  assert.equal(unlabelled.status, 422, 'an old browser that says neither may take part')
})

test('what a name or a subject smuggles in never becomes a line of an answer’s head', async () => {
  for (const trick of ['\r\nSet-Cookie: x=y', '%0d%0aSet-Cookie: x=y', '\u2028Set-Cookie: x=y', '\u0085Set-Cookie: x=y', '\u0000Set-Cookie: x=y', '嘊嘍Set-Cookie: x=y']) {
    const sent = await postRaw(origin, `${petition}/sign`, signed({ name: `Amara${trick}`, email: 'amara@example.org', s: trick, key: trick }))
    assert.equal(sent.status, 303)
    assert.doesNotMatch(JSON.stringify(sent.headers), /x=y/)
    assert.equal((await postRaw(origin, `${petition}/sign`, signed({ name: 'Amara', email: `amara@example.org${trick}` }))).status, 422)
    assert.equal((await postRaw(origin, `${petition}/sign`, signed({ name: 'Amara', email: `amara@example.org/${trick}` }))).status, 422)
    for (const path of [`/en/${encodeURIComponent(trick)}`, `/en?x=${encodeURIComponent(trick)}`, `${petition}/sign?next=${encodeURIComponent(trick)}`]) assert.equal((await get(path)).headers['set-cookie'], undefined)
  }
})

test('addresses that are not there are a page with the navigation, in the language that was asked for', async () => {
  for (const path of ['/nowhere', '/actions/nothing', '/actions/No-One', '/.env', '/wp-login.php', '/actions/no-one-should-vanish/nothing', '/index.html', '/actions/%00', '/rehearsal/x/actions']) isPage(await get(path), 404, 'no such page')
  const arabic = await get('/ar/actions/nothing')
  assert.equal(arabic.status, 404)
  assert.match(arabic.text, /<html lang="ar" dir="rtl">[\s\S]*<h1>لا توجد صفحة كهذه/)
})

test('a method that an address does not take is said so, and a form’s address leads back to the form', async () => {
  for (const [method, path, allow] of [['POST', petition, 'GET'], ['PUT', petition, 'GET'], ['DELETE', '/', 'GET'], ['PATCH', `${petition}/sign`, 'POST'], ['OPTIONS', `${petition}.json`, 'GET'], ['POST', '/healthz', 'GET']] as const) {
    const answer = await rawRequest(origin, path, { method, headers: { origin } })
    isPage(answer, 405, 'cannot be done here')
    assert.ok(String(answer.headers.allow).split(', ').includes(allow))
  }
  for (const [path, back] of [[`${petition}/sign`, petition], [`${message}/write`, message], [`${message}/send`, message], [`/ar${message}/details`, `/ar${message}`], [`${petition}/code`, `${petition}/one-more-step`]] as const) {
    const answer = await get(path)
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.location, back)
  }
})

test('a link that was cut short or mistyped is an honest page', async () => {
  for (const verb of ['confirm', 'not-me', 'withdraw', 'unsubscribe']) {
    for (const token of [...(verb === 'unsubscribe' ? [] : ['A'.repeat(22)]), 'A'.repeat(21), 'A'.repeat(23), 'x', '..%2f..', '%00', encodeURIComponent("' or 1=1 --"), '%C3%A9']) isPage(await get(`/${verb}/${token}`), 404, 'This link')
  }
})

test('files are found by their name alone', async () => {
  const name = /<img src="\/files\/([0-9a-f]{64})"/.exec((await get(petition)).text)![1]!
  const picture = await get(`/files/${name}`)
  assert.equal(picture.headers['content-type'], 'image/webp')
  assert.equal(picture.headers['x-content-type-options'], 'nosniff')
  for (const path of ['/files/', '/files/..', '/files/../package.json', '/files/..%2f..%2fpackage.json', '/files/%2e%2e/%2e%2e/etc/passwd', `/files/${name.toUpperCase()}`, `/files/${name}.webp`, `/files/${name}%00`, `/files/${'0'.repeat(64)}`, '/assets/..%2fcontext.ts', '/files/..\\..\\package.json']) {
    const answer = await get(path)
    assert.ok(answer.status === 404 || answer.status === 400, `${answer.status} for ${path}`)
    assert.doesNotMatch(answer.text, /dependencies|root:/)
  }
})

test('a scanner that opens every link of every mail and page twice changes nothing', async () => {
  const [taking, letter] = [act.signature({ email: 'noor@example.org' }), act.letter({ email: 'noor@example.org' })]
  await act.takes(taking, letter)
  await act.confirms(letter)
  const sink = await mailSink()
  await act.mails(act.post(sink))
  const mails = await sink.mails()
  await sink.stop()
  const found = new Set<string>(['/'])
  const collect = (text: string) => {
    for (const [, url] of text.matchAll(/(?:href|src|action|formaction)="([^"]+)"/g)) if (/^\/(?!\/)/.test(url!)) found.add(url!.replaceAll('&amp;', '&').split('#')[0]!)
  }
  for (const { text, html } of mails) for (const [url] of `${text} ${html}`.matchAll(/http:\/\/localhost:3000[^\s"<]*/g)) found.add(url.slice('http://localhost:3000'.length) || '/')
  assert.ok([...found].some((path) => path.startsWith('/confirm/')) && [...found].some((path) => path.startsWith('/withdraw/')))
  const before = await everyTable(it)
  const seen = new Set<string>()
  while (seen.size < found.size) {
    await each([...found].filter((path) => !seen.has(path)), async (path) => {
      seen.add(path)
      for (const method of ['GET', 'HEAD', 'GET', 'GET']) {
        const answer = await get(path, { 'sec-fetch-site': 'cross-site' }, method)
        assert.ok(answer.status < 500, `${path}: ${it.logged.at(-1)}`)
        assert.equal(answer.headers['set-cookie'], undefined, path)
        collect(answer.text)
      }
    })
  }
  assert.ok(seen.size > 30, `${seen.size} links`)
  await act.settle()
  assert.deepEqual(await everyTable(it), before)
})
