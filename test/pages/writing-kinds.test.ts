import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { countryNameIn } from '#platform/formats.ts'
import { handOverDrafts, handOverRecordDrafts, publishItem } from '#modules/publishing/index.ts'
import { formOn } from '#test/support/http.ts'
import type { Answer } from '#test/support/pages.ts'
import { framedIn, saidOf, words, writingDesk } from '#test/support/writing.ts'

const { it, salma, idris, get, post, write, begun: begin, shown } = await writingDesk()
const begun = (title: string, form = 'text', kind = 'news') => begin(title, form, kind)

test('an event that ends before it begins is not saved, and the field says why', async () => {
  const path = `/items/${await begun('A lantern evening', 'text', 'event')}/en`
  const times = { event_starts: '2027-06-01', event_starts_at: '18:00', event_place: 'Town hall', item_body: 'Bring a lantern.' }
  const refused = await write(path, { ...times, event_ends_at: '17:00' }, 'publish')
  assert.equal(refused.status, 422)
  assert.match(words(refused), /This must be later than the beginning/)
  const forgotten = await write(path, { event_starts: '', event_starts_at: '18:00' }, 'save', salma, refused)
  assert.match(forgotten.text, /<a href="#event_starts">/, 'a time without a day is not dropped')
  assert.equal(saidOf(await write(path, { ...times, event_ends_at: '20:00' }, 'publish', salma, refused)), 'published')
  assert.deepEqual((await shown('a-lantern-evening'))!.words.en!.words.event, { starts: '2027-06-01T18:00', ends: '2027-06-01T20:00', zone: 'UTC', place: 'Town hall', online: '', cancelled: false })
})

test('a date is typed as people write it, and what is wrong with a new paragraph is said at its own field', async () => {
  const path = `/items/${await begun('Courts of the south', 'thread')}/en`
  const typed = { 'paragraph_text.new': 'The court opened.', 'link_kind.new': 'take-action', 'link_url.new': '/actions/no-one-should-vanish', 'link_text.new': '' }
  const refused = await write(path, { ...typed, 'happened.new': '07/06/2024' }, 'publish')
  assert.match(words(refused), /When it happened – Please write a day, a month or a year/)
  assert.match(refused.text, /<a href="#happened\.new">/)
  const both = await write(path, { 'happened.new': 'late 2014', 'labels': ['good-news', 'sad-news'] }, 'publish', salma, refused)
  assert.match(both.text, /<a href="#labels">/)
  assert.equal(saidOf(await write(path, { labels: ['good-news'] }, 'publish', salma, both)), 'published')
  assert.equal((await shown('courts-of-the-south'))!.words.en!.words.paragraphs[0]!.happened, '2014-36')
})

test('an address without https:// is one, and what is neither phone nor address beside who helps is not dropped', async () => {
  const notice: [string, string][] = [['handle', 'cells'], ['notice_about', 'detention'], ['record_text.en', 'It tells of cells.']]
  const refused = await post('/records/new/notice', [...notice, ['notice_help_by_country', '*; Lamplight line; ask at the desk']])
  assert.match(refused.text, /<a href="#notice_help_by_country">/)
  const kept = await post('/records/new/notice', [...notice, ['notice_help_by_country', '*; Lamplight line; (00) 555; lamplight.example/advice']])
  assert.match((await get(String(kept.headers.location))).text, /\*; Lamplight line; \(00\) 555; https:\/\/lamplight\.example\/advice/)
})

test('a language is chosen by its name, and one that there is not is refused', async () => {
  const path = `/items/${await begun('How to ask a court', 'text', 'course')}/en`
  const page = await get(path)
  assert.match(page.text, /<option value="French"><\/option>/)
  const refused = await write(path, { course_minutes: '90', course_language: 'Klingonese' }, 'publish', salma, page)
  assert.match(refused.text, /<a href="#course_language">/)
  assert.match(words(refused), /know no language of this name/)
  assert.equal(saidOf(await write(path, { course_language: 'swahili', course_url: 'academy.example/court' }, 'publish', salma, refused)), 'published')
  assert.deepEqual((({ language, url }) => ({ language, url }))((await shown('how-to-ask-a-court'))!.words.en!.words.course!), { language: 'sw', url: 'https://academy.example/court' })
  assert.match((await get(path)).text, /name="course_language" value="Swahili"/)
})

