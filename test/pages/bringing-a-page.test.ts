import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, assignPlaces, openSession } from '#modules/staff/index.ts'
import { digestReport, digestRuns, workOnDigest } from '#modules/digests/index.ts'
import { keptRecords, publishItem } from '#modules/publishing/index.ts'
import { openDeskPages, openPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { acting } from '#test/support/acting.ts'
import { formOn } from '#test/support/http.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const now = new Date('2026-11-26T12:00:00Z')
let later = 0
const { origin } = await openDeskPages(it, () => new Date(now.getTime() + later++))
const cookieOf = async (role: 'campaigner' | 'coordinator' | 'researcher', email: string, places: string[] = []) => `clarion-desk=${await inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email, role, language: 'en' }, now)
  await assignPlaces(tx, id, places, now)
  return openSession(tx, id, now)
})}`
const campaigner = await cookieOf('campaigner', 'salma@lamplight.example')
const get = async (path: string, cookie = campaigner) => (await rawRequest(origin, path, { headers: { cookie } })).text
const post = (path: string, body: string | Record<string, string> = '', cookie = campaigner) => postRaw(origin, path, typeof body === 'string' ? body : new URLSearchParams(body).toString(), { cookie })
const page = readFileSync(fileURLToPath(new URL('../data/pages/marovia.txt', import.meta.url)), 'utf8')

async function bring(fields: Record<string, string>, file?: { name: string, text: string | Buffer }): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file) form.set('digest_file', new File([typeof file.text === 'string' ? file.text : new Uint8Array(file.text)], file.name))
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
  assert.ok((await get(path)).includes('<bdi>4 March 2024</bdi>'))
  const bad = await worked(await bring({ digest_language: 'en' }, { name: 'feed.xml', text: '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>' }))
  assert.ok((await get(bad)).includes('defines words of its own'))
  const coordinator = await cookieOf('coordinator', 'sefa@lamplight.example')
  assert.equal((await rawRequest(origin, path, { headers: { cookie: coordinator } })).status, 404)
  assert.equal((await post(`${path}/run`, '', coordinator)).status, 404)
})

test('a coordinator brings over a page of their place, publishes what came, and says which of its lists are demands', async () => {
  const hers = await cookieOf('coordinator', 'rim@lamplight.example', ['place:MAR'])
  const { id: place } = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  const paste = (more: Record<string, string>) => post('/digests/new', { digest_paste: 'Lists are kept from families - NEWS - 3 May 2026\nNobody may read them.\n\nWe call on the Ministry of Lists to:\n- open every list;\n- answer families.\n', digest_language: 'en', date_order: 'dmy', ...more }, hers)
  assert.equal((await paste({})).status, 422, 'of nowhere is for those who look after everything')
  const path = await worked(await paste({ digest_place: place }))
  await worked(await post(`${path}/run`, '', hers))
  const page = await get(path, hers)
  assert.ok(page.includes(`href="${path}/drafts"`) && page.includes(`href="${path}/demands"`) && page.includes(`href="/items?state=draft&amp;about=${place}"`))
  const draft = /name="draft" value="([^"]+)"/.exec(await get(`${path}/drafts`, hers))![1]!
  const researcher = await cookieOf('researcher', 'noor@lamplight.example')
  assert.match(await get(`${path}/drafts`, researcher), /^(?![^]*value="(?:publish|approve)")[^]*Ask for this one to be checked/)
  for (const then of ['publish', 'approve']) assert.equal((await post(`${path}/drafts`, `draft=${draft}&then=${then}`, researcher)).status, 404)
  for (const [then, who, shown] of [['ask', researcher, /To be checked[^]*Approve the one that waits to be checked/], ['approve', hers, />Approved</]] as const) {
    assert.equal((await post(`${path}/drafts`, `draft=${draft}&then=${then}`, who)).status, 303)
    assert.match(await get(`${path}/drafts`, hers), shown)
  }
  assert.equal((await post(`${path}/drafts`, { draft }, hers)).headers.location, `${path}?said=published`)
  assert.match(await get(`${path}/demands`, hers), /value="open every list"[^]*value="the Ministry of Lists"/)
  const said = async (ask: string) => (await post(`${path}/demands`, { 'ask-0': ask, 'addressee.0': 'the Ministry of Lists', 'addressee_kind.0': 'state' }, hers)).headers.location
  assert.deepEqual([await said('open every list'), await said('answer families.')], [`${path}/demands?said=published`, `${path}?said=published`], 'what is asked of others waits for its turn')
  assert.match(await get('/records', hers), /open every list/)
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

