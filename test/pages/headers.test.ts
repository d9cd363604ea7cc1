import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { acting } from '#test/support/acting.ts'
import { openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const act = await acting(await stage())
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const get = (path: string, headers: Record<string, string> = {}) => rawRequest(origin, path, { headers })
const paths = ['', '/places/marovia', '/items/assembly-must-keep-two-days', '/actions', petition, message, `${petition}/thanks`, `${petition}/one-more-step`, `${petition}/sheet`, `${message}/by-yourself`, '/privacy', '/your-data', '/contact', '/forget-me', '/done/confirm', '/confirm/nonsense', '/nowhere']
const all = [...paths, ...paths.map((path) => `/ar${path}`)].map((path) => path || '/')

function isGuarded({ headers, text }: Answer, path: string): void {
  const policy = new Map(String(headers['content-security-policy']).split('; ').map((part): [string, string[]] => [part.split(' ')[0]!, part.split(' ').slice(1)]))
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)![1]!
  // A page with a button that finds an area by position loads boundaries when it is pressed. No other page loads or asks for anything.
  const asksPosition = text.includes(' data-point=')
  assert.equal(headers['permissions-policy'], `browsing-topics=(), camera=(), geolocation=${asksPosition ? '(self)' : '()'}, microphone=()`, path)
  assert.deepEqual(policy.get('default-src'), ["'none'"], path)
  assert.deepEqual(policy.get('style-src'), [`'sha256-${createHash('sha256').update(style).digest('base64')}'`], path)
  assert.deepEqual(policy.get('script-src'), ["'self'"], path)
  for (const [name, wanted] of [['form-action', "'self'"], ['frame-ancestors', "'none'"], ['base-uri', "'none'"], ['connect-src', asksPosition ? "'self'" : "'none'"], ['img-src', "'self'"]] as const) assert.deepEqual(policy.get(name), [wanted], path)
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
  assert.equal(headers['x-powered-by'], undefined)
  assert.equal(headers.server, undefined)
  assert.match(String(headers['content-type']), /^text\/html; charset=utf-8$/)
  assert.doesNotMatch(text, /<script(?! type="application\/ld\+json">)(?![^>]*\bsrc="\/assets\/)|\son[a-z]+="|\sstyle="/, `${path} runs and shows only what its policy lets through`)
}

test('every page carries a policy that lets through its own style and nothing else', async () => {
  for (const path of all) isGuarded(await get(path), path)
  for (const answer of [await postRaw(origin, `${petition}/sign`, 'name='), await postRaw(origin, petition, 'x=y'), await get('/%zz'), await rawRequest(origin, '/', { headers: { host: 'elsewhere.example' } })]) isGuarded(answer, 'an error')
})

test('reading sets no cookie, and no page fetches anything from elsewhere', async () => {
  for (const path of all) {
    const { headers, text } = await get(path)
    assert.equal(headers['set-cookie'], undefined, path)
    const fetched = [...text.matchAll(/<(?:img|script|link(?! rel="canonical")|iframe|source|video|audio|object|embed)\b[^>]*?\s(?:src|href|srcset|data)="([^"]*)"/g)].map(([, url]) => url!)
    for (const url of fetched) assert.match(url, /^\/(?!\/)/, `${path} fetches ${url}`)
    assert.doesNotMatch(text, /@import|url\(|prefetch|preconnect/, path)
  }
})

test('pages are kept for five seconds by caches and always asked about by browsers; what is one visitor’s own is kept nowhere', async () => {
  for (const path of [petition, '/', '/privacy']) {
    const { headers } = await get(path)
    assert.equal(headers['cache-control'], 'public, max-age=0, s-maxage=5, stale-if-error=3600')
    // A copy that has just become too old is made anew, with another form key: then that one is asked about.
    const fresh = await get(path, { 'if-none-match': headers.etag! })
    assert.ok(fresh.status === 304 || (await get(path, { 'if-none-match': fresh.headers.etag! })).status === 304, path)
  }
  for (const answer of [await get('/nowhere'), await get('/confirm/nonsense'), await get(`${message}/by-yourself`), await get('/healthz')]) {
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers.etag, undefined)
  }
  // The answer to a form may be shown again by "back" in the same browser, with what was typed.
  assert.equal((await postRaw(origin, `${petition}/sign`, 'name=')).headers['cache-control'], 'private, no-cache')
  const signed = await postRaw(origin, `${petition}/code`, 'code=1')
  assert.equal(signed.headers['content-encoding'], undefined, 'nothing with a secret in it is compressed')
})

test('a first visit to an action is at most 14 kB, page and style together', async () => {
  for (const path of [petition, message, `/ar${petition}`, `/ar${message}`, '/']) {
    for (const [coding, unpack] of [['br', brotliDecompressSync], ['gzip', gunzipSync]] as const) {
      const { headers, bytes } = await get(path, { 'accept-encoding': coding })
      assert.equal(headers['content-encoding'], coding)
      assert.match(String(headers.vary), /accept-encoding/)
      assert.ok(bytes.length <= 14 * 1024, `${path}: ${bytes.length} bytes with ${coding}`)
      assert.ok(unpack(bytes).toString().endsWith('</html>'))
    }
  }
})

test('healthz, readyz and metrics answer on this machine, with nobody in them', async () => {
  assert.deepEqual(JSON.parse((await get('/healthz')).text), { ok: true })
  assert.deepEqual(JSON.parse((await get('/readyz')).text), { ok: true })
  await act.takes(act.signature())
  const metrics = await get('/metrics')
  assert.match(metrics.text, /^clarion_intake_entries_total\{process="site"\} \d+$/m)
  assert.doesNotMatch(metrics.text, /amara|@|no-one-should-vanish/i)
  assert.equal((await get('/metrics', { 'x-forwarded-for': '203.0.113.7' })).status, 404, 'not through a proxy')
  for (const path of ['/ar/healthz', '/rehearsal/abc/metrics']) assert.equal((await get(path)).status, 404, 'in no language and no rehearsal')
})

test('an action’s facts and its count are there as JSON', async () => {
  const { headers, text } = await get(`${petition}.json`)
  assert.equal(headers['content-type'], 'application/json')
  const facts = JSON.parse(text) as Record<string, unknown>
  assert.equal(facts.slug, 'no-one-should-vanish')
  assert.equal(facts.url, `${origin}${petition}`)
  assert.deepEqual(new Set(facts.languages as string[]), new Set(['en', 'ar']))
  assert.deepEqual(JSON.parse((await get(`${petition}/count.json`)).text), { count: facts.count, goal: facts.goal })
  for (const path of ['/actions/nothing.json', '/actions/nothing/count.json']) assert.equal((await get(path)).status, 404)
})

test('a page is at one address in each language, and every address names the others', async () => {
  for (const path of ['/en', '/en/', '/en//']) assert.equal((await get(path)).headers.location, '/', path)
  const { text: english } = await get(petition)
  const { text: arabic } = await get(`/ar${petition}`)
  assert.match(english, /<html lang="en" dir="ltr">/)
  assert.match(arabic, /<html lang="ar" dir="rtl">/)
  for (const text of [english, arabic]) {
    assert.match(text, new RegExp(`<link rel="alternate" hreflang="en" href="${petition}">`))
    assert.match(text, new RegExp(`<link rel="alternate" hreflang="ar" href="/ar${petition}">`))
  }
  assert.match(english, new RegExp(`<a href="/ar${petition}" lang="ar" hreflang="ar">العربية</a>`))
  assert.match(arabic, new RegExp(`<a href="${petition}" lang="en" hreflang="en">English</a>`))
  assert.equal((await get(`/fr${petition}`)).status, 404)
  for (const [from, to] of [['/en', '/'], ['/en?s=letter', '/?s=letter'], [`/en${petition}?s=a`, `${petition}?s=a`], ['/en/actions/en', '/actions/en']]) {
    const moved = await get(from!)
    assert.equal(moved.status, 308)
    assert.equal(moved.headers.location, to)
  }
  assert.notEqual((await get('/en//elsewhere.example')).status, 308)
})