test('nothing typed into questions is dropped, and nobody signs twice', async () => {
  const questions = `/items/${await begun('Who may read it', 'text', 'questions-and-answers')}/en`
  const refused = await write(questions, { questions: 'What is it?\nA list.\n\n## Who may read it?\n\nEverybody.' }, 'publish')
  assert.match(refused.text, /<a href="#questions">/)
  assert.match(words(refused), /Nothing may stand before the first/)
  assert.match(refused.text, /What is it\?\nA list\./)
  assert.equal(saidOf(await write(questions, { questions: '##What is it?\nA list.\n\n## Who may read it?\n\n### Not a question\nEverybody.' }, 'publish', salma, refused)), 'published')
  const looked = await write(questions, { questions: '## What is it?\nThe the list.' }, 'check')
  assert.match(words(looked), /Questions and answers, line 2: “The the” is said twice/)
  assert.match((await write(questions, {}, /value="(mend L13 questions [^"]+)"/.exec(looked.text)![1]!, salma, looked)).text, /name="questions"[^>]*>\n## What is it\?\nThe list\./)
  assert.deepEqual((await shown('who-may-read-it'))!.words.en!.words.questions.map(({ question }) => question), ['What is it?', 'Who may read it?'])
  const statement = `/items/${await begun('Open every register', 'text', 'joint-statement')}/en`
  const twice = await write(statement, { item_body: 'We ask.', signatories: 'Riverside Union\nLamplight; KE\nriverside union' }, 'publish')
  assert.match(twice.text, /<a href="#signatories">/)
  assert.match((await write(statement, { signatories: 'Riverside Union\nRiverside Union; Elsewhere' }, 'publish', salma, twice)).text, /<a href="#signatories">/)
  assert.equal(saidOf(await write(statement, { signatories: `Riverside Union\nRiverside Union; ${countryNameIn('fr', 'KE')}` }, 'publish', salma, twice)), 'published')
  assert.match((await get(statement)).text, new RegExp(`Riverside Union; ${countryNameIn('en', 'KE')}`))
})

test('the blocks of a campaign are added and moved by buttons, and a number of others is not shown without who counted it, where and when', async () => {
  const path = `/items/${await begun('Names and numbers', 'text', 'campaign')}/en`
  const press = async (page: Answer, then: string, typed: Record<string, string> = {}) => {
    const answer = await write(path, typed, then, salma, page)
    assert.equal(answer.status, 200)
    return answer
  }
  const field = (page: Answer, name: string) => [...page.text.matchAll(new RegExp(`name="(${name}\\.[a-z0-9-]+)"`, 'g'))].at(-1)![1]!
  const withCount = await press(await get(path), 'block-add:count')
  const withText = await press(withCount, 'block-add:text')
  const count = field(withText, 'block_count')
  const moved = await press(withText, `block-up:${field(withText, 'block_text').split('.')[1]}`, { [count]: '12,500', [field(withText, 'block_text')]: 'We count **people**.' })
  assert.ok(moved.text.indexOf('name="block_text.') < moved.text.indexOf('name="block_count.'))
  const refused = await write(path, {}, 'publish', salma, moved)
  assert.equal(refused.status, 422)
  assert.match(words(refused), /Please fill this in/)
  const done = await write(path, { [field(refused, 'unit')]: 'cases', [field(refused, 'organisation')]: 'Others', [field(refused, 'source_url')]: 'https://others.example/count', [field(refused, 'holds_on')]: '2026-11' }, 'publish', salma, refused)
  assert.equal(saidOf(done), 'published', words(done))
  assert.deepEqual((await shown('names-and-numbers'))!.words.en!.words.blocks.map((each) => (each.kind === 'count' ? each.value : each.kind)), ['text', 12_500])
})

test('what a campaign leads to is chosen by title, previewed with it, and what is missing is said where it was typed; a version shows what changed in it', async () => {
  const path = `/items/${await begun('Open the registers', 'text', 'campaign')}/en`
  const report = `/items/${await begun('What the registers say', 'text', 'report')}/en`
  assert.equal(saidOf(await write(report, { item_body: 'Words.' }, 'publish')), 'published')
  const added = await write(path, {}, 'block-add:items:abcd1234')
  assert.match(added.text, /<option value="what-the-registers-say">Report: What the registers say<\/option>/)
  assert.match((await get(path)).text, /\?draft=yes/, 'what was typed is kept')
  const twice = await write(path, {}, 'block-add:items:abcd1234', salma, added)
  assert.equal([...twice.text.matchAll(/name="blocks" value="abcd1234"/g)].length, 1, 'a block that is added again after going back is there once')
  const preview = await write(path, { 'block_items.abcd1234': ['what-the-registers-say', 'https://example.org/items/never-written'] }, 'preview', salma, twice)
  assert.match(words(await get(framedIn(preview))), /Report · \d+ \p{L}+ \d{4} What the registers say/u)
  assert.match(words(preview), /Not there, or not published yet: \P{L}*the page “never-written”/u)
  const refused = await write(path, {}, 'publish', salma, preview)
  assert.match(refused.text, /<a href="#block_items\.abcd1234">/)
  const done = await write(path, { 'block_items.abcd1234': ['what-the-registers-say', ''] }, 'publish', salma, refused)
  assert.equal(saidOf(done), 'published', words(done))
  const history = await get(`${path}/history`)
  assert.match(words(await get(/href="([^"]+version=[^"]+)"/.exec(history.text)![1]!)), /what-the-registers-say\s+never-written/)
})

test('a page is put beside another by its title, and a chronology is written entry by entry: what several fit is asked, and what has no source is not taken', async () => {
  const [story, report] = [await begun('The road was closed'), await begun('What the road was for')]
  for (const id of [story, report]) assert.equal(saidOf(await write(`/items/${id}/en`, { 'item_body': 'Words.' }, 'publish')), 'published')
  const found = await get(`/items/${story}/related?search=road`)
  assert.match(words(found), /What the road was for/)
  assert.equal(saidOf(await post(`/items/${story}/related`, [['other', report], ['relation', 'background']])), 'saved')
  assert.equal((await post(`/items/${story}/related`, [['other', story], ['relation', 'background']])).status, 404)
  assert.match(words(await get(`/items/${report}/related`)), /This is background to The road was closed/)

  const fill = async (typed: Record<string, string>, then: string, page?: Answer, path = '/chronologies/new') => {
    const { fields } = formOn((page ?? await get(path)).text, path)
    return post(path, [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed), ['then', then]])
  }
  const refused = await fill({ 'chronology_title.en': 'The road', 'happened.new': '2024-02', 'entry_text.new.en': 'A fence was built.' }, 'publish')
  assert.match(words(refused), /Words alone need a source/)
  const several = await fill({ 'entry_leads.new': 'road was' }, 'publish', refused)
  assert.match(words(several), /Several fit/)
  assert.match(several.text, new RegExp(`type="radio" name="entry_choice.new" value="${report}"`))
  const kept = await fill({ 'entry_choice.new': report }, 'draft', several)
  assert.equal(saidOf(kept), 'saved', words(kept))
  const path = String(kept.headers.location).split('?')[0]!
  assert.match((await get(path)).text, /value="\/items\/what-the-road-was-for"/)
  assert.equal(saidOf(await fill({}, 'publish', undefined, path)), 'published')
  const nextYear = new Date().getUTCFullYear() + 1
  assert.equal(saidOf(await fill({ publish_at: `${nextYear}-01-01T10:00` }, 'publish', undefined, path)), 'scheduled')
  assert.match(words(await get(path)), new RegExp(`Becomes public: 1 January ${nextYear}`))
  assert.equal(saidOf(await post(`${path}/cancel`, [])), 'saved')
  assert.equal(saidOf(await post(`/items/${story}/related/chronologies`, [['chronology', path.split('/')[2]!], ['shown', 'yes']])), 'saved')
})

