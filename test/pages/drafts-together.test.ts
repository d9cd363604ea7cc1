import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { workOnDigest } from '#modules/digests/index.ts'
import type { Answer } from '#test/support/pages.ts'
import { saidOf, words, writingDesk } from '#test/support/writing.ts'

const { it, act, signedIn, get, post, write, begun, shown } = await writingDesk()

test('drafts of any origin are asked to be checked, approved and published several at once; a translation only where it is ticked itself', async () => {
  const ids = []
  for (const title of ['First of three', 'Second of three', 'Third of three']) {
    const id = await begun(title, 'text')
    await write(`/items/${id}/en`, { item_body: 'Words.' }, 'save')
    ids.push(id)
  }
  await write(`/items/${ids[0]}/ar`, { title: 'الأول', item_body: 'كلمات.' }, 'save')
  assert.match((await get('/items?state=draft')).text, /href="\/items\/together\?state=draft"/)
  const researcher = await signedIn(['researcher'])
  const versions = (text: string) => new Map([...text.matchAll(/name="draft" value="([^"]+)"[^]*?<bdi lang="(\w+)">([^<]+)</g)].map(([, revision, language, title]) => [`${language} ${title}`, revision!]))
  const seen = await get('/items/together?state=draft', researcher)
  assert.doesNotMatch(seen.text, /value="(?:publish|approve)"/)
  const drafts = versions(seen.text)
  assert.deepEqual([...drafts.keys()].filter((each) => /three|الأول/.test(each)).toSorted(), ['ar الأول', 'en First of three', 'en Second of three', 'en Third of three'])
  const [first, second] = ['en First of three', 'en Second of three'].map((each) => ['draft', drafts.get(each)!] as [string, string])
  assert.equal((await post('/items/together', [first!, ['then', 'publish']], researcher)).status, 404)
  assert.equal(saidOf(await post('/items/together?state=draft', [first!, second!, ['then', 'ask']], researcher)), 'saved')
  const waiting = await get('/items/together?state=review')
  assert.deepEqual([...versions(waiting.text).keys()], ['en First of three', 'en Second of three'])
  assert.equal(saidOf(await post('/items/together', [first!, second!, ['then', 'approve']])), 'saved')
  assert.equal((await post('/items/together', [['then', 'publish']])).status, 422)
  assert.equal(saidOf(await post('/items/together', [first!, second!, ['then', 'publish']])), 'published')
  assert.deepEqual(Object.keys((await shown('first-of-three'))!.words), ['en'])
  assert.equal(await shown('third-of-three'), undefined)
  assert.match(words(await get('/items/together?state=approved')), /No draft waits here/)
})

test('who looks after one place sees to the drafts of that place', async () => {
  const id = await begun('Of one place', 'text')
  const other = await signedIn(['coordinator'], ['place:ELSE'])
  const own = await signedIn(['coordinator'], ['place:MAR'])
  assert.doesNotMatch((await get('/items/together', other)).text, new RegExp(id))
  const page = await get('/items/together', own)
  assert.match(page.text, new RegExp(id))
  const draft = new RegExp(`name="draft" value="([^"]+)"(?:(?!name="draft")[^])*?/items/${id}/`).exec(page.text)![1]!
  assert.equal((await post('/items/together', [['draft', draft], ['then', 'publish']], other)).status, 422, 'it is none of theirs')
  assert.equal(await shown('of-one-place'), undefined)
})

/** What the worker does, once the desk has asked for it. */
async function worked(answer: Answer): Promise<string> {
  const path = String(answer.headers.location).split('?')[0]!
  await workOnDigest(it.as('worker'), path.split('/').at(-1)!, act.now)
  return path
}

test('what came without a date is not published under today: somebody says first of which day it is', async () => {
  const path = await worked(await post('/digests/new', [['digest_language', 'en'], ['digest_paste', 'How the harbour works\n\nShips wait outside.\n']]))
  await worked(await post(`${path}/run`, []))
  const page = (await get(`${path}/drafts`)).text
  assert.match(page, /no date[^]*Day for those without a date/)
  assert.doesNotMatch(page, /Publish (?:this one|all)/, 'no button publishes it with all others')
  const draft = /name="draft" value="([^"]+)"/.exec(page)![1]!
  const refused = await post(`${path}/drafts`, [['draft', draft]])
  assert.equal(refused.status, 422)
  assert.match(refused.text, /It has no date[^]*checked/)
  const { rows: [item] } = await sql<{ item_id: string }>`select item_id from item_revisions where id = ${draft}`.execute(it.db)
  assert.match(words(await get(`/items/${item!.item_id}/en`)), /gave no date/)
  assert.equal((await post(`/items/${item!.item_id}/en/publish`, [['revision', draft]])).status, 422)
  assert.equal((await post(`${path}/drafts`, [['draft', draft], ['undated_day', '2099-01-01']])).status, 422, 'nothing was published in years to come')
  const fresh = await begun('Written today', 'text')
  await write(`/items/${fresh}/en`, { item_body: 'Words.' }, 'save')
  const { rows: [newest] } = await sql<{ id: string }>`select id from item_revisions where item_id = ${fresh} order by created_at desc limit 1`.execute(it.db)
  assert.equal(saidOf(await post('/items/together', [['draft', draft], ['draft', newest!.id], ['undated_day', '2014-07-25'], ['then', 'publish']])), 'published')
  const datedOf = async (id: string) => (await sql<{ dated: string }>`select dated::text from item_publications where item_id = ${id}`.execute(it.db)).rows.map(({ dated }) => dated)
  assert.deepEqual([await datedOf(item!.item_id), await datedOf(fresh)], [['2014-07-25'], [act.now.toISOString().slice(0, 10)]], 'what nobody brought from elsewhere is of today')
})

test('of very many drafts those that were saved last are looked at, the newest day first; how many more there are is said, and what was ticked is seen to', async () => {
  await sql`create table many as select gen_random_uuid() as id, n from generate_series(1, 1200) n`.execute(it.db)
  await sql`insert into items (id, slug, kind, thread, created_at) select id, 'many-' || n, 'explainer', false, ${act.now} from many`.execute(it.db)
  await sql`
    insert into item_revisions (id, item_id, language, words, created_at)
    select gen_random_uuid(), id, 'en', (select words from item_revisions where words ->> 'title' = 'Third of three' limit 1) || jsonb_build_object('title', 'Many ' || n, 'publishedOn', case when n = 7 then '2027-02-28' else '2020-01-01' end), ${act.now}::timestamptz + interval '1 hour' - n * interval '1 second' from many`.execute(it.db)
  const page = await get('/items/together?state=draft')
  const titles = [...page.text.matchAll(/name="draft"[^]*?<bdi lang="en">([^<]+)</g)].map(([, title]) => title!)
  assert.equal(titles.length, 100)
  assert.equal(titles[0], 'Many 7')
  assert.match(words(page), /1,\d\d\d more come after these/)
  const [, draft] = /name="draft" value="([^"]+)"(?:(?!name="draft")[^])*?>Many 7</.exec(page.text)!
  await sql`update item_revisions set created_at = created_at - interval '1 year' where id = ${draft}`.execute(it.db)
  assert.equal(saidOf(await post('/items/together', [['draft', draft!], ['then', 'publish']])), 'published', 'also where many others were saved meanwhile')
  assert.ok(await shown('many-7'))
})
