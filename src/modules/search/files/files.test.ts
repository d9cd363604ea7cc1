import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { inTransaction, sql } from '#platform/db.ts'
import { pdfFonts, renderPdf } from '#platform/pdf.ts'
import { readPdfText } from '#platform/pdf-text.ts'
import { storeFile } from '#modules/files/index.ts'
import { createItem, publishItem, saveItem, withdrawItem, wordsWith } from '#modules/publishing/index.ts'
import { stage } from '#test/support/stage.ts'
import { findWords, indexSearch, readQuery } from '../index.ts'
import { fileTexts, forgetFileTexts, readNextFile } from './reading.ts'

const it = await stage()
const now = new Date()
const worker = it.as('worker')
const limits = { pages: 1000, milliseconds: 20_000, megabytes: 700 }

/** A PDF of so many pages that all show the same content. */
function pdfOf(pages: number, content: Buffer, filter = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const starts: number[] = []
  let length = parts[0]!.length
  const put = (body: Buffer | string) => {
    starts.push(length)
    const part = Buffer.concat([Buffer.from(`${starts.length} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  put('<</Type/Catalog/Pages 2 0 R>>')
  put(`<</Type/Pages/Count ${pages}/Kids[${Array.from({ length: pages }, (_, place) => `${place + 5} 0 R`).join(' ')}]>>`)
  put(Buffer.concat([Buffer.from(`<<${filter}/Length ${content.length}>>stream\n`), content, Buffer.from('\nendstream')]))
  put('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>')
  for (let page = 0; page < pages; page++) put('<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>>>')
  const table = `xref\n0 ${starts.length + 1}\n0000000000 65535 f \n${starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size ${starts.length + 1}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF`
  return Buffer.concat([...parts, Buffer.from(table)])
}

const saying = (words: string) => Buffer.from(`BT /F 12 Tf 20 200 Td (${words}) Tj ET`)

test('a file of five thousand pages ends with its first part, one that unpacks to gigabytes ends, and rubbish and pictures are what they are', async () => {
  const long = await readPdfText(pdfOf(5000, saying('One page of many')), { ...limits, pages: 40 })
  assert.deepEqual([long.state, long.pages, long.texts.length, long.texts[0]], ['partly', 5000, 40, { page: 1, text: 'One page of many' }])
  const bomb = await readPdfText(pdfOf(1, deflateSync(Buffer.alloc(400_000_000)), '/Filter/FlateDecode'), { pages: 10, milliseconds: 4000, megabytes: 250 })
  assert.ok(['unreadable', 'no-text'].includes(bomb.state))
  assert.equal((await readPdfText(Buffer.from('%PDF-1.7 and nothing else'), limits)).state, 'unreadable')
  assert.equal((await readPdfText(pdfOf(1, Buffer.from('0 0 10 10 re f')), limits)).state, 'no-text')
  assert.equal((await readPdfText(pdfOf(3, saying('Slow')), { ...limits, milliseconds: 1 })).state, 'unreadable', 'time is up')
})

test('what a file says is found with its item, its page and marks, as long as a public version offers it', async () => {
  const pdf = await renderPdf('#let data = json(bytes(sys.inputs.data))\n#set document(title: "Report")\n#set text(font: data.fonts)\n= Report\nNothing here.\n#pagebreak()\nThe lighthouse keeper kept a secret ledger of arrivals.', { fonts: pdfFonts })
  const id = await inTransaction(it.db, async (tx) => {
    const hash = (await storeFile(tx, pdf, 'application/pdf')).toString('hex')
    const item = await createItem(tx, { kind: 'report', wanted: 'with-a-file' }, now)
    const saved = await saveItem(tx, { itemId: item, language: 'en', words: wordsWith({ title: 'A report', documents: [{ id: 'one', hash, mediaType: 'application/pdf', size: pdf.length, title: 'The whole report', language: 'en' }] }), baseId: null, staffId: null }, now)
    assert.ok(saved.outcome === 'saved')
    assert.equal(await readNextFile(worker, now), 0, 'not before it is public')
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
    return item
  })
  const look = async (text: string) => (await findWords(it.as('site'), { terms: readQuery(text, 'en').terms }, { language: 'en', fallback: 'en' }, { most: 10, after: 0 })).found
  assert.equal(await readNextFile(worker, now), 1)
  assert.equal(await readNextFile(worker, now), 0)
  while (await indexSearch(worker, 'lately')) { /* until all is indexed */ }
  const [found] = await look('secret ledger')
  assert.equal(found!.slug, 'with-a-file')
  assert.deepEqual(found!.file, { id: 'one', title: 'The whole report', language: 'en', mediaType: 'application/pdf', page: 2 })
  assert.deepEqual(found!.excerpt.filter(({ hit }) => hit).map(({ text }) => text), ['secret', 'ledger'])
  const { hash } = (await sql<{ hash: string }>`select encode(hash, 'hex') as hash from file_texts`.execute(it.db)).rows[0]!
  assert.deepEqual((await fileTexts(it.as('desk'), [hash])).get(hash), { state: 'read', pages: 2 })
  await inTransaction(it.db, (tx) => withdrawItem(tx, { itemId: id, staffId: null }, now))
  assert.deepEqual(await look('secret ledger'), [])
  assert.equal((await sql`select from public_file_pages`.execute(it.as('site'))).rows.length, 0)
  await forgetFileTexts(worker)
  assert.equal((await sql`select from file_pages`.execute(it.db)).rows.length, 0)
})

test('what a PDF that was made here says is read as it was written, in scripts whose letters join too', async () => {
  const words = 'أصدرت المحكمةُ قرارها، والإفراج عن 213 محتجزًا.'
  const pdf = await renderPdf('#let data = json(bytes(sys.inputs.data))\n#set document(title: "Report")\n#set text(font: data.fonts)\n#data.said', { fonts: pdfFonts, said: words }, words)
  assert.deepEqual(await readPdfText(pdf, { pages: 10, milliseconds: 30_000, megabytes: 700 }), { state: 'read', pages: 1, texts: [{ page: 1, text: words }] })
})
