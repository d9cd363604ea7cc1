import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { codeBeginning, readCode, showCode, type Scheme } from './codes.ts'
import { readyMappings } from './importing/mapping.ts'

const uk = readyMappings().flatMap((mapping) => (mapping.name === 'uk-postcodes' && mapping.kind === 'lookup' ? [mapping.scheme] : []))[0]!
const marovia: Scheme = { id: 'm', names: {}, formats: ['AA 999'], tail: 3, outsidePrefixes: ['ZX'], example: 'AR 110' }

test('any spacing, case and width is one code', () => {
  for (const typed of ['SW1A 1AA', 'sw1a1aa', ' sW1a  1aA ', 'SW1A-1AA', 'S W 1 A 1 A A', 'ＳＷ１Ａ　１ＡＡ', 'sw1a\u00a01aa', 'SW1A.1AA']) assert.deepEqual(readCode(uk, typed), { read: 'codes', codes: ['SW1A1AA'] }, typed)
  assert.equal(showCode(uk, 'SW1A1AA'), 'SW1A 1AA')
  assert.equal(showCode(uk, 'M11AE'), 'M1 1AE')
})

test('a common slip is put right, and where it may mean two things both are offered', () => {
  assert.deepEqual(readCode(marovia, 'AR 1l0'), { read: 'codes', codes: ['AR110'] })
  assert.deepEqual(readCode(marovia, 'AR 11O'), { read: 'codes', codes: ['AR110'] })
  assert.deepEqual(readCode(marovia, '5O 110'), { read: 'codes', codes: ['SO110'] })
  assert.deepEqual(readCode(uk, 'SWIA 1AA'), { read: 'codes', codes: ['SW1A1AA'] })
})

test('what is no code is malformed, and a place without representation is outside', () => {
  for (const typed of ['', ' ', '12', 'AR', 'AR 1100', 'hello', 'AR 110 AR 110 AR 110', 'AR lIO', '😀', 'x'.repeat(5000), '٣٤٥']) assert.deepEqual(readCode(marovia, typed), { read: 'malformed' }, JSON.stringify(typed.slice(0, 20)))
  assert.deepEqual(readCode(marovia, 'zx 110'), { read: 'outside' })
  for (const typed of ['JE2 3AB', 'GY1 1AA', 'IM1 1AA', 'GX11 1AA', 'ASCN 1ZZ', 'BFPO 1']) assert.notEqual(readCode(uk, typed).read, 'codes', typed)
  // As a slip these would be codes.
  for (const typed of ['GIR 0AA', 'fiqq 1zz', 'BIQQ 1ZZ']) assert.equal(readCode(uk, typed).read, 'outside', typed)
  assert.equal(readCode(uk, 'JE2 3AB').read, 'outside')
})

test('only the first half of a code that failed is kept', () => {
  assert.equal(codeBeginning(uk, 'sw1a 1aa'), 'SW1A')
  assert.equal(codeBeginning(uk, 'my name'), '')
})

test('nothing that is typed makes reading throw, and a code that was read reads the same again', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (typed) => {
    const read = readCode(uk, typed)
    if (read.read === 'codes') for (const code of read.codes) assert.ok(readCode(uk, code).read === 'codes' || readCode(uk, code).read === 'outside')
  }))
})
