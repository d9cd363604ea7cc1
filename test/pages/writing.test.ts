import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formOn } from '#test/support/http.ts'
import { saidOf, words, writingDesk } from '#test/support/writing.ts'

const { it, act, signedIn, salma, idris, get, post, write, begun, shown } = await writingDesk()

test('a coordinator adds an entry to the digest: title, one paragraph, a link, and it is public', async () => {
  const id = await begun('A bridge is open again', 'thread')
  assert.equal((await write(`/items/${id}/en`, {}, 'publish')).status, 422, 'a thread needs a paragraph')
  const answer = await write(`/items/${id}/en`, { 'paragraph_text.new': 'People cross it on foot.', 'link_kind.new': ['read-more', 'take-action'], 'link_url.new': ['news.lamplight.example/bridge', '/actions/no-one-should-vanish'], 'link_text.new': ['', 'Si\0gn'] }, 'publish')
  assert.equal(saidOf(answer), 'published', words(answer))
  const { words: { en }, dated } = (await shown('a-bridge-is-open-again'))!
  assert.deepEqual(en!.words.paragraphs[0]!.links.map(({ kind, url, text }) => [kind, url, text]), [['read-more', 'https://news.lamplight.example/bridge', ''], ['take-action', '/actions/no-one-should-vanish', 'Sign']])
  assert.equal(dated, act.now.toISOString().slice(0, 10))
  const wrong = await write(`/items/${id}/en`, { 'paragraph_text.new': 'Kept.', 'link_url.new': ['the bridge'], 'link_text.new': [''] }, 'publish')
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /value="the bridge"[\s\S]*Please give each link its address/)
  assert.match(words(await get('/items?search=bridge')), /A bridge is open again .*Published/)
})

