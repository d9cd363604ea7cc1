import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { formOn } from '#test/support/http.ts'
import type { Answer } from '#test/support/pages.ts'
import { saidOf, words, writingDesk } from '#test/support/writing.ts'

const { it, act, idris, get, post, begun, write } = await writingDesk()

/** Fills in the form of a record as it stood on a page, and presses one of its two buttons. */
async function fill(page: Answer, path: string, typed: Record<string, string>, then = '', cookie?: string): Promise<Answer> {
  const { fields } = formOn(page.text, path)
  act.now = new Date()
  return post(path, [...fields.filter(([name]) => !(name in typed) && name !== 'then'), ...Object.entries(typed), ['addressee_kind.0', 'state'], ['then', then]], cookie)
}

const demand = { 'record_text.en': 'Open the register.', addressees: '0', 'addressee_kind.0': 'state', 'addressee_name.0.en': 'the Government of Marovia', demand_status: 'made' }

async function made(): Promise<string> {
  const answer = await post('/records/new/demand', Object.entries(demand))
  assert.equal(saidOf(answer), 'published', words(answer))
  return String(answer.headers.location).split('?')[0]!
}

test('two people change a demand at once: the second sees what the first wrote, and saves over nothing unseen', async () => {
  const path = await made()
  const his = await get(path, idris)
  assert.equal(saidOf(await fill(await get(path), path, { demand_status: 'partly-met', 'evidence.en': 'Two volumes are open.' })), 'published')
  const late = await fill(his, path, { 'basis.en': 'Article 24' }, '', idris)
  assert.equal(late.status, 409)
  assert.match(words(late), /Somebody else saved this.*What has come of it.*Partly met.*Two volumes are open\./)
  assert.match(late.text, /value="Article 24"/, 'what he typed is in the form')
  assert.equal((await it.db.selectFrom('public_records').select(sql<string>`content ->> 'status'`.as('status')).where('id', '=', path.split('/')[2]!).executeTakeFirstOrThrow()).status, 'partly-met', 'nothing of his was published')
  assert.equal(saidOf(await fill(late, path, { demand_status: 'partly-met', 'evidence.en': 'Two volumes are open.' }, '', idris)), 'published')
  const now = await get(path)
  assert.match(now.text, /value="Article 24"/)
  assert.match(now.text, /value="Two volumes are open\."/)
})

test('what is wrong in a form does not make it the newest: it still began with what it began with', async () => {
  const path = await made()
  const his = await get(path, idris)
  await fill(await get(path), path, { 'record_text.en': 'Open the whole register.' })
  const wrong = await fill(his, path, { first_made: 'soon' }, '', idris)
  assert.equal(wrong.status, 422)
  assert.equal((await fill(wrong, path, { first_made: '2020-05-01' }, '', idris)).status, 409)
})

test('pressing a button twice, or saving what somebody else has just saved too, is no conflict', async () => {
  const path = await made()
  const page = await get(path)
  for (const _ of [1, 2]) assert.equal(saidOf(await fill(page, path, { 'basis.en': 'Article 7' })), 'published')
})

test('what a record said before is found, with who saved it and when readers saw it, and brought back', async () => {
  const path = await made()
  await fill(await get(path), path, { 'record_text.en': 'Open it, all of it.' }, '', idris)
  assert.match((await get(path)).text, new RegExp(`href="${path}/history"`))
  const history = await get(`${path}/history`)
  assert.match(words(history), /Open it, all of it\. .*administrator .*Published .*Open the register\. .*campaigner .*public from .* until /)
  const [newest, first] = [...history.text.matchAll(/history\?version=([0-9a-f-]+)/g)].map(([, id]) => id!)
  assert.match((await get(`${path}/history?version=${newest}`)).text, /<del>the<\/del>|<del>the register\.<\/del>/)
  assert.doesNotMatch(words(await get(`${path}/history?version=${newest}`)), /Make this the newest/, 'it is')
  assert.match(words(await get(`${path}/history?version=${first}`)), /Make this the newest version/)
  assert.equal(saidOf(await post(`${path}/history`, [['version', first!]])), 'restored')
  assert.match((await get(path)).text, />\nOpen the register\./)
  assert.match(words(await get(path)), /Published/, 'readers still see the other one')
  assert.equal((await post(`${path}/history`, [['version', path.split('/')[2]!]])).status, 404, 'a version of something else')
})

