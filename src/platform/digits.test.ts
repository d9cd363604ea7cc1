import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNumber, writtenNumber } from './digits.ts'

test('a number is read as it is written in each language, and none becomes ten times what was meant', () => {
  const read = (language: string, ...texts: string[]) => texts.map((text) => readNumber(text, language))
  assert.deepEqual(read('en', '12,500', '12,5', '12.5', '1,234,567.25', '12 500', '1\u2019000', '0.125', '-3'), [12500, 12.5, 12.5, 1234567.25, 12500, 1000, 0.125, -3])
  assert.deepEqual(read('fr', '12,5', '12,500', '12.500', '1.234.567,25', '12\u202f500'), [12.5, 12.5, 12500, 1234567.25, 12500])
  assert.deepEqual(read('es', '1.125', '1,125', '0,5'), [1125, 1.125, 0.5])
  assert.deepEqual(read('ar', '١٢٬٥٠٠', '١٢٫٥', '۱۲۵۰۰', '12,500'), [12500, 12.5, 12500, 12500])
  for (const wrong of ['', 'many', '1,2,3', '1.234,5,6', '12,50,0.1', '.5', '5.', '--1']) assert.ok(Number.isNaN(readNumber(wrong, 'en')), wrong)
  for (const language of ['en', 'ar', 'es', 'fr', 'he']) for (const value of [1.125, 12500, 0.5, -2.75]) assert.equal(readNumber(writtenNumber(value, language), language), value)
})