/** The coordinator's digest as the web page that it was, with an address behind each of its phrases and a picture in one of its entries. */
function asWebPage(): { html: string, addresses: string[] } {
  const addresses: string[] = []
  const paragraphs = page.trim().split(/\n{2,}/).map((text) => `<p>${text.replace(/&/g, '&amp;').replace(/\b(?:Read more|Take action)\./g, (phrase) => {
    addresses.push(`https://lamplight.example/documents/${addresses.length + 1}`)
    return `<a href="${addresses.at(-1)!}?utm_source=page">${phrase}</a>`
  })}</p>`)
  const html = `<!doctype html><html lang="en"><head><link rel="canonical" href="https://old.example/marovia/"></head><body><nav>Main menu</nav>${paragraphs.join('\n').replace('</p>\n<p>New ferry', '</p>\n<figure><img src="photos/quay.webp" alt="A quay at night"><figcaption>The quays of Tamsin. Photo by Ren Halm / WIRE</figcaption></figure>\n<p>New ferry')}</body></html>`
  return { html, addresses }
}

test('five pages are brought over as one folder, published and shown without loss: each thread, paragraph, label, date and address; pictures once somebody is credited', async () => {
  const data = (name: string) => readFileSync(fileURLToPath(new URL(`../data/pages/${name}`, import.meta.url)))
  const lanterns = readFileSync(fileURLToPath(new URL('../../world/images/lanterns-480.webp', import.meta.url)))
  const { html, addresses } = asWebPage()
  const folder = zipSync({ 'site/marovia.html': Buffer.from(html), 'site/photos/quay.webp': lanterns, ...Object.fromEntries(['take-action.html', 'section.html', 'release.txt', 'write-to-your-member.txt'].map((name) => [`site/${name}`, data(name)])), 'site/photos/quay.jpg': Buffer.from('no picture at all') })
  const path = await worked(await bring({ digest_language: 'en', date_order: 'dmy' }, { name: 'site.zip', text: Buffer.from(folder) }))
  const report = (await digestReport(it.db, path.split('/').at(-1)!))!
  const rules = new Set([...report.findings, ...report.threads.flatMap(({ findings }) => findings)].map(({ rule }) => rule))
  const faults = ['L01', 'L03', 'L07', 'L08', 'L10', 'L11', 'L12', 'L13', 'L14', 'L15', 'L18', 'L19', 'L20', 'L22', 'L23', 'L24', 'L25', 'L26', 'L27', 'L28', 'L30', 'L31', 'L32', 'L33', 'L34', 'L35', 'L36', 'L37', 'L38', 'L40', 'L44', 'L45', 'L46', 'L47', 'L48', 'L49', 'L50']
  assert.deepEqual(faults.filter((rule) => !rules.has(rule as 'L01')), [])
  await worked(await post(`${path}/run`))
  assert.deepEqual((await digestRuns(it.db, path.split('/').at(-1)))[0]!.tally, { added: report.threads.length, changed: 0, unchanged: 0, kept: 0, pictures: 1, refused: 1 })
  assert.ok((await get(path)).includes('One picture waits'))

  const { rows } = await sql<{ id: string, slug: string, title: string, words: { paragraphs: { text: string }[] } }>`select item_revisions.id, slug, words ->> 'title' as title, words from item_revisions join items on items.id = item_id join imported_items using (item_id) where import_id = ${path.split('/').at(-1)!}`.execute(it.db)
  assert.equal(rows.length, report.threads.length)
  const publish = (id: string) => inTransaction(it.as('desk'), (tx) => publishItem(tx, { revisionId: id, staffId: null, zone: 'UTC', firstOn: '2026-11-26' }, new Date()))
  const waiting = (await Promise.all(rows.map(async ({ id, title }) => ({ title, ...await publish(id) })))).filter(({ outcome }) => outcome === 'missing')
  assert.deepEqual(waiting.map(({ title }) => title), ['Free the harbour pilot taken from the infirmary'], 'what shows a picture waits for it')
  const { rows: [picture] } = await sql<{ id: string }>`select id from records where handle like 'quay-%'`.execute(it.db)
  const [kept] = await keptRecords(it.db, { id: picture!.id })
  assert.deepEqual(kept!.record.kind === 'image' && [kept!.record.content.author, kept!.record.content.agency, kept!.record.content.says], ['Ren Halm', 'WIRE', { en: { alt: 'A quay at night', caption: 'The quays of Tamsin.', place: '' } }])
  // All that came along are seen to on one page, with what the source said of them; what lacks something is named there, and stays what was typed.
  const { fields } = formOn(await get(`${path}/pictures`), `${path}/pictures`)
  const handle = kept!.handle
  const lacking = await post(`${path}/pictures`, { ...Object.fromEntries(fields), [`credit.${handle}`]: '', [`caption.en.${handle}`]: 'The quays at night.' })
  assert.equal(lacking.status, 422)
  assert.ok(lacking.text.includes(`href="#credit.${handle}"`) && lacking.text.includes('The quays at night.'))
  assert.equal((await post(`${path}/pictures`, { ...Object.fromEntries(fields), leave: handle })).status, 303)
  assert.equal((await keptRecords(it.db, { id: picture!.id }))[0]!.shown, 'none', 'one that is left out is not published')
  assert.equal((await post(`${path}/pictures`, Object.fromEntries(fields))).headers.location!.split('?')[0], path)
  assert.equal((await keptRecords(it.db, { id: picture!.id }))[0]!.shown, 'this')
  assert.ok(!(await get(path)).includes('One picture waits'))
  const left = rows.find(({ title }) => title === waiting[0]!.title)!.id
  const drafts = await get(`${path}/drafts`)
  assert.ok(drafts.includes(waiting[0]!.title) && !/<input type="checkbox"[^>]* checked/.test(drafts))
  assert.equal((await post(`${path}/drafts`)).status, 422, 'nothing is ticked')
  assert.equal((await post(`${path}/drafts`, { draft: left })).headers.location, `${path}?said=published`)
  assert.equal((await get(`${path}/drafts`)).includes(waiting[0]!.title), false)

  // Lists that ask something are no demands before somebody has said of whom.
  const asked = await get(`${path}/demands`)
  assert.ok((await get(path)).includes('3 lists look like what somebody is asked to do'))
  assert.ok(['value="the captains of the lower town"', 'value="Marovia"', 'Lift the blockade'].every((each) => asked.includes(each)) && !/<input type="checkbox"[^>]* checked/.test(asked))
  const at = Number(/name="addressee\.(\d)" value="Marovia"/.exec(asked)![1])
  const chosen = { [`ask-${at}`]: 'Lift the blockade', [`addressee.${at}`]: 'Marovia', [`addressee_kind.${at}`]: 'state' }
  assert.equal((await post(`${path}/demands`, { ...chosen, [`addressee_kind.${at}`]: '' })).status, 422)
  for (const _ of [1, 2]) await post(`${path}/demands`, chosen)
  const { rows: made } = await sql<{ content: { addressees: object[], says: object } }>`select content from public_records where kind = 'demand' and handle like 'lift-the-blockade%'`.execute(it.db)
  assert.deepEqual(made.map(({ content }) => [content.addressees, content.says]), [[[{ kind: 'state', names: { en: 'Marovia' } }], { en: { text: 'Lift the blockade', basis: '', alsoCalled: '', evidence: '' } }]])

  const { origin: site } = await openPages(act)
  const bare = (text: string) => text.replace(/<(?:style|script)[\s\S]*?<\/(?:style|script)>|<[^>]+>/g, ' ').replace(/&#39;|&#x27;/g, "'").replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').normalize('NFC')
  const plain = (text: string) => (bare(text).toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ')
  const seen: string[] = []
  for (const [place, thread] of report.threads.entries()) {
    const shown = (await rawRequest(site, `/items/${rows.find(({ title }) => title === thread.title)!.slug}`)).text
    seen.push(shown)
    const said = plain(shown)
    assert.ok(said.includes(plain(thread.title)), thread.title)
    for (const { text, role } of thread.paragraphs) assert.ok(said.includes(plain(role === 'caption' ? 'The quays of Tamsin' : text)), `${place}: ${text}`)
    for (const { href, text } of thread.links) if (href && /^(?:https?:|\/)/.test(href)) assert.ok(shown.includes(href.replace(/&/g, '&amp;')), `${place}: ${text} ${href}`)
    if (thread.date?.length === 10) assert.ok(shown.includes(`datetime="${thread.date}"`), `${place}: ${thread.date}`)
    for (const label of [thread.kind, ...thread.labels]) if (label) assert.ok(said.includes(label.replaceAll('-', ' ')), `${place}: ${label}`)
  }
  const all = seen.join('')
  assert.deepEqual(addresses.filter((each) => !all.includes(each)), [], 'no address is lost')
  assert.ok(all.includes('Ren Halm / WIRE') && /<img src="\/files\/[0-9a-f]{64}"[^>]* alt="A quay at night"/.test(all))
  assert.ok(!/pixel\.example|stats\.example|utm_|fbclid|<iframe|javascript:/.test(all))
})

test('an import with pictures is taken back: drafts and pictures are gone, but for what was published or edited since and the pictures that it shows', async () => {
  const lanterns = readFileSync(fileURLToPath(new URL('../../world/images/lanterns-480.webp', import.meta.url)))
  const entry = (name: string) => `<h2>${name} lit - NEWS - 3 March 2026</h2><figure><img src="${name}.webp" alt="${name}"><figcaption>Photo by Ren Halm</figcaption></figure><p>They were lit.</p>`
  const other = await sharp(lanterns).flop().webp().toBuffer()
  const path = await worked(await bring({ digest_language: 'en', date_order: 'dmy' }, { name: 'two.zip', text: Buffer.from(zipSync({ 'two.html': Buffer.from(`<body>${entry('Lanterns')}${entry('Torches')}</body>`), 'Lanterns.webp': lanterns, 'Torches.webp': other })) }))
  await worked(await post(`${path}/run`))
  const left = async () => (await sql<{ title: string }>`select distinct words ->> 'title' as title from item_revisions where words ->> 'title' like '% lit' union select handle from records where handle ~ '^(lanterns|torches)-' and kind = 'image' order by 1`.execute(it.db)).rows.map(({ title }) => title.replace(/-.*/, '')).toSorted()
  assert.deepEqual(await left(), ['Lanterns lit', 'Torches lit', 'lanterns', 'torches'])
  const { rows: [edited] } = await sql<{ id: string, item_id: string, words: object }>`select * from item_revisions where words ->> 'title' = 'Torches lit'`.execute(it.db)
  await sql`insert into item_revisions (id, item_id, language, words, created_at) values (gen_random_uuid(), ${edited!.item_id}, 'en', ${JSON.stringify({ ...edited!.words, summary: 'Edited.' })}, now() + interval '1 second')`.execute(it.db)
  await worked(await post(`${path}/undo`))
  assert.deepEqual(await left(), ['Torches lit', 'torches'])
  assert.match(await get(path), /<dt>Published or edited here since[^<]*<\/dt><dd>1<\/dd>/)
})