test('a demand names the office that it is for, and a place says what it lies in, but never in itself', async () => {
  const demand = [['handle', 'answer-now'], ['demand_status', 'made'], ['record_text.en', 'Answer now.'], ['addressees', '0'], ['addressee_kind.0', 'state'], ['addressee_name.0.en', 'the state'], ['addressees', '1']] as [string, string][]
  const refused = await post('/records/new/demand', [...demand, ['addressee_office.1', 'Minister of Nothing']])
  assert.match(words(refused), /No office, or more than one, is called that: Minister of Nothing/)
  const kept = await post('/records/new/demand', [...demand, ['addressee_office.1', 'minister of justice']])
  assert.equal(saidOf(kept), 'published', words(kept))
  assert.match((await get(String(kept.headers.location))).text, /name="addressee_office\.1" value="Minister of Justice".*?name="addressee_name\.1\.en" value="Minister of Justice"/s)
  const made = async (name: string) => String((await post('/subjects', [['subject_name', name], ['subject_kind', 'place']], idris)).headers.location).split('/')[2]!
  const [country, district] = [await made('Upper Country'), await made('Upper District')]
  const lies = (id: string, slug: string, code: string, within: string) => post(`/subjects/${id}`, [['slug', slug], ['short_code', code], ['names.en', slug], ['lies_in', within]], idris)
  assert.equal(saidOf(await lies(district, 'upper-district', 'UDX', country)), 'saved')
  assert.match(words(await lies(country, 'upper-country', 'UCX', district)), /It would lie in itself/)
})

