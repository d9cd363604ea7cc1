import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { storeFile } from '#modules/files/index.ts'
import { createItem, moveItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { acting } from '#test/support/acting.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))
const get = (path: string, headers: Record<string, string> = {}) => rawRequest(origin, path, { headers })
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id

/** Our own caches hold nothing for longer than a second: what was done shows by then. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const start = Date.now()
  while (!await holds()) assert.ok(Date.now() - start < 4000, 'it shows within the rule of freshness')
}

test('an event can be put into a calendar as long as it is public, and says there too when it does not take place', async () => {
  const put = (cancelled: boolean) => inTransaction(it.as('desk'), async (tx) => {
    const itemId = (await it.db.selectFrom('items').select('id').where('slug', '=', 'vigil').executeTakeFirst())?.id ?? await createItem(tx, { kind: 'event', wanted: 'vigil', subjects: [marovia] }, new Date())
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'Vigil; at night', body: 'Come.', event: { starts: '2027-03-08T18:30', ends: '', zone: 'Asia/Tokyo', place: 'Square', online: '', cancelled } }), staffId: null }, new Date())
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC' }, new Date())
    return itemId
  })
  const id = await put(false)
  const place = `/places/${(await it.db.selectFrom('subjects').select('slug').where('id', '=', marovia).executeTakeFirstOrThrow()).slug}`
  await inTransaction(it.as('desk'), (tx) => moveItem(tx, id, 'vigil-before', new Date()))
  for (const rest of ['.ics', '/files/a/b.pdf']) assert.equal((await get(`/items/vigil${rest}`)).headers.location, `/items/vigil-before${rest}`)
  await inTransaction(it.as('desk'), (tx) => moveItem(tx, id, 'vigil', new Date()))
  assert.match((await get(place)).text, /href="[^"]*\/events\.ics">Events for your calendar/)
  assert.match((await get('/items/vigil')).text, /"@type":"Event".*"startDate":"2027-03-08T09:30:00.000Z".*href="\/items\/vigil\.ics"/s)
  await until(async () => (await get('/items/vigil.ics')).status === 200)
  const one = await get('/items/vigil.ics')
  assert.match(String(one.headers['content-type']), /^text\/calendar/)
  assert.match(one.text, /DTSTART:20270308T093000Z\r\n.*SUMMARY:Vigil\\; at night.*STATUS:CONFIRMED/s)
  assert.match(one.text, /\r\nNAME:Vigil\\; at night\r\n.*\r\nEND:VCALENDAR\r\n$/s, 'the name too, and every line has its end')
  await put(true)
  await until(async () => /STATUS:CANCELLED/.test((await get(`${place}/events.ics`)).text))
  await inTransaction(it.as('desk'), (tx) => withdrawItem(tx, { itemId: id, staffId: null }, new Date()))
  await until(async () => (await get('/items/vigil.ics')).status === 410 && !(await get(`${place}/events.ics`)).text.includes('Vigil'))
  assert.equal((await get('/items/judge-orders-list.ics')).status, 404, 'what is no event has none')
})

test('a file is handed over as long as the version that offers it is public: not before its time, and not after', async () => {
  const bytes = Buffer.from('%PDF-1.7 the quarry')
  const put = (hash: string, from?: Date) => inTransaction(it.as('desk'), async (tx) => {
    const itemId = (await it.db.selectFrom('items').select('id').where('slug', '=', 'the-papers').executeTakeFirst())?.id ?? await createItem(tx, { kind: 'report', wanted: 'the papers', subjects: [marovia] }, new Date())
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: 'The papers', body: from ? 'later' : 'now', documents: [{ id: 'one', hash, mediaType: 'application/pdf', size: 19, title: 'Récit "of" the quarry', language: 'fr' }] }), staffId: null }, new Date())
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from }, new Date())
    return itemId
  })
  const hash = (await inTransaction(it.as('desk'), (tx) => storeFile(tx, bytes, 'application/pdf'))).toString('hex')
  const id = await put(hash, new Date(Date.now() + 3_600_000))
  assert.equal((await get('/items/the-papers/files/one/x.pdf')).status, 404, 'an embargo holds')
  assert.equal((await get(`/files/${hash}`)).status, 404)
  await put(hash)
  const file = await get('/items/the-papers/files/one/x.pdf')
  assert.deepEqual([file.status, file.headers['content-type'], file.headers['x-content-type-options'], file.text], [200, 'application/pdf', 'nosniff', String(bytes)])
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="[a-z-]+-fr\.pdf"; filename\*=UTF-8''R%C3%A9cit%20%22of%22%20the%20quarry\.pdf$/)
  await until(async () => /href="\/items\/the-papers\/files\/one\/[a-z-]+-fr\.pdf" hreflang="fr".*French · PDF · 1 kB/.test((await get('/items/the-papers')).text))
  await inTransaction(it.as('desk'), (tx) => withdrawItem(tx, { itemId: id, staffId: null }, new Date()))
  assert.equal((await get('/items/the-papers/files/one/x.pdf')).status, 410)
})
