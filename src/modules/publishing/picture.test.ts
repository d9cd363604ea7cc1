import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { inTransaction, sql, type Tx } from '#platform/db.ts'
import { encodePicture, ImageFault } from '#platform/images.ts'
import { findPublicFile, storeImage } from '#modules/files/index.ts'
import { stage } from '#test/support/stage.ts'
import { createItem } from './items.ts'
import { wordsWith } from './item.ts'
import { publishItem } from './publications.ts'
import { shownRecords } from './shown-records.ts'
import { checkContent, type RecordContent } from './record.ts'
import { addRecord, publishRecord, saveRecord } from './records.ts'
import { renderItem } from './render/render.ts'
import { saveItem } from './revisions.ts'

const it = await stage()
const desk = it.as('desk')
const site = it.as('site')
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const lanterns = readFileSync(new URL('../../../world/images/lanterns-480.webp', import.meta.url))
const encoded = await encodePicture(lanterns)
const says = { en: { alt: 'Three lanterns on a wall.', caption: 'Lantern day', place: 'Corvane' } }

/** A file of a few bytes that says it is a picture of so many pixels. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))])
}

async function content(more: object = {}) {
  const stored = await write((tx) => storeImage(tx, { credit: 'Jun Castellane', files: encoded }))
  const files = encoded.map(({ use, width, height, mediaType, bytes }, place) => ({ use, width, height, mediaType, size: bytes.length, hash: stored.hashes[place]! }))
  return checkContent('image', { imageId: stored.id, files, author: 'Jun Castellane', says, ...more })
}

async function put(handle: string, more: object = {}, now = new Date(Date.now() - 60_000)) {
  const checked = await content(more)
  if ('wrong' in checked) throw new Error(checked.wrong.join())
  const record = checked.content as Extract<RecordContent, { kind: 'image' }>
  const id = (await write((tx) => addRecord(tx, { handle, record, staffId: null }, now)))!
  await write(async (tx) => publishRecord(tx, { id, revisionId: await saveRecord(tx, { id, record, staffId: null }, now), staffId: null }, now))
  return { id, record, hash: record.content.files.find(({ use, mediaType }) => use === 'shown' && mediaType === 'image/avif')!.hash }
}

async function shown(handle: string, more: object = {}) {
  const words = wordsWith({ title: 'x', body: `Before.\n\n::image[${handle}]\n\nAfter.` })
  const { records } = await shownRecords(site, [{ kind: 'image', handle }])
  return renderItem(words, { language: 'en', fallback: 'en', records, actions: new Map(), localPath: (path) => path, filePath: (hash) => `/files/${hash}`, today: '2026-01-01', ...more }).body.text
}

test('a picture without a credit, or without words for those who do not see it, is none', async () => {
  for (const [wrong, path] of [[{ author: '' }, 'author'], [{ says: {} }, 'says'], [{ says: { en: says.en, ar: { ...says.en, alt: ' ' } } }, 'says'], [{ takenOn: 'summer' }, 'takenOn'], [{ files: [] }, 'files']] as const) {
    const checked = await content(wrong)
    assert.deepEqual('wrong' in checked && checked.wrong, [path])
  }
  assert.ok('content' in await content({ decorative: true, says: {} }))
})

test('a picture is encoded anew: what the camera knew is gone, and what is no picture is refused', async () => {
  const photo = await sharp({ create: { width: 800, height: 400, channels: 3, background: '#264' } }).withExif({ IFD0: { Artist: 'a phone of Corvane' } }).jpeg().toBuffer()
  const files = await encodePicture(photo)
  assert.deepEqual([...new Set(files.map(({ use, mediaType }) => `${use} ${mediaType}`))], ['shown image/avif', 'shown image/webp', 'shown image/jpeg', 'card image/jpeg', 'veil image/webp'])
  for (const { bytes } of files) assert.equal((await sharp(bytes).metadata()).exif, undefined)
  assert.ok(files.find(({ use }) => use === 'veil')!.bytes.length < 500)
  const refused = async (bytes: Buffer) => encodePicture(bytes).then(() => 'taken', (error: unknown) => (error instanceof ImageFault ? error.reason : error))
  assert.equal(await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><script>alert(1)</script></svg>')), 'no-image')
  assert.equal(await refused(Buffer.from('GIF89a and no more')), 'no-image')
  assert.equal(await refused(photo.subarray(0, 400)), 'no-image')
  assert.equal(await refused(await sharp({ create: { width: 30, height: 30, channels: 3, background: '#264' } }).png().toBuffer()), 'too-small')
  assert.equal(await refused(pngOf(30_000, 30_000)), 'too-large')
})

test('a text shows a picture with its credit, in sizes that keep their place, and its files are public just as long', async () => {
  const { id, hash } = await put('lit-wall')
  const text = await shown('lit-wall')
  assert.match(text, /<source type="image\/avif" srcset="\/files\/[0-9a-f]{64} 480w" sizes/)
  assert.match(text, /<img src="\/files\/[0-9a-f]{64}" width="480" height="270" alt="Three lanterns on a wall."/)
  assert.match(text, /Lantern day.*Credit: .*Jun Castellane/)
  assert.match(await shown('lit-wall', { wordsOnly: true }), /Picture: .*Three lanterns on a wall/)
  assert.equal((await findPublicFile(site, hash))?.mediaType, 'image/avif')
  await write((tx) => publishRecord(tx, { id, revisionId: null, staffId: null }, new Date()))
  assert.equal(await findPublicFile(site, hash), undefined)
  assert.ok(!/<img|files\//.test(await shown('lit-wall')))
})

test('a picture that can hurt is not loaded before somebody asks for it', async () => {
  const { record } = await put('after-the-raid', { sensitive: ['injury', 'distress'] })
  const veil = record.content.files.find(({ use }) => use === 'veil')!.hash
  const text = (await shown('after-the-raid')).replace(/<template>.*?<\/template>/s, '')
  assert.deepEqual([...text.matchAll(/\/files\/([0-9a-f]{64})/g)].map(([, each]) => each), [veil])
  assert.match(text, /This picture shows .*injured people.* and .*people in distress.*Show the picture/s)
  assert.ok(!text.includes('Three lanterns on a wall.'), 'nor is it described before')
  assert.match(await shown('after-the-raid', { around: 'es' }), /<span lang="es" dir="ltr">Esta imagen muestra[^]*<small lang="es" dir="ltr">/, 'where the text is shown in another language, the veil speaks the reader’s')
  assert.ok(!/<img|<template|\/files\//.test(await shown('after-the-raid', { still: true })), 'a feed has nothing but the way to it')
})

test('a picture is gone after its last day by itself, and a text that would be public later cannot be published with it', async () => {
  const day = (shift: number) => new Date(Date.now() + shift * 86_400_000).toISOString().slice(0, 10)
  await put('was-agreed', { until: day(-2) })
  assert.ok(!(await shown('was-agreed')).includes('<img'), 'one whose last day is over is not published at all')
  await put('is-agreed', { until: day(1) })
  await put('long-agreed', { until: '2099-12-31' })
  const item = await write((tx) => createItem(tx, { kind: 'news', wanted: 'with a picture' }, new Date()))
  const publish = async (picture: string, days: number) => write(async (tx) => {
    const saved = await saveItem(tx, { itemId: item, language: 'en', words: wordsWith({ title: 'x', body: 'x', picture }), staffId: null }, new Date())
    return (await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC', from: new Date(Date.now() + days * 86_400_000) }, new Date())).outcome
  })
  assert.equal(await publish('is-agreed', 0), 'published')
  assert.equal(await publish('is-agreed', 5), 'missing')
  assert.equal(await publish('long-agreed', 5), 'scheduled')
  assert.equal(await publish('was-agreed', 0), 'missing')
  const { rows } = await sql<{ ends: Date }>`select until_at as ends from record_publications join records on records.id = record_id where handle = 'is-agreed'`.execute(it.db)
  assert.equal(rows[0]!.ends.toISOString(), `${day(2)}T00:00:00.000Z`)
})