test('who writes everywhere and publishes for one place saves elsewhere, and publishes nothing', async () => {
  const id = await begun('Of another place', 'text')
  const both = await signedIn(['researcher', 'coordinator'], ['place:ELSE'])
  const page = await get(`/items/${id}`, both)
  assert.doesNotMatch(page.text, /\/publish"|\/withdraw"|\/settings"/)
  assert.doesNotMatch((await get(`/items/${id}/en`, both)).text, /value="publish"/)
  assert.equal(saidOf(await write(`/items/${id}/en`, { item_body: 'Saved.' }, 'publish', both)), 'saved')
  assert.equal((await post(`/items/${id}/en/check`, [['verdict', 'approved']], both)).status, 404)
  assert.equal(await shown('of-another-place'), undefined)
  const reads = await signedIn(['translator', 'coordinator'], ['place:ELSE'])
  assert.deepEqual([(await get(`/items/${id}/ar`, reads)).status, (await get(`/items/${id}/en`, reads)).status], [200, 404], 'who translates everywhere still does')
})

test('an address that something else has changes nothing of the rest', async () => {
  await begun('Taken already', 'text')
  const id = await begun('Wants to move', 'text')
  assert.equal((await post(`/items/${id}/settings`, [['slug', 'taken-already']])).status, 422)
  assert.equal((await post(`/items/${id}/settings`, [['slug', 'x'.repeat(81)]])).status, 422)
  assert.equal((await it.db.selectFrom('item_subjects').select('subject_id').where('item_id', '=', id).execute()).length, 1)
  assert.equal((await it.db.selectFrom('audit_log').select('id').where('verb', '=', 'change-item').execute()).length, 0)
  assert.equal(saidOf(await post(`/items/${id}/settings`, [['slug', 'has-moved']])), 'saved')
})

test('a text that refers to nothing is saved and not published, and says what is missing', async () => {
  const id = await begun('Refers to nothing', 'text')
  const answer = await write(`/items/${id}/en`, { item_body: 'There are :figure[no-such-number].' }, 'publish')
  assert.equal(answer.status, 422)
  assert.match(words(answer), /Not there, or not published yet: figure\[no-such-number\]\. Publish that first, or take it out\. The words are saved\./)
  assert.equal(await shown('refers-to-nothing'), undefined)
  assert.equal((await write(`/items/${id}/en`, { item_body: 'There are :figure[unanswered-requests].' }, 'publish', salma, answer)).status, 303)
})

test('corrected in English: the Arabic page is marked until its translator follows', async () => {
  const id = await begun('Counted wrongly', 'text')
  await write(`/items/${id}/en`, { item_body: 'Four parts.' }, 'publish')
  await write(`/items/${id}/ar`, { title: 'عُدّ خطأ', item_body: 'أربعة أجزاء.' }, 'publish')
  assert.equal((await write(`/items/${id}/en`, { item_body: 'Three parts.' }, 'correct')).status, 422, 'it says what was wrong')
  assert.equal(saidOf(await write(`/items/${id}/en`, { item_body: 'Three parts.', wrong: 'four parts', correct: 'three parts' }, 'correct')), 'corrected')
  assert.deepEqual((await shown('counted-wrongly'))!.corrections[0]!.pending, ['ar'])
  assert.match(words(await get(`/items/${id}`)), /The original has changed since this was translated.*do not follow yet/)
  await write(`/items/${id}/ar`, { item_body: 'ثلاثة أجزاء.' }, 'publish')
  assert.deepEqual((await shown('counted-wrongly'))!.corrections[0]!.pending, ['ar'], 'until somebody says that it follows')
  await write(`/items/${id}/ar`, { item_body: 'ثلاثة أجزاء!', follows: 'yes' }, 'publish')
  assert.deepEqual((await shown('counted-wrongly'))!.corrections[0]!.pending, [])
  await post(`/items/${id}/withdraw`, [])
  assert.equal(await shown('counted-wrongly'), undefined)
})

test('a translation is saved and checked, and is public only when somebody publishes it; a schedule is no publication', async () => {
  const id = await begun('Later', 'text')
  await write(`/items/${id}/en`, { item_body: 'x' }, 'save')
  const page = await get(`/items/${id}`)
  const { fields } = formOn(page.text, `/items/${id}/en/publish`)
  const at = new Date(act.now.getTime() + 3_600_000).toISOString().slice(0, 16)
  assert.equal((await post(`/items/${id}/en/publish`, [...fields.filter(([name]) => !name.startsWith('publish_at')), ['publish_at.en', '2001-01-01T00:00']])).status, 422)
  assert.equal(saidOf(await post(`/items/${id}/en/publish`, [...fields.filter(([name]) => !name.startsWith('publish_at')), ['publish_at.en', at]])), 'scheduled')
  assert.equal(await shown('later'), undefined)
  assert.match(words(await get(`/items/${id}`)), /Becomes public:/)
  await post(`/items/${id}/en/cancel`, [])
  const translator = await signedIn('translator')
  assert.equal((await get(`/items/${id}/en`, translator)).status, 404, 'who translates leaves the original alone')
  await write(`/items/${id}/ar`, { title: 'لاحقًا' }, 'publish', translator)
  assert.equal(await shown('later'), undefined, 'who may not publish has saved')
  await post(`/items/${id}/ar/check`, [['verdict', 'asked']], translator)
  assert.match(words(await get('/items?state=draft&search=Later')), /Later/)
  assert.equal((await post(`/items/${id}/ar/publish`, [], translator)).status, 404)
})

test('what is typed is kept for whoever types it, and for nobody else', async () => {
  const id = await begun('Half typed', 'text')
  const { fields } = formOn((await get(`/items/${id}/en`)).text, `/items/${id}/en`)
  act.now = new Date(act.now.getTime() + 1000)
  assert.equal((await post(`/items/${id}/en/draft`, fields.map(([name, value]) => [name, name === 'item_body' ? 'Half\0 a sent' : value]))).status, 200)
  assert.match(words(await get(`/items/${id}/en`)), /Something was typed here/)
  assert.match((await get(`/items/${id}/en?draft=yes`)).text, />\nHalf a sent/)
  assert.doesNotMatch(words(await get(`/items/${id}/en`, idris)), /Something was typed here/)
})

test('a place is added, named in two languages and renamed; its page is public with its text', async () => {
  const added = await post('/subjects', [['subject_name', 'Isles of Tern'], ['subject_kind', 'place']])
  const path = String(added.headers.location)
  const save = (fields: [string, string][]) => post(path, [['slug', 'isles-of-tern'], ['short_code', 'IT'], ['names.en', 'Isles of Tern\nTern'], ['names.ar', 'جزر تيرن'], ...fields])
  assert.equal(saidOf(await save([['subject_actions', act.petition]])), 'saved')
  assert.equal((await post(path, [['slug', 'marovia'], ['short_code', 'IT'], ['names.en', 'x']])).status, 422, 'that address is taken')
  const { code } = await it.db.selectFrom('subjects').select('code').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  assert.equal((await post(path, [['slug', 'moved-away'], ['short_code', code], ['names.en', 'x']])).status, 422, 'that code is taken')
  assert.equal((await post(path, [['slug', 'x'.repeat(81)], ['short_code', 'IT'], ['names.en', 'x']])).status, 422)
  assert.deepEqual((await it.db.selectFrom('subject_former_slugs').select('slug').execute()).map(({ slug }) => slug), [], 'nothing has moved')
  const begun = await post(`${path}/text`, [])
  assert.equal(saidOf(await write(String(begun.headers.location), { standfirst: 'Islands.' }, 'publish')), 'published')
  assert.ok(await it.as('site').selectFrom('public_subjects').select('id').where('slug', '=', 'isles-of-tern').executeTakeFirst())
})

test('a number is kept once, corrected once, and stands so in every text that uses it; withdrawn, it leaves a visible gap', async () => {
  const made = await post('/records/new/figure', [['handle', 'boats'], ['record_value', '1,204'], ['qualifier', 'at-least'], ['holds_on', '2026-05'], ['unit.en', 'boats'], ['record_source.en', 'harbour office']])
  const path = String(made.headers.location).split('?')[0]!
  assert.equal(saidOf(made), 'published', words(made))
  const id = await begun('Boats', 'text')
  assert.equal(saidOf(await write(`/items/${id}/en`, { item_body: 'There are :figure[boats] in the bay.' }, 'publish')), 'published')
  assert.match(words(await get(`/items/${id}/en/preview/page`)), /at least 1,204 boats in the bay/)
  const page = await get(path)
  assert.match(words(page), /One public text uses it: *Boats/)
  const { action, fields } = formOn(page.text, path)
  assert.equal((await post(action, [...fields.map(([name, value]): [string, string] => [name, name === 'record_value' ? '1205' : value]), ['qualifier', 'exact']])).status, 303)
  assert.match(words(await get(`/items/${id}/en/preview/page`)), /There are 1,205 boats in the bay/)
  for (const as of ['?as=feed', '?as=mail', '/page?as=print']) assert.match(words(await get(`/items/${id}/en/preview${as}`)), /1,205 boats/, as)
  assert.equal((await post(action, [['record_value', 'many'], ['unit.en', 'boats']])).status, 422)
  await post(`${path}/withdraw`, [])
  assert.match(words(await get(`/items/${id}/en/preview/page`)), /There are \(no longer available\) in the bay/)
  for (const [kind, fields] of [['quote', [['record_text.en', 'x'], ['speaker.en', 'y']]], ['demand', [['record_text.en', 'x'], ['addressees', '0'], ['addressee_kind.0', 'armed-group'], ['addressee_name.0.en', 'the Ridge Front'], ['addressees', '1'], ['addressee_kind.1', 'everybody']]], ['notice', [['notice_about', 'torture']]], ['text', [['record_text.en', 'x']]]] as [string, [string, string][]][]) {
    const answer = await post(`/records/new/${kind}`, [['handle', `a-${kind}`], ['demand_status', 'made'], ...fields])
    assert.equal(saidOf(answer), 'published', `${kind} ${words(answer)}`)
    const again = await get(String(answer.headers.location).split('?')[0]!)
    assert.equal((await post(String(answer.headers.location).split('?')[0]!, [...formOn(again.text, String(answer.headers.location).split('?')[0]!).fields, ...fields, ['demand_status', 'met']])).status, 303, kind)
  }
  assert.match(words(await post('/records/new/text', [['handle', 'loop'], ['record_text.en', '::text[loop]']])), /Only the texts of pages refer to records/)
})

test('a translator finds every paragraph of the original to translate, with its day and links', async () => {
  const id = await begun('To be translated', 'thread')
  await write(`/items/${id}/en`, { 'paragraph_text.new': 'One.', 'paragraph_day.new': '2026-01-02', 'link_url.new': 'https://news.lamplight.example/one' }, 'publish')
  const page = await get(`/items/${id}/ar`)
  const [, paragraph] = /name="paragraph_text\.([a-z0-9]{8})"/.exec(page.text)!
  assert.equal(saidOf(await write(`/items/${id}/ar`, { title: 'للترجمة', [`paragraph_text.${paragraph}`]: 'واحد.' }, 'publish')), 'published')
  const { words: { ar, en } } = (await shown('to-be-translated'))!
  assert.deepEqual([ar!.words.paragraphs[0]!.id, ar!.words.paragraphs[0]!.day, ar!.words.paragraphs[0]!.links.length], [en!.words.paragraphs[0]!.id, '2026-01-02', 1])
})

test('the rules of wording stand beside the text: one button puts right, one is silent from then on, and nothing typed is lost', async () => {
  const id = await begun('Nets', 'text')
  const path = `/items/${id}/en`
  const typed = { item_body: 'Fine.\n\nThey came accross the the bay, and said "we came accross".', standfirst: 'Kept as typed' }
  const looked = await write(path, typed, 'check')
  assert.match(words(looked), /Text, line 3: “accross” may be a slip for “across”/)
  assert.equal((await it.db.selectFrom('item_revisions').select('id').where('item_id', '=', id).execute()).length, 1, 'looking saves nothing')
  const mend = /value="(mend L12 item_body [^"]+)"/.exec(looked.text)![1]!
  const mended = await write(path, {}, mend, salma, looked)
  assert.match(mended.text, /name="item_body"[^>]*>\nFine\.\n\nThey came across the the bay, and said &quot;we came accross&quot;\./)
  assert.match(mended.text, />\nKept as typed</)
  assert.doesNotMatch(words(mended), /slip for/, 'what stands in a quotation is left alone')
  const silent = await write(path, {}, 'ignore L13', salma, mended)
  assert.doesNotMatch(words(silent), /said twice\./)
  assert.match(words(silent), /One rule is ignored for this text/)
  assert.match(words(await write(path, {}, 'look-again', salma, silent)), /is said twice/)
  assert.equal((await write(path, {}, mend, salma, mended)).status, 200, 'a button that was pressed twice alters nothing')
  const asYouType = await post(`${path}/findings`, [['title', 'Nets'], ['item_body', 'the the bay']])
  assert.match(JSON.parse(asYouType.text).html, /is said twice/)
})

