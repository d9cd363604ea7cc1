import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { aboutItem } from '#modules/publishing/index.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { framedIn, saidOf, words, writingDesk } from '#test/support/writing.ts'

const { it, act, idris, get, write, begun, signedIn, shown } = await writingDesk()
const site = await openPages(act)
/** What a page is about, without its days and addresses, and without the number that it gets when it is published. */
const main = (text: string) => /<main[^>]*>([^]*)<\/main>/.exec(text)![1]!.replaceAll(/<time.*?<\/time>| href="[^"]*"|<details class="cite">[^]*?<\/details>| · [^<·]*<bdi class="number">.*?<\/bdi>/g, '')
const part = (tag: string) => (text: string) => new RegExp(`<${tag} class[^]*?</${tag}>`).exec(text)![0].replaceAll(/ href="[^"]*"/g, '')
const [bar, foot] = [part('header'), part('footer')]

test('a preview is the page that comes of it: what is published then has the same article in the same style', async () => {
  const id = await begun('The ferry waits', 'text', 'report')
  const path = `/items/${id}/en`
  assert.equal(saidOf(await write(path, { standfirst: 'It waits at the quay.', item_body: '## Why\n\nThe [harbour](https://harbour.example/) is closed.' }, 'save')), 'saved')
  const around = await get(`${path}/preview`)
  assert.match(String(around.headers['content-security-policy']), /frame-src 'self'/)
  const preview = await get(framedIn(around))
  assert.equal(preview.status, 200)
  assert.match(String(preview.headers['content-security-policy']), /frame-ancestors 'self'/)
  assert.equal(preview.headers['cache-control'], 'no-store')
  assert.equal((await rawRequest(site.origin, '/items/the-ferry-waits')).status, 404, 'and nobody else sees it')
  assert.equal(saidOf(await write(path, {}, 'publish')), 'published')
  const page = await rawRequest(site.origin, '/items/the-ferry-waits')
  assert.equal(main(preview.text), main(page.text))
  assert.ok(preview.text.includes(/<style>([^]*?)<\/style>/.exec(page.text)![1]!), 'in the style of the site')
  for (const part of [bar, foot]) assert.equal(part(preview.text), part(page.text), 'between the menu and the foot of the site')
})

test('the text of a place is previewed as the page of that place, with all that stands there', async () => {
  const place = await it.db.selectFrom('items').select('items.id').innerJoin('subjects', 'subjects.id', 'items.subject_id').where('subjects.slug', '=', 'marovia').executeTakeFirstOrThrow()
  const path = `/items/${place.id}/en`
  assert.equal(saidOf(await write(path, { standfirst: 'A country by the sea, told anew.' }, 'save')), 'saved')
  const preview = await get(framedIn(await get(`${path}/preview`)))
  for (const said of ['A country by the sea, told anew.', 'The baker of Esterwick is free', 'Open Register Bill', 'Atom']) assert.ok(words(preview).includes(said), said)
  assert.doesNotMatch((await shown('about-marovia'))!.words.en!.words.summary, /told anew/, 'and nobody else sees it')
  assert.equal(saidOf(await write(path, {}, 'publish')), 'published')
  assert.equal(main(preview.text), main((await rawRequest(site.origin, '/places/marovia')).text))
})

test('a topic that has no page yet is previewed as the page that it will have', async () => {
  const id = await inTransaction(it.as('desk'), (tx) => addSubject(tx, { kind: 'topic', language: 'en', name: 'River rights' }, act.now))
  const about = await inTransaction(it.as('desk'), (tx) => aboutItem(tx, { id, slug: 'river-rights' }, act.now))
  assert.equal(saidOf(await write(`/items/${about}/en`, { title: 'River rights', standfirst: 'Water that belongs to everybody.' }, 'save', idris)), 'saved')
  const preview = await get(framedIn(await get(`/items/${about}/en/preview`, idris)), idris)
  assert.equal(preview.status, 200, words(preview))
  assert.match(preview.text, /<h1>River rights<\/h1>/)
  assert.match(words(preview), /Water that belongs to everybody\./)
  assert.equal((await rawRequest(site.origin, '/topics/river-rights')).status, 404)
})

test('what was typed and not saved is previewed by whoever typed it, and by nobody else', async () => {
  const path = `/items/${await begun('Only typed', 'text')}/en`
  const shown = await write(path, { item_body: 'Not saved yet.' }, 'preview')
  const frame = framedIn(shown)
  assert.match(words(await get(frame)), /Not saved yet\./)
  assert.equal((await get(frame, idris)).status, 404, 'another one’s words')
  assert.equal((await get(frame, '')).status, 303, 'whoever is not signed in is sent to sign in')
  const elsewhere = await signedIn('coordinator', ['place:XX'])
  assert.equal((await get(`${path}/preview/page`, elsewhere)).status, 404, 'nor does it exist for who looks after another place')
  assert.doesNotMatch(words(await get(`${path}/preview/page`)), /Not saved yet/, 'what is saved is what is saved')
})

test('what a phone shows, what is printed and what an Arabic page is, are that page', async () => {
  const id = await begun('In two directions', 'text')
  assert.equal(saidOf(await write(`/items/${id}/en`, { item_body: 'Words.' }, 'save')), 'saved')
  assert.equal(saidOf(await write(`/items/${id}/ar`, { title: 'في اتجاهين', item_body: 'كلمات.' }, 'save')), 'saved')
  assert.match((await get(`/items/${id}/en/preview?as=phone`)).text, /<iframe class="seen phone"/)
  const printed = await get(framedIn(await get(`/items/${id}/en/preview?as=print`)))
  assert.doesNotMatch(printed.text, /@media print/)
  const arabic = await get(framedIn(await get(`/items/${id}/ar/preview`)))
  assert.match(arabic.text, /<html lang="ar" dir="rtl">/)
  assert.match(words(arabic), /كلمات/)
  assert.equal((await get(`/items/${id}/xx/preview/page`)).status, 404)
  assert.equal((await get(`/items/${id}/fr/preview/page`)).status, 404)
})
