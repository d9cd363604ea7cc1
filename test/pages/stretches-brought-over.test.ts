import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { workOnDigest } from '#modules/digests/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { openDeskPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const now = new Date('2026-11-26T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const cookie = `clarion-desk=${await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'campaigner', language: 'en' }, now), now))}`
const get = async (path: string) => (await rawRequest(origin, path, { headers: { cookie } })).text
const post = (path: string, fields: Record<string, string> | [string, string][]): Promise<Answer> => postRaw(origin, path, new URLSearchParams(fields).toString(), { cookie })

async function bring(text: string, name = 'entries.csv'): Promise<string> {
  const form = new FormData()
  form.set('digest_language', 'en')
  form.set('digest_file', new File([text], name))
  const request = new Request('http://localhost', { method: 'POST', body: form })
  const { headers } = await postRaw(origin, '/digests/new', Buffer.from(await request.arrayBuffer()), { cookie, 'content-type': request.headers.get('content-type')! })
  return worked(headers.location!.split('?')[0]!)
}

async function worked(path: string): Promise<string> {
  await workOnDigest(it.as('worker'), path.split('/').at(-1)!, now)
  return path
}

test('a stretch of time in an imported file is read, or asked about where it ends before it begins; one typed in its place is read or refused, with all that was decided', async () => {
  const path = await bring('title,kind,date,text\nThe trial of the nine,NEWS,June 2014 – January 2015,It went on.\nThe strike,NEWS,January 2015 – June 2014,It was long.\nThe walk,NEWS,2015-03/2014-02,They walked accross it.\n')
  const shown = await get(path)
  assert.match(shown, /The trial of the nine<\/h3><p>News · <bdi>June 2014 to January 2015<\/bdi>/)
  assert.match(shown, /“January 2015 – June 2014” ends before it begins/)
  assert.match(shown, /“2015-03\/2014-02” ends before it begins/)
  assert.ok(!shown.includes('name="other-0"') && shown.includes('name="other-1"') && shown.includes('name="other-2"'))
  const [fix] = /name="fix-2" value="(\d+)"><span>[^<]*<bdi class="help">accross/.exec(shown)!.slice(1)

  const refused = await post(`${path}/run`, [['other-1', 'January 2015 – June 2014'], ['other-2', 'some day'], ['fix-2', fix!], ['leave', '0']])
  assert.equal(refused.status, 422)
  assert.match(refused.text, /<a href="#other-1">This stretch of time ends before it begins/)
  assert.match(refused.text, /<a href="#other-2">Please write a day, a month or a year/)
  for (const kept of ['id="other-1" value="January 2015 – June 2014"', 'id="other-2" value="some day"', `name="fix-2" value="${fix}" checked`, 'name="leave" value="0" checked']) assert.ok(refused.text.includes(kept), kept)

  assert.equal((await post(`${path}/run`, { 'other-1': 'June 2014 – January 2015', 'other-2': '' })).status, 303)
  await worked(path)
  const { rows } = await sql<{ title: string, day: string, roughly: string }>`
    select words->>'title' as title, words->>'publishedOn' as day, words->>'publishedRoughly' as roughly from item_revisions join imported_items using (item_id) order by 1`.execute(it.db)
  assert.deepEqual(rows, [
    { title: 'The strike', day: '2014-06-01', roughly: '2014-06/2015-01' }, { title: 'The trial of the nine', day: '2014-06-01', roughly: '2014-06/2015-01' }, { title: 'The walk', day: '', roughly: '' },
  ], 'what has no date yet is given none')
})

test('of an export of WordPress, what was a draft, private or behind a password there is left out unless somebody wants it', async () => {
  const post = (title: string, more: string) => `<item><title>${title}</title><link>https://old.example/${title}/</link><content:encoded><![CDATA[<p>They cut the nets.</p>]]></content:encoded><wp:post_type>post</wp:post_type><wp:post_date>2021-05-03 10:00:00</wp:post_date>${more}</item>`
  const path = await bring(`<?xml version="1.0"?><rss version="2.0" xmlns:content="content" xmlns:wp="wp"><channel><wp:wxr_version>1.2</wp:wxr_version>
${post('Nets', '<wp:status>publish</wp:status>')}${post('Boats', '<wp:status>draft</wp:status>')}${post('Sails', '<wp:status>private</wp:status>')}${post('Oars', '<wp:status>publish</wp:status><wp:post_password>hush</wp:post_password>')}</channel></rss>`, 'blog.xml')
  const shown = await get(path)
  assert.deepEqual([...shown.matchAll(/name="leave" value="(\d)"( checked)?/g)].map(([, place, left]) => [place, Boolean(left)]), [['0', false], ['1', true], ['2', true], ['3', true]])
  assert.equal(shown.match(/Readers could not see this where it comes from/g)!.length, 3)
  assert.ok(!shown.includes('hush'))
})