test('the house says how it writes, and every editor goes by it', async () => {
  const id = await begun('House style', 'text')
  const page = await get('/settings/house-style?language=en', idris)
  const { fields } = formOn(page.text, '/settings/house-style')
  const change = (more: [string, string][]) => post('/settings/house-style', [...fields.filter(([name]) => !more.some(([other]) => other === name)), ...more], idris)
  assert.equal((await change([['house_new', 'soon']])).status, 422)
  assert.equal((await change([['house_terms', 'sea-folk = people of the coast\nhordes'], ['house_quotes', 'double'], ['level-L13', 'off'], ['level-L12', 'error']])).status, 303)
  assert.match((await get('/settings/house-style?language=en', idris)).text, /hordes\nsea-folk = people of the coast/)
  const looked = words(await write(`/items/${id}/en`, { item_body: 'The sea-folk saw the the hordes come accross.' }, 'check'))
  assert.match(looked, /Write “people of the coast”.*does not write “hordes”.*Stands in the way of publishing\. “accross”/)
  assert.doesNotMatch(looked, /said twice/)
  // What stands in the way does so wherever it would become public, until it is put right or somebody says that it may stay.
  const path = `/items/${id}/en`
  const refused = await write(path, { item_body: 'They came accross.' }, 'publish')
  const { fields: itself } = formOn((await get(`/items/${id}`)).text, `${path}/publish`)
  for (const answer of [refused, await post(`${path}/publish`, itself)]) {
    assert.equal(answer.status, 422)
    assert.match(words(answer), /“accross” may be a slip for “across”\. As long as this is so, it is not published/)
  }
  assert.equal(await shown('house-style'), undefined)
  const ignored = await write(path, {}, 'ignore L12', salma, refused)
  assert.equal(saidOf(await write(path, {}, 'publish', salma, ignored)), 'published')
  assert.equal((await get('/settings/house-style')).status, 404, 'a campaigner does not change it')
  await change([])
})

