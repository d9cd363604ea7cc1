import edtf from 'edtf'
import { firstDayOf } from '#modules/publishing/index.ts'

// EDTF (ISO 8601-2, level 2): 33 and 36 are its first and last quarter, 38 its middle third, 21 to 24 its seasons as the writer sees them, `~` is approximate, X any digit.
const parts: [part: string, words: string[]][] = [
  ['33', ['early', 'beginning of', 'أوائل', 'مطلع', 'principios de', 'comienzos de', 'début', 'début de', 'תחילת', 'ראשית']],
  ['38', ['mid', 'middle of', 'منتصف', 'mediados de', 'mi', 'milieu de', 'אמצע']],
  ['36', ['late', 'end of', 'أواخر', 'نهاية', 'finales de', 'fines de', 'fin', 'fin de', 'סוף', 'שלהי']],
  ['21', ['spring', 'spring of', 'ربيع', 'primavera de', 'printemps', 'אביב']],
  ['22', ['summer', 'summer of', 'صيف', 'verano de', 'été', 'קיץ']],
  ['23', ['autumn', 'autumn of', 'fall of', 'خريف', 'otoño de', 'automne', 'סתיו']],
  ['24', ['winter', 'winter of', 'شتاء', 'invierno de', 'hiver', 'חורף']],
]
const partOf = new Map(parts.flatMap(([part, words]) => words.map((word): [string, string] => [word, part])))
const about = ['about', 'around', 'circa', 'c.', 'ca.', 'approximately', 'حوالي', 'نحو', 'hacia', 'alrededor de', 'vers', 'environ', 'בערך', 'סביב']

const anyOf = (words: Iterable<string>) => [...words].toSorted((one, other) => other.length - one.length).map((each) => RegExp.escape(each)).join('|')

/** "late 2014", "summer of 2016", "mid-March 2020", "about 1998", "the 2010s". */
export function imprecise(year: string, month: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])(?:(?:(?<part>${anyOf(partOf.keys())})[\\s-]+(?:in\\s+|the\\s+|de\\s+|عام\\s+|سنة\\s+|שנת\\s+)?(?:(?<month>${month})\\.?,?\\s+(?:de\\s+)?)?|(?<about>${anyOf(about)})\\s?)${year}|(?:the\\s+)?(?<decade>[12]\\d{2})0s(?!\\p{L}))`, 'giu')
}

/** A part of a year, an approximate year, or the month of which a part is meant, in EDTF; undefined for what EDTF cannot say. */
export function season(part: string | undefined, approximate: string | undefined, month: number | undefined | '', year: string): string | undefined {
  if (approximate) return known(`${year}~`)
  if (month) return `${year}-${String(month).padStart(2, '0')}~`
  const code = part && partOf.get(part.toLowerCase().replace(/\s+/g, ' '))
  return code ? known(`${year}-${code}`) : undefined
}

export function decade(three: string): string | undefined {
  return known(`${three}X`)
}

const valid = new Map<string, boolean>()

/** The same text if it is EDTF. What was asked before is remembered: reading EDTF takes half a millisecond. */
function known(text: string): string | undefined {
  let is = valid.get(text)
  if (is === undefined) {
    try {
      is = Boolean(edtf(text))
    } catch {
      is = false
    }
    if (valid.size < 5000) valid.set(text, is)
  }
  return is ? text : undefined
}

/** The first day that a date in EDTF can mean, for sorting and comparing: 2014-10-01 for late 2014. */
export function firstDay(date: string): string {
  return firstDayOf(date.replaceAll('X', '0')) ?? date
}
