import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDay } from '#platform/days.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { isHappened } from '#modules/publishing/index.ts'
import { deskWords } from '../words/index.ts'
import { asWritten, dateFault, inWords, lineAsWritten, lineInWords, readDate } from './as-written.ts'

const kept = ['2014', '2014-06', '2014-06-03', '2014-21', '2014-22', '2014-23', '2014-24', '2014-33', '2014-36', '2014-38', '2014-40', '2014-41', '1998~', '2014-06~', '2014?', '2010/2019', '2016/2018', '2014-06/2015-01', '']

test('a kept date comes back in words that mean the same date, in every language of the desk', () => {
  for (const language of interfaceLanguages) for (const date of kept) assert.equal(asWritten(inWords(deskWords(language), date)), date, language)
  assert.equal(inWords(deskWords('en'), '2014-36'), 'late 2014')
  for (const language of interfaceLanguages) for (const date of ['2014-06', '2014-06-03', '2014-21', '2014-36', '1998~', '2014-06/2015-01', '2016/2018', '2014-36/2015-33']) assert.notEqual(inWords(deskWords(language), date), date, language)
})

test('a line that begins with a date comes back as it was, also where words behind it could be taken for a part of it', () => {
  for (const rest of ['The families filed their claim.', '2015 was worse', '', '– 2018', 'June']) for (const date of kept.filter(Boolean)) assert.equal(lineAsWritten(lineInWords(deskWords('en'), date, rest)), `${date} ${rest}`.trim())
})

test('what is known of a day stands at the first that it can mean; of a year that never was it is no day, and is refused', () => {
  assert.deepEqual(readDate('', 'late 2014'), { day: '2014-10-01', roughly: '2014-36' })
  assert.deepEqual(readDate('', '3 June 2014'), { day: '2014-06-03', roughly: '' })
  assert.ok(!isDay(readDate('', '0000').day))
})

test('a stretch of time that ends before it begins is refused where it is typed, with the reason; one that is only imprecise is not', () => {
  const t = deskWords('en')
  for (const backward of ['2015/2014', '2015–2014', '2014-06/2014-05', '2014-06-03/2014-06-02', '2014-36/2014-33', '2015~/2014', '2016-21/2014-24']) {
    assert.ok(!isHappened(asWritten(backward)), backward)
    assert.match(dateFault(t, backward), /ends before it begins/, backward)
  }
  for (const stretch of ['2014/2015', '2014/2014-06', '2014-06/2014', '2014-06-03/2014-06-03', '2014-24/2014-22', '2014-36/2014-12', '2014-38/2014-08', '2014-41/2014-12-31']) assert.equal(asWritten(stretch), stretch)
  assert.ok(!isHappened(lineAsWritten('2015/2014 The court sat.').split(' ')[0]!))
  assert.ok(!isHappened(lineAsWritten('2015–2014 The court sat.').split(' ')[0]!))
  assert.equal(lineAsWritten('2014–2015 The court sat.'), '2014/2015 The court sat.')
  assert.match(dateFault(t, '2013 A claim.\n2015–2014 The court sat.'), /ends before it begins/)
  assert.match(dateFault(t, '2013 A claim.\n2015/2014 The court sat.'), /ends before it begins/)
  for (const typed of ['January 2015 – June 2014', 'de enero de 2015 a junio de 2014', 'يناير 2015 – يونيو 2014', '5–3 June 2014']) {
    assert.ok(!isHappened(asWritten(typed)), typed)
    assert.match(dateFault(t, typed), /ends before it begins/, typed)
  }
  assert.equal(lineAsWritten('June 2014 – January 2015 The trial.'), '2014-06/2015-01 The trial.')
  assert.equal(lineAsWritten('2014 – 2018 The trial.'), '2014/2018 The trial.')
  assert.doesNotMatch(dateFault(t, 'soon'), /ends before it begins/)
})

test('one that was kept before this was asked is said in every language', () => {
  for (const language of interfaceLanguages) assert.match(inWords(deskWords(language), '2015/2014'), /\S/)
})
