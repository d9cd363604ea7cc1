import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DateOrder } from '../lexicon/dates.ts'
import { Labels } from '../lexicon/labels.ts'
import { readHeader } from './header.ts'

const labels = new Labels()
const read = (line: string, order?: DateOrder) => {
  const header = readHeader(line, { labels, order, today: '2026-11-26' })
  return header && [header.title, header.kind, header.labels.join(' '), header.date?.edtf ?? null]
}

test('a header is read from the right: date, known labels, and the rest is the title', () => {
  assert.deepEqual(read('Free the teacher of Tamsin - URGENT ACTION - 2024-06-07'), ['Free the teacher of Tamsin', 'urgent-action', '', '2024-06-07'])
  assert.deepEqual(read('Harbour workers are home - GOOD NEWS - URGENT ACTION UPDATE - 22/03/2024'), ['Harbour workers are home', 'urgent-action', 'good-news update', '2024-03-22'])
  assert.deepEqual(read('Harbour workers are home - URGENT ACTION UPDATE - GOOD NEWS - 22/03/2024'), ['Harbour workers are home', 'urgent-action', 'update good-news', '2024-03-22'])
  assert.deepEqual(read('Publish the findings - JOINT OPEN LETTER - 29/03/2024'), ['Publish the findings', 'letter', 'joint open', '2024-03-29'])
  assert.deepEqual(read('North - and south - of the river - NEWS - 28/05/2024'), ['North - and south - of the river', 'news', '', '2024-05-28'])
})

test('separators of every sort part the same', () => {
  for (const line of ['Lanterns lit – NEWS – 28 May 2024', 'Lanterns lit — NEWS — 28 May 2024', 'Lanterns lit—NEWS—28 May 2024', 'Lanterns lit | NEWS | 28 May 2024', 'Lanterns lit\tNEWS\t28 May 2024', 'Lanterns lit -NEWS- 28 May 2024', 'Lanterns lit · NEWS · 28 May 2024',
    'NEWS: Lanterns lit - 28 May 2024', '28 May 2024 - NEWS - Lanterns lit', '28 May 2024 | Lanterns lit | NEWS', 'Lanterns lit (News) 28 May 2024', 'Lanterns lit. 28 May 2024 (NEWS)', '(News - May 28, 2024) Lanterns lit', 'Lanterns lit - NEWS - Tuesday 28 May 2024']) {
    assert.deepEqual(read(line), ['Lanterns lit', 'news', '', '2024-05-28'], line)
  }
})

test('dates of every style are read, imprecise ones as EDTF, and digits of every script', () => {
  const dated = (date: string, order?: DateOrder) => read(`Lanterns lit - NEWS - ${date}`, order)?.[3]
  assert.deepEqual(['26 0ctober 2023', 'February 1st, 2022', 'July 25, 2014', '30 Oct 2015', '1er mai 2024', '3 de mayo de 2024', '٣ أيار/مايو ٢٠٢٤', '3 במאי 2024', '12.11.2023', '2024-05-28T09:00:00Z'].map((each) => dated(each, 'dmy')),
    ['2023-10-26', '2022-02-01', '2014-07-25', '2015-10-30', '2024-05-01', '2024-05-03', '2024-05-03', '2024-05-03', '2023-11-12', '2024-05-28'])
  assert.deepEqual(['May, 2021', '2014', 'late 2014', 'mid-2015', 'summer of 2016', 'c. 1998', 'the 2010s', '10-16 October 2023', '2014–2015', 'finales de 2014', 'أواخر 2014'].map((each) => dated(each)),
    ['2021-05', '2014', '2014-36', '2015-38', '2016-22', '1998~', '201X', '2023-10-10/2023-10-16', '2014/2015', '2014-36', '2014-36'])
})

