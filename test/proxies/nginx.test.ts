import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '#test/support/clarion.ts'
import { isThere, siteBehind } from './behind.ts'
import { everyProxyKeepsThese } from './promises.ts'

if (!isThere('nginx')) test('nginx', { skip: 'nginx is not installed: node tools/install-proxies.ts' })
else {
  const behind = await siteBehind('nginx', 'nginx.conf', (text, { folder, port, sitePort }) => `pid ${folder}/nginx.pid; error_log stderr; events { worker_connections 1024; } http {
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
${text.replaceAll('listen 443', `listen 127.0.0.1:${port}`).replaceAll('127.0.0.1:3000', `127.0.0.1:${sitePort}`).replaceAll('/etc/ssl/act.example.pem', `${folder}/cert.pem`).replaceAll('/etc/ssl/act.example.key', `${folder}/key.pem`).replaceAll('/var/cache/nginx', folder)} }`)
  everyProxyKeepsThese(behind)
  const { ask, post, seen, stopSite } = behind
  const petition = '/actions/no-one-should-vanish'

  test('a crowd that reads one page costs the site one request in five seconds', async () => {
    let before = 0
    // A crowd that this machine takes more than the five seconds for says nothing about them.
    const asked = async () => {
      const startedAt = performance.now()
      await ask('/ar/actions')
      before = seen.length
      const answers = await Promise.all(Array.from({ length: 200 }, () => ask('/ar/actions')))
      assert.ok(answers.every(({ status }) => status === 200))
      return performance.now() - startedAt < 5000
    }
    await until(asked, 'a crowd within five seconds', 120_000)
    assert.ok(seen.length - before <= 1, `${seen.length - before} reached the site`)
    await wait(5500)
    await ask('/ar/actions')
    assert.ok(seen.length > before, 'after five seconds it asks again')
  })

  test('a town behind one address is let through; a flood from it is told to wait, on a page in every language, and others are not', async () => {
    const town = await Promise.all(Array.from({ length: 150 }, () => post(`${petition}/code`, 'code=123456')))
    assert.ok(town.every(({ status }) => status !== 429))
    const flood = (await Promise.all(Array.from({ length: 300 }, () => post(`${petition}/code`, 'code=123456')))).filter(({ status }) => status === 429)
    assert.ok(flood.length > 50, `${flood.length}`)
    assert.match(flood[0]!.text, /what you typed is still there[\s\S]*lang="ar"[\s\S]*lang="es"[\s\S]*lang="fr"[\s\S]*lang="he"/)
    assert.deepEqual([flood[0]!.headers['retry-after'], flood[0]!.headers['content-type']], ['10', 'text/html; charset=utf-8'])
    assert.equal((await ask(petition)).status, 200)
  })

  test('while the site is away its pages are still there', async () => {
    await ask(petition)
    await stopSite()
    await wait(5500)
    assert.match((await ask(petition)).text, /No one should vanish/)
  })
}