test('a thread of many paragraphs is saved whole, and what is too much for a form is refused and not cut', async () => {
  const id = await begun('A long thread', 'thread')
  const { fields } = formOn((await get(`/items/${id}/en`)).text, `/items/${id}/en`)
  const own = fields.filter(([name]) => !/\.new$|^paragraphs$/.test(name))
  const all = Array.from({ length: 150 }, (_, place): [string, string][] => [['paragraphs', `p${place}`], [`paragraph_text.p${place}`, `Paragraph ${place}.`], [`paragraph_day.p${place}`, '2026-01-02'], [`link_kind.p${place}`, 'read-more'], [`link_url.p${place}`, ''], [`link_text.p${place}`, '']]).flat()
  assert.equal(saidOf(await post(`/items/${id}/en`, [...own, ...all, ['then', 'publish']])), 'published')
  assert.equal((await shown('a-long-thread'))!.words.en!.words.paragraphs.length, 150)
  const pasted = await post(`/items/${id}/en`, [...own, ['item_body', 'They came. '.repeat(400_000)]])
  assert.equal(pasted.status, 413)
  assert.match(words(pasted), /What you typed is still in your browser/)
})

test('what is typed into the form of a record, picture or chronology is kept for whoever types it, and forgotten once it is saved', async () => {
  for (const [path, name] of [['/records/new/quote', 'speaker.en'], ['/pictures/new', 'credit'], ['/chronologies/new', 'chronology_title.en']] as const) {
    assert.match((await get(path)).text, new RegExp(`data-autosave="${path}/draft"`))
    assert.equal((await post(`${path}/draft`, [[name, 'Half a\0 name'], ['picture', '[object File]']])).status, 200)
    const again = await get(path)
    assert.ok(again.text.includes('and not saved') && !again.text.includes('Half a name'), 'nothing typed is put over what is saved unasked')
    assert.match((await get(`${path}?draft=yes`)).text, /value="Half a name"/)
    assert.ok(!(await get(path, idris)).text.includes('and not saved'), 'nobody else sees it')
    assert.equal(saidOf(await post(`${path}/draft`, [['drop', 'yes']])), 'dropped')
    assert.ok(!(await get(path)).text.includes('and not saved'))
  }
  const fields: [string, string][] = [['record_text.en', 'We wait.'], ['speaker.en', 'A neighbour'], ['then', 'draft']]
  await post('/records/new/quote/draft', fields)
  const path = String((await post('/records/new/quote', fields)).headers.location).split('?')[0]!
  assert.ok(!(await get('/records/new/quote')).text.includes('and not saved'))
  await post(`${path}/draft`, [...fields.slice(1), ['record_text.en', 'We wait at the door.']])
  assert.match((await get(`${path}?draft=yes`)).text, />\nWe wait at the door\.</)
  assert.equal((await post('/records/new/nothing/draft', fields)).status, 404)
})

