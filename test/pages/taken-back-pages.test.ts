import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { aboutItem, createItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { acting } from '#test/support/acting.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'
import { until } from '#test/support/clarion.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))
const get = (path: string) => rawRequest(origin, path)
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id

test('what was taken back says so in every language, shows not a word of it, and leads on to the newest about the same', async () => {
  const topic = await inTransaction(it.as('desk'), async (tx) => {
    const id = await addSubject(tx, { kind: 'topic', language: 'en', name: 'Windmills', slug: 'windmills' }, new Date())
    const itemId = await aboutItem(tx, { id, slug: 'windmills' }, new Date())
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'Windmills', summary: 'They turn.' }), staffId: null }, new Date())
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC' }, new Date())
    return { id, itemId }
  })
  const item = await inTransaction(it.as('desk'), async (tx) => {
    const itemId = await createItem(tx, { kind: 'report', wanted: 'mistaken-claim', subjects: [topic.id, marovia] }, new Date())
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'Mistaken claim', body: 'It was wrong.' }), staffId: null }, new Date())
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC' }, new Date())
    return itemId
  })
  for (const path of ['/items/mistaken-claim', '/topics/windmills']) await until(async () => (await get(path)).status === 200, path)
  await inTransaction(it.as('desk'), (tx) => withdrawItem(tx, { itemId: item, staffId: null }, new Date()))
  for (const [path, lang, said] of [['/items/mistaken-claim', '', /This page was taken back.*Latest about Marovia.*The baker of Esterwick/s], ['/ar/items/mistaken-claim', '/ar', /سُحبت هذه الصفحة.*ماروفيا/s]] as const) {
    await until(async () => (await get(path)).status === 410, path)
    const { text } = await get(path)
    assert.match(text, said)
    assert.doesNotMatch(text, /mistaken|was wrong/i)
    for (const to of [`${lang}/places/marovia`, `${lang}/topics/windmills`, `${lang}/search`, `${lang}/actions`]) assert.ok(text.includes(`class="plain" href="${to}"`), to)
    assert.match(text, lang ? /<a href="\/" lang="en" hreflang="en">/ : /<a href="\/ar" lang="ar" hreflang="ar">/)
  }
  await inTransaction(it.as('desk'), (tx) => withdrawItem(tx, { itemId: topic.itemId, staffId: null }, new Date()))
  for (const path of ['/topics/windmills', '/ar/topics/windmills/archive', '/topics/windmills/feed.atom']) await until(async () => (await get(path)).status === 410, path)
  const gone = (await get('/topics/windmills')).text
  assert.ok(!/Windmills|They turn/.test(gone) && gone.includes('id="latest"'), 'where nothing is beside it, the newest of all')
  assert.ok(!(await get('/items/mistaken-claim')).text.includes('windmills"'), 'what is taken back as well is not led to')
  assert.equal((await get('/places/windmills')).status, 404)
})
