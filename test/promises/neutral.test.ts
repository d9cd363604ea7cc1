import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isNoSubstitutionTemplateLiteral, isStringLiteral, isTaggedTemplateExpression } from 'typescript/unstable/ast/is'
import { nodesOf, readSource } from '#test/support/source.ts'

/** Everything that belongs to the repository and is text of ours. Licences and lists of other people's are theirs. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n')
  .filter((file) => /\.(ts|js|json|sql|md|css|svg|typ|csv|yml|html)$/.test(file) && !/^package-lock\.json$|LICENSE|^test\/data\/blns/.test(file))
  .flatMap((path) => {
    try {
      return [{ path, text: readFileSync(path, 'utf8') }]
    } catch {
      return []
    }
  })

// RFC 2606 and RFC 6761 keep these for examples; nobody can own them. The two in other scripts are IANA's for tests.
const reserved = /(^|\.)(example|test|invalid|localhost|example\.(org|com|net)|παράδειγμα\.ελ|例子\.公司)$/i
// An address range for documentation (RFC 5737, RFC 3849), loopback, and what every machine calls its own networks.
const reservedNumber = /^(127\.|0\.0\.0\.0|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/

test('no address of anybody real stands in the program, its data, its tests or its documents', () => {
  const found = files.flatMap(({ path, text }) => [...text.matchAll(/[\p{L}\d._%+-]+@([\p{L}\d-]+(?:\.[\p{L}\d-]+)+)/gu)]
    .filter(([, domain]) => !reserved.test(domain!) && !/^[\d.]+$/.test(domain!)).map(([address]) => `${path}: ${address}`))
  assert.deepEqual(found, [])
})

test('every web address is an example, this machine, a standard, or what a button to share needs', () => {
  // Namespaces are names, not places that are visited; standards and tools are cited.
  const known = /^(www\.)?(w3\.org|rfc-editor\.org|unicode\.org|nodejs\.org|keepachangelog\.com|semver\.org|age-encryption\.org|schema\.org|sitemaps\.org|jsonfeed\.org)$/
  const sharing = new Set(['wa.me', 't.me', 'bsky.app', 'share.joinmastodon.org', 'www.facebook.com', 'x.com'])
  const found = files.filter(({ path }) => !/^(package\.json|STYLE\.md)$|^test\/data\//.test(path)).flatMap(({ path, text }) => [...text.matchAll(/\bhttps?:\/\/([\p{L}\d.-]+\.[\p{L}\d-]+)/gu)]
    .filter(([, host]) => !reserved.test(host!) && !known.test(host!) && !reservedNumber.test(host!) && !(path === 'src/site/actions/share.ts' && sharing.has(host!))).map(([address]) => `${path}: ${address}`))
  assert.deepEqual(found, [])
})

test('a page loads nothing from anywhere else: no picture, script, style, font or frame has a host', () => {
  const templates = readSource('src/**/*.ts').flatMap(({ path, tree }) => [...nodesOf(tree, isTaggedTemplateExpression)].map((node) => ({ path, text: node.template.getText() })))
  assert.ok(templates.length > 500)
  const loading = /<(?:img|script|link|iframe|source|video|audio|object|embed|use|image)\b[^>]*?\b(?:src|href|srcset|data)=["'](?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|@import/i
  assert.deepEqual(templates.filter(({ text }) => loading.test(text)), [])
  assert.deepEqual(files.filter(({ path, text }) => /^src\/.*\.(css|svg|js)$/.test(path) && /url\(["']?(?:https?:)?\/\/|@import|(?:src|href)=["'](?:https?:)?\/\/|\bfetch\(["'`]http|import\(["'`]http/.test(text)).map(({ path }) => path), [])
})

test('the program speaks of no country: a code of one stands in no condition and no default', () => {
  const regions = new Intl.DisplayNames('en', { type: 'region' })
  const letters = Array.from({ length: 26 }, (_, place) => String.fromCharCode(65 + place))
  const codes = new Set(letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => regions.of(code) !== code && !/^(AA|Q[M-Z]|X[A-Z]|ZZ)$/.test(code)))
  const names = new Set([...codes].map((code) => regions.of(code)!))
  const found = readSource('src/**/*.ts').filter(({ path }) => path !== 'src/site/actions/countries.ts').flatMap(({ path, tree }) => [...nodesOf(tree, isStringLiteral), ...nodesOf(tree, isNoSubstitutionTemplateLiteral)]
    .filter(({ text }) => codes.has(text) || names.has(text)).map(({ text }) => `${path}: ${text}`))
  assert.deepEqual(found, [])
})