test('a coordinator keeps records, pictures and chronologies of their place, refers to those of others, and of the rest sees nothing', async () => {
  const other = String((await post('/subjects', [['subject_name', 'Far Shore'], ['subject_kind', 'place']])).headers.location).split('/')[2]!
  const topic = String((await post('/subjects', [['subject_name', 'Fishing'], ['subject_kind', 'topic']])).headers.location).split('/')[2]!
  const marovia = await it.db.selectFrom('subjects').select(['id', 'code']).where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  const hers = await signedIn('coordinator', [`place:${marovia.code}`])
  const figure = (words: string, about: string[], then: string, cookie = salma) => post('/records/new/figure', [['record_value', '7'], ['unit.en', words], ['record_source.en', 'harbour'], ...about.map((id): [string, string] => ['item_about', id]), ['then', then]], cookie)
  const pathOf = (answer: Awaited<ReturnType<typeof post>>) => String(answer.headers.location).split('?')[0]!
  const [theirs, hidden] = [pathOf(await figure('far boats', [other], 'publish')), pathOf(await figure('secret nets', [other], 'draft'))]
  assert.match((await get('/records/new/figure', hers)).text, new RegExp(`value="${marovia.id}" checked`), 'the only place of hers is ticked')
  assert.doesNotMatch((await get('/records/new/figure', hers)).text, new RegExp(other))
  const nowhere = await figure('near boats', [other, topic], 'publish', hers)
  assert.equal(nowhere.status, 422)
  assert.match(words(nowhere), /at least one of the places that you look after/)
  const made = await figure('near boats', [marovia.id, other, topic], 'publish', hers)
  assert.equal(saidOf(made), 'published', words(made))
  const own = await it.db.selectFrom('records').innerJoin('record_subjects', 'record_id', 'id').select(['handle', 'subject_id']).where('id', '=', pathOf(made).split('/')[2]!).execute()
  assert.deepEqual(own.map(({ subject_id }) => subject_id).toSorted(), [marovia.id, topic].toSorted(), 'hers and the topic, and not on the page of others')
  assert.equal(own[0]!.handle, '7-near-boats-harbour', 'its short name is made from its words')
  const list = await get('/records', hers)
  assert.match(words(list), /7 near boats .*Kept by others.*7 far boats/)
  assert.doesNotMatch(list.text, new RegExp(`secret nets|href="${theirs}"`))
  assert.deepEqual(JSON.parse((await get('/records.json?search=boats', hers)).text).records.length, 2)
  assert.equal(JSON.parse((await get('/records.json?search=nets', hers)).text).records.length, 0)
  for (const path of [theirs, hidden]) {
    assert.equal((await get(path, hers)).status, 404)
    for (const [rest, fields] of [['', [['record_value', '9'], ['unit.en', 'taken'], ['item_about', marovia.id]]], ['/withdraw', []], ['/cancel', []], ['/check', []]] as [string, [string, string][]][]) assert.equal((await post(`${path}${rest}`, fields, hers)).status, 404, `${path}${rest}`)
  }
  // What others' places had of something stays theirs, whatever she ticks.
  const withBase = async () => formOn((await get(theirs)).text, theirs).fields.filter(([name]) => name === 'begun')
  await post(theirs, [['record_value', '7'], ['unit.en', 'far boats'], ['item_about', other], ['item_about', marovia.id], ...await withBase()])
  assert.equal(saidOf(await post(theirs, [['record_value', '8'], ['unit.en', 'far boats'], ['item_about', marovia.id], ...await withBase()], hers)), 'published', 'shared with her place')
  assert.deepEqual((await it.db.selectFrom('record_subjects').select('subject_id').where('record_id', '=', theirs.split('/')[2]!).execute()).length, 2)
  assert.equal((await post(theirs, [['record_value', '8'], ['unit.en', 'far boats']], hers)).status, 422, 'she does not put it out of her own sight')
  assert.match(words(await figure('of :figure[boats] and', [marovia.id], 'draft', hers)), /Readers would see :figure\[boats\] as it is written/)
  // Items and chronologies of others: public ones can be led to, the rest cannot be found.
  const secret = String((await post('/items/new', [['title', 'Secret of the far shore'], ['item_kind', 'news'], ['item_form', 'text'], ['item_about', other]])).headers.location).split('/')[2]!
  const mine = await begun('Mine', 'text')
  assert.doesNotMatch(words(await get(`/items/${mine}/related?search=Secret`, hers)), /Secret of the far/)
  assert.match(words(await get(`/items/${mine}/related?search=Secret`)), /Secret of the far/)
  assert.equal((await post(`/items/${mine}/related`, [['other', secret], ['relation', 'see-also']], hers)).status, 404)
  const told = (leads: string) => post('/chronologies/new', [['chronology_title.en', 'Nets'], ['entries', 'new'], ['happened.new', '2026-01-02'], ['entry_leads.new', leads], ['item_about', marovia.id], ['then', 'draft']], hers)
  assert.match(words(await told('Secret of the far shore')), /nothing/i)
  assert.equal(saidOf(await told('figure[7-near-boats-harbour]')), 'saved')
  assert.equal((await post(`/items/${mine}/settings`, [['slug', 'mine']], hers)).status, 422)
  assert.equal(saidOf(await post(`/items/${mine}/settings`, [['slug', 'mine'], ['item_about', marovia.id], ['item_about', topic]], hers)), 'saved')
  for (const path of ['/pictures', '/pictures/new', '/chronologies', `/records?about=${marovia.id}`]) assert.equal((await get(path, hers)).status, 200, path)
})
