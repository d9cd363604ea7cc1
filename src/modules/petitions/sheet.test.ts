import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { readPdfText } from '#platform/pdf-text.ts'
import { changePublisher, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { stage } from '#test/support/stage.ts'
import { makeSheets } from './index.ts'

const it = await stage()
const worker = it.as('worker')
const now = new Date('2027-03-01T12:00:00Z')

async function sheetIn(language: string): Promise<{ hash: string, text: string }> {
  const { rows: [file] } = await sql<{ hash: string, bytes: Buffer }>`select encode(files.hash, 'hex') as hash, files.bytes from public_sheets sheet join files on files.hash = sheet.hash where sheet.language = ${language}`.execute(worker)
  const { texts } = await readPdfText(file!.bytes, { pages: 3, milliseconds: 20_000, megabytes: 300 })
  return { hash: file!.hash, text: texts.map(({ text }) => text).join(' ') }
}

const make = (origin = 'http://localhost:3000') => makeSheets(worker, origin)

async function become(change: Partial<Publisher>): Promise<void> {
  const before = await readPublisher(it.db)
  await inTransaction(it.as('desk'), (tx) => changePublisher(tx, before, { ...before, ...change }, now))
}

test('a signature sheet asks for its return to where the organisation is now, and leads to where the petition is now', async () => {
  assert.equal(await make(), 2, 'one in each language')
  assert.match((await sheetIn('en')).text, /Petition of Lamplight/)
  assert.equal(await make(), 0, 'once made, they stay')

  const { texts } = await readPublisher(it.db)
  await become({ texts: { ...texts, en: { ...texts.en!, name: 'Harbour Watch' } } })
  assert.equal(await make(), 1)
  const renamed = await sheetIn('en')
  assert.match(renamed.text, /Petition of Harbour Watch/)

  await become({ postalAddress: '3 Quay Street' })
  assert.equal(await make(), 2)
  const moved = await sheetIn('en')
  assert.notEqual(moved.hash, renamed.hash)

  await it.db.updateTable('actions').set({ slug: 'nobody-vanishes' }).where('kind', '=', 'petition').execute()
  assert.equal(await make(), 2)
  assert.equal(await make('https://harbour-watch.example'), 2)
  assert.notEqual((await sheetIn('en')).hash, moved.hash)
  assert.equal(await make('https://harbour-watch.example'), 0)
})
