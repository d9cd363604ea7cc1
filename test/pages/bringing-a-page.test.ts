import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { workOnDigest } from '#modules/digests/index.ts'
import { publishItem } from '#modules/publishing/index.ts'
import { openDeskPages, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const now = new Date('2026-11-26T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const cookieOf = async (role: 'campaigner' | 'coordinator', email: string) => `clarion-desk=${await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email, role, language: 'en' }, now), now))}`
const campaigner = await cookieOf('campaigner', 'salma@lamplight.example')
const get = async (path: string, cookie = campaigner) => (await rawRequest(origin, path, { headers: { cookie } })).text
const post = (path: string, body: string | Record<string, string> = '', cookie = campaigner) => postRaw(origin, path, typeof body === 'string' ? body : new URLSearchParams(body).toString(), { cookie })
const page = readFileSync(fileURLToPath(new URL('../data/pages/marovia.txt', import.meta.url)), 'utf8')

async function bring(fields: Record<string, string>, file?: { name: string, text: string }): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file) form.set('digest_file', new File([file.text], file.name))
  const request = new Request('http://localhost', { method: 'POST', body: form })
  return postRaw(origin, '/digests/new', Buffer.from(await request.arrayBuffer()), { cookie: campaigner, 'content-type': request.headers.get('content-type')! })
}

/** What the worker does, once the desk has asked for it. */
async function worked(answer: Answer): Promise<string> {
  assert.equal(answer.status, 303, answer.text)
  const path = answer.headers.location!.split('?')[0]!
  await workOnDigest(it.as('worker'), path.split('/').at(-1)!, now)
  return path
}

test('an old page is brought over: what it would become is shown, an unsure date is asked, a slip is put right by a tick, and all of it is taken back', async () => {
  const empty = await bring({ digest_language: 'en' })
  assert.equal(empty.status, 422)
  const path = await worked(await bring({ digest_language: 'en' }, { name: 'marovia.txt', text: page }))
  const shown = await get(path)
  for (const words of ['8 entries', 'Free the harbour pilot taken from the infirmary', 'can be read in two ways', 'value="2024-06-07"', 'value="2024-07-06"', 'accross → across', 'Good news · Urgent action', 'Make drafts of them']) assert.ok(shown.includes(words), words)
  assert.ok(!/<input type="(?:radio|checkbox)"[^>]* checked/.test(shown), 'nothing is ticked by itself')
  const [, tick] = /name="(fix-2)" value="(\d+)"><span>[^<]*<bdi class="help">accross/.exec(shown) ?? []
  const index = /name="fix-2" value="(\d+)"><span>[^<]*<bdi class="help">accross/.exec(shown)![1]!
  assert.equal(tick, 'fix-2')
  await worked(await post(`${path}/run`, { 'date-0': '2024-06-07', 'fix-2': index, leave: '5' }))
  const done = await get(path)
  assert.match(done, /<dt>New<\/dt><dd>7<\/dd>/)
  const { rows } = await sql<{ words: { title: string, paragraphs: { day: string, text: string }[] } }>`select words from item_revisions join imported_items using (item_id)`.execute(it.db)
  const pilot = rows.find(({ words }) => words.title.startsWith('Free the harbour pilot'))!
  assert.equal(pilot.words.paragraphs[0]!.day, '2024-06-07')
  assert.ok(rows.some(({ words }) => words.paragraphs.some(({ text }) => text.includes('neighbourhoods across the eastern quays'))))
  assert.ok(!rows.some(({ words }) => words.title.startsWith('Learning')))
  const { rows: [item] } = await sql<{ id: string }>`select id from items where slug like 'marovia-must-obey%'`.execute(it.db)
  assert.ok((await get(`/items/${item!.id}/en/preview`)).includes('may be a slip for “committed”'), 'the rules go on while it is edited')

  const again = await worked(await bring({ digest_language: 'en', date_order: 'dmy' }, { name: 'marovia.txt', text: page }))
  await worked(await post(`${again}/run`))
  assert.match(await get(again), /<dt>New<\/dt><dd>1<\/dd>[\s\S]*<dt>Brought up to date<\/dt><dd>0<\/dd>[\s\S]*<dt>As before<\/dt><dd>7<\/dd>/, 'the one that was left out is new; what was put right here stays so')
  await worked(await post(`${again}/undo`))
  await worked(await post(`${path}/undo`))
  assert.match(await get(path), /<dt>Drafts removed<\/dt><dd>7<\/dd>/)
  const { rows: lines } = await sql<{ verb: string }>`select verb from audit_log where verb like '%-digest' order by happened_at`.execute(it.db)
  assert.deepEqual([...new Set(lines.map(({ verb }) => verb))].toSorted(), ['import-digest', 'try-digest', 'undo-digest'])
})

