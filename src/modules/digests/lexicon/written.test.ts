import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datedLine, writtenDate } from './written.ts'

test('a date is read as people write it, in five languages, and as exactly as they know', () => {
  for (const [typed, read] of Object.entries({
    '2014-36': '2014-36', '29 Feb 2024': '2024-02-29', 'May 2021': '2021-05', 'late 2014': '2014-36', 'spring 2014': '2014-21', 'about 1998': '1998~', 'the 2010s': '2010/2019', '2016-2018': '2016/2018', 'July 25, 2014': '2014-07-25', '31/12/2024': '2024-12-31',
    'أواخر 2014': '2014-36', '٣ يونيو ٢٠١٤': '2014-06-03', 'finales de 2014': '2014-36', '3 juin 2014': '2014-06-03', '3 ביוני 2014': '2014-06-03',
  })) assert.equal(writtenDate(typed), read, typed)
})

test('a stretch of time is read in words, in five languages, also where the first of its dates has only what differs', () => {
  for (const [typed, read] of Object.entries({
    'June 2014 – January 2015': '2014-06/2015-01', 'June 2014 to January 2015': '2014-06/2015-01', 'from June 2014 until January 2015': '2014-06/2015-01', 'June 2014-January 2015': '2014-06/2015-01', 'June–September 2014': '2014-06/2014-09',
    '3 June – 5 July 2014': '2014-06-03/2014-07-05', '3 – 5 June 2014': '2014-06-03/2014-06-05', 'late 2014 – early 2015': '2014-36/2015-33', '2014-06 – 2015-01': '2014-06/2015-01', '2014 to 2015': '2014/2015', 'mid-March 2020': '2020-03~',
    'de junio de 2014 a enero de 2015': '2014-06/2015-01', 'juin 2014 – janvier 2015': '2014-06/2015-01', 'du 3 juin au 5 juillet 2014': '2014-06-03/2014-07-05', 'من يونيو 2014 إلى يناير 2015': '2014-06/2015-01', 'يونيو ٢٠١٤ – يناير ٢٠١٥': '2014-06/2015-01', 'מ־יוני 2014 עד ינואר 2015': '2014-06/2015-01', 'יוני 2014 – ינואר 2015': '2014-06/2015-01',
    'January 2015 – June 2014': '2015-01/2014-06', '5–3 June 2014': '2014-06-05/2014-06-03',
  })) assert.equal(writtenDate(typed), read, typed)
  for (const typed of ['June – soon', 'June 2014 – 07/06/2015', 'June 2014 – January 2015 or so', '2014 – 2015 – 2016', 'June 2014 –']) assert.equal(writtenDate(typed), undefined, typed)
  assert.deepEqual(datedLine('June 2014 – January 2015: the trial'), { date: '2014-06/2015-01', rest: 'the trial' })
  assert.deepEqual(datedLine('3 June 2014 – The court sat.'), { date: '2014-06-03', rest: 'The court sat.' })
})

test('what could be read in two ways, or lacks its year, is not guessed', () => {
  for (const typed of ['07/06/2024', '22 November', '3/4/24', '30 February 2024', '26 0ctober 2023', 'soon', '2014-13', 'May 2021 or so']) assert.equal(writtenDate(typed), undefined, typed)
})

test('a line may begin with a date in any of these ways', () => {
  assert.deepEqual(datedLine('March 2025: the families filed their claim.'), { date: '2025-03', rest: 'the families filed their claim.' })
  assert.deepEqual(datedLine('2025-03 The families'), { date: '2025-03', rest: 'The families' })
  assert.deepEqual(datedLine('2025-03: The families'), { date: '2025-03', rest: 'The families' })
  assert.equal(datedLine('The families filed in 2025'), undefined)
})
