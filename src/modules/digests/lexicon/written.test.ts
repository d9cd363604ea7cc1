import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datedLine, writtenDate } from './written.ts'

test('a date is read as people write it, in five languages, and as exactly as they know', () => {
  for (const [typed, read] of Object.entries({
    '2014-36': '2014-36', '29 Feb 2024': '2024-02-29', 'May 2021': '2021-05', 'late 2014': '2014-36', 'spring 2014': '2014-21', 'about 1998': '1998~', 'the 2010s': '2010/2019', '2016-2018': '2016/2018', 'July 25, 2014': '2014-07-25', '31/12/2024': '2024-12-31',
    'أواخر 2014': '2014-36', '٣ يونيو ٢٠١٤': '2014-06-03', 'finales de 2014': '2014-36', '3 juin 2014': '2014-06-03', '3 ביוני 2014': '2014-06-03',
  })) assert.equal(writtenDate(typed), read, typed)
})

test('what could be read in two ways, or lacks its year, is not guessed', () => {
  for (const typed of ['07/06/2024', '22 November', '3/4/24', '30 February 2024', '26 0ctober 2023', 'soon', '2014-13', 'May 2021 or so']) assert.equal(writtenDate(typed), undefined, typed)
})

test('a line may begin with a date in any of these ways', () => {
  assert.deepEqual(datedLine('March 2025: the families filed their claim.'), { date: '2025-03', rest: 'the families filed their claim.' })
  assert.deepEqual(datedLine('2025-03 The families'), { date: '2025-03', rest: 'The families' })
  assert.equal(datedLine('The families filed in 2025'), undefined)
})
