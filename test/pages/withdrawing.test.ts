import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { findPublicFile, storeImage } from '#modules/files/index.ts'
import { addRecord, keptRecords, publishRecord, readContent } from '#modules/publishing/index.ts'
import { saidOf, writingDesk } from '#test/support/writing.ts'

const { it, act, get, post, write, begun, shown } = await writingDesk()

/** A picture that is public. */
async function picture(handle: string): Promise<{ id: string, hash: string }> {
  const marovia = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  return inTransaction(it.as('desk'), async (tx) => {
    const stored = await storeImage(tx, { credit: 'Jun', files: [{ width: 480, height: 270, mediaType: 'image/jpeg', bytes: Buffer.from(handle) }] })
    const record = readContent('image', { imageId: stored.id, files: [{ use: 'shown', hash: stored.hashes[0]!, width: 480, height: 270, mediaType: 'image/jpeg', size: 17 }], author: 'Jun', says: { en: { alt: 'A quay', caption: '', place: '' } } })
    const id = (await addRecord(tx, { handle, record, subjects: [marovia.id], staffId: null }, act.now))!
    const [{ revisionId } = { revisionId: '' }] = await keptRecords(tx, { id })
    await publishRecord(tx, { id, revisionId, staffId: null }, act.now)
    return { id, hash: stored.hashes[0]! }
  })
}

test('whoever withdraws an item is asked whether the pictures go too that nothing else shows; those of others stay', async () => {
  const [own, shared] = [await picture('own-quay'), await picture('shared-quay')]
  for (const [title, lead, body] of [['With two pictures', 'own-quay', '::image[shared-quay]'], ['With one picture', 'shared-quay', 'Words.']] as const) {
    const id = await begun(title, 'text')
    assert.equal(saidOf(await write(`/items/${id}/en`, { lead_picture: lead, item_body: body }, 'publish')), 'published')
  }
  const { id } = await it.db.selectFrom('items').select('id').where('slug', '=', 'with-two-pictures').executeTakeFirstOrThrow()
  const { text } = await get(`/items/${id}`)
  assert.match(text, /<bdi>own-quay<\/bdi>/)
  assert.doesNotMatch(text, /<bdi>shared-quay<\/bdi>/, 'only what nothing else shows')
  assert.equal(saidOf(await post(`/items/${id}/withdraw`, [['pictures', 'too']])), 'withdrawn')
  assert.equal(await shown('with-two-pictures'), undefined)
  assert.equal(await findPublicFile(it.as('site'), own.hash), undefined)
  assert.ok(await findPublicFile(it.as('site'), shared.hash), 'what another page shows stays')
})

test('withdrawing from a page that was open twice is one line in the log, and taking back a day that is taken back already is none', async () => {
  const id = await begun('Open twice', 'text')
  const path = `/items/${id}/en`
  assert.equal(saidOf(await write(path, { item_body: 'Words.' }, 'publish')), 'published')
  const lines = async (verb: string) => (await it.db.selectFrom('audit_log').select('verb').where('verb', '=', verb).where('subject_ids', '@>', sql<string[]>`array[${id}]`).execute()).length
  for (let click = 0; click < 2; click += 1) {
    act.later({ seconds: 1 })
    assert.equal(saidOf(await post(`/items/${id}/withdraw`, [])), 'withdrawn')
  }
  assert.equal(await lines('withdraw-item'), 1)
  for (let click = 0; click < 2; click += 1) assert.equal((await post(`${path}/cancel`, [])).status, 303)
  assert.equal(await lines('cancel-schedule'), 0)
})
