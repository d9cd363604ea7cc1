/** Arabic, Persian and full-width digits as 0 to 9, for what people type from a keyboard of theirs: codes and numbers. */
export function plainDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String(digit.codePointAt(0)! & 15))
}

/**
 * A number as people write it: digits of any of those kinds, grouped by spaces, apostrophes, commas or points. Where one comma or point could be either
 * ("12,500", "1.125"), it is what it is in the language. NaN where it is none.
 */
export function readNumber(text: string, language: string): number {
  const plain = plainDigits(text).replace(/[\s\u066c'\u2019]/g, '').replace('\u066b', decimalIn(language)).replace('\u2212', '-')
  const marks = plain.match(/[.,]/g) ?? []
  const last = marks.at(-1)
  if (last === undefined) return /^-?\d+$/.test(plain) ? Number(plain) : Number.NaN
  const grouped = (by: string) => new RegExp(`^-?[1-9]\\d{0,2}(\\${by}\\d{3})+$`)
  const [whole, rest] = [plain.slice(0, plain.lastIndexOf(last)), plain.slice(plain.lastIndexOf(last) + 1)] as const
  if (marks.every((each) => each === last)) {
    const groups = grouped(last).test(plain) && (marks.length > 1 || last !== decimalIn(language))
    return groups ? Number(plain.replaceAll(last, '')) : marks.length === 1 && /^-?\d+$/.test(whole) && /^\d+$/.test(rest) ? Number(`${whole}.${rest}`) : Number.NaN
  }
  const by = last === '.' ? ',' : '.'
  return grouped(by).test(whole) && /^\d+$/.test(rest) ? Number(`${whole.replaceAll(by, '')}.${rest}`) : Number.NaN
}

/** The same number so that it is read again as what it is. */
export function writtenNumber(value: number, language: string): string {
  return String(value).replace('.', decimalIn(language))
}

/** What stands before the decimals where people write digits from 0 to 9. */
function decimalIn(language: string): '.' | ',' {
  return new Intl.NumberFormat(language, { numberingSystem: 'latn' }).format(0.5).includes(',') ? ',' : '.'
}
