import { dateFormat } from '#platform/formats.ts'

/** Names of months as they are written in dates: long, short and, where a language has several, every set of them. Without dots, in lower case. */
const names: string[][] = [
  'january february march april may june july august september october november december',
  'jan feb mar apr may jun jul aug sep oct nov dec',
  '- - - - - - - - sept - - -',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'janv févr - avr - - juil - - - - déc',
  '- fevrier - - - - - aout - - - decembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'ene - - abr - - - ago setiembre - - dic',
  'يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر',
  '- - - ابريل - يونيه يوليه اغسطس - اكتوبر - -',
  'كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول',
  'جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -',
  'ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר',
  '- - מרס - - - - - - - - -',
].map((line) => line.split(' '))

const byName = new Map(names.flatMap((set) => set.flatMap((name, place): [string, number][] => (name === '-' ? [] : [[name.replace('_', ' '), place + 1]]))))

/** Which month a name stands for, 1 to 12. A zero read for an O and a one for an L (as scanned pages have them) are seen through; undefined for any other word. */
export function monthOf(name: string): number | undefined {
  const plain = name.toLowerCase().replace(/[٠-٩]/g, '').replace(/\s+/g, ' ')
  return byName.get(plain) ?? byName.get(plain.replaceAll('0', 'o').replaceAll('1', 'l')) ?? byName.get(plain.split('/')[0]!.trim())
}

/** Whether a month was written with a digit in the place of a letter. */
export function misread(name: string): boolean {
  return /[01]/.test(name)
}

/** All names as a pattern without groups, the longest first. Two names with a slash between them are one. */
export const monthPattern = (() => {
  const each = [...byName.keys()].toSorted((one, other) => other.length - one.length).map((name) => name.replaceAll('o', '[o0]').replaceAll('l', '[l1]').replace(' ', '\\s')).join('|')
  return `(?:(?:${each})(?:\\s?/\\s?(?:${each}))?)`
})()

/** The English name of a month, for mending a date in an English text. */
export function monthName(month: number, language: string): string {
  const day = new Date(Date.UTC(2024, month - 1, 15))
  return dateFormat(language, { month: 'long' }).format(day)
}
