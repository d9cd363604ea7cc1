import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formOn } from '#test/support/http.ts'
import type { Behind } from './behind.ts'

const petition = '/actions/no-one-should-vanish'

/** What must be so behind any proxy that docs/proxy has a configuration for. */
export function everyProxyKeepsThese({ act, ask, post, seen, line }: Behind): void {
  test('a page comes through with all its headers', async () => {
    const { status, headers, text } = await ask(petition)
    assert.equal(status, 200)
    assert.match(text, /No one should vanish/)
    assert.match(headers['content-security-policy'] as string, /default-src 'none'/)
    assert.equal(headers['strict-transport-security'], 'max-age=31536000')
    assert.equal(headers['cache-control'], 'public, max-age=0, s-maxage=5, stale-if-error=3600')
    assert.match(headers.vary!, /accept-encoding/i)
    const compressed = await ask(petition, { headers: { 'accept-encoding': 'br' } })
    assert.equal(compressed.headers['content-encoding'], 'br')
    assert.equal((await ask(petition, { headers: { 'if-none-match': headers.etag! } })).status, 304)
  })

  test('a form is taken from our own pages and refused from elsewhere; the cookie is bound to the host', async () => {
    const { action, fields } = formOn((await ask(petition)).text, '/sign')
    const body = new URLSearchParams([...fields.filter(([name]) => name !== 'name' && name !== 'email'), ['name', 'Amara'], ['email', 'amara@example.org']]).toString()
    assert.equal((await post(action, body, { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' })).status, 403)
    const taken = await post(action, body)
    assert.equal(taken.status, 303)
    assert.match(String(taken.headers['set-cookie']), /^__Host-clarion-signed=[\w-]{22};.*; Secure/)
    await act.settle()
    assert.equal((await act.states()).length, 1)
  })

  test('the site learns the visitor’s address from the proxy, and not from the visitor', async () => {
    await ask('/healthz', { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'elsewhere.example' } })
    const { ip, forwarded, host } = seen.at(-1)!
    assert.equal(forwarded, '127.0.0.1')
    assert.equal(ip, '127.0.0.1')
    assert.equal(host, 'act.example')
  })

  test('another name is not us, and numbers for whoever watches the machine stay on it', async () => {
    assert.equal((await ask('/', { headers: { host: 'elsewhere.example' } })).status, 421)
    assert.equal((await ask('/metrics')).status, 404)
  })

  test('a form that is far too large is refused by the proxy', async () => {
    const before = seen.length
    const answer = await post(`${petition}/sign`, `comment=${'x'.repeat(300_000)}`).catch(() => undefined)
    assert.ok(answer === undefined || answer.status === 413, `answered ${answer?.status}`)
    assert.ok(seen.slice(before).every(({ url }) => url !== `${petition}/sign`) || answer?.status === 413)
  })

  test('whoever sends a request a letter at a time is shed, and the site never hears of it', { timeout: 40_000 }, async () => {
    const before = seen.length
    const socket = line()
    const closed = new Promise<number>((resolve) => {
      const since = Date.now()
      socket.on('close', () => resolve(Date.now() - since))
    })
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nhost: act.example\r\n')
    const dripping = setInterval(() => socket.write('x'), 500)
    const took = await closed
    clearInterval(dripping)
    assert.ok(took > 5000 && took < 25_000, `after ${took} ms`)
    assert.equal(seen.length, before)
    assert.equal((await ask('/healthz')).status, 200)
  })
}
