import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { longestMailto, mailto } from './mailto.ts'
import { merge, unknownFields, withDots } from './merge.ts'
import { greetingFor } from './wording.ts'

test('merge fields are filled in, fall back, or go without a trace', () => {
  assert.equal(merge('I live in {area} and write to you.', { area: 'Ardenhal' }), 'I live in Ardenhal and write to you.')
  assert.equal(merge('I live in {area|your district}.', {}), 'I live in your district.')
  assert.equal(merge('I live in {area}.', {}), 'I live in.')
  assert.equal(merge('{name}, of {area|here}', { name: '  Amara ' }), 'Amara, of here')
  assert.equal(merge('{area}', { area: '{name}' }), '{name}', 'what people typed is not merged again')
  assert.deepEqual(unknownFields('{name} {nmae|x} {target}', ['name']), ['nmae', 'target'])
})

test('an office that reads the suggested text sees no fields, but where each writer’s own words stood', () => {
  assert.equal(withDots('I live in {area|our town}, {fact_cases|} cases.'), 'I live in …, … cases.')
})

test('an office that was never told how it is addressed still gets a letter that begins like one, in the language of the letter', () => {
  const office = { id: 'a', label: 'Minister of Justice', labels: { es: 'Ministerio de Justicia' }, salutations: {}, holders: [] } as unknown as Parameters<typeof greetingFor>[2]
  const greeting = (language: string, salutations = {}) => greetingFor({ subject: '', subjects: [], greeting: '{salutation}', body: '', closing: '' }, { name: 'Amara' }, { ...office, salutations }, language)
  assert.equal(greeting('en'), 'Dear Minister of Justice,')
  assert.equal(greeting('es'), 'A la atención de Ministerio de Justicia:')
  assert.equal(greeting('es', { en: 'Dear Minister,' }), 'Dear Minister,', 'what was written for it comes first')
})

test('a mail link is as RFC 6068 wants it', () => {
  const { href } = mailto(['tom&jerry+x@example.org'], 'Vote & act?', 'Line one\nLine two — “quoted” 100%')
  assert.equal(href, 'mailto:tom%26jerry+x@example.org?subject=Vote%20%26%20act%3F&body=Line%20one%0D%0ALine%20two%20%E2%80%94%20%E2%80%9Cquoted%E2%80%9D%20100%25')
  assert.equal(mailto(['a@example.org', 'b@example.org'], '', 'x').href, 'mailto:a@example.org,b@example.org?body=x')
})

test('a text that would be cut on the way is not put into the link at all', () => {
  const long = mailto(['a@example.org'], 'Subject', 'x'.repeat(longestMailto))
  assert.deepEqual(long, { href: 'mailto:a@example.org?subject=Subject', whole: false })
})

test('any text comes out of a mail link as it went in, with CRLF', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }), (subject, body) => {
    const { href, whole } = mailto(['a@example.org'], subject, body)
    if (!whole) return
    assert.ok(/^[\x21-\x7e]+$/.test(href))
    const read = Object.fromEntries(href.split('?').slice(1).join('?').split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), decodeURIComponent(pair.slice(pair.indexOf('=') + 1))]))
    assert.equal(read.body, body.replace(/\r\n?|\n/g, '\r\n'))
    assert.equal(read.subject ?? '', subject.replace(/\r\n?|\n/g, '\r\n'))
  }))
})