test('the order of dates can be said after the page was looked at; what cannot be read says so; a stranger to a run sees none', async () => {
  const path = await worked(await bring({ digest_language: 'en', digest_paste: 'Lamps lit - NEWS - 03/04/2024\n\nThe town lit its lamps.\n' }))
  assert.ok((await get(path)).includes('can be read in two ways'))
  await worked(await post(`${path}/again`, { date_order: 'mdy' }))
  assert.ok((await get(path)).includes('<bdi>2024-03-04</bdi>'))
  const bad = await worked(await bring({ digest_language: 'en' }, { name: 'feed.xml', text: '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>' }))
  assert.ok((await get(bad)).includes('defines words of its own'))
  const coordinator = await cookieOf('coordinator', 'sefa@lamplight.example')
  assert.equal((await rawRequest(origin, path, { headers: { cookie: coordinator } })).status, 404)
  assert.equal((await post(`${path}/run`, '', coordinator)).status, 404)
})

test('whoever comes by an old address is led to the page, once it is public', async () => {
  const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Lamplight</title><item><title>Nine boats</title><link>https://old.example/2019/nine-boats/?utm_source=x</link><guid>https://old.example/?p=9</guid><pubDate>Tue, 28 May 2019 10:00:00 GMT</pubDate><description>They took nine boats.</description></item></channel></rss>`
  const path = await worked(await bring({ digest_language: 'en' }, { name: 'feed.xml', text: feed }))
  await worked(await post(`${path}/run`))
  const { origin: site } = await openPages(act)
  assert.equal((await rawRequest(site, '/2019/nine-boats')).status, 404, 'a draft has no address')
  const { rows: [revision] } = await sql<{ id: string, slug: string }>`select item_revisions.id, slug from item_revisions join items on items.id = item_id where words ->> 'title' = 'Nine boats'`.execute(it.db)
  await inTransaction(it.as('desk'), (tx) => publishItem(tx, { revisionId: revision!.id, staffId: null, zone: 'UTC' }, new Date()))
  const answer = await rawRequest(site, '/2019/nine-boats/?utm_source=mail')
  assert.deepEqual([answer.status, answer.headers.location], [308, `/items/${revision!.slug}`])
})

test('a picture goes into the library with its credit and its words: what is wrong is said at its field, and the picture need not be chosen twice', async () => {
  const send = async (fields: Record<string, string | string[]>, file?: Buffer, path = '/pictures/new') => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) form.append(name, each)
    if (file) form.set('picture', new File([new Uint8Array(file)], 'lanterns.webp'))
    const request = new Request('http://localhost', { method: 'POST', body: form })
    return postRaw(origin, path, Buffer.from(await request.arrayBuffer()), { cookie: campaigner, 'content-type': request.headers.get('content-type')! })
  }
  const lanterns = readFileSync(fileURLToPath(new URL('../../world/images/lanterns-480.webp', import.meta.url)))
  const svg = await send({ handle: 'lit-wall', credit: 'Jun', 'alt.en': 'Lanterns' }, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))
  assert.equal(svg.status, 422)
  assert.match(svg.text, /We cannot read this as a picture/)
  const bare = await send({ handle: 'lit-wall', 'caption.en': 'A wall' }, lanterns)
  assert.equal(bare.status, 422)
  for (const words of ['A picture without a credit is not shown', 'Please say what it shows', 'The picture itself is kept']) assert.ok(bare.text.includes(words), words)
  const stored = /name="stored" value="([^"]+)"/.exec(bare.text)![1]!.replaceAll('&quot;', '"')
  const whole = { handle: 'lit-wall', stored, credit: 'Jun Castellane', sensitive: ['distress', 'injury'], picture_until: '2027-12-31', 'alt.en': 'Lanterns on a wall' }
  assert.match((await send({ ...whole, picture_until: '2020-01-01' })).text, /This day is over/)
  const made = await send(whole)
  assert.equal(made.status, 303, made.text)
  const path = made.headers.location!.split('?')[0]!
  const shown = await get(path)
  assert.ok(shown.includes('::image[lit-wall]') && !/<img[^>]*alt="Lanterns on a wall"/.test(shown.split('<form')[0]!), 'at the desk too it is seen by who asks only')
  assert.match(await get('/pictures?q=lanterns'), /lit-wall.*blurred until asked for.*until 31 December 2027/s)
  assert.equal((await send(whole)).status, 422, 'a short name is taken once')
  assert.equal((await post(`${path}/withdraw`)).status, 303)
  assert.match(await get('/pictures'), /lit-wall.*Withdrawn/s)
})