test('chronologies and pictures have versions and guards too', async () => {
  const answer = await post('/chronologies/new', [['chronology_title.en', 'Nets'], ['entries', 'new'], ['happened.new', '2026-01-02'], ['entry_text.new.en', 'The nets were cut.'], ['source_url.new', 'https://nets.example/']])
  assert.equal(saidOf(answer), 'published', words(answer))
  const path = String(answer.headers.location).split('?')[0]!
  const his = await get(path, idris)
  assert.equal(saidOf(await fill(await get(path), path, { 'happened.new': '2026-02-03', 'entry_text.new.en': 'They were mended.', 'source_url.new': 'https://nets.example/2' })), 'published')
  const late = await fill(his, path, { 'chronology_title.en': 'The nets' }, '', idris)
  assert.equal(late.status, 409)
  assert.match(words(late), /3 February 2026 · .*They were mended\./)
  const [picture] = await it.db.selectFrom('records').select('id').where('kind', '=', 'image').limit(1).execute()
  const page = await get(`/pictures/${picture!.id}`)
  assert.match(page.text, /name="begun"/)
  const history = await get(`/pictures/${picture!.id}/history`)
  const [, version] = /history\?version=([0-9a-f-]+)/.exec(history.text)!
  assert.equal([...history.text.matchAll(/history\?version=/g)].length, 1, 'saved again as it was, it has no second version')
  const shown = await get(`/pictures/${picture!.id}/history?version=${version}`)
  assert.match(shown.text, /<ins>/, words(shown))
})

test('two people change the settings of an item, the names of a place or who readers turn to: the second sees it', async () => {
  const marovia = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  const item = `/items/${await begun('Two at its settings', 'thread')}`
  const contacts = `/subjects/${marovia.id}/contacts`
  assert.equal(saidOf(await post(`${contacts}/new`, [['contact_role.en', 'Country coordinator']])), 'saved')
  const contact = new RegExp(`action="(${contacts}/[0-9a-f-]{36})"`).exec((await get(contacts)).text)![1]!
  for (const [page, path, hers, his, seen] of [
    [item, `${item}/settings`, { review_by: '2030-01-02' }, { pinned: 'yes' }, /2030-01-02/],
    [`/subjects/${marovia.id}`, `/subjects/${marovia.id}`, { 'names.ar': 'ماروفيا\nالبلاد' }, { 'names.en': 'Marovia\nThe country' }, /البلاد/],
    [contacts, contact, { 'contact_name.en': 'Salma' }, { 'contact_role.en': 'Coordinator' }, /Salma/],
  ] as [string, string, Record<string, string>, Record<string, string>, RegExp][]) {
    const open = await get(page, idris)
    assert.equal(saidOf(await fill(await get(page), path, hers)), 'saved', path)
    const late = await fill(open, path, his, '', idris)
    assert.equal(late.status, 409, path)
    assert.match(words(late), /Somebody else saved this/)
    assert.match(words(late), seen)
    assert.equal(saidOf(await fill(late, path, hers, '', idris)), 'saved', 'who has seen it may save')
  }

  const [mine, theirs] = [await get(`/subjects/${marovia.id}`), await get(`/subjects/${marovia.id}`, idris)]
  const both = await Promise.all([fill(mine, `/subjects/${marovia.id}`, { 'names.en': 'Marovia\nOne' }), fill(theirs, `/subjects/${marovia.id}`, { 'names.en': 'Marovia\nTwo' }, '', idris)])
  assert.deepEqual(both.map(({ status }) => String(status)).toSorted(), ['303', '409'], 'also at the same moment')
})

test('what somebody saved after it was looked at is not published unseen, and a time that is wrong stays to be changed', async () => {
  const item = `/items/${await begun('Looked at', 'text')}`
  const looked = await get(item, idris)
  act.now = new Date()
  await write(`${item}/en`, { item_body: 'Saved since.' }, 'save')
  const refused = await fill(looked, `${item}/en/publish`, { 'publish_at.en': '2001-01-01T10:00' }, '', idris)
  assert.match(refused.text, /value="2001-01-01T10:00"/)
  const late = await fill(looked, `${item}/en/publish`, {}, '', idris)
  assert.equal(late.status, 409)
  assert.match(words(late), /Somebody has saved this since you looked/)
  assert.equal(saidOf(await fill(late, `${item}/en/publish`, {}, '', idris)), 'published')
})
