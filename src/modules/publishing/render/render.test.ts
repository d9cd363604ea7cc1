import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Html } from '#platform/html/html.ts'
import { wordsWith } from '../item.ts'
import { checkContent, type RecordContent, type RecordKind } from '../record.ts'
import { renderItem, type RenderedItem } from './render.ts'

function rendered(body: string, records: [key: string, content: object][], language: string): string {
  const { notices, body: made } = item(body, records, language)
  return `${notices.map(({ text }) => text).join('')}${made.text}`
}

function item(body: string, records: [key: string, content: object][], language: string, more: { around?: string, figuresAt?: string } = {}): RenderedItem {
  const kept = new Map(records.map(([key, content]): [string, RecordContent] => {
    const checked = checkContent(key.split(' ')[0] as RecordKind, content)
    assert.ok('content' in checked, JSON.stringify(checked))
    return [key, checked.content]
  }))
  return renderItem(wordsWith({ title: 'x', body }), { language, fallback: 'en', records: kept, actions: new Map(), today: '2026-11-27', localPath: (path) => path, filePath: (hash) => hash, documentPath: () => '', ...more })
}

const figure: [string, object] = ['figure held', { value: 17, qualifier: 'about', says: { en: { unit: 'people', source: '' }, ar: { unit: 'شخصًا', source: '' } } }]

test('a number at the beginning of a sentence begins it as sentences begin', () => {
  const text = rendered(':figure[held] are held. It says that it holds no one. :figure[held] say otherwise, and of :figure[held] nobody knows: :figure[held].', [figure], 'en')
  assert.deepEqual([...text.matchAll(/>(about 17 people|About 17 people)</g)].map(([, said]) => said), ['About 17 people', 'About 17 people', 'about 17 people', 'about 17 people'])
})

test('a figure within a sentence leads to where it is from and of when it is, at the end of the text; each once, and in its language', () => {
  const held: [string, object] = ['figure held', { value: 17, qualifier: 'about', asOf: '2014-06', sourceUrl: 'https://register.example/held', says: { en: { unit: 'people', source: 'the register' } } }]
  const bare: [string, object] = ['figure homes', { value: 31, says: { en: { unit: 'homes', source: '' } } }]
  const made = item('In all :figure[held], or :figure[held], in :figure[homes]. [Of :figure[held]](https://example.org)', [held, bare], 'en', { around: 'ar', figuresAt: '' })
  assert.equal(made.body.text.match(/<a class="counted" href="#figure-held">about 17 people<\/a>/g)?.length, 2, 'a link within a link is none')
  assert.match(made.body.text, /<data value="31">31 homes<\/data>/)
  const end = made.figures() as Html
  assert.match(end.text, /<h2 lang="ar" dir="rtl">الأرقام ومصادرها<\/h2>/)
  assert.equal(end.text.match(/<li id="figure-held"><b>About 17 people<\/b> <small><a href="https:\/\/register\.example\/held" rel="noreferrer">Source: the register<\/a> · As of June 2014<\/small><\/li>/g)?.length, 1)
  assert.doesNotMatch(end.text, /homes/)
  assert.equal(item('In :figure[homes].', [bare], 'en', { figuresAt: '' }).figures(), false)
})

test('a telephone number keeps the order of its groups in Arabic, in a text and in a notice', () => {
  const notice: [string, object] = ['notice help', { about: ['death'], says: { ar: { text: 'x', help: 'اتصلوا بالرقم +00 555 0100 مساءً' } } }]
  const text = rendered('::notice[help]\n\nأو +00 (555) 01-23.', [notice], 'ar')
  assert.match(text, /بالرقم <bdi dir="ltr" class="tel">\+00 555 0100<\/bdi> مساءً/)
  assert.match(text, /أو <bdi dir="ltr" class="tel">\+00 \(555\) 01-23<\/bdi>\./)
  assert.doesNotMatch(rendered('3 + 4, 2014-2015, 12/03/2024', [], 'ar'), /bdi/)
})

test('what a page says before words of another language stands in its own direction', () => {
  const notice: [string, object] = ['notice help', { about: ['death'], says: { en: { text: 'x', help: 'Ring in the evening.' } } }]
  assert.match(rendered('::notice[help]', [notice], 'he'), /<p lang="en" dir="ltr"><b lang="he" dir="rtl">/)
})

test('what nobody has translated of a demand is said in the language that it is said in; quotes are parted as their language does', () => {
  const demand: [string, object] = ['demand open', { status: 'partly-met', says: { en: { text: 'Open it.', basis: '', alsoCalled: '', evidence: 'Two volumes are open.' }, ar: { text: 'افتحوه.', basis: '', alsoCalled: '', evidence: '' } } }]
  const quote: [string, object] = ['quote her', { says: { ar: { text: 'نعم', speaker: 'صبرا', role: 'أمينة سجلات', source: '' } } }]
  const text = rendered('::demand[open]\n\n::quote[her]', [demand, quote], 'ar')
  assert.match(text, /افتحوه\..*\u2068Two volumes are open\.\u2069/s)
  assert.match(text, /صبرا<\/bdi>، <bdi>أمينة سجلات/)
})
