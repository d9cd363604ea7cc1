import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDay } from '#platform/days.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { deskWords } from '../words/index.ts'
import { asWritten, inWords, lineAsWritten, lineInWords, readDate } from './as-written.ts'

const kept = ['2014', '2014-06', '2014-06-03', '2014-21', '2014-22', '2014-23', '2014-24', '2014-33', '2014-36', '2014-38', '2014-40', '2014-41', '1998~', '2014-06~', '2014?', '2010/2019', '2016/2018', '2014-06/2015-01', '']

test('a kept date comes back in words that mean the same date, in every language of the desk', () => {
  for (const language of interfaceLanguages) for (const date of kept) assert.equal(asWritten(inWords(deskWords(language), date)), date, language)
  assert.equal(inWords(deskWords('en'), '2014-36'), 'late 2014')
  for (const language of interfaceLanguages) for (const date of ['2014-06', '2014-06-03', '2014-21', '2014-36', '1998~']) assert.notEqual(inWords(deskWords(language), date), date, language)
})

test('a line that begins with a date comes back as it was, also where words behind it could be taken for a part of it', () => {
  for (const rest of ['The families filed their claim.', '2015 was worse', '', '– 2018', 'June']) for (const date of kept.filter(Boolean)) assert.equal(lineAsWritten(lineInWords(deskWords('en'), date, rest)), `${date} ${rest}`.trim())
})

test('what is known of a day stands at the first that it can mean; of a year that never was it is no day, and is refused', () => {
  assert.deepEqual(readDate('', 'late 2014'), { day: '2014-10-01', roughly: '2014-36' })
  assert.deepEqual(readDate('', '3 June 2014'), { day: '2014-06-03', roughly: '' })
  assert.ok(!isDay(readDate('', '0000').day))
})