test('a stretch of time at the end of a header is read whole; one that ends before it begins is asked about, and never the half of it taken', () => {
  const dated = (date: string) => {
    const header = readHeader(`Lanterns lit - NEWS - ${date}`, { labels, today: '2026-11-26' })
    return [header?.title, header?.date?.edtf, header?.date?.fault]
  }
  for (const [date, edtf] of Object.entries({ 'June 2014 – January 2015': '2014-06/2015-01', 'June – September 2014': '2014-06/2014-09', '3 June to 5 July 2014': '2014-06-03/2014-07-05', 'de junio de 2014 a enero de 2015': '2014-06/2015-01', 'juin 2014 – janvier 2015': '2014-06/2015-01', 'يونيو 2014 – يناير 2015': '2014-06/2015-01', 'יוני 2014 עד ינואר 2015': '2014-06/2015-01', '2014-06-03 – 2014-07-05': '2014-06-03/2014-07-05' })) assert.deepEqual(dated(date), ['Lanterns lit', edtf, null], date)
  for (const date of ['January 2015 – June 2014', '2016–2014', '5–3 June 2014', '5-3 June 2014', '5 July to 3 June 2014', '2014-07-05 – 2014-06-03']) assert.deepEqual(dated(date), ['Lanterns lit', null, 'backward'], date)
  const unsure = readHeader('Lanterns lit - NEWS - 03/04/2014 – 05/06/2014', { labels, today: '2026-11-26' })!
  assert.deepEqual(unsure.date!.choices, ['2014-04-03/2014-06-05', '2014-03-04/2014-05-06'])
  assert.deepEqual(read('Elections 2014 – 3 May 2015'), ['Elections 2014', null, '', '2015-05-03'])
  assert.deepEqual(read('12 May 2024 – 3 June 2024 hearing moved - NEWS'), ['3 June 2024 hearing moved', 'news', '', '2024-05-12'])
})

test('a date that can be read in two ways is asked about, unless its order was declared', () => {
  const header = readHeader('Lanterns lit - NEWS - 07/06/2024', { labels, today: '2026-11-26' })!
  assert.deepEqual([header.title, header.date!.edtf, header.date!.choices], ['Lanterns lit', null, ['2024-06-07', '2024-07-06']])
  const dated = (date: string, order: DateOrder) => read(`Lanterns lit - NEWS - ${date}`, order)?.[3]
  assert.deepEqual([dated('07/06/2024', 'dmy'), dated('07/06/2024', 'mdy'), dated('07/06/2024', 'ymd'), dated('24/06/07', 'ymd'), dated('05/28/2024', 'dmy'), dated('05/05/2024', 'ymd'), dated('31/02/2024', 'dmy')],
    ['2024-06-07', '2024-07-06', null, '2024-06-07', '2024-05-28', '2024-05-05', null])
})

test('labels are known in every language, and what is in capitals and unknown is kept to be asked about', () => {
  assert.deepEqual(read('Faroles encendidos - BUENAS NOTICIAS - ACCIÓN URGENTE - 3 de mayo de 2024')?.slice(1), ['urgent-action', 'good-news', '2024-05-03'])
  assert.deepEqual(read('Les lanternes - COMMUNIQUÉ DE PRESSE - 3 mai 2024')?.slice(1), ['press-release', '', '2024-05-03'])
  assert.deepEqual(read('الفوانيس مضاءة - أخبار سارة - تحرك عاجل - ٣ مايو ٢٠٢٤')?.slice(1), ['urgent-action', 'good-news', '2024-05-03'])
  assert.deepEqual(read('הפנסים דולקים - פעולה דחופה - 3 במאי 2024')?.slice(1), ['urgent-action', '', '2024-05-03'])
  const header = readHeader('Lanterns lit - DISPATCH - 3 May 2024', { labels, today: '2026-11-26' })!
  assert.deepEqual([header.title, header.kind, header.unknown], ['Lanterns lit', null, ['DISPATCH']])
})

test('prose is no header', () => {
  for (const line of ['On 24 March 2024, the harbour police took him away.', 'They were held until 22 November', 'The court meets on 8 April 2024.', 'Police arrest fishers in the town of Tamsin, May, 2021.', 'Read more.', 'Ardenhal: report on the harbour', 'It was signed in 2014', 'A long day. Then another one came. It was 3 May 2024']) assert.equal(read(line), null, line)
})
