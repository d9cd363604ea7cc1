import { test } from 'node:test'
import { isThere, siteBehind } from './behind.ts'
import { everyProxyKeepsThese } from './promises.ts'

if (!isThere('caddy')) test('caddy', { skip: 'caddy is not installed: node tools/install-proxies.ts' })
else {
  everyProxyKeepsThese(await siteBehind('caddy', 'Caddyfile', (text, { folder, port, sitePort }) => text
    .replace('{\n', `{\n\tadmin off\n\tauto_https disable_redirects\n`)
    .replace('\nact.example {\n', `\nact.example:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem\n`)
    .replace('\n:443 {', `\n:${port} {`).replace('127.0.0.1:3000', `127.0.0.1:${sitePort}`)))
}