test('what was typed and never saved goes to the successor beside their own, and each is gone on with and saved by itself', async () => {
  const id = await begun('Handed over', 'text')
  const path = `/items/${id}/en`
  const typed = async (text: string, cookie: string, page = path) => post(`${path}/draft`, formOn((await get(page, cookie)).text, path).fields.map(([name, value]) => [name, name === 'item_body' ? text : value]), cookie)
  const body = async (page: string) => /name="item_body"[^>]*>\n([^<]*)</.exec((await get(page, idris)).text)?.[1]
  for (const [text, cookie] of [['Hers, by the leaver.', salma], ['His own.', idris]] as const) await typed(text, cookie)
  for (const [speaker, cookie] of [['Her neighbour', salma], ['His neighbour', idris]] as const) await post('/records/new/quote/draft', [['speaker.en', speaker]], cookie)
  const [her, him] = await Promise.all(['campaigner', 'administrator'].map(async (role) => (await it.db.selectFrom('staff').select('id').where(sql<boolean>`roles = ${[role]}::text[]`).executeTakeFirstOrThrow()).id))
  await inTransaction(it.as('desk'), async (tx) => {
    await handOverDrafts(tx, her!, him!)
    await handOverRecordDrafts(tx, her!, him!)
  })
  const both = await get(path, idris)
  assert.match(words(both), /Something was typed here[\s\S]*campaigner typed something here/)
  const handed = /\?draft=([0-9a-f-]{36})/.exec(both.text)![1]!
  assert.deepEqual([await body(`${path}?draft=${handed}`), await body(`${path}?draft=yes`)], ['Hers, by the leaver.', 'His own.'])
  await typed('Hers, gone on with.', idris, `${path}?draft=${handed}`)
  assert.deepEqual([await body(`${path}?draft=${handed}`), await body(`${path}?draft=yes`)], ['Hers, gone on with.', 'His own.'])
  assert.equal(saidOf(await write(`${path}?draft=${handed}`, {}, 'save', idris)), 'saved')
  assert.deepEqual([await body(path), (await get(path, idris)).text.includes(handed), await body(`${path}?draft=yes`)], ['Hers, gone on with.', false, 'His own.'])
  assert.equal((await write(`${path}?draft=yes`, {}, 'save', idris)).status, 409, 'both are shown: nobody saves over the other by accident')
  const quotes = await get('/records/new/quote', idris)
  assert.match((await get(`/records/new/quote?draft=${/\?draft=([0-9a-f-]{36})/.exec(quotes.text)![1]}`, idris)).text, /value="Her neighbour"/)
  assert.match((await get('/records/new/quote?draft=yes', idris)).text, /value="His neighbour"/)
})

test('a stretch of time that ends before it begins is refused at its field and stays there as it was typed; what was kept with one opens, is published and is shown', async () => {
  const path = `/items/${await begun('The long inquest', 'text')}/en`
  const refused = await write(path, { item_body: 'It went on.', happened: '2015/2014' }, 'publish')
  assert.match(words(refused), /This stretch of time ends before it begins\. Please write the earlier date first/)
  assert.match(refused.text, /<a href="#happened">/)
  assert.match(refused.text, /name="happened" value="2015\/2014"/)
  const record = await post('/records/new/proceeding', [['handle', 'long-inquest'], ['matter_title.ar', 'تحقيق'], ['steps.ar', '2013 بدأ\n2015/2014 انتهى']])
  assert.match(record.text, /<a href="#steps\.ar">/, 'at the language in which it stands')
  assert.match(words(record), /ends before it begins/)
  assert.match(record.text, /2015\/2014 انتهى/)
  assert.equal(saidOf(await write(path, { item_body: 'It went on.', happened: '2014/2015' }, 'save', salma, refused)), 'saved')
  await sql`update item_revisions set words = jsonb_set(words, '{happened}', '"2015/2014"') where words ->> 'title' = 'The long inquest'`.execute(it.db)
  assert.equal((await get(path)).status, 200)
  const { revision } = (await sql<{ revision: string }>`select id revision from item_revisions where words ->> 'title' = 'The long inquest' order by created_at desc limit 1`.execute(it.db)).rows[0]!
  await inTransaction(it.as('desk'), (tx) => publishItem(tx, { revisionId: revision, staffId: null, zone: 'UTC' }, new Date(Date.now() - 1000)))
  assert.equal((await shown('the-long-inquest'))!.words.en!.words.happened, '2015/2014')
})
