import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Html } from '#platform/html/html.ts'
import { documentType } from '#platform/document-types.ts'
import { itemWords, wordsWith, type ItemWords } from './item.ts'
import { eventTimes } from './kinds.ts'
import { readContent, type RecordContent } from './record.ts'
import { referencesIn } from './render/references.ts'
import { renderItem } from './render/render.ts'

const rendered = (words: Partial<ItemWords>, language = 'en', records = new Map<string, RecordContent>(), around = language) => renderItem(wordsWith(words), { language, around, fallback: 'en', records, actions: new Map(), localPath: (path) => path, filePath: (hash) => hash, today: '2026-01-01' })
const textOf = (part: Html | false) => (part ? part.text : '')
const event = { starts: '2027-03-28T02:30', ends: '', zone: 'Europe/Berlin', place: 'Town hall', online: '', cancelled: false }

test('an event is at a moment by the clock of its place, and the longer way round where clocks change', () => {
  assert.equal(eventTimes({ ...event, starts: '2027-06-01T18:00', ends: '2027-06-01T20:00' })!.ends!.toISOString(), '2027-06-01T18:00:00.000Z')
  assert.ok(eventTimes(event), 'a time that the clock skips is still told')
  assert.equal(eventTimes({ ...event, starts: '' }), undefined)
  assert.ok(!itemWords.safeParse({ title: 'x', event: { ...event, zone: 'Nowhere/Here' } }).success)
  const early = itemWords.safeParse({ title: 'x', event: { ...event, ends: '2027-03-28T01:00' } })
  assert.deepEqual(early.error?.issues.map(({ path }) => path), [['event', 'ends']], 'nothing ends before it begins')
  assert.match(textOf(rendered({ event: { ...event, cancelled: true } }).facts), /This does not take place/)
})

test('an event of whole days has no clock: one day is one day, and nothing that begins on a day ends at a time', () => {
  const whole = { ...event, starts: '2027-03-08' }
  assert.deepEqual(eventTimes(whole)!.days, { first: '2027-03-08', last: '2027-03-08' })
  const facts = textOf(rendered({ event: { ...whole, ends: '2027-03-10' } }).facts)
  assert.match(facts, /Begins<\/dt><dd><time datetime="2027-03-08">8 March 2027<.*Ends<\/dt><dd><time datetime="2027-03-10">10 March 2027</)
  assert.doesNotMatch(facts, /GMT|00:00/)
  assert.ok(itemWords.safeParse({ title: 'x', event: { ...whole, ends: '2027-03-08' } }).success)
  assert.ok(!itemWords.safeParse({ title: 'x', event: { ...whole, ends: '2027-03-08T20:00' } }).success)
  assert.ok(!itemWords.safeParse({ title: 'x', event: { ...whole, starts: '2027-02-30' } }).success)
})

test('the number of those who signed is counted, never typed, and said by the rules of the language', () => {
  const signatories = [{ name: 'Lamplight', country: '' }, { name: '<b>Riverside</b>', country: 'DE' }]
  assert.match(textOf(rendered({ signatories }).more), /Signed by 2 organisations/)
  assert.match(textOf(rendered({ signatories }, 'ar').more), /منظمتان/)
  assert.ok(!textOf(rendered({ signatories }).more).includes('<b>Riverside'))
})

test('answers and notes may refer to records, which are asked for like those of the text', () => {
  const words = wordsWith({ questions: [{ id: 'who', question: 'Who?', answer: ':figure[held]' }], editors: '::quote[said]' })
  assert.deepEqual(referencesIn(words).map(({ key }) => key), ['figure held', 'quote said'])
  const more = textOf(rendered(words).more)
  assert.ok(/id="q-who".*no longer available.*Notes to editors/s.test(more) && !more.includes(':figure'))
})

test('a notice comes before what it warns of, says what that is and who helps where, and is whole without a script', () => {
  const notice = readContent('notice', { about: ['torture'], strong: true, says: {}, help: [{ country: 'DE', name: 'A line', phone: '+49 555 1', url: '' }, { country: '', name: 'Another', url: 'https://help.example/a' }] })
  const { notices, body, warns } = rendered({ body: 'Before.\n\n::notice[care]' }, 'en', new Map([['notice care', notice]]))
  const text = notices.map((each) => each.text).join('')
  assert.ok(!body.text.includes('details') && /class="notice strong".*<details open.*speaks of .*torture.*Anywhere: .*help\.example.*Germany: .*href="tel:\+495551"/s.test(text), text)
  assert.deepEqual(warns, ['torture'])
})

test('on a page of another language, what we say of an item that is not translated is in the language of the page, and each goes its own way', () => {
  const notice = readContent('notice', { about: ['torture'], strong: false, says: { ar: { text: 'عن سجن', help: '' }, en: { text: 'Of a prison', help: '' } }, help: [] })
  const { facts, more, notices } = rendered({ body: '::notice[care]', event: { ...event, starts: '2027-06-01T18:00' }, signatories: [{ name: 'Lamplight', country: 'DE' }] }, 'en', new Map([['notice care', notice]]), 'ar')
  assert.match(textOf(facts), /<dl class="facts" lang="ar" dir="rtl">.*يبدأ.*<bdi lang="en" dir="ltr">Town hall/)
  assert.doesNotMatch(textOf(facts) + textOf(more), /Begins|Signed|June|Germany/)
  assert.match(textOf(notices[0]!), /<aside class="notice" role="note" lang="ar" dir="rtl">.*<p>عن سجن/s)
})

test('a file is what its bytes are, whatever it is called, and nothing that runs when it is opened is taken', () => {
  const of = (text: string, name: string) => documentType(Buffer.from(text, 'latin1'), name)
  assert.equal(of('%PDF-1.7\n', 'x.txt'), 'application/pdf')
  assert.equal(of('%PDF-1.7\n/JavaScript (app.alert(1))', 'x.pdf'), undefined)
  assert.equal(of('PK\u0003\u0004[Content_Types].xml word/document.xml', 'x'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')
  assert.equal(of('PK\u0003\u0004[Content_Types].xml word/document.xml word/vbaProject.bin', 'x.docx'), undefined)
  assert.equal(of(`PK\u0003\u0004${'\0'.repeat(26)}mimetypeapplication/vnd.oasis.opendocument.textPK`, 'x'), 'application/vnd.oasis.opendocument.text')
  for (const [text, name] of [['<svg onload=1>', 'x.csv'], ['#!/bin/sh', 'x.txt'], ['MZ\0\0', 'x.pdf'], ['a,b', 'x.exe'], ['\xff\xfe', 'x.csv']] as const) assert.equal(of(text, name), undefined, name)
  assert.equal(of('a,b\n1,2\n', 'x.csv'), 'text/csv')
})

test('around a text that is shown in another language, a number of others is counted in the reader’s words, and its own stay marked as what they are', () => {
  const block = { id: 'b', kind: 'count' as const, title: '', value: 12_500, unit: 'cases', who: 'The Records Society', sourceUrl: 'https://records.example/', asOf: '2026-10' }
  const said = textOf(rendered({ blocks: [block] }, 'en', new Map(), 'es').blocks.get('b')!)
  assert.match(said, /^<p class="figure" lang="es" dir="ltr"><b>12\.500 <bdi lang="en" dir="ltr">cases<\/bdi><\/b>.*Recuento de <bdi lang="en"/)
})
