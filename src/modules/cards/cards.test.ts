import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { inTransaction, sql } from '#platform/db.ts'
import { createItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { findCard } from './find.ts'
import { dropCards, makeCards } from './make.ts'

const it = await stage()
const now = new Date()
const worker = it.as('worker')
const site = it.as('site')

test('a card is made once for each published version, and is gone with it; what is not published yet has none', async () => {
  const { id, shown, planned } = await inTransaction(it.db, async (tx) => {
    const made = await createItem(tx, { kind: 'news', wanted: 'carded' }, now)
    const saved = await saveItem(tx, { itemId: made, language: 'ar', words: wordsWith({ title: 'قاضية تأمر بنشر أسماء 213 محتجزًا في Esterwick Prison' }), baseId: null, staffId: null }, now)
    assert.ok(saved.outcome === 'saved')
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC', from: now }, now)
    const later = await createItem(tx, { kind: 'news', wanted: 'embargoed' }, now)
    const embargoed = await saveItem(tx, { itemId: later, language: 'en', words: wordsWith({ title: 'Not before Monday' }), baseId: null, staffId: null }, now)
    assert.ok(embargoed.outcome === 'saved')
    await publishItem(tx, { revisionId: embargoed.revisionId, staffId: null, zone: 'UTC', from: new Date(now.getTime() + 86_400_000) }, now)
    return { id: made, shown: saved.revisionId, planned: embargoed.revisionId }
  })
  for (let made = 1; made > 0 && !await findCard(site, shown);) made = await makeCards(worker, 'lately', now)
  const card = (await findCard(site, shown))!
  const { format, width, height } = await sharp(card).metadata()
  assert.deepEqual([format, width, height], ['png', 1200, 630])
  assert.ok(card.length < 80_000)
  assert.equal(await findCard(site, planned), undefined)
  assert.equal((await it.db.selectFrom('cards').select('name').where('revision_id', '=', planned).execute()).length, 0)
  await inTransaction(it.db, (tx) => withdrawItem(tx, { itemId: id, staffId: null }, now))
  assert.equal(await findCard(site, shown), undefined, 'at once, before anybody tidies up')
  await dropCards(worker)
  assert.equal((await it.db.selectFrom('cards').select('name').where('revision_id', '=', shown).execute()).length, 0)
})

test('what has no card yet shows the publisher’s own, and a name that is none of ours nothing', async () => {
  const { revision_id: older } = await it.db.selectFrom('public_item_words').select('revision_id').where('language', '=', 'en').executeTakeFirstOrThrow()
  await sql`delete from cards where revision_id = ${older}`.execute(it.db)
  assert.ok(await findCard(site, older))
  assert.deepEqual(await findCard(site, older), await findCard(site, 'house-en'))
  for (const name of ['house-xx', '00000000-0000-0000-0000-000000000000', '../../etc/passwd', 'house-']) assert.equal(await findCard(site, name), undefined)
})
