import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShownSubject } from '#modules/publishing/index.ts'
import type { Frame } from '../look/layout.ts'
import { siteWords } from '../words/index.ts'
import { indexPage } from './index-page.ts'
import { around } from './subjects.ts'

const frameIn = (language: string) => ({ t: siteWords(language), publisher: { defaultLanguage: language } }) as unknown as Frame
const place = (name: string, language: string, id = name, parentId: string | null = null): ShownSubject => ({ id, kind: 'place', slug: id.toLowerCase(), code: 'AA', parentId, itemId: id, actions: [], contacts: [], names: [{ language, name, shown: true }] })

test('many places stand under their letters as the language sorts them, few in one list', () => {
  const many = ['Österdal', 'Ostvik', 'Zell', 'Ardenhal', 'Árvik', ...Array.from({ length: 20 }, (_, number) => `Vale ${number}`)].map((name) => place(name, 'en'))
  const { body } = indexPage(frameIn('en'), 'place', many)
  assert.deepEqual([...body.text.matchAll(/<h2 id="[^"]+">(.)<\/h2>/g)].map((each) => each[1]), ['A', 'O', 'V', 'Z'])
  assert.match(body.text, /Ardenhal<\/a><\/li><li><a [^>]+>Árvik/)
  assert.ok(!indexPage(frameIn('en'), 'place', many.slice(0, 5)).body.text.includes('<h2'))
})

test('an Arabic name stands under the letter behind its article', () => {
  const names = ['الجزر', 'بحار', 'المدينة', ...Array.from({ length: 20 }, (_, number) => `وادي ${number}`)]
  const { body } = indexPage(frameIn('ar'), 'place', names.map((name, number) => place(name, 'ar', `p-${number}`)))
  assert.deepEqual([...body.text.matchAll(/<h2 id="[^"]+">(.)<\/h2>/g)].map((each) => each[1]), ['ب', 'ج', 'م', 'و'])
})

test('a place says what it lies in, the widest first, also where somebody has made a circle of them', () => {
  const all = [place('World', 'en', 'w'), place('Marovia', 'en', 'm', 'w'), place('Ardenhal', 'en', 'a', 'm')]
  assert.deepEqual(around(all[2]!, all).map(({ id }) => id), ['w', 'm'])
  assert.deepEqual(around(all[2]!, all.slice(1)).map(({ id }) => id), ['m'], 'what has no page is not named')
  const circle = [place('One', 'en', 'x', 'y'), place('Two', 'en', 'y', 'x')]
  assert.equal(around(circle[0]!, circle).length, 2)
})
